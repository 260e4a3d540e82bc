import type { Decimal } from '../decimal.ts';
import type { AllocationInput, AllocationPlan, Demand, LocationFacts, OrderPolicy } from './allocation.ts';

type Changes<T> = { readonly [K in keyof T]?: T[K] | undefined };
type OrderChanges = Changes<OrderPolicy & Pick<Demand, 'class' | 'tier'>>;

/** Another policy, as what it changes: for every order, for those of a partner, and for locations. */
export type PolicyChange = {
  readonly allocation?: OrderChanges | undefined;
  readonly partners?: Readonly<Record<string, OrderChanges>> | undefined;
  readonly locations?: Readonly<Record<string, Changes<Pick<LocationFacts, 'priority' | 'fixedCost' | 'unitCost' | 'closed'>>>> | undefined;
};

/** What a past allocation would have looked at under another policy. Stock, orders and days are as they were. */
export function underPolicy(input: AllocationInput, change: PolicyChange): AllocationInput {
  return {
    ...input,
    demands: input.demands.map((demand) => {
      const { class: rank = demand.class, tier = demand.tier, ...rules } = { ...change.allocation, ...change.partners?.[demand.partner] };
      return { ...demand, class: rank, tier, policy: changed(demand.policy, rules) };
    }),
    locations: input.locations.map((location) => changed<LocationFacts>(location, change.locations?.[location.code] ?? {})),
  };
}

/** With the members that the change names; one that is undefined changes nothing. */
function changed<T extends object>(before: T, change: Changes<T>): T {
  return { ...before, ...(Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>) };
}

/** What plans come to: units asked and reserved, shipments, their cost, and days late. */
export type Outcome = {
  orders: number;
  /** Orders of which everything was reserved at once. */
  whole: number;
  asked: Decimal;
  filled: Decimal;
  shipments: number;
  cost: Decimal;
  lateDays: number;
};

export function noOutcome(): Outcome {
  return { orders: 0, whole: 0, asked: 0n, filled: 0n, shipments: 0, cost: 0n, lateDays: 0 };
}

/** Adds what a plan gives the orders that `counts`: an order that is decided about again later counts the first time. */
export function addOutcome(outcome: Outcome, input: AllocationInput, plan: AllocationPlan, counts: (orderId: number) => boolean): void {
  const orders = new Map<number, { asked: Decimal; filled: Decimal }>();
  const asked = new Map(input.demands.flatMap(({ lines }) => lines.map(({ lineId, quantity }) => [lineId, quantity] as const)));
  for (const line of plan.lines) {
    if (!counts(line.orderId)) continue;
    const sums = orders.get(line.orderId) ?? { asked: 0n, filled: 0n };
    orders.set(line.orderId, { asked: sums.asked + (asked.get(line.lineId) ?? 0n), filled: sums.filled + line.allocated });
  }
  for (const sums of orders.values()) {
    outcome.orders += 1;
    outcome.asked += sums.asked;
    outcome.filled += sums.filled;
    if (sums.filled >= sums.asked) outcome.whole += 1;
  }
  for (const { orderId, chosen, outcome: kind } of plan.decisions) {
    // What is only held until the rest comes does not ship yet.
    if (!chosen || !counts(orderId) || kind === 'accumulating' || kind === 'waiting' || kind === 'rejected') continue;
    outcome.shipments += chosen.locations.length;
    outcome.cost += chosen.cost;
    outcome.lateDays += chosen.lateDays;
  }
}
