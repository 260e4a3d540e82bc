import { inList } from './in-list.ts';
import type { Row, SqlValue, Tx } from './transaction.ts';

/** What is parked: a file, a document or an outgoing document that goes on only when a person acts. */
export type ParkedRow = {
  readonly kind: 'file' | 'document' | 'outbox';
  readonly id: number;
  readonly partner: string;
  /** `acme/in`. */
  readonly channel: string;
  /** The name of the file, or what people know the document by. */
  readonly about: string;
  readonly reason: string;
  readonly detail: string;
  /** When it came or was made, in milliseconds since 1970. */
  readonly at: number;
  readonly attempts: number;
};

export type ParkedScope = { readonly partner?: string | undefined; readonly reason?: string | undefined; readonly ids?: readonly number[] | undefined };

const sources = {
  file: { table: 'inbound_file', about: 'x.name', at: 'x.received_at', channel: 'x.channel', join: '' },
  document: {
    table: 'document',
    about: 'x.business_key',
    at: 'x.received_at',
    channel: 'f.channel',
    join: 'join {inbound_file} f on f.id = x.inbound_file_id',
  },
  outbox: { table: 'outbox', about: 'coalesce(x.file_name, x.business_key)', at: 'x.created_at', channel: 'x.channel', join: '' },
} as const;

/** What is parked of one kind, the latest first: at most `most`. */
export async function parkedRows(tx: Tx, kind: ParkedRow['kind'], scope: ParkedScope, most: number): Promise<readonly ParkedRow[]> {
  const { table, about, at, channel, join } = sources[kind];
  const list = scope.ids && inList(scope.ids);
  const conditions: readonly { readonly sql: string; readonly values: readonly SqlValue[] }[] = [
    ...(scope.partner === undefined ? [] : [{ sql: 'x.partner = ?', values: [scope.partner] }]),
    ...(scope.reason === undefined ? [] : [{ sql: 'x.reason = ?', values: [scope.reason] }]),
    ...(list === undefined ? [] : [{ sql: `x.id in ${list.sql}`, values: list.values }]),
  ];
  const rows = await tx.many(
    `select x.id, x.partner, ${channel} as channel, ${about} as about, x.reason, x.detail, ${at} as at, x.attempts from {${table}} x ${join}
      where x.status = 'parked'${conditions.map(({ sql }) => ` and ${sql}`).join('')} order by x.id desc ${tx.limit(most)}`,
    conditions.flatMap(({ values }) => values),
  );
  return rows.map((row) => toParked(kind, row));
}

/** Has a row that waits parked by a person, as HELD. False when it does not wait. */
export async function holdRow(tx: Tx, kind: ParkedRow['kind'], id: number, detail: string): Promise<boolean> {
  const waiting = kind === 'outbox' ? `status in ('pending', 'rendered')` : `status = 'pending'`;
  const changed = await tx.run(`update {${sources[kind].table}} set status = 'parked', reason = 'HELD', detail = ? where id = ? and ${waiting}`, [detail, id]);
  return changed === 1;
}

/** Lets a row go on that a person holds. False when nobody does. */
export async function releaseRow(tx: Tx, kind: ParkedRow['kind'], id: number): Promise<boolean> {
  const status = kind === 'outbox' ? `case when rendered_at is null then 'pending' else 'rendered' end` : `'pending'`;
  const changed = await tx.run(
    `update {${sources[kind].table}} set status = ${status}, reason = null, detail = null, due_at = 0 where id = ? and status = 'parked' and reason = 'HELD'`,
    [id],
  );
  return changed === 1;
}

function toParked(kind: ParkedRow['kind'], row: Row): ParkedRow {
  return {
    kind,
    id: row['id'] as number,
    partner: String(row['partner'] ?? ''),
    channel: String(row['channel'] ?? ''),
    about: String(row['about'] ?? ''),
    reason: String(row['reason'] ?? 'INTERNAL'),
    detail: String(row['detail'] ?? ''),
    at: Number(row['at']),
    attempts: Number(row['attempts']),
  };
}
