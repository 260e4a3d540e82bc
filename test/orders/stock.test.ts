import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whole } from '../../src/decimal.ts';
import { promisable } from '../../src/orders/atp.ts';
import { distribute } from '../../src/orders/distribute.ts';
import { fairShare } from '../../src/orders/fair-share.ts';
import { pickLots } from '../../src/orders/lots.ts';
import { shed, shortOf } from '../../src/orders/shed.ts';
import type { StockHold } from '../../src/orders/shed.ts';

const hold = (id: number, count: number, tier: number, state: StockHold['state'], facts: Partial<StockHold> = {}): StockHold => ({
  id,
  quantity: whole(count),
  tier,
  state,
  class: 2,
  receivedAt: '2025-03-01T10:00:00Z',
  ...facts,
});

describe('stock that fell under its promises (S12)', () => {
  const holds = [hold(1, 50, 1, 'firm'), hold(2, 25, 2, 'firm'), hold(3, 15, 3, 'released')];

  it('takes from the lowest priority that no location works on', () => {
    const short = shortOf({ onHand: whole(70), onHold: 0n, allocated: whole(90) });
    expect(short).toBe(whole(20));
    expect(shed(short, holds)).toEqual({ void: [{ id: 2, quantity: whole(20) }], ask: [], alarm: false, uncovered: 0n });
  });

  it('disturbs a location only when nothing else is left, or where priority alone decides', () => {
    expect(shed(whole(80), holds)).toMatchObject({ void: [{ id: 2 }, { id: 1, quantity: whole(50) }], ask: [{ id: 3, quantity: whole(5) }] });
    expect(shed(whole(20), holds, { releasedFirst: true })).toMatchObject({ void: [{ id: 2, quantity: whole(5) }], ask: [{ id: 3, quantity: whole(15) }] });
  });

  it('touches what is protected last, with an alarm', () => {
    const guarded = [hold(1, 10, 9, 'firm', { class: 0 }), hold(2, 10, 1, 'released')];
    expect(shed(whole(10), guarded)).toMatchObject({ void: [], ask: [{ id: 2 }], alarm: false });
    expect(shed(whole(25), guarded)).toMatchObject({ void: [{ id: 1 }], alarm: true, uncovered: whole(5) });
  });

  it('takes from the later of two equals', () => {
    const equals = [hold(1, 10, 1, 'firm'), hold(2, 10, 1, 'firm', { receivedAt: '2025-03-01T11:00:00Z' })];
    expect(shed(whole(5), equals).void).toEqual([{ id: 2, quantity: whole(5) }]);
    expect(shortOf({ onHand: whole(10), onHold: 0n, allocated: whole(4) })).toBe(0n);
  });
});

describe('lots (S9)', () => {
  const lots = [
    { lot: 'L1', available: whole(30), expires: '2025-03-01', receivedAt: '2025-01-01' },
    { lot: 'L2', available: whole(50), expires: '2025-04-15', receivedAt: '2025-01-02' },
    { lot: 'L3', available: whole(100), expires: '2025-07-01', receivedAt: '2025-01-03' },
  ];
  const demanding = { quantity: whole(60), arrival: '2025-02-13', minimumLifeDays: 60 };
  const shown = (pick: ReturnType<typeof pickLots>) => pick.picks.map(({ lot, quantity }) => `${lot} ${quantity / whole(1)}`).join(', ');

  it('takes the first to expire that lives long enough', () => {
    const picked = pickLots(lots, demanding);
    expect(shown(picked)).toBe('L2 50, L3 10');
    expect(picked).toMatchObject({ short: 0n, tooOld: [{ lot: 'L1', expires: '2025-03-01', needed: '2025-04-14' }] });
    const rest = lots.map((lot) => ({ ...lot, available: lot.available - (picked.picks.find((pick) => pick.lot === lot.lot)?.quantity ?? 0n) }));
    expect(shown(pickLots(rest, { quantity: whole(40), arrival: '2025-02-13' }))).toBe('L1 30, L3 10');
  });

  it('takes the smallest lot that suffices where one must do', () => {
    expect(shown(pickLots(lots, { ...demanding, single: 'require' }))).toBe('L3 60');
    expect(shown(pickLots(lots, { ...demanding, quantity: whole(40), single: 'require' }))).toBe('L2 40');
    expect(pickLots(lots, { ...demanding, quantity: whole(120), single: 'require' })).toMatchObject({ picks: [], short: whole(120) });
    expect(shown(pickLots(lots, { ...demanding, quantity: whole(120), single: 'prefer' }))).toBe('L2 50, L3 70');
  });

  it('goes no further back than the lot the buyer had', () => {
    expect(pickLots(lots, { quantity: whole(120), arrival: '2025-02-13', notBefore: '2025-05-01' })).toMatchObject({
      picks: [{ lot: 'L3' }],
      short: whole(20),
    });
    expect(shown(pickLots([{ lot: 'N', available: whole(5), receivedAt: '2025-01-01' }], demanding))).toBe('N 5');
  });
});

