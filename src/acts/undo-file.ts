import { emptyBuckets, open } from '../orders/quantities.ts';
import { holdingOf } from '../pipeline/apply/held.ts';
import { note } from '../store/activity.ts';
import { reduceAllocation } from '../store/allocations.ts';
import { readFile } from '../store/files.ts';
import { openHolds, resolveHold } from '../store/holds.ts';
import { readOrder, touchOrder, updateLine, wakeOrdersWaitingFor } from '../store/orders.ts';
import { moveStock } from '../store/stock.ts';
import type { Tx } from '../store/transaction.ts';
import { answersToFile, documentsOfFile, dropUnsent, type FileDocument, madeOfOrder, othersOfOrder, parkUndone, retireOrder } from '../store/undoing.ts';
import type { ActContext } from './replay.ts';

/** What undoing would do, or did, about one document of a file. */
export type UndoneDocument = {
  readonly document: number;
  readonly order: number | undefined;
  readonly about: string;
  /** Why it cannot be undone, in words; absent when it can, or was. */
  readonly stays?: string;
  /** Outgoing documents that are not sent any more. One that has a control number leaves a gap. */
  readonly dropped: readonly string[];
};

export type UndoneFile = {
  readonly done: boolean;
  readonly text: string;
  readonly documents: readonly UndoneDocument[];
  /** Answers that the sender of the file has, which nothing takes back. */
  readonly sent: readonly string[];
};

/**
 * Takes back the orders that a file made, as long as nobody was told anything about them: what they hold goes back to stock, what waits to be sent about
 * them is dropped, and their documents are parked as UNDONE, to be read again with a better mapping, or discarded. Orders that were answered, released or
 * changed stay as they are, and are named. With `preview` nothing is changed.
 */
export async function undoFile(context: ActContext, fileId: number, preview: boolean): Promise<UndoneFile> {
  const { db } = context;
  const work = async (tx: Tx): Promise<UndoneFile> => {
    const file = await readFile(tx, fileId);
    if (!file) return { done: false, text: `there is no file:${fileId}`, documents: [], sent: [] };
    const documents: UndoneDocument[] = [];
    for (const document of await documentsOfFile(tx, fileId)) {
      if (document.kind !== 'acknowledgment') documents.push(await undoDocument(tx, context, document, preview));
    }
    const sent = (await answersToFile(tx, fileId)).filter(({ left }) => left).map(({ id, kind, name }) => `outbox:${id} ${kind} ${name}`);
    const undone = documents.filter(({ stays }) => stays === undefined).length;
    const text = `${undone} of ${documents.length} documents of ${file.name} ${preview ? 'can be undone' : 'were undone'}`;
    if (!preview && undone > 0) await note(tx, { at: context.now, verb: 'release', partner: file.partner, fileId, text: `${text}, by ${context.by}` });
    return { done: undone > 0, text, documents, sent };
  };
  return preview ? db.read(work) : db.transaction(work);
}

async function undoDocument(tx: Tx, context: ActContext, document: FileDocument, preview: boolean): Promise<UndoneDocument> {
  const about = { document: document.id, order: document.orderId, about: `${document.kind ?? 'unknown'} ${document.businessKey}`.trim() };
  const stays = await whyNot(tx, document);
  if (stays !== undefined) return { ...about, stays, dropped: [] };
  const made = (await madeOfOrder(tx, document.orderId!)).filter(({ status }) => status !== 'discarded');
  const dropped = made.map(({ id, kind, control }) => `outbox:${id} ${kind}${control === undefined ? '' : `, whose control number ${control} is never sent`}`);
  if (preview) return { ...about, dropped };
  for (const { id } of made) if (!(await dropUnsent(tx, id, context.now))) return { ...about, stays: `outbox:${id} is being sent`, dropped: [] };
  await takeBack(tx, context, document);
  return { ...about, dropped };
}

async function whyNot(tx: Tx, { id, kind, status, orderId }: FileDocument): Promise<string | undefined> {
  if (kind !== 'order') return `what a ${kind ?? 'document that nothing maps'} changed cannot be taken back`;
  if (status !== 'done' || orderId === undefined) return `it is ${status}: there is nothing to undo`;
  const order = await readOrder(tx, orderId);
  if (!order || order.documentId !== id) return `order:${orderId} was made by another document`;
  if (order.lifecycle !== 'open' && order.lifecycle !== 'held') return `order:${orderId} is ${order.lifecycle}`;
  const told = (await madeOfOrder(tx, orderId)).filter((made) => made.left || made.status === 'working');
  if (told.length > 0) return `it was told: ${told.map((made) => `outbox:${made.id} ${made.kind} ${made.name}`.trim()).join(', ')}`;
  if ((await holdingOf(tx, orderId)).works.length > 0) return `order:${orderId} was released to a location`;
  const others = await othersOfOrder(tx, orderId, id);
  return others.length > 0 ? `other documents changed order:${orderId}: ${others.map((other) => `document:${other}`).join(', ')}` : undefined;
}

async function takeBack(tx: Tx, { now, by }: ActContext, { id, orderId }: FileDocument): Promise<void> {
  const order = (await readOrder(tx, orderId!))!;
  const { firm } = await holdingOf(tx, order.id);
  for (const allocation of firm) {
    const { sku, location, quantity, covers } = allocation;
    await reduceAllocation(tx, allocation, quantity, covers);
    await moveStock(tx, { sku, location, onHand: 0n, allocated: -quantity, cause: 'deallocation', key: `undo:${allocation.id}`, orderId: order.id }, now);
  }
  for (const line of order.lines) {
    const cancelled = line.buckets.cancelled + open(line.buckets);
    await updateLine(tx, { ...line, buckets: { ...emptyBuckets(), cancelled, rejected: line.buckets.rejected, shipped: line.buckets.shipped } });
  }
  for (const hold of await openHolds(tx, order.id)) await resolveHold(tx, hold.id, `undone by ${by}`, now);
  await touchOrder(tx, order, { lifecycle: 'cancelled', decideAt: null });
  await retireOrder(tx, order.id);
  await parkUndone(tx, id, `order:${order.id} was undone by ${by}`);
  await wakeOrdersWaitingFor(tx, [...new Set(firm.map(({ sku }) => sku))], now);
  await note(tx, { at: now, verb: 'release', partner: order.partner, documentId: id, orderId: order.id, text: `order:${order.id} is undone, by ${by}` });
}
