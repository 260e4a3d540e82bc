import type { Location } from '../../config/find-partner.ts';
import { locations } from '../../config/find-partner.ts';
import type { Config, Partner } from '../../config/types.ts';
import { addDays } from '../../orders/dates.ts';
import { open } from '../../orders/quantities.ts';
import { endOfDay, releaseBy, startOfDay } from '../../orders/windows.ts';
import { readAllocations } from '../../store/allocations.ts';
import { fulfilmentOrdersOf } from '../../store/fulfilment.ts';
import { nextPoolEnd } from '../../store/pools.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { calendarOf } from './calendar.ts';
import { isAccumulating } from './free-accumulated.ts';
import { isHeld, isUncounted, responseDue } from './respond.ts';
import type { Work } from '../work.ts';
import { dayIn, partnerOf } from '../work.ts';

/**
 * When the allocator must look at an order again by itself: the next moment at which only the clock changes something. Undefined when there is none.
 * `firm` is what a new order holds and nobody was told to ship; of any other it is read.
 */
export async function nextLook(work: Work, order: StoredOrder, firm: readonly { readonly location: string }[]): Promise<number | undefined> {
  const partner = partnerOf(work.config, order.partner);
  const moments: (number | undefined)[] = [];
  if (order.lifecycle === 'held' || order.lines.some((line) => isHeld(line) || isUncounted(line))) moments.push(responseDue(partner, order));
  if (order.lines.some((line) => open(line.buckets) > 0n)) moments.push(expiryOf(partner, order));
  moments.push(await poolEnd(work, order), nextDay(work, order));
  if (isAccumulating(order)) moments.push(accumulatesUntil(partner, order));
  if (order.version > 1) {
    for (const { requestDueAt, lines } of await fulfilmentOrdersOf(work.tx, order.id)) if (lines.some(({ ask }) => ask > 0n)) moments.push(requestDueAt);
  }
  if (order.document.shipNotBefore !== undefined) {
    const held = order.version > 1 ? await readAllocations(work.tx, order.id, ['firm']) : firm;
    for (const location of new Set(held.map((each) => each.location))) moments.push(releaseMoment(work.config, order, location));
  }
  const coming = moments.filter((moment) => moment !== undefined && moment > work.now) as number[];
  return coming.length > 0 ? Math.min(...coming) : undefined;
}

/** The next day, for an order of which something is left undecided: a location may take it then that does not today. */
function nextDay({ config, now }: Work, order: StoredOrder): number | undefined {
  const { timezone } = config.company;
  const undecided = order.lines.some(({ sku, reason, buckets }) => sku !== undefined && reason === undefined && buckets.pending > 0n);
  return undecided ? endOfDay(dayIn(timezone, now), timezone) : undefined;
}

/** When stock that is kept for others is kept no more, where an order is short of it. */
async function poolEnd({ tx, config, now }: Work, order: StoredOrder): Promise<number | undefined> {
  const short = order.lines.flatMap(({ sku, buckets }) => (sku !== undefined && buckets.pending + buckets.backordered > 0n ? [sku] : []));
  const { timezone } = config.company;
  const last = short.length === 0 ? undefined : await nextPoolEnd(tx, [...new Set(short)], dayIn(timezone, now));
  return last === undefined ? undefined : endOfDay(last, timezone);
}

/** When what has not shipped of an order is cancelled: at the end of its last day, where the buyer is. */
export function expiryOf(partner: Partner, order: Pick<StoredOrder, 'document'>): number | undefined {
  const last = order.document.cancelAfter ?? order.document.shipNoLater;
  return last === undefined ? undefined : endOfDay(last, partner.timezone);
}

/** Until when an order that ships complete holds what there is of it; undefined where it holds it to the end, or not at all. */
export function accumulatesUntil({ allocation, timezone }: Partner, order: Pick<StoredOrder, 'document'>): number | undefined {
  const { accumulate, accumulateDays } = allocation;
  const last = order.document.cancelAfter ?? order.document.shipNoLater;
  if (!accumulate || accumulateDays === undefined || last === undefined) return undefined;
  return startOfDay(addDays(last, -accumulateDays), timezone);
}

/** Whether a location may be told of an order now: not so early that it would ship before the buyer wants it. */
export function mayRelease(order: Pick<StoredOrder, 'document'>, location: Location, now: number): boolean {
  const { shipNotBefore } = order.document;
  return shipNotBefore === undefined || dayIn(location.partner.timezone, now) >= releaseBy(calendarOf(location), shipNotBefore);
}

function releaseMoment(config: Config, order: StoredOrder, code: string): number | undefined {
  const location = locations(config).get(code);
  const { shipNotBefore } = order.document;
  if (!location || shipNotBefore === undefined) return undefined;
  return startOfDay(releaseBy(calendarOf(location), shipNotBefore), location.partner.timezone);
}
