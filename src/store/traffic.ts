import type { InboundFile } from './files.ts';
import { toFile } from './files.ts';
import type { Tx } from './transaction.ts';

/** A document that was written for a partner: its canonical content and the mapping that wrote it. */
export type SentDocument = {
  readonly id: number;
  readonly mapping: string;
  readonly businessKey: string;
  readonly createdAt: number;
  readonly canonical: unknown;
};

/** The files that came from a partner since an instant, in the order in which they came; of a packed one what was in it. */
export async function filesSince(tx: Tx, partner: string, since: number): Promise<readonly InboundFile[]> {
  const rows = await tx.many(
    `select * from {inbound_file} where partner = ? and received_at >= ? and status <> 'receiving' and sha256 <> '' and coalesce(format, '') <> 'packed' order by id`,
    [partner, since],
  );
  return rows.map(toFile);
}

/** The documents that were written for a partner since an instant, after one with the id `after`; at most `count`. */
export async function sentSince(tx: Tx, partner: string, since: number, after: number, count: number): Promise<readonly SentDocument[]> {
  const rows = await tx.many(
    `select id, mapping, business_key, created_at, canonical from {outbox} where partner = ? and created_at >= ? and mapping is not null and id > ? order by id ${tx.limit(count)}`,
    [partner, since, after],
  );
  return rows.map((row) => ({
    id: row['id'] as number,
    mapping: row['mapping'] as string,
    businessKey: (row['business_key'] as string | null) ?? '',
    createdAt: row['created_at'] as number,
    canonical: JSON.parse(row['canonical'] as string) as unknown,
  }));
}
