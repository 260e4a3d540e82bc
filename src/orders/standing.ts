import type { OrderStanding, Progress, StatusLine } from '../canonical/order-status.ts';
import { formatDecimal, least } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Promised } from './allocation.ts';
import { buyersQuantities, priceIn } from './buyers-unit.ts';
import type { Line, OrderState } from './model.ts';
import { open } from './quantities.ts';

/** What of backordered lines ships on which day, by line, the first day first. */
export type Promises = ReadonlyMap<number, readonly Promised[]>;

/** How an order stands: each line in the buyer's unit, where each of its units is now. */
export function standingOf(state: OrderState, promises: Promises, vendorOrder: string): OrderStanding {
  const { poNumber, releaseNumber, orderDate } = state.document;
  return {
    poNumber,
    ...(releaseNumber !== undefined && { releaseNumber }),
    orderDate,
    vendorOrder,
    standing: wholeOf(state),
    lines: state.lines.map((line) => lineOf(line, promises.get(line.id) ?? [])),
  };
}

function wholeOf({ lifecycle, lines }: OrderState): OrderStanding['standing'] {
  if (lifecycle === 'cancelled' || lifecycle === 'rejected') return lifecycle;
  const shipped = lines.some(({ buckets }) => buckets.shipped > 0n);
  if (lines.every(({ buckets }) => open(buckets) === 0n)) return shipped ? 'complete' : 'rejected';
  if (shipped) return 'part-shipped';
  return lifecycle === 'held' || lines.some((line) => line.reason !== undefined && line.buckets.pending > 0n) ? 'on-hold' : 'open';
}

type Part = { readonly progress: Progress; readonly base: Decimal; readonly date?: string | undefined };

function lineOf(line: Line, promised: readonly Promised[]): StatusLine {
  const parts = partsOf(line, promised);
  const { unit, quantities } = buyersQuantities(
    line,
    parts.map(({ base }) => base),
  );
  const told = parts.map(({ progress, date }, at) => ({
    progress,
    quantity: formatDecimal(quantities[at]!),
    unit,
    ...(date !== undefined && { date }),
  }));
  const price = priceIn(line, line.conversion.unit);
  const quantity = formatDecimal(line.ordered);
  return {
    lineRef: line.lineRef,
    ids: [...line.ids],
    ...(line.description !== undefined && { description: line.description }),
    quantity,
    unit: line.conversion.unit,
    ...(price !== undefined && { price: formatDecimal(price) }),
    // A quantity that could not be understood is in no bucket.
    parts: told.length > 0 ? told : [{ progress: line.reason === undefined ? 'cancelled' : 'on-hold', quantity, unit: line.conversion.unit }],
  };
}

function partsOf(line: Line, promised: readonly Promised[]): readonly Part[] {
  const { shipped, released, allocated, backordered, pending, cancelled, rejected } = line.buckets;
  const later: Part[] = [];
  let left = backordered;
  for (const { date, quantity } of promised) {
    const base = least(left, quantity);
    later.push({ progress: 'backordered', base, date });
    left -= base;
  }
  const parts: readonly Part[] = [
    { progress: 'shipped', base: shipped },
    { progress: 'released', base: released },
    { progress: 'allocated', base: allocated },
    ...later,
    { progress: 'backordered', base: left, date: promised.length === 0 ? line.promiseDate : undefined },
    { progress: line.reason === undefined ? 'undecided' : 'on-hold', base: pending },
    { progress: 'cancelled', base: cancelled },
    { progress: 'rejected', base: rejected },
  ];
  return parts.filter(({ base }) => base > 0n);
}
