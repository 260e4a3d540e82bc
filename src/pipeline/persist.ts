import { isTransient } from '../store/failure.ts';
import { WharfError, isRetryable } from '../errors.ts';
import type { Tx } from '../store/transaction.ts';
import type { PipelineContext } from './context.ts';
import { nextPause } from './pause.ts';

const PAUSES = { first: 100, longest: 15_000 };

/**
 * Runs a transaction that must not be given up: what it records has happened already. While the database cannot take it (away, full) it is tried again,
 * which also keeps the step from claiming more; only a stop of the daemon ends the waiting, and then the next start finds the claim and does it again.
 * @throws what is wrong with the transaction itself, such as CLAIM_LOST, and the last failure when the daemon stops.
 */
export async function persist<T>(context: PipelineContext, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await context.db.transaction(work);
    } catch (error) {
      if (!isWorldly(error) || context.stopping()) throw error;
      context.log.warn('the database does not take what has happened; it is tried again', { count: tries + 1, error });
      await new Promise((resolve) => setTimeout(resolve, nextPause(PAUSES, tries)));
    }
  }
}

function isWorldly(error: unknown): boolean {
  return isTransient(error) || (error instanceof WharfError && error.code !== 'CLAIM_LOST' && isRetryable(error.code));
}
