import { difference, showDifferences } from '../../canonical/difference.ts';
import type { Order } from '../../canonical/order.ts';
import type { Partner } from '../../config/types.ts';
import type { EnteredLine, Trouble } from '../../orders/enter.ts';
import { enterLine } from '../../orders/enter.ts';
import { note } from '../../store/activity.ts';
import { wakeDocuments } from '../../store/documents.ts';
import { insertHold } from '../../store/holds.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { findOrder, insertOrder, markResponded, readOrder, setDecideAt } from '../../store/orders.ts';
import { applyChange, asChange } from './change.ts';
import { placeOrder } from './known-places.ts';
import { lineFacts } from './master-data.ts';
import { orderKey } from './waits.ts';
import type { Applied, Work } from '../work.ts';
import { hashOf } from '../work.ts';

const LONGEST_WAIT = 60_000;

/** Makes an order out of a purchase order, once: the same again is a duplicate, and the same number with other content is held. */
export async function applyOrder(work: Work, partner: Partner, documentId: number, received: Order): Promise<Applied> {
  const hash = hashOf(received);
  const known = await findOrder(work.tx, partner.id, received.poNumber, received.releaseNumber);
  if (known) return meetKnown(work, partner, documentId, known, received);
  if (received.purpose === 'cancel' || received.purpose === 'replace') {
    return {
      status: 'parked',
      reason: 'ORDER_UNKNOWN',
      detail: `${received.purpose} of order ${received.poNumber}, which is not here`,
      waitsFor: orderKey(partner.id, received.poNumber),
    };
  }
  const orderId = await createOrder(work, partner, documentId, received, hash);
  return { status: 'done', orderId };
}

/** The same again is nothing new; one that says it cancels or replaces is a change; any other is what the partner's profile says. */
async function meetKnown(work: Work, partner: Partner, documentId: number, known: StoredOrder, received: Order): Promise<Applied> {
  const { poNumber } = received;
  if (known.contentHash === hashOf(received))
    return { status: 'done', reason: 'DUPLICATE', detail: `order ${poNumber} is here already with the same content`, orderId: known.id };
  const changes = received.purpose === 'cancel' || received.purpose === 'replace';
  if (changes || partner.duplicates.order === 'replace') return applyChange(work, partner, documentId, asChange(received));
  const differences = difference(known.document, (await placeOrder(work.tx, partner, received)).order);
  const detail = `order ${poNumber} is here already and differs: ${showDifferences(differences)}`;
  return { status: partner.duplicates.order === 'reject' ? 'done' : 'parked', reason: 'ORDER_CONFLICT', detail, orderId: known.id };
}

async function createOrder(work: Work, partner: Partner, documentId: number, received: Order, hash: string): Promise<number> {
  const { order, trouble } = await placeOrder(work.tx, partner, received);
  const entered: EnteredLine[] = [];
  const facts = await lineFacts(work.tx, partner.id, order.lines);
  for (const [index, line] of order.lines.entries()) entered.push(enterLine(line, index + 1, facts[index]!, partner.prices));
  const orderId = await insertOrder(work.tx, {
    partner: partner.id,
    document: order,
    contentHash: hash,
    documentId,
    lifecycle: trouble ? 'held' : 'open',
    receivedAt: work.now,
    // Held as a whole, it is looked at when its answer is due, or when its trouble is over.
    decideAt: trouble ? heldUntil(work, partner) : work.now,
    lines: entered.map(({ line }) => line),
  });
  if (received.answered === 'yes') await markResponded(work.tx, orderId, work.now);
  await note(work.tx, {
    at: work.now,
    verb: 'apply',
    partner: partner.id,
    documentId,
    orderId,
    text: `order ${order.poNumber} with ${entered.length} line${entered.length === 1 ? '' : 's'}`,
  });
  await holdTroubles(work, orderId, documentId, partner.id, trouble, entered);
  const waiting = await wakeDocuments(work.tx, orderKey(partner.id, order.poNumber));
  // Changes that came before the order are part of what is decided about; should they never be applied, it is decided without them.
  if (waiting > 0 && !trouble) await setDecideAt(work.tx, orderId, work.now + LONGEST_WAIT);
  return orderId;
}

/** When an order that nobody has let go on is answered all the same. */
function heldUntil({ now }: Work, { response }: Partner): number | undefined {
  return response.when === 'never' ? undefined : now + response.within;
}

async function holdTroubles(
  work: Work,
  orderId: number,
  documentId: number,
  partner: string,
  trouble: Trouble | undefined,
  entered: readonly EnteredLine[],
): Promise<void> {
  if (trouble === undefined && entered.every((one) => one.trouble === undefined)) return;
  const stored = (await readOrder(work.tx, orderId))!;
  const troubles = [
    ...(trouble ? [{ trouble, lineId: undefined }] : []),
    ...entered.flatMap((one, index) => (one.trouble ? [{ trouble: one.trouble, lineId: stored.lines[index]!.id }] : [])),
  ];
  for (const { trouble: found, lineId } of troubles) {
    await insertHold(work.tx, { orderId, lineId, code: found.code, value: found.value, detail: found.detail, documentId }, work.now);
    await note(work.tx, { at: work.now, verb: 'hold', partner, documentId, orderId, text: `${found.code}: ${found.detail}` });
  }
}
