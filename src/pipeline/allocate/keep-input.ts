import type { AllocationInput } from '../../orders/allocation.ts';
import type { AppliedPolicy } from '../../orders/explain-policy.ts';
import { forgetInputs, insertInput, packInput } from '../../store/decision-inputs.ts';
import { savePolicies } from '../../store/policies.ts';
import type { PipelineContext } from '../context.ts';

/** How long it is kept, in milliseconds. */
const KEPT = 90 * 86_400_000;

/** Keeps what an allocation looked at, so that another policy can be weighed against it; what is too old is forgotten. */
export async function keepInput({ db }: Pick<PipelineContext, 'db'>, input: AllocationInput, now: number): Promise<void> {
  if (input.demands.length === 0) return;
  const packed = packInput(input);
  await db.transaction(async (tx) => {
    await insertInput(tx, packed, input.demands.length, now);
    await Promise.all([savePolicies(tx, policiesOf(input), now), forgetInputs(tx, now - KEPT)]);
  });
}

/** How the orders of an allocation were served, by the name of the version. */
function policiesOf({ demands }: AllocationInput): ReadonlyMap<string, AppliedPolicy> {
  return new Map(
    demands.flatMap(({ class: rank, tier, policy, policyVersion }) => (policyVersion === undefined ? [] : [[policyVersion, { class: rank, tier, ...policy }]])),
  );
}
