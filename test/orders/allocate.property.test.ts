import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whole } from '../../src/decimal.ts';
import { addDays } from '../../src/orders/dates.ts';
import { allocate } from '../../src/orders/allocate.ts';
import type { AllocationInput, AllocationPlan, Demand, OrderPolicy } from '../../src/orders/allocation.ts';
import { demand, line, location, policy, today } from './support.ts';

const skus = ['X', 'Y', 'Z'];
const codes = ['A', 'B', 'C', 'D'];
const days = ['2025-03-05', '2025-03-07', '2025-03-11', '2025-03-15'];
const units = (max: number): fc.Arbitrary<bigint> => fc.nat(max).map(whole);
const day = fc.option(fc.constantFrom(...days), { nil: undefined });

const policies: fc.Arbitrary<OrderPolicy> = fc
  .record({
    completeness: fc.constantFrom('backorder' as const, 'no-backorder' as const, 'complete' as const),
    accumulate: fc.boolean(),
    fairShare: fc.boolean(),
    maxShipments: fc.integer({ min: 1, max: 4 }),
    objective: fc.constantFrom('splits' as const, 'cost' as const),
    splitLines: fc.boolean(),
    breakPacks: fc.boolean(),
    substitution: fc.boolean(),
    minimumLine: fc.option(fc.constantFrom(whole(25), whole(70)), { nil: undefined }),
    together: fc.constantFrom(undefined, [['X', 'Y']]),
    warehouses: fc.option(fc.subarray(codes, { minLength: 1 }), { nil: undefined }),
    minimumFill: fc.option(
      fc.record({
        percent: fc.constantFrom(whole(30), whole(60)),
        by: fc.constantFrom('units' as const, 'value' as const),
        below: fc.constantFrom('wait' as const, 'reject' as const),
      }),
      { nil: undefined },
    ),
  })
  .map(policy);

