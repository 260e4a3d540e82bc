import type { PayloadOwner } from './payload.ts';
import type { Row, Tx } from './transaction.ts';

/** A stored payload and the hash that its row has of it. */
export type HashedPayload = { readonly owner: PayloadOwner; readonly id: number; readonly sha256: string; readonly removed: boolean };

const hashed = {
  inbound: { table: 'inbound_file', hash: 'sha256', only: `sha256 <> '' and status <> 'receiving'` },
  outbox: { table: 'outbox', hash: 'sha256', only: 'sha256 is not null' },
  packed: { table: 'outbox', hash: 'packed_sha256', only: 'packed_sha256 is not null' },
} as const satisfies Record<PayloadOwner, unknown>;

/** The rows after one that have bytes, or had them before their time was over. */
export async function hashedAfter(tx: Tx, owner: PayloadOwner, id: number, most: number): Promise<readonly HashedPayload[]> {
  const { table, hash, only } = hashed[owner];
  const rows = await tx.many(`select id, ${hash} as sha256, payload_removed_at from {${table}} where id > ? and ${only} order by id ${tx.limit(most)}`, [id]);
  return rows.map((row) => ({ owner, id: Number(row['id']), sha256: String(row['sha256']), removed: row['payload_removed_at'] !== null }));
}

/** How many payloads there are to check. */
export async function countHashed(tx: Tx): Promise<number> {
  let count = 0;
  for (const { table, only } of Object.values(hashed)) count += Number((await tx.one(`select count(*) as n from {${table}} where ${only}`))?.['n'] ?? 0);
  return count;
}

/** Control numbers that were skipped on purpose. */
export type Skip = { readonly scope: string; readonly first: number; readonly last: number };

export async function listSkips(tx: Tx): Promise<readonly Skip[]> {
  const rows = await tx.many('select scope, first, last from {control_skip} order by id');
  return rows.map((row) => ({ scope: String(row['scope']), first: Number(row['first']), last: Number(row['last']) }));
}

export async function insertSkip(tx: Tx, skip: Skip, who: string, now: number): Promise<void> {
  await tx.insertMany('control_skip', [{ ...skip, at: now, who }]);
}

/** A row in work whose claim ran out long ago: no process does it and none took it over. */
export type StuckRow = { readonly id: string; readonly status: string; readonly claimedBy: string; readonly claimedUntil: number };

export async function stuckBefore(tx: Tx, before: number, most: number): Promise<readonly StuckRow[]> {
  const queues = [
    ['file', 'inbound_file', `status = 'working'`],
    ['document', 'document', `status = 'working'`],
    ['outbox', 'outbox', `status in ('working', 'sending')`],
  ] as const;
  const found: StuckRow[] = [];
  for (const [kind, table, where] of queues) {
    const rows = await tx.many(
      `select id, status, claimed_by, claimed_until from {${table}} where ${where} and claimed_until < ? order by id ${tx.limit(most)}`,
      [before],
    );
    found.push(...rows.map((row) => toStuck(kind, row)));
  }
  return found;
}

function toStuck(kind: string, row: Row): StuckRow {
  return {
    id: `${kind}:${String(row['id'])}`,
    status: String(row['status']),
    claimedBy: String(row['claimed_by'] ?? ''),
    claimedUntil: Number(row['claimed_until']),
  };
}

/** Purchase orders that stand in the database more than once. */
export async function repeatedOrders(tx: Tx): Promise<readonly { readonly partner: string; readonly poNumber: string; readonly count: number }[]> {
  const rows = await tx.many(
    `select partner, po_number, release_number, count(*) as n from {sales_order} group by partner, po_number, release_number having count(*) > 1 order by partner, po_number`,
  );
  return rows.map((row) => ({ partner: String(row['partner']), poNumber: String(row['po_number']), count: Number(row['n']) }));
}

/** What the engine itself says of the database; empty when it is sound. SQL Server checks by `dbcc checkdb`, which is its administrator's. */
export async function integrityProblems(tx: Tx, engine: 'sqlite' | 'mssql'): Promise<readonly string[]> {
  if (engine !== 'sqlite') return [];
  const rows = await tx.many('pragma quick_check(20)');
  return rows.map((row) => String(Object.values(row)[0])).filter((text) => text !== 'ok');
}
