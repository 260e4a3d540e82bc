import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, whole } from '../../src/decimal.ts';
import { bucketNames, emptyBuckets, move, moveAll, open, sum, toBase, toUnit } from '../../src/orders/quantities.ts';

const each = { unit: 'EA', numerator: 1n, denominator: 1n };
const dozen = { unit: 'CA', numerator: 12n, denominator: 1n };
const half = { unit: 'PR', numerator: 1n, denominator: 2n };

describe('units', () => {
  it('turns cases into base units and back', () => {
    expect(toBase(whole(5), dozen)).toEqual({ base: whole(60) });
    expect(toUnit(whole(60), dozen)).toBe(whole(5));
    expect(toUnit(whole(54), dozen)).toBeUndefined();
    expect(toUnit(decimal('2.5'), each)).toBe(decimal('2.5'));
  });

  it('refuses what no item can be', () => {
    const refused = (quantity: string, conversion = dozen, smallest?: bigint) => {
      const result = toBase(decimal(quantity), conversion, smallest);
      return 'refusal' in result ? result.refusal.refused : 'taken';
    };
    expect(refused('0')).toBe('not-positive');
    expect(refused('-3')).toBe('not-positive');
    expect(refused('0.25')).toBe('taken');
    expect(refused('0.3')).toBe('not-a-multiple');
    expect(refused('3', half)).toBe('not-a-multiple');
    expect(refused('4', half)).toBe('taken');
    expect(refused('0.5', each, decimal('0.25'))).toBe('taken');
    expect(refused('999999999999')).toBe('too-large');
    expect(refused('1', { unit: 'XX', numerator: 0n, denominator: 1n })).toBe('conversion-invalid');
  });

  it('goes there and back for every whole number of a unit', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 100_000n), fc.bigInt(1n, 500n), (count, numerator) => {
        const conversion = { unit: 'XX', numerator, denominator: 1n };
        const result = toBase(whole(count), conversion);
        expect('base' in result && toUnit(result.base, conversion)).toBe(whole(count));
      }),
    );
  });
});

describe('buckets', () => {
  it('moves what is there and refuses what is not', () => {
    const start = emptyBuckets(whole(100));
    const moved = move(start, 'pending', 'allocated', whole(60));
    expect(moved).toEqual({ buckets: { ...start, pending: whole(40), allocated: whole(60) } });
    expect(move(start, 'allocated', 'released', 1n)).toEqual({ refused: 'not-enough', there: 0n });
    expect(move(start, 'pending', 'released', -1n)).toMatchObject({ refused: 'negative' });
    expect(() => moveAll(start, [{ from: 'pending', to: 'shipped', quantity: whole(101) }])).toThrow(RangeError);
  });

  it('keeps the sum whatever is moved, and never goes below 0', () => {
    const bucket = fc.constantFrom(...bucketNames);
    fc.assert(
      fc.property(fc.bigInt(0n, 1_000n), fc.array(fc.tuple(bucket, bucket, fc.bigInt(-10n, 1_000n))), (ordered, steps) => {
        let buckets = emptyBuckets(ordered);
        for (const [from, to, quantity] of steps) {
          const moved = move(buckets, from, to, quantity);
          if ('buckets' in moved) buckets = moved.buckets;
          expect(sum(buckets)).toBe(ordered);
          for (const name of bucketNames) expect(buckets[name]).toBeGreaterThanOrEqual(0n);
        }
        expect(open(buckets)).toBe(ordered - buckets.shipped - buckets.cancelled - buckets.rejected);
      }),
    );
  });
});
