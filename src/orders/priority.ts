import type { Demand, LocationFacts } from './allocation.ts';
import { addDays, daysBetween, firstOf } from './dates.ts';

/** From this many days before a location must be told of it an order counts as urgent and rises within its tier, the nearer the higher. */
const URGENT_DAYS = 7;

/**
 * The demands in the order in which they are served: class, tier, urgency, requested ship date, time of receipt, order id.
 * It is a total order, so that the same input always gives the same plan.
 */
export function inPriority(demands: readonly Demand[], today: string, locations: readonly LocationFacts[]): readonly Demand[] {
  return demands
    .map((demand) => ({ demand, urgency: urgency(demand, today, locations), requested: demand.requestedShip ?? today }))
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

/** How many days are left until a location must be told, from 0 to 7: before the last ship date, and so long before the cancel date as goods are on their way. */
function urgency(demand: Demand, today: string, locations: readonly LocationFacts[]): number {
  const { shipNoLater, cancelAfter, lots } = demand;
  const last = firstOf([shipNoLater, cancelAfter && addDays(cancelAfter, -(lots?.transitDays ?? 0))]);
  if (last === undefined) return URGENT_DAYS;
  return Math.min(URGENT_DAYS, Math.max(0, daysBetween(today, last) - leadDays(demand, today, locations)));
}

/** In how many days the quickest of the locations that may ship an order does. */
function leadDays({ policy }: Demand, today: string, locations: readonly LocationFacts[]): number {
  const first = firstOf(
    locations.filter(({ code, closed }) => closed === undefined && (policy.warehouses?.includes(code) ?? true)).map(({ earliestShip }) => earliestShip),
  );
  return first === undefined ? 0 : Math.max(0, daysBetween(today, first));
}
