import type { LinePlan } from '../../orders/allocation.ts';
import { brokenPromises } from '../../orders/broken-promises.ts';
import { plainLine } from '../../orders/change-lines.ts';
import type { Line } from '../../orders/model.ts';
import { note } from '../../store/activity.ts';
import { insertChange } from '../../store/changes.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { promisesOf, replacePromises } from '../../store/supply.ts';
import type { Work } from '../work.ts';

/**
 * Puts what is promised of backordered lines now in the place of what was, for the answer and so that nobody else is promised the same. A buyer who was told
 * an earlier day, or more, is to be told the new one: that is a change of ours.
 */
export async function promiseAnew(work: Work, order: StoredOrder, lines: readonly Line[], plans: readonly LinePlan[]): Promise<void> {
  const promises = plans.flatMap(({ lineId, promises: days }) => {
    const sku = lines.find(({ id }) => id === lineId)?.sku;
    return sku === undefined ? [] : days.map(({ date, quantity }) => ({ lineId, sku, date, quantity }));
  });
  const before = order.version > 1 ? await promisesOf(work.tx, order.id) : [];
  await replacePromises(work.tx, order.id, promises, before.length > 0);
  if (order.respondedAt === undefined || before.length === 0) return;
  const broken = brokenPromises(
    Map.groupBy(before, ({ lineId }) => lineId),
    plans,
  );
  if (broken.length === 0) return;
  const told = lines
    .filter(({ id }) => broken.includes(id))
    .map(({ id, lineRef, ids, base }) =>
      plainLine({ lineRef, lineId: id, ids, action: 'dates', answer: 'accepted', because: 'promise-moved', before: base, wanted: base, remains: base }),
    );
  const facts = { orderId: order.id, documentId: undefined, initiative: 'seller', sequence: undefined, document: undefined } as const;
  await insertChange(work.tx, { ...facts, contentHash: `promise:${order.version}`, lines: told, receivedAt: work.now });
  const text = `${order.document.poNumber} cannot ship as it was promised: ${told.length} line${told.length === 1 ? ' is' : 's are'} told anew`;
  await note(work.tx, { at: work.now, verb: 'allocate', partner: order.partner, orderId: order.id, text });
}
