import { inList } from './in-list.ts';
import type { Tx } from './transaction.ts';

/** Removes the marks of commits before an instant (milliseconds since 1970), a bounded number of them. Gives how many. */
export async function forgetMarks(tx: Tx, before: number): Promise<number> {
  const old = await tx.many(`select mark from {commit_mark} where at < ? order by at ${tx.limit(1000)}`, [before]);
  if (old.length === 0) return 0;
  const { sql, values } = inList(old.map((row) => String(row['mark'])));
  return tx.run(`delete from {commit_mark} where mark in ${sql}`, values);
}
