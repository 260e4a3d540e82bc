import { least, total } from '../decimal.ts';
import type { LinePlan, Promised } from './allocation.ts';

/**
 * Lines that are promised less, or later, than before: at one of the days that they were promised, less is reserved and promised now than was then. What is no
 * longer wanted is not missed. `before` are the promises by line.
 */
export function brokenPromises(before: ReadonlyMap<number, readonly Promised[]>, plans: readonly LinePlan[]): readonly number[] {
  return plans.flatMap((plan) => {
    const wanted = plan.allocated + plan.backordered + plan.rejected + plan.pending;
    const by = (promises: readonly Promised[], day: string): bigint => total(promises.filter(({ date }) => date <= day).map(({ quantity }) => quantity));
    const old = before.get(plan.lineId) ?? [];
    const broken = old.some(({ date }) => plan.allocated + by(plan.promises, date) < least(wanted, by(old, date)));
    return broken ? [plan.lineId] : [];
  });
}
