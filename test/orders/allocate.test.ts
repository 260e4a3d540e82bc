import { describe, expect, it } from 'vitest';
import { decimal, whole } from '../../src/decimal.ts';
import { availableNow } from '../../src/orders/atp.ts';
import { demand, line, location, policy, run, shown } from './support.ts';

const percent = (count: number): bigint => whole(count);

describe('priority and packs', () => {
  it('S1: serves the tiers in order, in packs, above the safety stock', () => {
    const available = availableNow({ onHand: whole(127), onHold: 0n, allocated: whole(10), safety: whole(12) });
    expect(available).toBe(whole(105));
    const pack = { pack: whole(12) };
    const plan = run({ A: { X: 105 } }, [
      demand(2, [line(2, 'X', 60, pack)], { tier: 2, receivedAt: '2025-03-05T10:00:00Z' }),
      demand(1, [line(1, 'X', 48, pack)], { tier: 1, receivedAt: '2025-03-05T10:05:00Z' }),
      demand(3, [line(3, 'X', 24, pack)], { tier: 2, receivedAt: '2025-03-05T10:02:00Z' }),
    ]);
    expect(plan.of(1)).toMatchObject({ allocated: whole(48), backordered: 0n });
    expect(plan.of(2)).toMatchObject({ allocated: whole(48), backordered: whole(12) });
    expect(plan.of(3)).toMatchObject({ allocated: 0n, backordered: whole(24) });
    expect(plan.of(3).reasons).toContainEqual({ kind: 'pack', location: 'A', pack: whole(12), loose: whole(9) });
    const ahead = plan.of(2).reasons.find((reason) => reason.kind === 'ahead');
    expect(ahead).toMatchObject({ orders: 1, quantity: whole(48), last: [{ poNumber: 'PO1', tier: 1, location: 'A', quantity: whole(48) }] });
    expect(plan.decisions.map((decision) => decision.poNumber)).toEqual(['PO1', 'PO2', 'PO3']);
  });

  it('S6b: nine here and nine there are no pack of twelve', () => {
    const plan = run({ A: { X: 9 }, B: { X: 9 } }, [demand(1, [line(1, 'X', 12, { pack: whole(12) })])]);
    expect(plan.of(1)).toMatchObject({ allocated: 0n, backordered: whole(12), reservations: [] });
    const broken = run({ A: { X: 9 }, B: { X: 9 } }, [demand(1, [line(1, 'X', 12, { pack: whole(12) })], { policy: policy({ breakPacks: true }) })]);
    expect(broken.of(1).allocated).toBe(whole(12));
  });

  it('gives a quantity that is no whole number exactly', () => {
    const plan = run({ A: { X: 2 } }, [demand(1, [{ ...line(1, 'X', 1), quantity: decimal('1.25') }])]);
    expect(plan.of(1).allocated).toBe(decimal('1.25'));
  });

  it('serves a protected class before any tier, and an urgent order first within its tier only', () => {
    const plan = run({ A: { X: 10 } }, [
      demand(1, [line(1, 'X', 10)], { tier: 1 }),
      demand(2, [line(2, 'X', 10)], { tier: 9, class: 0 }),
      demand(3, [line(3, 'X', 10)], { tier: 2, cancelAfter: '2025-03-06' }),
      demand(4, [line(4, 'X', 10)], { tier: 1, receivedAt: '2025-03-05T11:00:00Z', cancelAfter: '2025-03-08' }),
    ]);
    expect(plan.decisions.map((decision) => decision.orderId)).toEqual([2, 4, 1, 3]);
    expect(plan.of(2).allocated).toBe(whole(10));
  });

  it('counts the days of transit and those that its locations need: what must be told first is the most urgent', () => {
    const lots = { transitDays: 4, minimumLifeDays: 0, single: 'any' } as const;
    const orders = [
      demand(1, [line(1, 'X', 10)], { cancelAfter: '2025-03-11', receivedAt: '2025-03-05T09:00:00Z' }),
      // Two days after the first, and four on their way.
      demand(2, [line(2, 'X', 10)], { cancelAfter: '2025-03-13', lots }),
      // Its last ship date comes before its cancel date, and is what counts.
      demand(3, [line(3, 'X', 10)], { cancelAfter: '2025-03-30', shipNoLater: '2025-03-08' }),
      // Only from a location that needs five days.
      demand(4, [line(4, 'X', 10)], { cancelAfter: '2025-03-11', policy: policy({ warehouses: ['B'] }) }),
    ];
    const locations = [location('A'), location('B', { earliestShip: '2025-03-10' })];
    const plan = run({ A: { X: 10 }, B: { X: 10 } }, orders, { locations });
    expect(plan.decisions.map((decision) => decision.orderId)).toEqual([4, 3, 2, 1]);
  });
});

