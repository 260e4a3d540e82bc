import type { Demand } from './allocation.ts';
import { daysBetween } from './dates.ts';

/** From this many days before its cancel date an order counts as urgent and rises within its tier, the nearer the higher. */
const URGENT_DAYS = 7;

/**
 * The demands in the order in which they are served: class, tier, urgency, requested ship date, time of receipt, order id.
 * It is a total order, so that the same input always gives the same plan.
 */
export function inPriority(demands: readonly Demand[], today: string): readonly Demand[] {
  return demands
    .map((demand) => ({ demand, urgency: urgency(demand, today), requested: demand.requestedShip ?? today }))
    .toSorted(
      (a, b) =>
        a.demand.class - b.demand.class ||
        a.demand.tier - b.demand.tier ||
        a.urgency - b.urgency ||
        compareText(a.requested, b.requested) ||
        compareText(a.demand.receivedAt, b.demand.receivedAt) ||
        a.demand.orderId - b.demand.orderId,
    )
    .map((entry) => entry.demand);
}

/** Whether two demands share a class and a tier: the circle within which stock is shared fairly. */
export function samePriority(a: Demand, b: Demand): boolean {
  return a.class === b.class && a.tier === b.tier;
}

/** -1, 0 or 1 as text sorts by code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function urgency(demand: Demand, today: string): number {
  if (demand.cancelAfter === undefined) return URGENT_DAYS;
  return Math.min(URGENT_DAYS, Math.max(0, daysBetween(today, demand.cancelAfter)));
}
