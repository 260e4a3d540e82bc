import { describe, expect, it } from 'vitest';
import { decimal, whole } from '../../src/decimal.ts';
import { demand, line, location, policy, run, shown } from './support.ts';

describe('splits', () => {
  it('S6: finds the two that serve all, where nearest first sends three', () => {
    const pack = { pack: whole(12) };
    const lines = [1, 2, 3, 4, 5, 6].map((n) => line(n, `L${n}`, 12, pack));
    const stock = { A: { L2: 24, L3: 24, L4: 24, L5: 24 }, B: { L1: 24, L2: 24, L3: 24 }, C: { L4: 24, L5: 24, L6: 24 } };
    const locations = ['A', 'B', 'C'].map((code, at) => location(code, { fixedCost: decimal('60.00'), distance: at + 1 }));
    for (const objective of ['splits', 'cost'] as const) {
      const plan = run(stock, [demand(1, lines, { policy: policy({ objective, splitPenalty: decimal('10.00') }) })], { locations });
      expect(plan.decisions[0]).toMatchObject({
        outcome: 'allocated',
        subsets: 7,
        exact: true,
        chosen: { locations: ['B', 'C'], cost: decimal('130.00'), fill: whole(72) },
      });
      expect(lines.map((l) => shown(plan, l.lineId))).toEqual(['B 12', 'B 12', 'B 12', 'C 12', 'C 12', 'C 12']);
    }
  });

  it('S7: weighs cost against splits', () => {
    const stock = { B: { X: 100 }, C: { Y: 50 }, D: { X: 100, Y: 50 } };
    const locations = [
      location('B', { fixedCost: decimal('40.00') }),
      location('C', { fixedCost: decimal('38.00') }),
      location('D', { fixedCost: decimal('95.00') }),
    ];
    const chosen = (objective: 'splits' | 'cost', penalty: string) => {
      const order = demand(1, [line(1, 'X', 100), line(2, 'Y', 50)], { policy: policy({ objective, splitPenalty: decimal(penalty) }) });
      return run(stock, [order], { locations }).decisions[0]!.chosen;
    };
    expect(chosen('cost', '25.00')).toMatchObject({ locations: ['D'], cost: decimal('95.00') });
    expect(chosen('cost', '10.00')).toMatchObject({ locations: ['B', 'C'], cost: decimal('88.00') });
    expect(chosen('splits', '10.00')).toMatchObject({ locations: ['D'], cost: decimal('95.00') });
  });

  it('keeps to the limit of shipments, and says what that leaves', () => {
    const plan = run({ A: { X: 4 }, B: { X: 3 }, C: { X: 3 } }, [demand(1, [line(1, 'X', 10)], { policy: policy({ maxShipments: 2 }) })]);
    expect(plan.of(1)).toMatchObject({ allocated: whole(7), backordered: whole(3) });
    expect(plan.of(1).reasons).toContainEqual({ kind: 'shipment-limit', limit: 2, elsewhere: whole(3) });
  });

  it('keeps a line together where it may not be split', () => {
    const plan = run({ A: { X: 6 }, B: { X: 6 }, C: { X: 10 } }, [demand(1, [line(1, 'X', 10)], { policy: policy({ splitLines: false }) })]);
    expect(shown(plan, 1)).toBe('C 10');
  });
});