describe('fair share', () => {
  const share = policy({ fairShare: true });
  const pack = { pack: whole(10) };

  it('S2: divides what is short in proportion, in packs', () => {
    const plan = run({ W: { X: 100 } }, [
      demand(1, [line(1, 'X', 80, pack)], { policy: share }),
      demand(2, [line(2, 'X', 60, pack)], { policy: share }),
      demand(3, [line(3, 'X', 40, pack)], { policy: share }),
    ]);
    expect([1, 2, 3].map((id) => plan.of(id).allocated)).toEqual([whole(50), whole(30), whole(20)]);
    expect(plan.of(1).reasons).toContainEqual({ kind: 'fair-share', sku: 'X', supply: whole(100), demand: whole(180), share: whole(50) });
  });

  it('S3: drops the last in priority when a minimum fill is missed', () => {
    const half = policy({ fairShare: true, minimumFill: { percent: percent(50), by: 'units', below: 'wait' } });
    const plan = run({ W: { X: 90 } }, [
      demand(1, [line(1, 'X', 100, pack)], { policy: half }),
      demand(2, [line(2, 'X', 60, pack)], { policy: half }),
      demand(3, [line(3, 'X', 40, pack)], { policy: half }),
    ]);
    expect([1, 2, 3].map((id) => plan.of(id).allocated)).toEqual([whole(60), whole(30), 0n]);
  });

  it('leaves what is enough alone, and keeps tiers apart', () => {
    const enough = run({ W: { X: 200 } }, [demand(1, [line(1, 'X', 80)], { policy: share }), demand(2, [line(2, 'X', 60)], { policy: share })]);
    expect([1, 2].map((id) => enough.of(id).allocated)).toEqual([whole(80), whole(60)]);
    const tiers = run({ W: { X: 100 } }, [
      demand(1, [line(1, 'X', 80)], { policy: share, tier: 1 }),
      demand(2, [line(2, 'X', 30)], { policy: share, tier: 2 }),
      demand(3, [line(3, 'X', 10)], { policy: share, tier: 2 }),
    ]);
    expect([1, 2, 3].map((id) => tiers.of(id).allocated)).toEqual([whole(80), whole(15), whole(5)]);
  });
});

