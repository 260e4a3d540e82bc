import { formatDecimal, scaleExactly, total, whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { BucketName, Buckets, Conversion, Move } from './model.ts';

/** Why a quantity cannot be one of the item. */
export type QuantityRefusal = { readonly refused: 'not-positive' | 'not-a-multiple' | 'too-large' | 'conversion-invalid'; readonly detail: string };

/** The largest quantity that is taken, in base units: far below what a database column or a sum of lines can hold. */
const LARGEST = whole(1_000_000_000);

const ONE_UNIT = whole(1);

export const bucketNames = ['pending', 'backordered', 'allocated', 'released', 'shipped', 'cancelled', 'rejected'] as const satisfies readonly BucketName[];

/**
 * A quantity of `conversion.unit` in base units. It is refused when it is not above 0, is more than the gateway counts, or is no
 * exact multiple of `smallest`, the smallest quantity that is sold (base units; one unit unless told).
 */
export function toBase(
  quantity: Decimal,
  conversion: Conversion,
  smallest: Decimal = ONE_UNIT,
): { readonly base: Decimal } | { readonly refusal: QuantityRefusal } {
  const shown = `${formatDecimal(quantity)} ${conversion.unit}`;
  if (conversion.numerator <= 0n || conversion.denominator <= 0n) {
    return { refusal: { refused: 'conversion-invalid', detail: `${conversion.unit} converts by ${conversion.numerator}/${conversion.denominator}` } };
  }
  if (quantity <= 0n) return { refusal: { refused: 'not-positive', detail: `${shown} is not above 0` } };
  const base = scaleExactly(quantity, conversion.numerator, conversion.denominator);
  if (base === undefined || base % smallest !== 0n) {
    return { refusal: { refused: 'not-a-multiple', detail: `${shown} is no multiple of ${formatDecimal(smallest)} base units` } };
  }
  if (base > LARGEST) return { refusal: { refused: 'too-large', detail: `${shown} is more than ${formatDecimal(LARGEST)} base units` } };
  return { base };
}

/** Base units in the unit of `conversion`, where they are a whole number of it; otherwise undefined. */
export function toUnit(base: Decimal, conversion: Conversion): Decimal | undefined {
  const quantity = scaleExactly(base, conversion.denominator, conversion.numerator);
  return quantity !== undefined && (quantity % ONE_UNIT === 0n || conversion.numerator === conversion.denominator) ? quantity : undefined;
}

/** The buckets of a line of which nothing is decided. */
export function emptyBuckets(pending: Decimal = 0n): Buckets {
  return { pending, backordered: 0n, allocated: 0n, released: 0n, shipped: 0n, cancelled: 0n, rejected: 0n };
}

/** All units of a line. */
export function sum(buckets: Buckets): Decimal {
  return total(bucketNames.map((name) => buckets[name]));
}

/** What a buyer still waits for. */
export function open(buckets: Buckets): Decimal {
  return buckets.pending + buckets.backordered + buckets.allocated + buckets.released;
}

/** `quantity` moved between buckets, or why not: it is negative, or more than there is. The sum stays as it was. */
export function move(
  buckets: Buckets,
  from: BucketName,
  to: BucketName,
  quantity: Decimal,
): { readonly buckets: Buckets } | { readonly refused: 'negative' | 'not-enough'; readonly there: Decimal } {
  if (quantity < 0n) return { refused: 'negative', there: buckets[from] };
  if (quantity > buckets[from]) return { refused: 'not-enough', there: buckets[from] };
  if (from === to) return { buckets };
  return { buckets: { ...buckets, [from]: buckets[from] - quantity, [to]: buckets[to] + quantity } };
}

/**
 * All `moves` of one line in their order.
 * @throws RangeError when one is not possible: whoever decided them looked at other buckets.
 */
export function moveAll(buckets: Buckets, moves: readonly Pick<Move, 'from' | 'to' | 'quantity'>[]): Buckets {
  let result = buckets;
  for (const step of moves) {
    const moved = move(result, step.from, step.to, step.quantity);
    if ('refused' in moved) throw new RangeError(`cannot move ${step.quantity} from ${step.from} to ${step.to}: ${moved.there} there`);
    result = moved.buckets;
  }
  return result;
}
