import { createHash } from 'node:crypto';
import { renderName } from '../config/name-template.ts';
import type { ConfiguredMapping, Partner } from '../config/types.ts';
import { WharfError } from '../errors.ts';
import { failPoint } from '../fail-point.ts';
import type { RunContext } from '../mapping/types.ts';
import { note } from '../store/activity.ts';
import { wakeInvoices } from '../store/conversation.ts';
import { type NumbersInTurn, numbersInTurn } from '../store/control-numbers.ts';
import { claim, type Ended, queues, retryLater, settleAll } from '../store/queue.ts';
import type { PendingDocument, Rendered } from '../store/rendering.ts';
import { storeRendered, toPending } from '../store/rendering.ts';
import { sendingOff } from '../store/switches.ts';
import type { Row, Tx } from '../store/transaction.ts';
import type { Node } from '../tree.ts';
import { fromPlain } from '../tree.ts';
import type { Acknowledgment } from './translate/acknowledge.ts';
import { attemptTogether } from './attempt.ts';
import type { PipelineContext, Step } from './context.ts';
import { queueReports } from './reports.ts';
import { checkConversation, ordersToCheck } from './render/converse.ts';
import { recordEncoding } from './encoding.ts';
import { seal } from './render/seal.ts';
import { waitsForNotice } from './render/invoice-turn.ts';
import { renderAcknowledgment, renderSet } from './render/x12.ts';
import { summary, tableOf } from './translate/map-inbound.ts';
import { writeRecords } from './translate/record-formats.ts';
import type { Work } from './work.ts';
import { dayIn, partnerOf } from './work.ts';

/** What a document is written with: also the control numbers of all that its transaction writes. */
export type RenderWork = Work & { readonly numbers: NumbersInTurn };

const BATCH = 100;
/** Documents that are rendered in one transaction. */
const TOGETHER = 25;
/** An invoice that waits for its notice is woken by it; this is for the case that the wake was lost (milliseconds). */
const LOOK_AGAIN = 600_000;

/** Turns queued documents into bytes with their control numbers, once: what is sent later, and sent again, are these bytes. */
export const render: Step = {
  name: 'render',
  run: async (context) => {
    await queueReports(context);
    const now = context.now();
    const rows = await context.db.transaction(async (tx) => {
      // Numbers given out before somebody compared them with the partners' could be given a second time.
      if (await sendingOff(tx)) return [];
      return claim(tx, queues.render, { owner: context.owner, now, leaseMs: context.config().intervals.claim, count: BATCH });
    });
    if (rows.length > 0) failPoint('render.claimed');
    await Promise.all(
      together(rows).map((part) =>
        attemptTogether(
          context,
          'render',
          queues.render,
          part,
          (tx, each) => renderRows(tx, context, each),
          () => context.wake('deliver'),
        ),
      ),
    );
    if (rows.length > 0) context.wake('deliver');
    return rows.length;
  },
};

/** Rows that are rendered in one transaction. An invoice goes alone: whether its turn has come is told by the rows before it. */
function together(rows: readonly Row[]): readonly (readonly Row[])[] {
  const parts: Row[][] = [];
  for (const row of rows) {
    const part = parts.at(-1);
    const alone = row['kind'] === 'invoice' || part?.[0]?.['kind'] === 'invoice';
    if (part && part.length < TOGETHER && !alone) part.push(row);
    else parts.push([row]);
  }
  return parts;
}

async function renderRows(tx: Tx, context: PipelineContext, rows: readonly Row[]): Promise<void> {
  const work: RenderWork = { tx, config: context.config(), now: context.now(), numbers: numbersInTurn(tx) };
  const documents = rows.map(toPending);
  const orders = await ordersToCheck(tx, documents);
  const ended: Ended[] = [];
  for (const document of documents) {
    if (document.channel === undefined) throw new WharfError('CHANNEL_MISSING', `partner ${document.partner} has no outbound channel for its ${document.kind}`);
    const wait = await waitsForNotice(work, document);
    if (wait !== undefined) {
      const why = { dueAt: work.now + LOOK_AGAIN, reason: 'NOTICE_OPEN', detail: wait, counted: false };
      await retryLater(tx, queues.render, { id: document.id, owner: context.owner }, why);
      // A notice that was committed since is seen now; whoever commits one later waits for this row, and wakes it.
      if (document.orderId !== undefined && (await waitsForNotice(work, document)) === undefined) await wakeInvoices(tx, document.orderId);
      continue;
    }
    await checkConversation(work, document, orders.get(document.orderId ?? 0));
    const rendered = await seal(work, document.partner, document.channel, await renderDocument(work, document));
    failPoint('render.numbered');
    ended.push({ id: document.id, status: 'rendered', values: { ...(await storeRendered(tx, document.id, rendered, work.now)), reason: null, detail: null } });
    await noteRendered(work, document, rendered);
  }
  await Promise.all([work.numbers.store(), settleAll(tx, queues.render, context.owner, ended)]);
  for (const { kind, orderId } of documents) if (kind === 'shipment' && orderId !== undefined) await wakeInvoices(tx, orderId);
  failPoint('render.settling');
}

