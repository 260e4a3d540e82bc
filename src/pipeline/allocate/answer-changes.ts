import { answerChange } from '../../orders/answer-change.ts';
import type { ChangeLine } from '../../orders/change-lines.ts';
import { settle } from '../../orders/change-lines.ts';
import type { OrderState } from '../../orders/model.ts';
import { note } from '../../store/activity.ts';
import { readAllocations } from '../../store/allocations.ts';
import type { StoredChange } from '../../store/changes.ts';
import { changesOf, markChangeAnswered, updateChangeLines } from '../../store/changes.ts';
import { wakeDocuments } from '../../store/documents.ts';
import { fulfilmentOrdersOf } from '../../store/fulfilment.ts';
import { openHolds, resolveHold } from '../../store/holds.ts';
import { readOrder } from '../../store/orders.ts';
import { announce } from '../announce.ts';
import { answerSettings, correctStored } from './respond.ts';
import { changeKey } from '../apply/waits.ts';
import { tellOrderStatus } from '../reports/order-status.ts';
import type { Work } from '../work.ts';
import { partnerOf } from '../work.ts';

/**
 * Answers what changed in an order, once nobody is asked about it any more and what is new was decided about: by an order change response (865 or 870),
 * or with the answer to the whole order again where the partner takes none of them. False when there was nothing to answer.
 */
export async function answerChanges(work: Work, orderId: number): Promise<boolean> {
  const waiting = (await changesOf(work.tx, orderId)).filter(({ answeredAt }) => answeredAt === undefined);
  if (waiting.length === 0) return false;
  const works = await fulfilmentOrdersOf(work.tx, orderId);
  if (works.some(({ lines }) => lines.some(({ ask }) => ask > 0n))) return false;
  for (const hold of await openHolds(work.tx, orderId)) {
    if (hold.code === 'CANCEL_PENDING') await resolveHold(work.tx, hold.id, 'every location has answered, or its time is over', work.now);
  }
  for (const change of waiting) await answer(work, orderId, change);
  await wakeDocuments(work.tx, changeKey(orderId));
  return true;
}

/** Whether a line whose stock fell is served all the same, from elsewhere. */
function keptPromise(order: OrderState, { because, lineId }: ChangeLine): boolean {
  const buckets = order.lines.find(({ id }) => id === lineId)?.buckets;
  return because === 'stock-fell' && (!buckets || buckets.pending + buckets.backordered + buckets.rejected === 0n);
}

async function answer(work: Work, orderId: number, change: StoredChange): Promise<void> {
  const order = (await readOrder(work.tx, orderId))!;
  const partner = partnerOf(work.config, order.partner);
  const lines = change.lines.map(settle);
  await updateChangeLines(work.tx, change.id, lines);
  await markChangeAnswered(work.tx, change.id, work.now);
  // A change of ours that came to nothing, because the goods had left already, is none.
  if (change.initiative === 'seller' && lines.every((line) => line.answer === 'rejected' || keptPromise(order, line))) return;
  const held = await readAllocations(work.tx, orderId, ['firm', 'released']);
  const response = answerChange(order, held, lines, {
    ...(await answerSettings(work, partner, order, held)),
    initiative: change.initiative,
    sequence: change.sequence,
    changeDate: change.document?.changeDate,
  });
  const about = { orderId, causeDocumentId: change.documentId, orderType: order.document.poType };
  const sent = await announce(work, partner, response, { ...about, key: `change:${change.id}` });
  const ours = change.initiative === 'seller' && partner.orderStatus.when.includes('change');
  const told = ours ? await tellOrderStatus(work, orderId, { cause: 'event', key: `change:${change.id}`, reference: `C${change.id}` }) : 0;
  if (sent + told === 0) await correctStored(work, orderId);
  const text = `change ${change.sequence ?? ''} of ${order.document.poNumber} answered: ${response.verdict}`.replace('  ', ' ');
  await note(work.tx, { at: work.now, verb: 'allocate', partner: partner.id, orderId, documentId: change.documentId, text });
}
