import { outboundChannel } from '../config/find-partner.ts';
import type { Config } from '../config/types.ts';
import { note } from '../store/activity.ts';
import type { Outgoing } from '../store/again.ts';
import { applyAgain, placeOfDocument, readFileAgain, readOutgoing, replaceParked, sendOnceMore, sendParked } from '../store/again.ts';
import type { InboundDocument, NewDocument } from '../store/documents.ts';
import { readDocument } from '../store/documents.ts';
import { readFile } from '../store/files.ts';
import { openHolds } from '../store/holds.ts';
import type { Database } from '../store/transaction.ts';
import { channelKey } from '../pipeline/context.ts';
import { heal } from './heal.ts';
import { mapSet } from '../pipeline/translate/map-inbound.ts';
import { readMessageAgain, readSetAgain } from './read-again.ts';
import { mappingForFile, toRow } from '../pipeline/translate/records.ts';
import { partnerOf } from '../pipeline/work.ts';

/** Who acts, and on what. `now` is in milliseconds since 1970. */
export type ActContext = { readonly db: Database; readonly config: Config; readonly now: number; readonly by: string };

/** What is acted on: `document:3`. */
export type Target = { readonly kind: 'file' | 'document' | 'outbox' | 'order'; readonly id: number };

/** What a note about a row of a queue is about. */
export function aboutOf({ kind, id }: { readonly kind: 'file' | 'document' | 'outbox'; readonly id: number }) {
  return { file: { fileId: id }, document: { documentId: id }, outbox: { outboxId: id } }[kind];
}

/** Whether it goes on now, and what happened in words. */
export type Acted = { readonly done: boolean; readonly text: string };

/** Parked because of the mapping, or undone for it, so that it has to be mapped again from the bytes of its file. */
const UNMAPPED = ['MAPPING_FAILED', 'DOCUMENT_INVALID', 'DOCUMENT_UNMAPPED', 'MESSAGE_REFUSED', 'UNDONE'];

/**
 * Has something that is parked or held done again after its cause was mended. It is only put back: the daemon does the work. No acknowledgment is
 * sent a second time, and what was done before is not done again.
 */
export async function replay(context: ActContext, target: Target): Promise<Acted> {
  switch (target.kind) {
    case 'file':
      return replayFile(context, target.id);
    case 'document':
      return replayDocument(context, target.id);
    case 'outbox':
      return replayOutbox(context, target.id);
    case 'order':
      return replayOrder(context, target.id);
  }
}

/** Has the stored bytes of an outgoing document delivered once more, under the same control numbers. */
export async function resend(context: ActContext, id: number): Promise<Acted> {
  return context.db.transaction(async (tx) => {
    const row = await readOutgoing(tx, id);
    if (!row) return missing('outbox', id);
    if (!(await sendOnceMore(tx, id)))
      return { done: false, text: `outbox:${id} is ${row.status}: ${row.rendered ? 'it is on its way already' : 'there are no bytes yet'}` };
    const text = `${row.fileName} is sent again, by ${context.by}`;
    await note(tx, { at: context.now, verb: 'resend', partner: row.partner, outboxId: id, orderId: row.orderId, text });
    return { done: true, text };
  });
}

async function replayFile({ db, now, by }: ActContext, id: number): Promise<Acted> {
  return db.transaction(async (tx) => {
    const file = await readFile(tx, id);
    if (!file) return missing('file', id);
    if (file.status !== 'parked') return { done: false, text: `file:${id} is ${file.status}, not parked` };
    if (!(await readFileAgain(tx, id)))
      return { done: false, text: `file:${id}: its bytes were never taken; it is still with its sender and is looked at again by itself` };
    const text = `${file.name} is read again, by ${by}`;
    await note(tx, { at: now, verb: 'replay', partner: file.partner, fileId: id, text });
    return { done: true, text };
  });
}