describe('what can be promised', () => {
  it('looks ahead to the promises already given', () => {
    const events = [
      { date: '2025-03-11', quantity: whole(100) },
      { date: '2025-03-15', quantity: whole(-60) },
    ];
    const at = (date: string) => promisable(whole(20), events, date);
    expect([at('2025-03-05'), at('2025-03-11'), at('2025-03-15')]).toEqual([whole(20), whole(60), whole(60)]);
    expect(promisable(whole(5), [{ date: '2025-03-15', quantity: whole(-9) }], '2025-03-05')).toBe(0n);
  });

  it('keeps every day at or above 0 when it is taken', () => {
    const dates = ['2025-03-05', '2025-03-06', '2025-03-07', '2025-03-08', '2025-03-09'];
    const event = fc.record({ date: fc.constantFrom(...dates), quantity: fc.integer({ min: -20, max: 20 }).map(whole) });
    fc.assert(
      fc.property(fc.nat(20).map(whole), fc.array(event, { maxLength: 6 }), fc.constantFrom(...dates), (onHand, events, date) => {
        const quantity = promisable(onHand, events, date);
        const running = (until: string) => events.filter((e) => e.date <= until).reduce((all, e) => all + e.quantity, onHand);
        const least = dates.filter((day) => day >= date).map(running);
        if (quantity > 0n) expect(least.every((level) => level - quantity >= 0n)).toBe(true);
        expect(least.some((level) => level - quantity <= 0n)).toBe(true);
      }),
    );
  });
});

describe('sharing', () => {
  it('L26: divides a shortage among the stores of a line', () => {
    const stores = [
      { store: '001', quantity: whole(24) },
      { store: '002', quantity: whole(12) },
      { store: '003', quantity: whole(12) },
    ];
    const { shares, left } = distribute(whole(30), stores, whole(6));
    expect(shares.map(({ quantity }) => quantity)).toEqual([whole(18), whole(6), whole(6)]);
    expect(left).toBe(0n);
    expect(distribute(whole(50), stores)).toEqual({ shares: stores, left: whole(2) });
  });

  it('never gives more than there is or was asked, and only whole packs', () => {
    const participant = fc.record({
      demand: fc.nat(50).map(whole),
      pack: fc.integer({ min: 1, max: 6 }).map(whole),
      minimumPercent: fc.option(fc.nat(100).map(whole), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(participant, { maxLength: 6 }), fc.nat(150).map(whole), (participants, supply) => {
        const shares = fairShare(participants, supply);
        expect(shares.reduce((all, share) => all + share, 0n)).toBeLessThanOrEqual(supply);
        shares.forEach((share, at) => {
          const { demand, pack, minimumPercent } = participants[at]!;
          expect(share).toBeLessThanOrEqual(demand);
          expect(share % pack).toBe(0n);
          if (share > 0n && minimumPercent !== undefined) expect(share * whole(100)).toBeGreaterThanOrEqual(minimumPercent * demand);
        });
      }),
    );
  });
});