describe('completeness', () => {
  const orders = (accumulate: boolean) => [
    demand(1, [line(1, 'X', 40), line(2, 'Y', 30)], { tier: 1, policy: policy({ completeness: 'complete', accumulate }) }),
    demand(2, [line(3, 'X', 30)], { tier: 2 }),
    demand(3, [line(4, 'X', 30)], { tier: 2, receivedAt: '2025-03-05T10:01:00Z' }),
  ];

  it('S4: what must ship complete takes nothing while it cannot', () => {
    const plan = run({ W: { X: 50, Y: 20 } }, orders(false));
    expect([1, 2, 3, 4].map((id) => plan.of(id).allocated)).toEqual([0n, 0n, whole(30), whole(20)]);
    expect(plan.decisions[0]).toMatchObject({ outcome: 'waiting', chosen: undefined });
    expect(plan.of(1).reasons).toContainEqual({ kind: 'incomplete', missing: whole(10) });
  });

  it('S4: it holds what there is where it accumulates', () => {
    const plan = run({ W: { X: 50, Y: 20 } }, orders(true));
    expect([1, 2, 3, 4].map((id) => plan.of(id).allocated)).toEqual([whole(40), whole(20), whole(10), 0n]);
    expect(plan.decisions[0]).toMatchObject({ outcome: 'accumulating' });
  });

  it('S5: weighs the minimum fill by value', () => {
    const lines = [line(1, 'X', 100, { unitValue: decimal('2.00') }), line(2, 'Y', 50, { unitValue: decimal('10.00') })];
    const with80 = policy({ completeness: 'no-backorder', minimumFill: { percent: percent(80), by: 'value', below: 'wait' } });
    const waits = run({ W: { X: 100, Y: 20 } }, [demand(1, lines, { policy: with80 })]);
    expect([1, 2].map((id) => waits.of(id).allocated)).toEqual([0n, 0n]);
    expect(waits.of(1).pending).toBe(whole(100));
    const below = waits.of(1).reasons.find((reason) => reason.kind === 'below-minimum');
    expect(below).toMatchObject({ fill: 57_142_857n, minimum: percent(80), by: 'value' });
    const with50 = policy({ completeness: 'no-backorder', minimumFill: { percent: percent(50), by: 'value', below: 'wait' } });
    const ships = run({ W: { X: 100, Y: 20 } }, [demand(1, lines, { policy: with50 })]);
    expect(ships.of(1)).toMatchObject({ allocated: whole(100), rejected: 0n });
    expect(ships.of(2)).toMatchObject({ allocated: whole(20), rejected: whole(30), backordered: 0n });
    const refuses = policy({ minimumFill: { percent: percent(80), by: 'value', below: 'reject' } });
    expect(run({ W: { X: 100, Y: 20 } }, [demand(1, lines, { policy: refuses })]).of(2)).toMatchObject({ allocated: 0n, rejected: whole(50) });
  });

  it('ships no line of which too little can be had, and opens no location for it', () => {
    const lines = [line(1, 'X', 100), line(2, 'Y', 50), line(3, 'Z', 10, { served: whole(90) })];
    const stock = { A: { X: 40 }, B: { Y: 30, Z: 1 } };
    const plan = run(stock, [demand(1, lines, { policy: policy({ minimumLine: percent(50) }) }), demand(2, [line(4, 'X', 40)], { tier: 2 })]);
    expect([1, 2, 3, 4].map((id) => plan.of(id).allocated)).toEqual([0n, whole(30), whole(1), whole(40)]);
    expect(plan.decisions[0]?.chosen?.locations).toEqual(['B']);
    expect(plan.of(1)).toMatchObject({ backordered: whole(100) });
    expect(plan.of(1).reasons).toContainEqual({ kind: 'thin-line', quantity: whole(40), minimum: percent(50) });
    expect(run(stock, [demand(1, lines, { policy: policy({ minimumLine: percent(40) }) })]).of(1).allocated).toBe(whole(40));
  });

  it('L3: without back orders the rest is refused at once', () => {
    const plan = run({ W: { X: 60 } }, [demand(1, [line(1, 'X', 100)], { policy: policy({ completeness: 'no-backorder' }) })]);
    expect(plan.of(1)).toMatchObject({ allocated: whole(60), rejected: whole(40), pending: 0n, backordered: 0n });
  });

  it('L4: what must ship complete is promised for the day the last of it comes, if that is before the cancel date', () => {
    const inbound = [{ sku: 'X', location: 'W', quantity: whole(40), usableOn: '2025-03-11' }];
    const order = (cancelAfter: string) => demand(1, [line(1, 'X', 100)], { cancelAfter, policy: policy({ completeness: 'complete' }) });
    const plan = run({ W: { X: 60 } }, [order('2025-03-12')], { inbound });
    expect(plan.of(1)).toMatchObject({ allocated: 0n, backordered: whole(100), promiseDate: '2025-03-11' });
    expect(run({ W: { X: 60 } }, [order('2025-03-10')], { inbound }).of(1)).toMatchObject({ backordered: whole(100), promiseDate: undefined });
  });
});

describe('substitution (S16)', () => {
  const substitutes = [{ from: 'X', to: 'Y', numerator: 1n, denominator: 1n }];

  it('takes the substitute for what the ordered item lacks', () => {
    const plan = run({ W: { X: 40, Y: 80 } }, [demand(1, [line(1, 'X', 100)], { policy: policy({ substitution: true }) })], { substitutes });
    expect(plan.of(1)).toMatchObject({
      allocated: whole(100),
      reservations: [
        { sku: 'X', location: 'W', quantity: whole(40) },
        { sku: 'Y', location: 'W', quantity: whole(60), covers: whole(60) },
      ],
    });
    expect(plan.decisions[0]?.chosen).toMatchObject({ locations: ['W'] });
  });

  it('does not without the buyer’s leave', () => {
    const plan = run({ W: { X: 40, Y: 80 } }, [demand(1, [line(1, 'X', 100)])], { substitutes });
    expect(plan.of(1)).toMatchObject({ allocated: whole(40), backordered: whole(60) });
  });

  it('counts by the ratio, in whole units of both items', () => {
    const two = [{ from: 'X', to: 'Y', numerator: 3n, denominator: 2n }];
    const plan = run({ W: { Y: 10 } }, [demand(1, [line(1, 'X', 7)], { policy: policy({ substitution: true }) })], { substitutes: two });
    expect(plan.of(1)).toMatchObject({ allocated: whole(6), reservations: [{ sku: 'Y', quantity: whole(9), covers: whole(6) }] });
  });
});

