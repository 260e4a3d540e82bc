import { begins } from './begins.ts';
import type { Row, Tx } from './transaction.ts';

/** A document of a file that is looked at for being undone. */
export type FileDocument = {
  readonly id: number;
  readonly kind: string | undefined;
  readonly status: string;
  readonly businessKey: string;
  readonly orderId: number | undefined;
};

/** An outgoing document of an order, or an answer to a file. */
export type MadeDocument = {
  readonly id: number;
  readonly kind: string;
  readonly status: string;
  readonly name: string;
  readonly left: boolean;
  readonly control: string | undefined;
};

/** Bytes of these may be with the partner. */
const LEFT = new Set(['sending', 'sent', 'done', 'acknowledged', 'overdue', 'rejected']);

export async function documentsOfFile(tx: Tx, fileId: number): Promise<readonly FileDocument[]> {
  const rows = await tx.many(`select id, kind, status, business_key, order_id from {document} where inbound_file_id = ? order by position`, [fileId]);
  return rows.map((row) => ({
    id: row['id'] as number,
    kind: (row['kind'] as string | null) ?? undefined,
    status: row['status'] as string,
    businessKey: (row['business_key'] as string | null) ?? '',
    orderId: (row['order_id'] as number | null) ?? undefined,
  }));
}

/** What was made to be sent about an order. */
export async function madeOfOrder(tx: Tx, orderId: number): Promise<readonly MadeDocument[]> {
  return (await tx.many('select * from {outbox} where order_id = ? order by id', [orderId])).map(toMade);
}

/** The acknowledgments that answer the interchanges of a file. */
export async function answersToFile(tx: Tx, fileId: number): Promise<readonly MadeDocument[]> {
  const found: MadeDocument[] = [];
  for (const row of await tx.many('select id from {interchange} where inbound_file_id = ?', [fileId])) {
    const answers = begins('unique_key', `ack:${String(row['id'])}:`);
    found.push(...(await tx.many(`select * from {outbox} where ${answers.sql} order by id`, answers.values)).map(toMade));
  }
  return found;
}

/** Other documents that were applied to an order: changes, shipments, answers of locations. */
export async function othersOfOrder(tx: Tx, orderId: number, documentId: number): Promise<readonly number[]> {
  const rows = await tx.many(
    `select id from {document} where order_id = ? and id <> ? and status <> 'discarded' and coalesce(reason, '') <> 'DUPLICATE' order by id`,
    [orderId, documentId],
  );
  return rows.map((row) => row['id'] as number);
}

/** Takes an order out of the way of one with its number that comes again. */
export async function retireOrder(tx: Tx, id: number): Promise<void> {
  await tx.run('update {sales_order} set release_number = ?, decide_at = null where id = ?', [`undone:${id}`, id]);
}

/** Drops an outgoing document that never left. False when it is in work meanwhile. */
export async function dropUnsent(tx: Tx, id: number, now: number): Promise<boolean> {
  const changed = await tx.run(
    `update {outbox} set status = 'discarded', settled_at = ? where id = ? and status in ('pending', 'rendered', 'parked') and temporary_name is null`,
    [now, id],
  );
  return changed === 1;
}

/** Puts a document back to where a person has it applied again, read anew with the mapping of that time. */
export async function parkUndone(tx: Tx, id: number, detail: string): Promise<boolean> {
  const changed = await tx.run(`update {document} set status = 'parked', reason = 'UNDONE', detail = ?, finished_at = null where id = ? and status = 'done'`, [
    detail,
    id,
  ]);
  return changed === 1;
}

function toMade(row: Row): MadeDocument {
  const status = row['status'] as string;
  return {
    id: row['id'] as number,
    kind: (row['set_id'] ?? row['kind']) as string,
    status,
    name: String(row['file_name'] ?? ''),
    left: LEFT.has(status) || row['temporary_name'] !== null,
    control: (row['interchange_control'] as string | null) ?? undefined,
  };
}