describe('items that leave together', () => {
  const together = policy({ together: [['X', 'Y']] });
  const lines = [line(1, 'X', 10), line(2, 'Y', 5), line(3, 'Z', 4)];

  it('come from one location that has all of them, or wait', () => {
    const stock = { A: { X: 10, Z: 4 }, B: { Y: 5, X: 4 }, C: { X: 10, Y: 5 } };
    const apart = run(stock, [demand(1, lines, { policy: policy({ warehouses: ['A', 'B'] }) })]);
    expect([1, 2, 3].map((id) => shown(apart, id))).toEqual(['A 10', 'B 5', 'A 4']);
    const plan = run(stock, [demand(1, lines, { policy: together })]);
    expect([1, 2, 3].map((id) => shown(plan, id))).toEqual(['C 10', 'C 5', 'A 4']);
    const none = run({ A: stock.A, B: stock.B }, [demand(1, lines, { policy: together })]);
    expect([1, 2, 3].map((id) => shown(none, id))).toEqual(['', '', 'A 4']);
    expect(none.of(2)).toMatchObject({ backordered: whole(5) });
    expect(none.of(2).reasons).toContainEqual({ kind: 'together', skus: ['X', 'Y'] });
  });

  it('wait as long as one of them is short everywhere, also where another could stand in', () => {
    const stock = { A: { X: 9, Y: 5, Z: 9 } };
    const substitutes = [{ from: 'X', to: 'Z', numerator: 1n, denominator: 1n }];
    const plan = run(stock, [demand(1, lines.slice(0, 2), { policy: { ...together, substitution: true } })], { substitutes });
    expect([1, 2].map((id) => shown(plan, id))).toEqual(['', '']);
  });

  it('leave alone where the order has only one of them', () => {
    expect(shown(run({ A: { X: 9 } }, [demand(1, [line(1, 'X', 10)], { policy: together })]), 1)).toBe('A 9');
  });
});

describe('what a location has declined', () => {
  const declined = [{ sku: 'X', location: 'A' }];

  it('is not asked of it again for this order, whatever its stock', () => {
    const plan = run({ A: { X: 10, Y: 5 }, B: { X: 4 } }, [demand(1, [line(1, 'X', 10), line(2, 'Y', 5)], { declined })]);
    expect([shown(plan, 1), shown(plan, 2)]).toEqual(['B 4', 'A 5']);
    expect(plan.of(1)).toMatchObject({ allocated: whole(4), backordered: whole(6) });
    expect(plan.of(1).reasons).toContainEqual({ kind: 'refused', refusal: { location: 'A', because: 'declined', detail: 'X' } });
  });

  it('is there for other orders', () => {
    const plan = run({ A: { X: 10 } }, [demand(1, [line(1, 'X', 5)], { declined }), demand(2, [line(2, 'X', 5)], { receivedAt: '2025-03-05T10:01:00Z' })]);
    expect([shown(plan, 1), shown(plan, 2)]).toEqual(['', 'A 5']);
  });
});

