import { dropPayload, type PayloadOwner } from './payload.ts';
import type { Tx } from './transaction.ts';

/** Files whose every document came to its end, and outgoing files that were answered or need no answer. */
const finished = {
  inbound: {
    table: 'inbound_file',
    where: `status in ('done', 'discarded') and sha256 <> '' and disposed_at is not null and finished_at < ? and payload_removed_at is null
      and not exists (select 1 from {document} d where d.inbound_file_id = {inbound_file}.id and d.status not in ('done', 'discarded'))`,
  },
  outbox: {
    table: 'outbox',
    where: `status in ('done', 'acknowledged', 'discarded') and sha256 is not null and coalesce(settled_at, sent_at, created_at) < ? and payload_removed_at is null`,
  },
} as const;

/** How many payloads are past their time, and how many bytes they had when they came. `before` is in milliseconds since 1970. */
export async function countPastTime(
  tx: Tx,
  owner: Exclude<PayloadOwner, 'packed'>,
  before: number,
): Promise<{ readonly count: number; readonly bytes: number }> {
  const { table, where } = finished[owner];
  const row = await tx.one(`select count(*) as n, coalesce(sum(size), 0) as bytes from {${table}} where ${where}`, [before]);
  return { count: Number(row?.['n'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) };
}

/** Removes at most `most` payloads that are past their time; the rows stay with their hashes. Gives how many. */
export async function removePastTime(
  tx: Tx,
  owner: Exclude<PayloadOwner, 'packed'>,
  before: number,
  options: { readonly now: number; readonly most: number },
): Promise<number> {
  const { table, where } = finished[owner];
  const rows = await tx.many(`select id from {${table}} where ${where} order by id ${tx.limit(options.most)}`, [before]);
  for (const row of rows) {
    const id = Number(row['id']);
    await tx.run(`update {${table}} set payload_removed_at = ? where id = ?`, [options.now, id]);
    await dropPayload(tx, owner, id);
    if (owner === 'outbox') await dropPayload(tx, 'packed', id);
  }
  return rows.length;
}
