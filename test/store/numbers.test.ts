import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advanceNumbers, LAST_CONTROL_NUMBER, listNumbers, numberAfter, takeNumbers } from '../../src/store/control-numbers.ts';
import { holdsLease, listLeases, releaseLease, takeLease } from '../../src/store/leases.ts';
import { freshDatabase } from '../support/database.ts';

describe('control numbers', () => {
  test('follow each other without gap or repeat, whoever takes them and whatever fails', async () => {
    const db = await freshDatabase();
    const take = (index: number): Promise<number | undefined> =>
      db
        .transaction(async (tx) => {
          const number = await takeNumbers(tx, 'ISA:a:b');
          if (index % 4 === 3) throw new Error('rendering failed');
          return number;
        })
        .catch(() => undefined);
    const numbers = await Promise.all(Array.from({ length: 60 }, (_, index) => take(index)));
    const taken = numbers.filter((number) => number !== undefined).toSorted((a, b) => a - b);
    expect(taken).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
  });

  test('scopes are apart, several are taken at once, a scope may begin elsewhere', async () => {
    const db = await freshDatabase();
    const take = (scope: string, count?: number, start?: number) => db.transaction((tx) => takeNumbers(tx, scope, count, start));
    expect([await take('a', 3), await take('a'), await take('b', 1, 500), await take('b', 1, 500)]).toEqual([1, 4, 500, 501]);
    expect(await db.read(listNumbers)).toEqual([
      { scope: 'a', next: 5 },
      { scope: 'b', next: 502 },
    ]);
  });

  test('fault/D16 the largest is followed by 1', async () => {
    const db = await freshDatabase();
    const take = (count: number) => db.transaction((tx) => takeNumbers(tx, 'w', count, LAST_CONTROL_NUMBER - 1));
    expect([await take(1), await take(2), await take(1)]).toEqual([LAST_CONTROL_NUMBER - 1, LAST_CONTROL_NUMBER, 2]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LAST_CONTROL_NUMBER }), fc.integer({ min: 1, max: 1_000_000 }), (number, count) => {
        expect(numberAfter(numberAfter(number, count), LAST_CONTROL_NUMBER - count)).toBe(number);
      }),
    );
  });

  test('move on, never back', async () => {
    const db = await freshDatabase();
    const advance = (next: number) => db.transaction((tx) => advanceNumbers(tx, 's', next));
    expect([await advance(10), await advance(5), await advance(20), await advance(20)]).toEqual([true, false, true, false]);
    expect(await db.transaction((tx) => takeNumbers(tx, 's'))).toBe(20);
  });
});

describe('leases', () => {
  test('one holder at a time, with a token that tells an earlier one', async () => {
    const db = await freshDatabase();
    const take = (owner: string, now: number) => db.transaction((tx) => takeLease(tx, 'allocate', owner, now, 100));
    const first = (await take('a', 0))!;
    expect(first).toMatchObject({ owner: 'a', token: 1, expiresAt: 100 });
    expect(await take('b', 50)).toBeUndefined();
    expect(await take('a', 50)).toMatchObject({ token: 1, expiresAt: 150 });
    const second = (await take('b', 151))!;
    expect(second).toMatchObject({ owner: 'b', token: 2 });
    expect(await db.transaction((tx) => holdsLease(tx, first, 152))).toBe(false);
    expect(await db.transaction((tx) => holdsLease(tx, second, 152))).toBe(true);
    await db.transaction((tx) => releaseLease(tx, second));
    expect(await take('a', 153)).toMatchObject({ token: 3 });
    expect(await db.read(listLeases)).toHaveLength(1);
  });

  test('many ask at once, one gets it', async () => {
    const db = await freshDatabase();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => db.transaction((tx) => takeLease(tx, 'r', `o${index}`, 0, 100))));
    expect(answers.filter((lease) => lease !== undefined)).toHaveLength(1);
  });
});
