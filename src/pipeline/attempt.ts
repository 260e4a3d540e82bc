import { WharfError, isRetryable } from '../errors.ts';
import { isTransient } from '../store/failure.ts';
import type { Queue } from '../store/queue.ts';
import { park, retryLater } from '../store/queue.ts';
import type { Row, Tx } from '../store/transaction.ts';
import type { PipelineContext, StepName } from './context.ts';
import { nextPause } from './pause.ts';
import { persist } from './persist.ts';

/**
 * Does the work of one claimed row in one transaction. When it fails, the transaction is undone and the row is told why: a failure of the world is
 * tried again later, with growing pauses, and anything else parks the row at once. True when the work was done.
 */
export async function attempt(
  context: PipelineContext,
  step: StepName,
  queue: Queue,
  row: Row,
  work: (tx: Tx) => Promise<void>,
  soon?: () => void,
): Promise<boolean> {
  try {
    await context.db.transaction(work, soon);
    return true;
  } catch (error) {
    await recordFailure(context, step, queue, row, error);
    return false;
  }
}

/**
 * Does the work of claimed rows, several in one transaction so that they share its statements and its commit. Where one of them fails, all is undone and
 * each is attempted for itself: it never spoils the others. `soon` is told of what was done as `Database.transaction` tells.
 */
export async function attemptTogether(
  context: PipelineContext,
  step: StepName,
  queue: Queue,
  rows: readonly Row[],
  work: (tx: Tx, rows: readonly Row[]) => Promise<void>,
  soon?: () => void,
): Promise<void> {
  if (rows.length > 1) {
    try {
      await context.db.transaction((tx) => work(tx, rows), soon);
      return;
    } catch (error) {
      context.log.debug('done one by one', { step, count: rows.length, error });
    }
  }
  for (const row of rows) await attempt(context, step, queue, row, (tx) => work(tx, [row]), soon);
}

/** Records on a claimed row why its work could not be done. */
export async function recordFailure(context: PipelineContext, step: StepName, queue: Queue, row: Row, error: unknown): Promise<void> {
  const claimed = { id: row['id'] as number, owner: context.owner };
  const code = error instanceof WharfError ? error.code : 'INTERNAL';
  if (code === 'CLAIM_LOST') return;
  const detail = error instanceof Error ? error.message : String(error);
  const worldly = isTransient(error) || (error instanceof WharfError && isRetryable(error.code));
  if (code === 'INTERNAL' && !worldly) context.log.error(`${step} failed`, { step, code, error });
  else context.log.warn(`${step} failed`, { step, code, error });
  const { retryFirst: first, retryLongest: longest } = context.config().intervals;
  const pause = Math.round(nextPause({ first, longest }, Number(row['attempts'])));
  await persist(context, (tx) =>
    worldly
      ? retryLater(tx, queue, claimed, { dueAt: context.now() + pause, reason: code, detail, counted: false })
      : park(tx, queue, claimed, { reason: code, detail }),
  );
}
