import { createHash } from 'node:crypto';
import { renderName } from '../config/name-template.ts';
import type { ConfiguredMapping, Partner } from '../config/types.ts';
import { WharfError } from '../errors.ts';
import { failPoint } from '../fail-point.ts';
import { note } from '../store/activity.ts';
import { wakeInvoices } from '../store/conversation.ts';
import { claim, queues, retryLater, settle } from '../store/queue.ts';
import type { PendingDocument, Rendered } from '../store/rendering.ts';
import { storeRendered, toPending } from '../store/rendering.ts';
import { sendingOff } from '../store/switches.ts';
import type { Row, Tx } from '../store/transaction.ts';
import type { Node } from '../tree.ts';
import { fromPlain } from '../tree.ts';
import type { Acknowledgment } from './translate/acknowledge.ts';
import { attempt } from './attempt.ts';
import type { PipelineContext, Step } from './context.ts';
import { queueReports } from './reports.ts';
import { checkConversation } from './render/converse.ts';
import { waitsForNotice } from './render/invoice-turn.ts';
import { renderAcknowledgment, renderSet } from './render/x12.ts';
import { summary, tableOf } from './translate/map-inbound.ts';
import { writeRecords } from './translate/record-formats.ts';
import type { Work } from './work.ts';
import { dayIn, partnerOf } from './work.ts';

const BATCH = 100;
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
    failPoint('render.claimed');
    await Promise.all(rows.map((row) => attempt(context, 'render', queues.render, row, (tx) => renderRow(tx, context, row))));
    if (rows.length > 0) context.wake('deliver');
    return rows.length;
  },
};

async function renderRow(tx: Tx, context: PipelineContext, row: Row): Promise<void> {
  const work: Work = { tx, config: context.config(), now: context.now() };
  const document = toPending(row);
  if (document.channel === undefined) throw new WharfError('CHANNEL_MISSING', `partner ${document.partner} has no outbound channel for its ${document.kind}`);
  const claimed = { id: document.id, owner: context.owner };
  const wait = await waitsForNotice(work, document);
  if (wait !== undefined) {
    await retryLater(tx, queues.render, claimed, { dueAt: work.now + LOOK_AGAIN, reason: 'NOTICE_OPEN', detail: wait, counted: false });
    return;
  }
  await checkConversation(work, document);
  const rendered = await renderDocument(work, document);
  failPoint('render.numbered');
  await settle(tx, queues.render, claimed, 'rendered', { ...(await storeRendered(tx, document.id, rendered, work.now)), reason: null, detail: null });
  if (document.kind === 'shipment' && document.orderId !== undefined) await wakeInvoices(tx, document.orderId);
  const control = rendered.interchangeControl ? ` in interchange ${rendered.interchangeControl}` : '';
  const text = `${rendered.setId ?? document.kind} ${document.businessKey} written as ${rendered.fileName}${control}`;
  await note(tx, { at: work.now, verb: 'render', partner: document.partner, outboxId: document.id, orderId: document.orderId, text });
  failPoint('render.settling');
}

/** The bytes and name of an outgoing document. Control numbers are taken in this transaction. @throws WharfError RENDER_FAILED. */
export async function renderDocument(work: Work, document: PendingDocument): Promise<Rendered> {
  const partner = partnerOf(work.config, document.partner);
  if (document.kind === 'acknowledgment') {
    const content = document.canonical as Acknowledgment;
    const written = await renderAcknowledgment(work, partner, content);
    return finish(work, partner, document, { ...written, setId: content.set, mappingHash: undefined, template: partner.acknowledgments.file });
  }
  const entry = partner.outbound.find(({ mapping }) => mapping === document.mapping);
  const mapping = work.config.mappings.get(document.mapping ?? '');
  if (!entry || !mapping) throw new WharfError('RENDER_FAILED', `partner ${partner.id} no longer sends ${document.kind} with mapping ${document.mapping}`);
  const tree = mapOutbound(work, partner, mapping, document.canonical);
  if (mapping.side.format === 'x12') {
    const written = await renderSet(work, partner, mapping, tree, entry.version ?? partner.x12.version);
    return finish(work, partner, document, { ...written, mappingHash: mapping.hash, template: entry.file });
  }
  const bytes = writeRecords(mapping, tree);
  return finish(work, partner, document, { bytes, mappingHash: mapping.hash, template: entry.file });
}

/** The tree that a mapping makes of a canonical document. @throws WharfError RENDER_FAILED with what is wrong in it. */
export function mapOutbound(work: Pick<Work, 'config' | 'now'>, partner: Partner, mapping: ConfiguredMapping, canonical: unknown): Node {
  const variables = {
    partner: partner.id,
    company: work.config.company.name,
    vendorNumber: partner.vendorNumber ?? '',
    today: dayIn(work.config.company.timezone, work.now),
    time: new Date(work.now).toISOString().slice(11, 19),
  };
  const result = mapping.run(fromPlain(mapping.document, canonical), { variables, table: (name) => tableOf(partner, name) });
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
