import { total } from '../decimal.ts';
import type { AllocationPlan, Decision, LinePlan, PlannedReservation } from './allocation.ts';
import { lastOf } from './dates.ts';

/** One decision about an order and the lines that it decided about. */
export type Decided = { readonly decision: Decision; readonly lines: readonly LinePlan[] };

/** A plan by order: an order that asked several times, because a change added to it, has several decisions. */
export function decidedByOrder(plan: AllocationPlan): ReadonlyMap<number, readonly Decided[]> {
  let at = 0;
  const all = plan.decisions.map((decision): Decided => {
    const lines: LinePlan[] = [];
    const seen = new Set<number>();
    for (let line = plan.lines[at]; line?.orderId === decision.orderId && !seen.has(line.lineId); line = plan.lines[++at]) {
      seen.add(line.lineId);
      lines.push(line);
    }
    return { decision, lines };
  });
  return Map.groupBy(all, ({ decision }) => decision.orderId);
}

/** What several decisions come to for each line of one order. */
export function mergePlans(decided: readonly Decided[]): readonly LinePlan[] {
  const lines = Map.groupBy(
    decided.flatMap((one) => one.lines),
    ({ lineId }) => lineId,
  );
  return [...lines.values()].map((parts) => (parts.length === 1 ? parts[0]! : merge(parts)));
}

function merge(parts: readonly LinePlan[]): LinePlan {
  const sum = (pick: (part: LinePlan) => bigint): bigint => total(parts.map(pick));
  const dates = parts.filter((part) => part.backordered + part.pending > 0n).map(({ promiseDate }) => promiseDate);
  return {
    orderId: parts[0]!.orderId,
    lineId: parts[0]!.lineId,
    reservations: mergeReservations(parts.flatMap(({ reservations }) => reservations)),
    allocated: sum(({ allocated }) => allocated),
    backordered: sum(({ backordered }) => backordered),
    rejected: sum(({ rejected }) => rejected),
    pending: sum(({ pending }) => pending),
    promiseDate: dates.every((date) => date !== undefined) ? lastOf(dates) : undefined,
    promises: parts.flatMap(({ promises }) => promises),
    reasons: parts.flatMap(({ reasons }) => reasons),
  };
}

function mergeReservations(reservations: readonly PlannedReservation[]): readonly PlannedReservation[] {
  const groups = Map.groupBy(reservations, ({ sku, location }) => `${sku} ${location}`);
  return [...groups.values()].map((group) => {
    const [first] = group;
    const quantity = total(group.map((each) => each.quantity));
    const covers = group.some((each) => each.covers !== undefined) ? total(group.map((each) => each.covers ?? each.quantity)) : undefined;
    return { sku: first!.sku, location: first!.location, quantity, ...(covers !== undefined && { covers }) };
  });
}
