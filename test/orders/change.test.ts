import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whole } from '../../src/decimal.ts';
import { carryOut, decideChange, expire, settleChange } from '../../src/orders/change.ts';
import type { Held, LineChange } from '../../src/orders/change.ts';
import { bucketNames, open, sum } from '../../src/orders/quantities.ts';
import { dozen, orderLine, orderState } from './state.ts';

const held = (location: string, count: number, state: Held['state']): Held => ({ lineId: 1, sku: 'SKU1', location, quantity: whole(count), state });
const to = (count: number): { readonly cancel: false; readonly lines: readonly LineChange[] } => ({
  cancel: false,
  lines: [{ action: 'quantity', lineRef: '10', quantity: whole(count) }],
});

describe('a change of quantity', () => {
  it('S11: keeps what shipped, drops what nobody works on, asks for the rest', () => {
    const line = orderLine(1, '100', { shipped: 40, released: 36, allocated: 24 });
    const reservations = [held('W1', 36, 'released'), held('W2', 24, 'firm')];
    const [decision] = decideChange(orderState([line]), reservations, to(70));
    expect(decision).toMatchObject({
      answer: 'waiting',
      before: whole(100),
      wanted: whole(70),
      remains: whole(76),
      cuts: [{ from: 'allocated', quantity: whole(24) }],
      deallocate: [{ location: 'W2', quantity: whole(24) }],
      ask: [{ location: 'W1', quantity: whole(6) }],
    });
    const changed = carryOut(line, decision!);
    expect(changed).toMatchObject({ base: whole(76), ordered: whole(76), buckets: { shipped: whole(40), released: whole(36), allocated: 0n } });
    const refused = settleChange(decision!, []);
    expect(refused).toMatchObject({ answer: 'in-part', because: 'released', remains: whole(76), cuts: [] });
    const granted = settleChange(decision!, decision!.ask);
    expect(granted).toMatchObject({ answer: 'accepted', remains: whole(70) });
    expect(carryOut(changed, granted)).toMatchObject({ base: whole(70), buckets: { released: whole(30) } });
  });

  it('L5: a decrease before release frees the stock at once', () => {
    const line = orderLine(1, '100', { allocated: 100 });
    const [decision] = decideChange(orderState([line]), [held('W1', 100, 'firm')], to(70));
    expect(decision).toMatchObject({ answer: 'accepted', deallocate: [{ location: 'W1', quantity: whole(30) }], ask: [] });
    expect(carryOut(line, decision!).buckets).toMatchObject({ allocated: whole(70), cancelled: 0n });
  });

  it('L6: an increase is new demand', () => {
    const line = orderLine(1, '100', { allocated: 100 });
    const [decision] = decideChange(orderState([line]), [held('W1', 100, 'firm')], to(130));
    expect(decision).toMatchObject({ answer: 'accepted', added: whole(30), deallocate: [], cuts: [] });
    expect(carryOut(line, decision!)).toMatchObject({ base: whole(130), buckets: { pending: whole(30), allocated: whole(100) } });
  });

  it('takes back first what was refused or promised for later', () => {
    const line = orderLine(1, '100', { rejected: 10, backordered: 15, allocated: 75 });
    const [decision] = decideChange(orderState([line]), [held('W1', 75, 'firm')], to(70));
    expect(decision!.cuts.map(({ from, quantity }) => [from, quantity])).toEqual([
      ['rejected', whole(10)],
      ['backordered', whole(15)],
      ['allocated', whole(5)],
    ]);
  });

  it('never goes below what shipped', () => {
    const line = orderLine(1, '100', { shipped: 40, pending: 60 });
    expect(decideChange(orderState([line]), [], to(30))[0]).toMatchObject({ answer: 'in-part', because: 'shipped', remains: whole(40) });
  });

  it('reads the buyer’s unit, and refuses what is no quantity of it', () => {
    const line = orderLine(1, '5', { allocated: 60 }, { conversion: dozen });
    expect(carryOut(line, decideChange(orderState([line]), [held('W1', 60, 'firm')], to(3))[0]!)).toMatchObject({ base: whole(36), ordered: whole(3) });
    expect(decideChange(orderState([line]), [], to(-3))[0]).toMatchObject({ answer: 'rejected', because: 'not-positive', cuts: [] });
    const unknown = { cancel: false, lines: [{ action: 'delete', lineRef: '99' }] } as const;
    expect(decideChange(orderState([line]), [], unknown)[0]).toMatchObject({ answer: 'rejected', because: 'line-unknown' });
  });

  it('troubles the fewest locations', () => {
    const line = orderLine(1, '100', { released: 100 });
    const reservations = [held('W1', 10, 'released'), held('W2', 60, 'released'), held('W3', 30, 'released')];
    const asked = (count: number) => decideChange(orderState([line]), reservations, to(count))[0]!.ask.map((part) => [part.location, part.quantity / whole(1)]);
    expect(asked(75)).toEqual([['W3', 25n]]);
    expect(asked(20)).toEqual([
      ['W2', 60n],
      ['W3', 20n],
    ]);
  });
});