describe('where and what a location ships', () => {
  const goes = (state: string, postalCode: string) => ({ shipTo: { country: 'US', state, postalCode } });
  const stock = { A: { X: 10 }, B: { X: 10 } };

  it('takes what the first zone that fits says of distance and cost', () => {
    const locations = [
      location('A', { fixedCost: decimal('60'), zones: [{ states: ['IL', 'WI'], distance: 90, fixedCost: decimal('20') }, { distance: 900 }] }),
      location('B', {
        fixedCost: decimal('60'),
        zones: [
          { postalCodes: ['97', '98'], distance: 100 },
          { distance: 700, fixedCost: decimal('80') },
        ],
      }),
    ];
    const chosen = (state: string, postalCode: string) => run(stock, [demand(1, [line(1, 'X', 10)], goes(state, postalCode))], { locations }).decisions[0]!;
    expect(chosen('IL', '60431').chosen).toMatchObject({ locations: ['A'], cost: decimal('20') });
    expect(chosen('WA', '98101').chosen).toMatchObject({ locations: ['B'], cost: decimal('60') });
    expect(chosen('TX', '75001').chosen).toMatchObject({ locations: ['A'], cost: decimal('60') });
    expect(chosen('WA', '98101').alternatives[0]).toMatchObject({ locations: ['A'], cost: decimal('60') });
  });

  it('refuses where no zone fits, and where it cannot do what is required', () => {
    const locations = [location('A', { zones: [{ countries: ['CA'] }] }), location('B', { capabilities: ['sscc'] })];
    const order = (requires: readonly string[]) => [demand(1, [line(1, 'X', 15)], { ...goes('IL', '60431'), policy: policy({ requires }) })];
    const plan = run(stock, order(['sscc']), { locations });
    expect(shown(plan, 1)).toBe('B 10');
    expect(plan.decisions[0]!.refused).toMatchObject([{ location: 'A', because: 'capability', detail: 'sscc' }]);
    expect(run(stock, order([]), { locations }).decisions[0]!.refused).toMatchObject([{ location: 'A', because: 'region', detail: '60431 IL US' }]);
    expect(run(stock, order(['cold', 'sscc']), { locations }).of(1)).toMatchObject({ pending: whole(15), promiseDate: undefined });
  });

  it('counts orders, lines and units of the day, and the last may go above', () => {
    const taken = (room: { orders?: number; lines?: number; units?: bigint }) => {
      const locations = [location('A', { room, nextShip: '2025-03-06' })];
      const orders = [1, 2, 3].map((id) => demand(id, [line(id * 2, 'X', 3), line(id * 2 + 1, 'Y', 3)], { shipNoLater: '2025-03-05' }));
      const plan = run({ A: { X: 99, Y: 99 } }, orders, { locations });
      return plan.decisions.filter(({ outcome }) => outcome === 'allocated').length;
    };
    expect(taken({})).toBe(3);
    expect(taken({ orders: 2 })).toBe(2);
    expect(taken({ lines: 3 })).toBe(2);
    expect(taken({ units: whole(6) })).toBe(1);
    expect(taken({ orders: 3, lines: 9, units: whole(7) })).toBe(2);
    const full = run({ A: { X: 9 } }, [demand(1, [line(1, 'X', 3)])], { locations: [location('A', { room: { lines: 0, units: -1n } })] });
    expect(full.decisions[0]!.refused).toMatchObject([{ because: 'no-capacity', detail: 'it takes no more lines and units' }]);
  });
});

describe('scarcity (S8)', () => {
  const locations = [location('A', { distance: 1 }), location('B', { distance: 2 })];
  const orders = (tier: number) => [
    demand(1, [line(1, 'X', 10)]),
    demand(2, [line(2, 'X', 10)], { tier, receivedAt: '2025-03-05T10:01:00Z', policy: policy({ warehouses: ['A'] }) }),
  ];

  it('leaves scarce stock to the order that only one location can serve', () => {
    const plan = run({ A: { X: 10 }, B: { X: 10 } }, orders(1), { locations });
    expect([shown(plan, 1), shown(plan, 2)]).toEqual(['B 10', 'A 10']);
  });

  it('takes the nearest where there is enough for all', () => {
    const plan = run({ A: { X: 20 }, B: { X: 20 } }, orders(1), { locations });
    expect([shown(plan, 1), shown(plan, 2)]).toEqual(['A 10', 'A 10']);
  });

  it('pays for it up to the regret limit only', () => {
    const dear = [location('A', { fixedCost: decimal('10') }), location('B', { fixedCost: decimal('12') })];
    const with_ = (regretLimit: string) =>
      run(
        { A: { X: 10 }, B: { X: 10 } },
        orders(1).map((order) => ({ ...order, policy: { ...order.policy, regretLimit: decimal(regretLimit) } })),
        { locations: dear },
      );
    expect(shown(with_('1'), 1)).toBe('A 10');
    expect(shown(with_('2'), 1)).toBe('B 10');
  });
});

describe('two lines of one item', () => {
  it('share the stock, in the order of the lines', () => {
    const plan = run({ A: { X: 15 } }, [demand(1, [line(1, 'X', 10), line(2, 'X', 10)])]);
    expect([shown(plan, 1), shown(plan, 2)]).toEqual(['A 10', 'A 5']);
  });

  it('also in two packs', () => {
    const plan = run({ A: { X: 20 } }, [demand(1, [line(1, 'X', 12, { pack: whole(12) }), line(2, 'X', 10)])]);
    expect([shown(plan, 1), shown(plan, 2)]).toEqual(['A 12', 'A 8']);
    expect(plan.decisions[0]?.exact).toBe(false);
  });
});