async function noteRendered({ tx, now }: Work, document: PendingDocument, rendered: Rendered): Promise<void> {
  const control = rendered.interchangeControl ? ` in interchange ${rendered.interchangeControl}` : '';
  const text = `${rendered.setId ?? document.kind} ${document.businessKey} written as ${rendered.fileName}${control}`;
  await note(tx, { at: now, verb: 'render', partner: document.partner, outboxId: document.id, orderId: document.orderId, text });
}

/** The bytes and name of an outgoing document. Control numbers are taken in this transaction. @throws WharfError RENDER_FAILED. */
export async function renderDocument(work: RenderWork, document: PendingDocument): Promise<Rendered> {
  const partner = partnerOf(work.config, document.partner);
  if (document.kind === 'acknowledgment') {
    const content = document.canonical as Acknowledgment;
    const written = await renderAcknowledgment(work, partner, content, document.channel);
    return finish(work, partner, document, { ...written, setId: content.set, mappingHash: undefined, template: partner.acknowledgments.file });
  }
  const entry = partner.outbound.find(({ mapping }) => mapping === document.mapping);
  const mapping = work.config.mappings.get(document.mapping ?? '');
  if (!entry || !mapping) throw new WharfError('RENDER_FAILED', `partner ${partner.id} no longer sends ${document.kind} with mapping ${document.mapping}`);
  const tree = mapOutbound(work, partner, mapping, document.canonical);
  if (mapping.side.format === 'x12') {
    const written = await renderSet(work, partner, { mapping, tree, version: entry.version ?? partner.x12.version, channel: document.channel });
    return finish(work, partner, document, { ...written, mappingHash: mapping.hash, template: entry.file });
  }
  const bytes = writeRecords(mapping, tree, recordEncoding(partner, document.channel));
  return finish(work, partner, document, { bytes, mappingHash: mapping.hash, template: entry.file });
}

/** What a mapping of a document for a partner may ask for besides the document. */
export function outboundContext({ config, now }: Pick<Work, 'config' | 'now'>, partner: Partner): RunContext {
  const variables = {
    partner: partner.id,
    company: config.company.name,
    vendorNumber: partner.vendorNumber ?? '',
    today: dayIn(config.company.timezone, now),
    now: `${new Date(now).toISOString().slice(0, 19)}+00:00`,
  };
  return { variables, table: (name) => tableOf(partner, name) };
}

/** The tree that a mapping makes of a canonical document. @throws WharfError RENDER_FAILED with what is wrong in it. */
export function mapOutbound(work: Pick<Work, 'config' | 'now'>, partner: Partner, mapping: ConfiguredMapping, canonical: unknown): Node {
  const result = mapping.run(fromPlain(mapping.document, canonical), outboundContext(work, partner));
  const failed = result.findings.some(({ severity }) => severity === 'error');
  if (failed || !result.tree) throw new WharfError('RENDER_FAILED', summary(result.findings) || `mapping ${mapping.name} made nothing`);
  return result.tree;
}

type Written = Pick<Rendered, 'bytes' | 'mappingHash'> & Partial<Omit<Rendered, 'fileName' | 'sha256'>> & { readonly template: string };

function finish(work: Work, partner: Partner, document: PendingDocument, written: Written): Rendered {
  const { template, ...rest } = written;
  const stamp = new Date(work.now).toISOString();
  const fileName = renderName(template, {
    control: written.interchangeControl ?? String(document.id),
    id: String(document.id),
    document: written.setId ?? document.kind,
    partner: partner.id,
    vendorNumber: partner.vendorNumber ?? '',
    poNumber: document.businessKey,
    date: stamp.slice(0, 10).replaceAll('-', ''),
    time: stamp.slice(11, 19).replaceAll(':', ''),
  });
  return {
    setId: undefined,
    interchangeControl: undefined,
    groupType: undefined,
    groupControl: undefined,
    setControl: undefined,
    ...rest,
    fileName,
    sha256: createHash('sha256').update(written.bytes).digest('hex'),
  };
}
