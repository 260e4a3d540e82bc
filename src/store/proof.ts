import { isBusy } from './failure.ts';
import { connectSqlite } from './sqlite-client.ts';
import type { Tx } from './transaction.ts';

/** What the database says became of files, orders and documents, for who compares it with what partners dropped and collected. */
export type FileTaken = { readonly partner: string; readonly name: string; readonly sha256: string; readonly status: string; readonly reason: string };
export type FileSent = {
  readonly partner: string;
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly sha256: string;
};
export type OrderMade = { readonly partner: string; readonly poNumber: string; readonly lifecycle: string };

export async function filesTaken(tx: Tx): Promise<readonly FileTaken[]> {
  const rows = await tx.many(`select partner, name, sha256, status, coalesce(reason, '') as reason from {inbound_file} where sha256 <> '' order by id`);
  return rows.map((row) => row as FileTaken);
}

/** Documents that are not written yet have an empty name and hash. */
export async function filesSent(tx: Tx): Promise<readonly FileSent[]> {
  const rows = await tx.many(`select partner, coalesce(file_name, '') as name, kind, status, coalesce(sha256, '') as sha256 from {outbox} order by id`);
  return rows.map((row) => row as FileSent);
}

export async function ordersMade(tx: Tx): Promise<readonly OrderMade[]> {
  const rows = await tx.many('select partner, po_number, lifecycle from {sales_order} order by id');
  return rows.map((row) => ({ partner: String(row['partner']), poNumber: String(row['po_number']), lifecycle: String(row['lifecycle']) }));
}

/** A row that waits for a person: `file`, `document` or `outbox` with its id. */
export type ParkedRow = { readonly kind: 'file' | 'document' | 'outbox'; readonly id: number; readonly reason: string; readonly detail: string };

export async function parkedRows(tx: Tx): Promise<readonly ParkedRow[]> {
  const tables = [
    ['file', 'inbound_file'],
    ['document', 'document'],
    ['outbox', 'outbox'],
  ] as const;
  const found: ParkedRow[] = [];
  for (const [kind, table] of tables) {
    const rows = await tx.many(`select id, coalesce(reason, '') as reason, coalesce(detail, '') as detail from {${table}} where status = 'parked' order by id`);
    found.push(...rows.map((row) => ({ kind, id: Number(row['id']), reason: String(row['reason']), detail: String(row['detail']) })));
  }
  return found;
}

/** How much is on its way: files that are not read or not taken away, documents, orders that are not shipped, documents to be sent or acknowledged. */
export async function workLeft(tx: Tx): Promise<Readonly<Record<'files' | 'documents' | 'orders' | 'outbox', number>>> {
  const count = async (sql: string): Promise<number> => Number((await tx.one(`select count(*) as n from ${sql}`))?.['n'] ?? 0);
  return {
    files: await count(`{inbound_file} where status in ('receiving', 'pending', 'working') or (disposed_at is null and sha256 <> '')`),
    documents: await count(`{document} where status in ('pending', 'working') or status like 'staged-%'`),
    orders: await count(`{sales_order} where lifecycle <> 'shipped'`),
    outbox: await count(`{outbox} where settled_at is null and status <> 'parked'`),
  };
}

/** Whether another process is in the middle of a transaction that writes to an embedded database. */
export function isBeingWritten(file: string): boolean {
  const connection = connectSqlite(file);
  try {
    connection.exec('begin immediate; rollback');
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    connection.close();
  }
}
