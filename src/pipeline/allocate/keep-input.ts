import type { AllocationInput } from '../../orders/allocation.ts';
import { forgetInputs, insertInput, packInput } from '../../store/decision-inputs.ts';
import type { PipelineContext } from '../context.ts';

/** How long it is kept, in milliseconds. */
const KEPT = 90 * 86_400_000;

/** Keeps what an allocation looked at, so that another policy can be weighed against it; what is too old is forgotten. */
export async function keepInput({ db }: Pick<PipelineContext, 'db'>, input: AllocationInput, now: number): Promise<void> {
  if (input.demands.length === 0) return;
  const packed = packInput(input);
  await db.transaction(async (tx) => {
    await insertInput(tx, packed, input.demands.length, now);
    await forgetInputs(tx, now - KEPT);
  });
}