describe('shipping days (S15)', () => {
  const order = (cancelAfter: string) => [demand(1, [line(1, 'X', 10)], { shipNoLater: '2025-03-05', cancelAfter })];
  const places = (slots: number) => [
    location('W1', { earliestShip: '2025-03-06' }),
    location('W2', { earliestShip: '2025-03-05', room: { orders: slots }, nextShip: '2025-03-06' }),
  ];

  it('leaves undecided what no location can ship in time, with the next day', () => {
    const plan = run({ W1: { X: 50 }, W2: { X: 50 } }, order('2025-03-06'), { locations: places(0) });
    expect(plan.of(1)).toMatchObject({ pending: whole(10), allocated: 0n, promiseDate: '2025-03-06' });
    expect(plan.decisions[0]?.refused).toMatchObject([
      { location: 'W1', because: 'after-ship-no-later', shipDate: '2025-03-06' },
      { location: 'W2', because: 'after-ship-no-later', shipDate: '2025-03-06' },
    ]);
  });

  it('refuses what can only ship after the cancel date', () => {
    expect(run({ W1: { X: 50 }, W2: { X: 50 } }, order('2025-03-05'), { locations: places(0) }).of(1)).toMatchObject({ rejected: whole(10) });
  });

  it('chooses the location with a slot, and uses it up', () => {
    const stock = { W1: { X: 50 }, W2: { X: 50 } };
    expect(shown(run(stock, order('2025-03-06'), { locations: places(1) }), 1)).toBe('W2 10');
    const two = [...order('2025-03-06'), demand(2, [line(2, 'X', 10)], { shipNoLater: '2025-03-05', receivedAt: '2025-03-05T10:01:00Z' })];
    expect(run(stock, two, { locations: places(1) }).of(2)).toMatchObject({ pending: whole(10), promiseDate: '2025-03-06' });
  });

  it('keeps to the locations that the policy allows', () => {
    const only = policy({ warehouses: ['W1'] });
    const plan = run({ W1: { X: 5 }, W2: { X: 50 } }, [demand(1, [line(1, 'X', 10)], { policy: only })]);
    expect(shown(plan, 1)).toBe('W1 5');
    expect(plan.decisions[0]?.refused).toMatchObject([{ location: 'W2', because: 'not-allowed' }]);
  });
});

describe('time-phased (S10)', () => {
  it('promises from what comes, and keeps the promises already given', () => {
    const plan = run({ W: { X: 20 } }, [demand(1, [line(1, 'X', 100)], { requestedShip: '2025-03-05', cancelAfter: '2025-03-12' })], {
      inbound: [{ sku: 'X', location: 'W', quantity: whole(100), usableOn: '2025-03-11' }],
      commitments: [{ sku: 'X', quantity: whole(60), date: '2025-03-15' }],
    });
    expect(plan.of(1)).toMatchObject({ allocated: whole(20), backordered: whole(80), promises: [{ date: '2025-03-11', quantity: whole(40) }] });
    expect(plan.of(1).promiseDate).toBeUndefined();
    expect(plan.of(1).reasons).toContainEqual({ kind: 'no-supply', quantity: whole(40), before: '2025-03-12' });
  });

  it('leaves stock to a promise that no supply will cover', () => {
    const plan = run({ W: { X: 20 } }, [demand(1, [line(1, 'X', 100)])], { commitments: [{ sku: 'X', quantity: whole(15), date: '2025-03-15' }] });
    expect(plan.of(1).allocated).toBe(whole(5));
    expect(plan.of(1).reasons).toContainEqual({ kind: 'promised-to-others', sku: 'X', quantity: whole(15) });
  });

  it('L2: promises the back order for the day it comes, once', () => {
    const inbound = [{ sku: 'X', location: 'W', quantity: whole(40), usableOn: '2025-03-11' }];
    const both = [
      demand(1, [line(1, 'X', 100)], { cancelAfter: '2025-03-12' }),
      demand(2, [line(2, 'X', 10)], { cancelAfter: '2025-03-12', receivedAt: '2025-03-05T10:01:00Z' }),
    ];
    const plan = run({ W: { X: 60 } }, both, { inbound });
    expect(plan.of(1)).toMatchObject({ allocated: whole(60), backordered: whole(40), promiseDate: '2025-03-11' });
    expect(plan.of(2)).toMatchObject({ allocated: 0n, backordered: whole(10), promiseDate: undefined });
  });
});

