import type { Tx } from './transaction.ts';

/** What a balance found: how many differences of a code, and the first of them in words. */
export type FoundDifferences = { readonly code: string; readonly count: number; readonly first: string };

/** The last balance of the daemon: when, in milliseconds since 1970, and what it found. */
export async function lastCheck(tx: Tx): Promise<{ readonly at: number; readonly found: readonly FoundDifferences[] } | undefined> {
  const row = await tx.one(`select at, content from {balance_check} order by id desc ${tx.limit(1)}`);
  return row && { at: Number(row['at']), found: JSON.parse(row['content'] as string) as readonly FoundDifferences[] };
}

/** Notes what a balance found. */
export async function insertCheck(tx: Tx, found: readonly FoundDifferences[], at: number): Promise<void> {
  await tx.insertMany('balance_check', [{ at, content: JSON.stringify(found) }]);
}

/** Forgets what was found: the daemon looks again. */
export async function forgetChecks(tx: Tx): Promise<void> {
  await tx.run('delete from {balance_check}');
}
