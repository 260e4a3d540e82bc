import type { Tx } from './transaction.ts';

/** What of a channel is on its way through, and since when the oldest of it is (milliseconds since 1970). */
export type ChannelBacklog = { readonly waiting: number; readonly oldestAt: number };

const queries = [
  `select channel, count(*) as n, min(received_at) as oldest from {inbound_file} where status in ('receiving', 'pending', 'working') group by channel`,
  `select f.channel, count(*) as n, min(d.received_at) as oldest from {document} d join {inbound_file} f on f.id = d.inbound_file_id
    where d.status in ('pending', 'working') group by f.channel`,
  `select channel, count(*) as n, min(created_at) as oldest from {outbox} where status in ('pending', 'working', 'rendered', 'sending') group by channel`,
];

/** Files and documents that came through a channel and are not finished, or wait to leave by it. */
export async function backlogByChannel(tx: Tx): Promise<ReadonlyMap<string, ChannelBacklog>> {
  const found = new Map<string, ChannelBacklog>();
  for (const sql of queries) {
    for (const row of await tx.many(sql)) {
      const channel = String(row['channel'] ?? '');
      const before = found.get(channel);
      const oldestAt = Math.min(Number(row['oldest']), before?.oldestAt ?? Infinity);
      found.set(channel, { waiting: Number(row['n']) + (before?.waiting ?? 0), oldestAt });
    }
  }
  return found;
}