describe('a cancellation', () => {
  it('L7a: before release all is cancelled and the stock is free', () => {
    const line = orderLine(1, '100', { allocated: 60, backordered: 40 });
    const [decision] = decideChange(orderState([line]), [held('W1', 60, 'firm')], { cancel: true });
    expect(decision).toMatchObject({ answer: 'accepted', deallocate: [{ location: 'W1', quantity: whole(60) }] });
    expect(carryOut(line, decision!).buckets).toMatchObject({ cancelled: whole(100), allocated: 0n, backordered: 0n });
  });

  it('L7b: after release it waits for the location', () => {
    const line = orderLine(1, '100', { released: 100 });
    const [decision] = decideChange(orderState([line]), [held('W1', 100, 'released')], { cancel: true });
    expect(decision).toMatchObject({ answer: 'waiting', cuts: [], ask: [{ location: 'W1', quantity: whole(100) }] });
    expect(settleChange(decision!, [])).toMatchObject({ answer: 'rejected', because: 'released' });
    expect(carryOut(line, settleChange(decision!, decision!.ask)).buckets).toMatchObject({ cancelled: whole(100), released: 0n });
  });

  it('L7c: after shipment it is refused', () => {
    const line = orderLine(1, '100', { shipped: 100 });
    for (const lifecycle of ['open', 'shipped'] as const) {
      expect(decideChange(orderState([line], {}, { lifecycle }), [], { cancel: true })[0]).toMatchObject({ answer: 'rejected', because: 'shipped', cuts: [] });
    }
  });

  it('L23: comes by itself the day after the cancel date', () => {
    const line = orderLine(1, '100', { shipped: 40, allocated: 60 });
    const state = orderState([line], { cancelAfter: '2025-03-20' });
    expect(expire(state, [held('W1', 60, 'firm')], '2025-03-20')).toEqual([]);
    expect(expire(state, [held('W1', 60, 'firm')], '2025-03-21')).toMatchObject([{ remains: whole(40), deallocate: [{ quantity: whole(60) }] }]);
    expect(expire(orderState([line]), [], '2025-03-21')).toEqual([]);
  });
});

it('accounts for every unit of any change', () => {
  const counts = fc.record({
    pending: fc.nat(20),
    backordered: fc.nat(20),
    allocated: fc.nat(20),
    released: fc.nat(20),
    shipped: fc.nat(20),
    cancelled: fc.nat(20),
    rejected: fc.nat(20),
  });
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 150 }), fc.boolean(), fc.nat(100), (buckets, wanted, cancel, grantPercent) => {
      const line = orderLine(1, '1', buckets);
      const reservations = [held('W1', buckets.allocated, 'firm'), held('W2', buckets.released, 'released')];
      const [decision] = decideChange(orderState([line]), reservations, cancel ? { cancel: true } : to(wanted));
      const changed = carryOut(line, decision!);
      const grants = decision!.ask.map((part) => ({ ...part, covers: (part.covers * BigInt(grantPercent)) / 100n }));
      const done = carryOut(changed, settleChange(decision!, grants));
      for (const after of [changed, done]) {
        expect(sum(after.buckets)).toBe(after.base);
        for (const name of bucketNames) expect(after.buckets[name]).toBeGreaterThanOrEqual(0n);
        expect(after.buckets.shipped).toBe(line.buckets.shipped);
      }
      expect(changed.base - changed.buckets.cancelled).toBe(decision!.remains);
      const freed = decision!.deallocate.reduce((all, part) => all + part.covers, 0n);
      expect(line.buckets.allocated - changed.buckets.allocated).toBe(freed);
      if (cancel && grantPercent === 100) expect(open(done.buckets)).toBe(0n);
    }),
  );
});