const orders: fc.Arbitrary<Demand[]> = fc
  .array(
    fc.record({
      policy: policies,
      tier: fc.integer({ min: 1, max: 2 }),
      cancelAfter: day,
      shipNoLater: day,
      requestedShip: day,
      pools: fc.subarray(['spring']),
      lots: fc.record({ transitDays: fc.nat(2), minimumLifeDays: fc.nat(6), single: fc.constantFrom('any' as const, 'require' as const) }),
      lines: fc.array(
        fc.record({
          sku: fc.constantFrom(...skus),
          count: fc.integer({ min: 1, max: 40 }),
          pack: fc.constantFrom(1, 1, 4, 10),
          value: fc.integer({ min: 1, max: 5 }),
        }),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((list) =>
    list.map(({ lines, ...facts }, order) =>
      demand(
        order + 1,
        lines.map((entry, at) => ({
          ...line(order * 10 + at + 1, entry.sku, entry.count, { pack: whole(entry.pack), unitValue: whole(entry.value) }),
          lineNo: at + 1,
        })),
        facts,
      ),
    ),
  );

/** Lots, or claims of them: at two of the locations, since most items are kept without lots. */
const dated = (maxLength: number) =>
  fc.array(fc.record({ sku: fc.constantFrom(...skus), location: fc.constantFrom('A', 'B'), quantity: units(30), goodUntil: fc.constantFrom(...days) }), {
    maxLength,
  });

const inputs: fc.Arbitrary<AllocationInput> = fc.record({
  today: fc.constant(today),
  demands: orders,
  stock: fc
    .array(fc.tuple(fc.constantFrom(...skus), fc.constantFrom(...codes), fc.integer({ min: -5, max: 60 })), { maxLength: 12 })
    .map((rows) => [...new Map(rows.map(([sku, code, count]) => [`${sku} ${code}`, { sku, location: code, available: whole(count) }])).values()]),
  locations: fc
    .tuple(fc.nat(30), fc.constantFrom(...days), fc.option(fc.nat(2), { nil: undefined }))
    .map(([cost, ships, slots]) => [
      location('A', { fixedCost: whole(cost) }),
      location('B', { unitCost: whole(1) }),
      location('C', { earliestShip: ships }),
      location('D', { room: { orders: slots }, nextShip: '2025-03-07' }),
    ]),
  inbound: fc.array(
    fc.record({ sku: fc.constantFrom(...skus), location: fc.constantFrom(...codes), quantity: units(50), usableOn: fc.constantFrom(...days.slice(1)) }),
    { maxLength: 4 },
  ),
  commitments: fc.array(fc.record({ sku: fc.constantFrom(...skus), quantity: units(30), date: fc.constantFrom(...days.slice(1)) }), { maxLength: 2 }),
  lots: dated(10),
  lotClaims: dated(3),
  pools: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...skus), fc.constantFrom(...codes), units(30)), { maxLength: 4, selector: ([sku, code]) => sku + code })
    .map((rows) => rows.map(([sku, code, quantity]) => ({ name: 'spring', sku, location: code, quantity }))),
  substitutes: fc.constant([
    { from: 'X', to: 'Y', numerator: 1n, denominator: 1n },
    { from: 'Y', to: 'Z', numerator: 3n, denominator: 2n },
  ]),
});

const total = (values: Iterable<bigint>): bigint => [...values].reduce((sum, value) => sum + value, 0n);
const byLine = (plan: AllocationPlan) => new Map(plan.lines.map((entry) => [entry.lineId, entry]));

describe('every allocation', () => {
  it('accounts for each unit, takes no more than there is, and keeps each order’s rules', () => {
    let allocated = 0;
    fc.assert(
      fc.property(inputs, (input) => {
        const plan = allocate(input);
        const lines = byLine(plan);
        const taken = new Map<string, bigint>();
        for (const order of input.demands) {
          for (const wanted of order.lines) {
            const got = lines.get(wanted.lineId)!;
            for (const part of [got.allocated, got.backordered, got.rejected, got.pending]) expect(part).toBeGreaterThanOrEqual(0n);
            expect(got.allocated + got.backordered + got.rejected + got.pending).toBe(wanted.quantity);
            expect(total(got.reservations.map((r) => r.covers ?? r.quantity))).toBe(got.allocated);
            expect(total(got.promises.map((promised) => promised.quantity))).toBeLessThanOrEqual(got.backordered + got.pending);
            for (const { date } of got.promises) expect(order.cancelAfter === undefined || date <= order.cancelAfter).toBe(true);
            for (const { sku, location: code, quantity } of got.reservations) {
              taken.set(`${sku} ${code}`, (taken.get(`${sku} ${code}`) ?? 0n) + quantity);
              if (sku === wanted.sku && !order.policy.breakPacks) expect(quantity % wanted.pack).toBe(0n);
              expect(order.policy.warehouses?.includes(code) ?? true).toBe(true);
              allocated++;
            }
          }
          const own = order.lines.map((wanted) => lines.get(wanted.lineId)!);
          const shipments = new Set(own.flatMap((got) => got.reservations.map((r) => r.location)));
          expect(shipments.size).toBeLessThanOrEqual(order.policy.maxShipments);
          if (order.policy.completeness === 'complete' && !order.policy.accumulate) {
            expect(own.every((got) => got.allocated === 0n) || own.every((got) => got.backordered + got.rejected + got.pending === 0n)).toBe(true);
          }
          const { minimumLine, together } = order.policy;
          for (const [at, got] of own.entries()) {
            if (minimumLine !== undefined && got.allocated > 0n)
              expect(got.allocated * 100n).toBeGreaterThanOrEqual((minimumLine * order.lines[at]!.quantity) / whole(1));
          }
          const bound = order.lines.flatMap(({ sku }, at) => (together?.[0]?.includes(sku) ? [{ sku, got: own[at]! }] : []));
          if (new Set(bound.map(({ sku }) => sku)).size > 1) {
            expect(new Set(bound.flatMap(({ got }) => got.reservations.map((r) => r.location))).size).toBeLessThanOrEqual(1);
            expect(new Set(bound.map(({ got }) => got.allocated > 0n)).size).toBe(1);
          }
          if (order.policy.completeness === 'no-backorder') expect(total(own.map((got) => got.backordered))).toBe(0n);
        }
        for (const [key, quantity] of taken) {
          const [sku, code] = key.split(' ');
          const row = input.stock.find((entry) => entry.sku === sku && entry.location === code);
          expect(quantity).toBeLessThanOrEqual(row?.available ?? 0n);
        }
      }),
      { numRuns: 1500 },
    );
    expect(allocated).toBeGreaterThan(1000);
  });

  it('is the same whatever the order of its input', () => {
    fc.assert(
      fc.property(inputs, fc.infiniteStream(fc.nat()), (input, random) => {
        const shuffle = <T>(list: readonly T[]): readonly T[] =>
          list
            .map((value) => ({ value, at: random.next().value ?? 0 }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ value }) => value);
        const again = allocate({ ...input, demands: shuffle(input.demands), stock: shuffle(input.stock) });
        expect(again).toEqual(allocate(input));
      }),
      { numRuns: 300 },
    );
  });

  it('gives nothing of an item to an order while one before it is short of it', () => {
    const counts = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 3 })), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(counts, fc.array(fc.nat(30), { minLength: 4, maxLength: 4 }), (wanted, stock) => {
        const plan = allocate({
          today,
          demands: wanted.map(([count, tier], at) => demand(at + 1, [line(at + 1, 'X', count)], { tier })),
          stock: codes.map((code, at) => ({ sku: 'X', location: code, available: whole(stock[at]!) })),
          locations: codes.map((code) => location(code)),
        });
        const inOrder = plan.decisions.map((decision) => plan.lines.find((entry) => entry.orderId === decision.orderId)!);
        const firstShort = inOrder.findIndex((got) => got.backordered > 0n);
        if (firstShort >= 0) for (const later of inOrder.slice(firstShort + 1)) expect(later.allocated).toBe(0n);
        const supply = total(stock.map(whole));
        const asked = total(wanted.map(([count]) => whole(count)));
        expect(total(inOrder.map((got) => got.allocated))).toBe(supply < asked ? supply : asked);
      }),
      { numRuns: 500 },
    );
  });

  it('takes no lot twice, none that dies too soon, and leaves pools to their members', () => {
    let bound = 0;
    fc.assert(
      fc.property(inputs, (input) => {
        const byId = new Map(input.demands.map((order) => [order.orderId, order]));
        const takes = allocate(input).lines.flatMap(({ orderId, reservations }) => reservations.map((taken) => ({ ...taken, order: byId.get(orderId)! })));
        const sum = (rows: readonly { readonly quantity: bigint }[]) => total(rows.map(({ quantity }) => quantity));
        for (const { sku, location: code, available } of input.stock) {
          const here = <T extends { readonly sku: string; readonly location: string }>(rows: readonly T[]) =>
            rows.filter((row) => row.sku === sku && row.location === code);
          const taken = here(takes);
          const lots = here(input.lots!);
          const goodUntil = ({ order }: (typeof taken)[number]) => {
            const { earliestShip } = input.locations.find((each) => each.code === code)!;
            return addDays(earliestShip, order.lots!.transitDays + order.lots!.minimumLifeDays);
          };
          const claims = [...here(input.lotClaims!), ...taken.map((each) => ({ quantity: each.quantity, goodUntil: goodUntil(each) }))];
          // Whatever date one asks for, the lots that last until then are enough for all who need them, if they were before.
          for (const { goodUntil: date } of lots.length > 0 && taken.length > 0 ? claims : []) {
            const enough = (rows: readonly { readonly quantity: bigint; readonly goodUntil: string }[]) => sum(rows.filter((row) => row.goodUntil >= date));
            if (enough(here(input.lotClaims!)) <= enough(lots)) expect(enough(claims)).toBeLessThanOrEqual(enough(lots));
            bound++;
          }
          const [pool] = here(input.pools!);
          const others = taken.filter(({ order }) => !order.pools!.includes('spring'));
          if (pool && others.length > 0) {
            const drawn = sum(taken) - sum(others);
            expect(available - sum(taken)).toBeGreaterThanOrEqual(drawn > pool.quantity ? 0n : pool.quantity - drawn);
          }
        }
      }),
      { numRuns: 1000 },
    );
    expect(bound).toBeGreaterThan(100);
  });

  it('never leaves less, after all it took, than is promised for later days', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const plan = allocate(input);
        for (const sku of skus) {
          const stock = total(input.stock.filter((row) => row.sku === sku).map((row) => (row.available > 0n ? row.available : 0n)));
          const taken = total(plan.lines.flatMap((got) => got.reservations.filter((r) => r.sku === sku).map((r) => r.quantity)));
          const comes = (until: string) => total(input.inbound!.filter((entry) => entry.sku === sku && entry.usableOn <= until).map((entry) => entry.quantity));
          const owed = (until: string) => total(input.commitments!.filter((entry) => entry.sku === sku && entry.date <= until).map((entry) => entry.quantity));
          for (const until of days) {
            const before = stock + comes(until) - owed(until);
            // What was impossible before is not made worse.
            if (taken > 0n) expect(before - taken).toBeGreaterThanOrEqual(0n);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
