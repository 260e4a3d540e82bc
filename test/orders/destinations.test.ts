import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { total, whole } from '../../src/decimal.ts';
import { byStore } from '../../src/orders/destinations.ts';
import type { OrderState, Reservation } from '../../src/orders/model.ts';
import { emptyBuckets } from '../../src/orders/quantities.ts';

/** An order of one line a list of stores: each store and its quantity. */
function bulk(lines: readonly (readonly [string, number][])[], pack = 1): OrderState {
  const document = {
    kind: 'order',
    purpose: 'original',
    poNumber: 'P',
    poType: 'SA',
    orderDate: '2026-03-02',
    currency: 'USD',
    lines: lines.map((stores, index) => ({
      lineRef: String(index + 1),
      ids: [{ qualifier: 'VN', value: 'X' }],
      quantity: '1',
      unit: 'EA',
      ...(stores.length > 0 && { destinations: stores.map(([code, quantity]) => ({ code, quantity: String(quantity) })) }),
    })),
  } as OrderState['document'];
  return {
    id: 1,
    partner: 'acme',
    lifecycle: 'open',
    receivedAt: '2026-03-02T10:00:00Z',
    document,
    lines: lines.map((stores, index) => ({
      id: index + 1,
      lineNo: index + 1,
      lineRef: String(index + 1),
      ids: [],
      sku: 'X',
      description: undefined,
      ordered: whole(stores.reduce((sum, [, quantity]) => sum + quantity, 0)),
      conversion: { unit: 'EA', numerator: 1n, denominator: 1n },
      baseUnit: 'EA',
      base: whole(stores.reduce((sum, [, quantity]) => sum + quantity, 0)),
      price: undefined,
      pack: whole(pack),
      buckets: emptyBuckets(),
      overshipped: 0n,
      invoiced: 0n,
      promiseDate: undefined,
      reason: undefined,
    })),
  };
}

const held = (lineId: number, quantity: number, location = 'NW'): Reservation => ({ lineId, sku: 'X', location, quantity: whole(quantity) });
const shown = (order: OrderState, reservations: readonly Reservation[], given: ReadonlyMap<number, ReadonlyMap<string, bigint>> = new Map()) =>
  byStore(order, reservations, given).map(({ store, held: own }) => `${store ?? '-'} ${own.map(({ quantity }) => quantity / whole(1)).join('+')}`);

describe('byStore', () => {
  test('all is there: each store gets what it asked', () => {
    expect(
      shown(
        bulk([
          [
            ['A', 40],
            ['B', 20],
          ],
        ]),
        [held(1, 60)],
      ),
    ).toEqual(['A 40', 'B 20']);
  });

  test('less is there: each gets its fair share, and of what comes later what it still misses', () => {
    const order = bulk([
      [
        ['A', 40],
        ['B', 40],
        ['C', 20],
      ],
    ]);
    expect(shown(order, [held(1, 60)])).toEqual(['A 24', 'B 24', 'C 12']);
    const given = new Map([
      [
        1,
        new Map([
          ['A', whole(24)],
          ['B', whole(24)],
          ['C', whole(12)],
        ]),
      ],
    ]);
    expect(shown(order, [held(1, 40)], given)).toEqual(['A 16', 'B 16', 'C 8']);
  });

  test('packs stay whole where every store asked for whole packs', () => {
    expect(
      shown(
        bulk(
          [
            [
              ['A', 24],
              ['B', 24],
            ],
          ],
          12,
        ),
        [held(1, 36)],
      ),
    ).toEqual(['A 24', 'B 12']);
    expect(
      shown(
        bulk(
          [
            [
              ['A', 18],
              ['B', 18],
            ],
          ],
          12,
        ),
        [held(1, 24)],
      ),
    ).toEqual(['A 12', 'B 12']);
  });

  test('lines without stores stay together', () => {
    expect(shown(bulk([[], [['A', 5]]]), [held(1, 7), held(2, 5)])).toEqual(['- 7', 'A 5']);
  });

  test('nothing is lost or made, and no store gets more than it asked', () => {
    const stores = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[A-Z]{1,3}$/), fc.integer({ min: 1, max: 50 })), {
      minLength: 1,
      maxLength: 8,
      selector: ([code]) => code,
    });
    fc.assert(
      fc.property(stores, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 6 }), (asked, parts, pack) => {
        const order = bulk([asked], pack);
        const wanted = asked.reduce((sum, [, quantity]) => sum + quantity, 0);
        const reservations: Reservation[] = [];
        let left = wanted;
        for (const part of parts) {
          const quantity = Math.min(part, left);
          if (quantity > 0) reservations.push({ ...held(1, quantity, `L${reservations.length}`), covers: whole(quantity) });
          left -= quantity;
        }
        const groups = byStore(order, reservations, new Map());
        expect(total(groups.flatMap((group) => group.held.map(({ quantity }) => quantity)))).toBe(total(reservations.map(({ quantity }) => quantity)));
        for (const { store, held: own } of groups) {
          const most = asked.find(([code]) => code === store)![1];
          expect(total(own.map(({ covers }) => covers!))).toBeLessThanOrEqual(whole(most));
        }
      }),
    );
  });
});
