import type { Partner } from '../../config/types.ts';
import type { Line, Reservation } from '../../orders/model.ts';
import { move } from '../../orders/quantities.ts';
import type { ResponseSettings } from '../../orders/respond.ts';
import { respond } from '../../orders/respond.ts';
import { note } from '../../store/activity.ts';
import { readAllocations } from '../../store/allocations.ts';
import { type Hold, openHolds, resolveHold } from '../../store/holds.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { markResponded, readOrder } from '../../store/orders.ts';
import { promisesOf } from '../../store/supply.ts';
import { announce } from '../announce.ts';
import { earliestShipDays } from './calendar.ts';
import { substituteIds } from './substitute-ids.ts';
import { DECIDED_HOLDS } from './release-holds.ts';
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

/** Whether nobody knows how much is wanted of a line, so that nothing of it is pending either. */
export function isUncounted(line: Line): boolean {
  return line.reason === 'QUANTITY_INVALID' && line.base === 0n;
}

/** Holds that say nothing about the answer. */
const KEPT: readonly string[] = ['CANCEL_PENDING', ...DECIDED_HOLDS];

/** What an order holds, as far as its answer tells it, and what stops it; `isNew` where this transaction decides about it for the first time. */
type Facts = { readonly held: readonly Reservation[]; readonly holds: readonly Hold[]; readonly isNew?: boolean };

/** Answers an order once, when nothing of it is on hold any more: with what is reserved, promised and refused. True when it is answered now. */
export async function respondToOrder(work: Work, order: StoredOrder, { held, holds, isNew }: Facts): Promise<boolean> {
  const partner = partnerOf(work.config, order.partner);
  const due = responseDue(partner, order);
  if (due === undefined || order.lifecycle === 'held' || order.lines.some(isHeld)) return false;
  const uncounted = order.lines.filter(isUncounted);
  if (due > work.now && holds.some(({ lineId }) => uncounted.some(({ id }) => id === lineId))) return false;
  for (const hold of holds.filter(({ code }) => !KEPT.includes(code))) await resolveHold(work.tx, hold.id, 'not resolved in time: refused', work.now);
  await send(work, partner, order, { held, replaces: false, isNew });
  return true;
}

/** The same for an order of which other work in this transaction has stored more than the caller knows. */
export async function respondToStored(work: Work, orderId: number): Promise<void> {
  const order = (await readOrder(work.tx, orderId))!;
  if (responseDue(partnerOf(work.config, order.partner), order) === undefined) return;
  const held = await readAllocations(work.tx, orderId, ['firm', 'released']);
  if (await respondToOrder(work, order, { held, holds: await openHolds(work.tx, orderId) })) await markResponded(work.tx, orderId, work.now);
}

/** Answers an order again where something of what was promised is refused after all. The new answer tells of the whole order and takes the place of the first. */
export async function correctResponse(work: Work, order: StoredOrder, held: readonly Reservation[]): Promise<void> {
  const partner = partnerOf(work.config, order.partner);
  if (order.respondedAt === undefined || partner.response.when === 'never') return;
  await send(work, partner, order, { held, replaces: true });
}

/** The same for an order as it is stored. */
export async function correctStored(work: Work, orderId: number): Promise<void> {
  await correctResponse(work, (await readOrder(work.tx, orderId))!, await readAllocations(work.tx, orderId, ['firm', 'released']));
}

/** What an answer about an order, or about a change of it, rests on: what it is promised, and when locations ship what it holds. */
export async function answerSettings(work: Work, partner: Partner, order: StoredOrder, held: readonly Reservation[]): Promise<ResponseSettings> {
  const promises = order.lines.some(({ buckets }) => buckets.backordered > 0n) ? await promisesOf(work.tx, order.id) : [];
  return {
    promises: Map.groupBy(promises, ({ lineId }) => lineId),
    idsOf: await substituteIds(work, order, held),
    today: dayIn(partner.timezone, work.now),
    shipDates: earliestShipDays(work.config, work.now),
    completeness: order.document.completeness ?? partner.allocation.completeness,
    vendorNumber: partner.vendorNumber,
    vendorOrder: String(order.id),
  };
}

type Sent = { readonly held: readonly Reservation[]; readonly replaces: boolean; readonly isNew?: boolean | undefined };

async function send(work: Work, partner: Partner, order: StoredOrder, { held, replaces, isNew }: Sent): Promise<void> {
  const orderId = order.id;
  const response = respond(order, held, { ...(await answerSettings(work, partner, order, held)), replaces });
  const key = replaces ? `response:${orderId}:${order.version}` : `response:${orderId}`;
  const { documentId: causeDocumentId, document } = order;
  const sent = await announce(work, partner, response, { key, orderId, causeDocumentId, orderType: document.poType, isNew });
  if (sent === 0) return;
  const text = `order ${document.poNumber} answered${replaces ? ' again' : ''}: ${response.verdict}`;
  await note(work.tx, { at: work.now, verb: 'allocate', partner: partner.id, orderId, text });
}