async function replayDocument(context: ActContext, id: number): Promise<Acted> {
  const { db, now, by } = context;
  const document = await db.read((tx) => readDocument(tx, id));
  if (!document) return missing('document', id);
  if (document.status !== 'parked') return { done: false, text: `document:${id} is ${document.status}, not parked` };
  const mapped = UNMAPPED.includes(document.reason ?? '') ? await mapAgain(context, document) : undefined;
  if (mapped && 'problem' in mapped) return { done: false, text: `document:${id}: ${mapped.problem}` };
  return db.transaction(async (tx) => {
    const changed = mapped ? await replaceParked(tx, id, mapped) : await applyAgain(tx, id);
    if (!changed) return { done: false, text: `document:${id} was changed by somebody else` };
    const outcome = mapped?.outcome;
    const text =
      outcome && 'reason' in outcome
        ? `mapped again by ${by}, still ${outcome.reason}: ${outcome.detail}`
        : `${mapped ? 'mapped and ' : ''}applied again, by ${by}`;
    await note(tx, { at: now, verb: 'replay', partner: document.partner, documentId: id, orderId: document.orderId, text });
    return { done: !outcome || outcome.status === 'pending', text: `document:${id} is ${text}` };
  });
}

/** What the mapping that is configured now makes of a document's part of its file. The set was accepted and its sender was told so: that stays. */
async function mapAgain({ db, config }: ActContext, document: InboundDocument): Promise<NewDocument | { readonly problem: string }> {
  const { file, place } = await db.read(async (tx) => ({ file: await readFile(tx, document.fileId), place: await placeOfDocument(tx, document.id) }));
  const gone = { problem: 'it is not found in its file any more' };
  if (!file || !place) return gone;
  if (document.interchangeId === undefined) {
    const partner = partnerOf(config, document.partner);
    const mapping = mappingForFile(config, partner, file.name, file.format);
    if (!mapping) return { problem: `partner ${partner.id} has no inbound mapping for files named like ${file.name}` };
    const message = await readMessageAgain(db, config, file, place);
    return message ? toRow(partner, mapping, file, message, place.position) : gone;
  }
  const found = await readSetAgain(db, config, file, document, place);
  if (!found) return gone;
  const partner = partnerOf(config, document.partner);
  const around = { config, partner, fileId: file.id, interchangeId: document.interchangeId, header: found.header, group: found.group };
  return mapSet(around, { ...found.set, accepted: true }, place.position);
}

async function replayOutbox({ db, config, now, by }: ActContext, id: number): Promise<Acted> {
  return db.transaction(async (tx) => {
    const row = await readOutgoing(tx, id);
    if (!row) return missing('outbox', id);
    if (row.status !== 'parked') return { done: false, text: `outbox:${id} is ${row.status}, not parked` };
    await sendParked(tx, id, channelFor(config, row));
    const text = `${row.kind} is ${row.rendered ? 'sent' : 'written'} again, by ${by}`;
    await note(tx, { at: now, verb: 'replay', partner: row.partner, outboxId: id, orderId: row.orderId, text });
    return { done: true, text: `outbox:${id}: ${text}` };
  });
}

/** The channel of an acknowledgment that had none when it was made. */
function channelFor(config: Config, { partner: id, kind }: Outgoing): string | undefined {
  const partner = config.partners.get(id);
  const channel = partner && kind === 'acknowledgment' ? outboundChannel(partner, partner.acknowledgments.channel) : undefined;
  return channel && channelKey(id, channel.name);
}

async function replayOrder(context: ActContext, id: number): Promise<Acted> {
  const { orders } = await heal(context, `replay by ${context.by}`, id);
  if (orders.includes(id)) return { done: true, text: `order:${id} goes on` };
  const holds = await context.db.read((tx) => openHolds(tx, id));
  const still = holds.map(({ code, detail }) => `${code}: ${detail}`).join('; ');
  return { done: false, text: still ? `order:${id} is still held, ${still}` : `order:${id} is not held` };
}

function missing(kind: Target['kind'], id: number): Acted {
  return { done: false, text: `there is no ${kind}:${id}` };
}
