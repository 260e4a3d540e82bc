import type { Partner } from '../../config/types.ts';
import type { Line } from '../../orders/model.ts';
import { move } from '../../orders/quantities.ts';
import type { ResponseSettings } from '../../orders/respond.ts';
import { respond } from '../../orders/respond.ts';
import { note } from '../../store/activity.ts';
import type { Allocation } from '../../store/allocations.ts';
import { readAllocations } from '../../store/allocations.ts';
import { openHolds, resolveHold } from '../../store/holds.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { markResponded, readOrder } from '../../store/orders.ts';
import { promisesOf } from '../../store/supply.ts';
import { announce } from '../announce.ts';
import { earliestShipDays } from './calendar.ts';
import { substituteIds } from './substitute-ids.ts';
import { RELEASE_HOLDS } from './release-holds.ts';
import type { Work } from '../work.ts';
import { dayIn, partnerOf } from '../work.ts';

/** When the buyer must have an answer, whatever is still on hold; undefined when there is none to give. */
export function responseDue(partner: Partner, order: StoredOrder): number | undefined {
  if (order.respondedAt !== undefined || partner.response.when === 'never') return undefined;
  return Date.parse(order.receivedAt) + partner.response.within;
}

/** The lines with what nobody resolved in time refused, where the answer is due. */
export function refuseHeld(partner: Partner, order: StoredOrder, now: number): readonly Line[] {
  const due = responseDue(partner, order);
  if (due === undefined || due > now) return order.lines;
  const whole = order.lifecycle === 'held';
  return order.lines.map((line) => {
    const moved = line.reason === undefined && !whole ? undefined : move(line.buckets, 'pending', 'rejected', line.buckets.pending);
    return moved && 'buckets' in moved ? { ...line, buckets: moved.buckets } : line;
  });
}

/** Whether a line waits for a person before it can be decided about. */
export function isHeld(line: Line): boolean {
  return line.reason !== undefined && line.buckets.pending > 0n;
}

/** Holds that say nothing about the answer. */
const KEPT: readonly string[] = ['CANCEL_PENDING', ...RELEASE_HOLDS];

/** Answers an order once, when nothing of it is on hold any more: with what is reserved, promised and refused. */
export async function respondToOrder(work: Work, orderId: number): Promise<void> {
  const order = (await readOrder(work.tx, orderId))!;
  const partner = partnerOf(work.config, order.partner);
  if (responseDue(partner, order) === undefined || order.lifecycle === 'held' || order.lines.some(isHeld)) return;
  for (const hold of (await openHolds(work.tx, orderId)).filter(({ code }) => !KEPT.includes(code)))
    await resolveHold(work.tx, hold.id, 'not resolved in time: refused', work.now);
  await markResponded(work.tx, orderId, work.now);
  await send(work, partner, order, false);
}

/** Answers an order again where something of what was promised is refused after all. The new answer tells of the whole order and takes the place of the first. */
export async function correctResponse(work: Work, orderId: number): Promise<void> {
  const order = (await readOrder(work.tx, orderId))!;
  const partner = partnerOf(work.config, order.partner);
  if (order.respondedAt === undefined || partner.response.when === 'never') return;
  await send(work, partner, order, true);
}

/** What an answer about an order, or about a change of it, rests on: what it holds, what it is promised, and when locations ship. */
export async function answerInput(
  work: Work,
  partner: Partner,
  order: StoredOrder,
): Promise<{ readonly allocations: readonly Allocation[]; readonly settings: ResponseSettings }> {
  const allocations = await readAllocations(work.tx, order.id, ['firm', 'released']);
  const promises = order.lines.some(({ buckets }) => buckets.backordered > 0n) ? await promisesOf(work.tx, order.id) : [];
  const settings = {
    promises: Map.groupBy(promises, ({ lineId }) => lineId),
    idsOf: await substituteIds(work, order, allocations),
    today: dayIn(partner.timezone, work.now),
    shipDates: earliestShipDays(work.config, work.now),
    completeness: order.document.completeness ?? partner.allocation.completeness,
    vendorNumber: partner.vendorNumber,
    vendorOrder: String(order.id),
  };
  return { allocations, settings };
}

async function send(work: Work, partner: Partner, order: StoredOrder, replaces: boolean): Promise<void> {
  const orderId = order.id;
  const { allocations, settings } = await answerInput(work, partner, order);
  const response = respond(order, allocations, { ...settings, replaces });
  const key = replaces ? `response:${orderId}:${order.version}` : `response:${orderId}`;
  const sent = await announce(work, partner, response, { key, orderId, causeDocumentId: order.documentId, orderType: order.document.poType });
  if (sent > 0)
    await note(work.tx, {
      at: work.now,
      verb: 'allocate',
      partner: partner.id,
      orderId,
      text: `order ${order.document.poNumber} answered${replaces ? ' again' : ''}: ${response.verdict}`,
    });
}
