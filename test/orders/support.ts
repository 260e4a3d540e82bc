import { whole } from '../../src/decimal.ts';
import type { AllocationInput, AllocationPlan, Demand, DemandLine, LocationFacts, OrderPolicy } from '../../src/orders/allocation.ts';
import { defaultPolicy } from '../../src/orders/allocation.ts';
import { allocate } from '../../src/orders/allocate.ts';

export const today = '2025-03-05';

export function location(code: string, facts: Partial<LocationFacts> = {}): LocationFacts {
  return { code, priority: 1, fixedCost: 0n, unitCost: 0n, earliestShip: today, ...facts };
}

export function policy(changes: Partial<OrderPolicy> = {}): OrderPolicy {
  return { ...defaultPolicy, ...changes };
}

/** A line of `count` whole units. */
export function line(lineId: number, sku: string, count: number, facts: Partial<DemandLine> = {}): DemandLine {
  return { lineId, lineNo: lineId, sku, quantity: whole(count), pack: whole(1), ...facts };
}

export function demand(orderId: number, lines: readonly DemandLine[], facts: Partial<Demand> = {}): Demand {
  return {
    orderId,
    poNumber: `PO${orderId}`,
    partner: 'acme',
    class: 2,
    tier: 1,
    receivedAt: '2025-03-05T10:00:00Z',
    policy: policy(),
    lines,
    ...facts,
  };
}

/** Stock written as `{ A: { X: 10 } }`: whole units by location and item. */
export function stockOf(table: Record<string, Record<string, number>>): AllocationInput['stock'] {
  return Object.entries(table).flatMap(([code, items]) => Object.entries(items).map(([sku, count]) => ({ sku, location: code, available: whole(count) })));
}

export function run(
  stock: Record<string, Record<string, number>>,
  demands: readonly Demand[],
  more: Partial<AllocationInput> = {},
): AllocationPlan & { readonly of: (lineId: number) => AllocationPlan['lines'][number] } {
  const locations = more.locations ?? Object.keys(stock).map((code) => location(code));
  const plan = allocate({ today, demands, stock: stockOf(stock), ...more, locations });
  return { ...plan, of: (lineId) => plan.lines.find((entry) => entry.lineId === lineId)! };
}

/** Allocated units by location, `A 48, B 12`, in whole units. */
export function shown(plan: AllocationPlan, lineId: number): string {
  return plan.lines
    .find((entry) => entry.lineId === lineId)!
    .reservations.map((r) => `${r.location} ${r.quantity / whole(1)}`)
    .join(', ');
}
