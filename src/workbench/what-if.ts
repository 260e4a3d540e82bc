import type { Database } from '../store/transaction.ts';
import { allocate } from '../orders/allocate.ts';
import type { Outcome, PolicyChange } from '../orders/what-if.ts';
import { addOutcome, noOutcome, underPolicy } from '../orders/what-if.ts';
import { nextInput } from '../store/decision-inputs.ts';

export type Weighed = {
  /** How many allocations were played again. */
  readonly allocations: number;
  readonly before: Outcome;
  readonly after: Outcome;
};

/**
 * Plays the allocations since an instant (milliseconds since 1970) again, as they were and under another policy, each with the stock that it saw.
 * Nothing is changed. One allocation at a time is in memory.
 */
export async function weighPolicy(db: Database, change: PolicyChange, since: number): Promise<Weighed> {
  const before = noOutcome();
  const after = noOutcome();
  const seen = new Set<number>();
  let allocations = 0;
  for (let id = 0; ;) {
    const next = await db.read((tx) => nextInput(tx, since, id));
    if (!next) return { allocations, before, after };
    id = next.id;
    allocations += 1;
    const other = underPolicy(next.input, change);
    const counts = (orderId: number): boolean => !seen.has(orderId);
    addOutcome(before, next.input, allocate(next.input), counts);
    addOutcome(after, other, allocate(other), counts);
    for (const { orderId } of next.input.demands) seen.add(orderId);
  }
}
