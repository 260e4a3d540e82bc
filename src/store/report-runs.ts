import type { Tx } from './transaction.ts';

/** The last time for which a report of a partner went out; undefined before the first. */
export async function lastRun(tx: Tx, partner: string, report: string): Promise<string | undefined> {
  const row = await tx.one('select period from {report_run} where partner = ? and report = ?', [partner, report]);
  return row?.['period'] as string | undefined;
}

/** Notes for which time a report went out. False when somebody else has noted it since `before` was read. */
export async function markRun(
  tx: Tx,
  partner: string,
  report: string,
  run: { readonly before: string | undefined; readonly period: string },
): Promise<boolean> {
  if (run.before === undefined) {
    await tx.insertMany('report_run', [{ partner, report, period: run.period }]);
    return true;
  }
  const changed = await tx.run('update {report_run} set period = ? where partner = ? and report = ? and period = ?', [run.period, partner, report, run.before]);
  return changed === 1;
}
