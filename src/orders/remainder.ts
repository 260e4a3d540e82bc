import type { Decimal } from '../decimal.ts';
import { whole } from '../decimal.ts';
import type { Demand, Promised, Reason } from './allocation.ts';
import { keepFor, promise } from './book.ts';
import { lastOf } from './dates.ts';
import { countsValue } from './rounds.ts';
import type { Scene, Work } from './rounds.ts';

const HUNDRED = whole(100);

/** What becomes of the part of a line that got no stock. */
export type Rest = {
  readonly bucket: 'backordered' | 'rejected' | 'pending';
  readonly promises: readonly Promised[];
  readonly promiseDate: string | undefined;
  readonly reasons: readonly Reason[];
};

/** How much of an order is served, against its minimum; undefined when it has none or reaches it. Percentages. */
export function belowMinimum(demand: Demand, works: readonly Work[]): Extract<Reason, { kind: 'below-minimum' }> | undefined {
  const minimum = demand.policy.minimumFill;
  if (!minimum) return undefined;
  const byValue = countsValue(demand);
  let served = 0n;
  let asked = 0n;
  for (const { line, covered } of works) {
    const weight = byValue ? line.unitValue! : 1n;
    served += (covered + (line.served ?? 0n)) * weight;
    asked += (line.quantity + (line.served ?? 0n)) * weight;
  }
  if (asked === 0n || served * HUNDRED >= minimum.percent * asked) return undefined;
  return { kind: 'below-minimum', fill: (served * HUNDRED) / asked, minimum: minimum.percent, by: byValue ? 'value' : 'units' };
}

/** The remainder of each line by the order's own rule: back-ordered with a date where supply is on its way, or rejected. */
export function settleRest({ book, demand, eligible }: Scene, works: readonly Work[]): readonly Rest[] {
  return works.map(({ line, pack, covered }) => {
    const quantity = line.quantity - covered;
    if (quantity === 0n) return { bucket: 'pending', promises: [], promiseDate: undefined, reasons: [] };
    if (demand.policy.completeness === 'no-backorder') {
      return { bucket: 'rejected', promises: [], promiseDate: undefined, reasons: [{ kind: 'remainder', rule: 'rejected', quantity }] };
    }
    const { promises } = promise(book, { sku: line.sku, quantity, pack }, eligible, demand.cancelAfter);
    return backordered(quantity, promises, demand);
  });
}

/**
 * An order that waits as a whole: nothing of it is held. It is promised for the day on which the last of what is missing now has
 * come, and promised nothing when something does not come in time. `missing` are the units of each line that were not there.
 */
export function settleWaiting({ book, demand, eligible }: Scene, works: readonly Work[], missing: readonly Decimal[], why: Reason): readonly Rest[] {
  const attempts = works.map(({ line, pack }, at) => promise(book, { sku: line.sku, quantity: missing[at]!, pack }, eligible, demand.cancelAfter));
  const covers = (at: number): boolean => attempts[at]!.promises.reduce((sum, { quantity }) => sum + quantity, 0n) === missing[at];
  const all = attempts.every((_, at) => covers(at));
  if (!all) for (const attempt of attempts.toReversed()) attempt.undo();
  const date = all ? lastOf(attempts.flatMap((attempt) => attempt.promises.map((promised) => promised.date))) : undefined;
  const bucket = demand.policy.completeness === 'no-backorder' ? 'pending' : 'backordered';
  // What is there already of a promised order is part of the promise.
  if (date !== undefined) works.forEach(({ line }, at) => keepFor(book, line.sku, date, line.quantity - missing[at]!));
  return works.map(({ line }, at) => {
    const unknown: readonly Reason[] = missing[at]! > 0n ? [{ kind: 'no-supply', quantity: missing[at]!, before: demand.cancelAfter }] : [];
    const told: readonly Reason[] = date === undefined ? unknown : [{ kind: 'promised', quantity: line.quantity, date }];
    const remainder: Reason = { kind: 'remainder', rule: bucket, quantity: line.quantity };
    const promises = date === undefined ? [] : [{ date, quantity: line.quantity }];
    return { bucket, promises, promiseDate: date, reasons: [why, ...told, remainder] };
  });
}

/** All of each line refused, or left undecided. */
export function settleAll(works: readonly Work[], bucket: 'rejected' | 'pending', promiseDate: string | undefined, why: readonly Reason[]): readonly Rest[] {
  return works.map(({ line }) => ({
    bucket,
    promises: [],
    promiseDate,
    reasons: [...why, { kind: 'remainder', rule: bucket, quantity: line.quantity }],
  }));
}

function backordered(quantity: Decimal, promises: readonly Promised[], demand: Demand): Rest {
  const promised = promises.reduce((sum, entry) => sum + entry.quantity, 0n);
  const reasons: Reason[] = promises.map((entry) => ({ kind: 'promised', ...entry }));
  if (promised < quantity) reasons.push({ kind: 'no-supply', quantity: quantity - promised, before: demand.cancelAfter });
  reasons.push({ kind: 'remainder', rule: 'backordered', quantity });
  return { bucket: 'backordered', promises, promiseDate: promised === quantity ? lastOf(promises.map((entry) => entry.date)) : undefined, reasons };
}