describe('lots (S9)', () => {
  const lots = [
    { sku: 'X', location: 'W', quantity: whole(30), goodUntil: '2025-03-01' },
    { sku: 'X', location: 'W', quantity: whole(50), goodUntil: '2025-04-15' },
    { sku: 'X', location: 'W', quantity: whole(100), goodUntil: '2025-07-01' },
  ];
  const day = { today: '2025-02-10', locations: [location('W', { earliestShip: '2025-02-10' })], lots };
  const wish = (minimumLifeDays: number, single: 'any' | 'require' = 'any') => ({ lots: { transitDays: 3, minimumLifeDays, single } });
  const order = (id: number, count: number, facts: object) => demand(id, [line(id, 'X', count)], { receivedAt: `2025-02-10T10:0${id}:00Z`, ...facts });
  const stock = { W: { X: 180 } };

  it('gives a buyer only what lives long enough, and the rest to who asks for less', () => {
    const plan = run(stock, [order(1, 160, wish(60)), order(2, 40, wish(0))], day);
    expect(plan.of(1)).toMatchObject({ allocated: whole(150), backordered: whole(10) });
    expect(plan.of(1).reasons).toContainEqual({ kind: 'short-lived', sku: 'X', location: 'W', quantity: whole(30), needed: '2025-04-14' });
    expect(plan.of(2)).toMatchObject({ allocated: whole(30), backordered: whole(10) });
  });

  it('takes nothing that another relies on, whoever came first', () => {
    const plan = run(stock, [order(1, 100, wish(0)), order(2, 90, wish(60)), order(3, 10, wish(0))], day);
    // 30 of the 100 without a wish can only come of what lives long.
    expect([1, 2, 3].map((id) => plan.of(id).allocated)).toEqual([whole(100), whole(80), 0n]);
    const claimed = run(stock, [order(1, 90, wish(0)), order(2, 10, wish(60))], {
      ...day,
      lotClaims: [{ ...lots[0]!, quantity: whole(100), goodUntil: '2025-06-01' }],
    });
    expect([1, 2].map((id) => claimed.of(id).allocated)).toEqual([whole(80), 0n]);
  });

  it('one lot for a line is no more than the largest, and what is kept without lots is not asked how long it lives', () => {
    expect(run(stock, [order(1, 120, wish(60, 'require'))], day).of(1).allocated).toBe(whole(100));
    expect(run({ ...stock, V: { X: 10 } }, [order(1, 10, wish(999))], { ...day, locations: [...day.locations, location('V')] }).of(1).allocated).toBe(
      whole(10),
    );
  });
});

describe('pools', () => {
  const pools = [{ name: 'spring', sku: 'X', location: 'W', quantity: whole(40) }];
  const member = { pools: ['spring'] };
  const order = (id: number, count: number, facts: object = {}) => demand(id, [line(id, 'X', count)], { receivedAt: `2025-03-05T10:0${id}:00Z`, ...facts });

  it('keeps what is in them for their members, who draw from them first', () => {
    const plan = run({ W: { X: 100 } }, [order(1, 80), order(2, 30, member), order(3, 50), order(4, 50, member)], { pools });
    expect([1, 2, 3, 4].map((id) => plan.of(id).allocated)).toEqual([whole(60), whole(30), 0n, whole(10)]);
    expect(plan.of(1).reasons).toContainEqual({ kind: 'pool', sku: 'X', location: 'W', pool: 'spring', quantity: whole(40) });
  });

  it('gives back to them what is not kept', () => {
    const complete = { ...member, policy: policy({ completeness: 'complete' }) };
    const plan = run({ W: { X: 100 } }, [order(1, 200, complete), order(2, 100)], { pools });
    expect([1, 2].map((id) => plan.of(id).allocated)).toEqual([0n, whole(60)]);
  });

  it('hold no more than there is', () => {
    const plan = run({ W: { X: 25 } }, [order(1, 10), order(2, 30, member)], { pools });
    expect([1, 2].map((id) => plan.of(id).allocated)).toEqual([0n, whole(25)]);
  });
});
