import type { Row, Tx } from './transaction.ts';

/** Rows of one kind that need a person, by partner and reason, with the first of them. */
export type Trouble = {
  readonly what: 'file' | 'document' | 'outbox';
  readonly partner: string;
  readonly reason: string;
  readonly count: number;
  readonly first: number;
};

const tables = { file: 'inbound_file', document: 'document', outbox: 'outbox' } as const;

/** What is parked. */
export async function parkedTroubles(tx: Tx): Promise<readonly Trouble[]> {
  const found: Trouble[] = [];
  for (const what of ['file', 'document', 'outbox'] as const) {
    const rows = await tx.many(
      `select partner, reason, count(*) as n, min(id) as first from {${tables[what]}} where status = 'parked' group by partner, reason`,
    );
    found.push(...rows.map((row) => toTrouble(what, row)));
  }
  return found;
}

/** Sent documents whose acknowledgment is late or says no. */
export async function unacknowledged(tx: Tx, status: 'overdue' | 'rejected'): Promise<readonly Trouble[]> {
  const rows = await tx.many('select partner, status as reason, count(*) as n, min(id) as first from {outbox} where status = ? group by partner, status', [
    status,
  ]);
  return rows.map((row) => toTrouble('outbox', row));
}

/** What has waited since before an instant although nothing keeps it: by kind and partner. What is to leave by a channel of `resting` is kept by that. */
export async function waitingSince(tx: Tx, before: number, resting: ReadonlySet<string> = new Set()): Promise<readonly Trouble[]> {
  const queues = [
    { what: 'file', since: 'received_at', by: 'partner', where: `status in ('pending', 'working')` },
    { what: 'document', since: 'received_at', by: 'partner', where: `status in ('pending', 'working')` },
    { what: 'outbox', since: 'created_at', by: 'partner', where: `status in ('pending', 'working', 'sending') and coalesce(reason, '') <> 'NOTICE_OPEN'` },
    { what: 'outbox', since: 'created_at', by: 'partner, channel', where: `status = 'rendered'` },
  ] as const;
  const found: Trouble[] = [];
  for (const { what, since, by, where } of queues) {
    const sql = `select ${by}, 'waiting' as reason, count(*) as n, min(id) as first from {${tables[what]}} where ${where} and ${since} < ? group by ${by}`;
    const rows = await tx.many(sql, [before]);
    found.push(...rows.filter((row) => !resting.has(String(row['channel']))).map((row) => toTrouble(what, row)));
  }
  return found;
}

/** Files and documents of one partner that wait to be worked on, and the bytes of the files. */
export type PartnerBacklog = { readonly count: number; readonly bytes: number };

export async function backlogByPartner(tx: Tx): Promise<ReadonlyMap<string, PartnerBacklog>> {
  const found = new Map<string, PartnerBacklog>();
  const queries = [
    `select partner, count(*) as n, coalesce(sum(size), 0) as bytes from {inbound_file} where status in ('pending', 'working') group by partner`,
    `select partner, count(*) as n, 0 as bytes from {document} where status in ('pending', 'working') group by partner`,
  ];
  for (const sql of queries) {
    for (const row of await tx.many(sql)) {
      const partner = String(row['partner'] ?? '');
      const { count, bytes } = found.get(partner) ?? { count: 0, bytes: 0 };
      found.set(partner, { count: count + Number(row['n']), bytes: bytes + Number(row['bytes']) });
    }
  }
  return found;
}

/** When the last file of a partner came, in milliseconds since 1970. */
export async function lastFileOf(tx: Tx, partner: string): Promise<number | undefined> {
  const row = await tx.one('select max(received_at) as at from {inbound_file} where partner = ?', [partner]);
  return (row?.['at'] as number | null | undefined) ?? undefined;
}

/** Whether a file of a partner came after one instant and until another. */
export async function cameBetween(tx: Tx, partner: string, after: number, until: number): Promise<boolean> {
  const sql = `select id from {inbound_file} where partner = ? and received_at > ? and received_at <= ? order by received_at ${tx.limit(1)}`;
  return (await tx.one(sql, [partner, after, until])) !== undefined;
}

/** The outgoing files written last, the latest first. */
export async function latestWritten(tx: Tx, most: number): Promise<readonly number[]> {
  const rows = await tx.many(`select id from {outbox} where interchange_control is not null and payload_removed_at is null order by id desc ${tx.limit(most)}`);
  return rows.map((row) => Number(row['id']));
}

/** Whether any outgoing file carries a number: that of an interchange, or that of a group of a type. */
export async function carries(tx: Tx, number: number, groupType: string | undefined): Promise<boolean> {
  const sql =
    groupType === undefined
      ? 'select 1 as there from {outbox} where interchange_control = ?'
      : 'select 1 as there from {outbox} where group_control = ? and group_type = ?';
  return (await tx.one(sql, groupType === undefined ? [String(number)] : [String(number), groupType])) !== undefined;
}

function toTrouble(what: Trouble['what'], row: Row): Trouble {
  return {
    what,
    partner: String(row['partner'] ?? 'nobody known'),
    reason: String(row['reason'] ?? 'unknown'),
    count: Number(row['n']),
    first: Number(row['first']),
  };
}
