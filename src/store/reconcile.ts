import type { Tx } from './transaction.ts';

/** The latest file that a database knows: what another received after it has a larger id. */
export async function lastIds(tx: Tx): Promise<{ readonly file: number }> {
  const row = await tx.one('select max(id) as id from {inbound_file}');
  return { file: Number(row?.['id'] ?? 0) };
}

/** Outgoing documents that are not sent yet. */
export async function unsentCount(tx: Tx): Promise<number> {
  const row = await tx.one(`select count(*) as n from {outbox} where status in ('pending', 'working', 'rendered', 'sending')`);
  return Number(row?.['n'] ?? 0);
}
