import type { NewDocument } from './documents.ts';
import type { SqlValue, Tx } from './transaction.ts';

/** What becomes of rows when a person has work done again. Every function changes only a row that still stands as the person saw it. */

const AGAIN = 'attempts = 0, due_at = 0, reason = null, detail = null';

/** Has a parked file read again. False when it is not parked, or when nothing of it was stored. */
export async function readFileAgain(tx: Tx, id: number): Promise<boolean> {
  return (
    (await tx.run(
      `update {inbound_file} set status = 'pending', finished_at = null, ${AGAIN} where id = ? and status = 'parked' and sha256 <> '' and payload_removed_at is null`,
      [id],
    )) === 1
  );
}

/** Has a parked document applied again as it is. */
export async function applyAgain(tx: Tx, id: number): Promise<boolean> {
  return (
    (await tx.run(`update {document} set status = 'pending', finished_at = null, waits_for = null, ${AGAIN} where id = ? and status = 'parked'`, [id])) === 1
  );
}

/** Has a parked purchase order that contradicts the known one applied again, as what takes its place. */
export async function applyAsReplacement(tx: Tx, id: number, order: unknown): Promise<boolean> {
  return (
    (await tx.run(`update {document} set canonical = ? where id = ? and status = 'parked' and reason = 'ORDER_CONFLICT'`, [JSON.stringify(order), id])) === 1 &&
    applyAgain(tx, id)
  );
}

/** Puts what a new mapping made of a parked document in its place. */
export async function replaceParked(tx: Tx, id: number, document: NewDocument): Promise<boolean> {
  const { outcome } = document;
  const values: Record<string, SqlValue> = {
    kind: document.kind ?? null,
    business_key: document.businessKey?.slice(0, 80) ?? null,
    canonical: document.canonical === undefined ? null : JSON.stringify(document.canonical),
    findings: document.findings.length > 0 ? JSON.stringify(document.findings) : null,
    mapping: document.mapping ?? null,
    mapping_hash: document.mappingHash ?? null,
    content_hash: document.contentHash ?? null,
    accepted: document.accepted ? 1 : 0,
    status: outcome.status,
    reason: 'reason' in outcome ? outcome.reason : null,
    detail: 'detail' in outcome ? outcome.detail : null,
    waits_for: null,
    attempts: 0,
    due_at: 0,
  };
  const set = Object.keys(values).map((column) => `${column} = ?`);
  return (await tx.run(`update {document} set ${set.join(', ')} where id = ? and status = 'parked'`, [...Object.values(values), id])) === 1;
}

/** Where a document stood: its number in the file, and that of its interchange, both from 1. */
export async function placeOfDocument(tx: Tx, id: number): Promise<{ readonly position: number; readonly interchange: number | undefined } | undefined> {
  const row = await tx.one(
    'select d.position, i.position as interchange from {document} d left join {interchange} i on i.id = d.interchange_id where d.id = ?',
    [id],
  );
  return row && { position: row['position'] as number, interchange: (row['interchange'] as number | null) ?? undefined };
}

/** An outgoing document as a person may act on it. `rendered`: its bytes and numbers are fixed. */
export type Outgoing = {
  readonly partner: string;
  readonly kind: string;
  readonly status: string;
  readonly rendered: boolean;
  readonly fileName: string | undefined;
  readonly orderId: number | undefined;
};

export async function readOutgoing(tx: Tx, id: number): Promise<Outgoing | undefined> {
  const row = await tx.one('select partner, kind, status, rendered_at, file_name, order_id from {outbox} where id = ?', [id]);
  if (!row) return undefined;
  return {
    partner: row['partner'] as string,
    kind: row['kind'] as string,
    status: row['status'] as string,
    rendered: row['rendered_at'] !== null,
    fileName: (row['file_name'] as string | null) ?? undefined,
    orderId: (row['order_id'] as number | null) ?? undefined,
  };
}

/** Has a parked outgoing document written again, or, where its bytes are fixed, sent again. `channel` is for one that had none. */
export async function sendParked(tx: Tx, id: number, channel: string | undefined): Promise<boolean> {
  const status = `case when rendered_at is null then 'pending' else 'rendered' end`;
  return (
    (await tx.run(`update {outbox} set status = ${status}, channel = coalesce(channel, ?), ${AGAIN} where id = ? and status = 'parked'`, [
      channel ?? null,
      id,
    ])) === 1
  );
}

/** Has the stored bytes of a document that was sent, or could not be, delivered once more. */
export async function sendOnceMore(tx: Tx, id: number): Promise<boolean> {
  const changed = await tx.run(
    `update {outbox} set status = 'rendered', temporary_name = null, settled_at = null, ${AGAIN}
      where id = ? and rendered_at is not null and payload_removed_at is null and status in ('done', 'sent', 'acknowledged', 'overdue', 'rejected', 'parked')`,
    [id],
  );
  return changed === 1;
}

/** Has a document written as it is: one that was parked because it contradicts its order, or an invoice that waits for its notice. False for any other. */
export async function waiveChecks(tx: Tx, id: number, by: string): Promise<boolean> {
  const held = `((status = 'parked' and reason = 'CONVERSATION_BROKEN') or (status = 'pending' and reason = 'NOTICE_OPEN'))`;
  return (await tx.run(`update {outbox} set status = 'pending', waived_by = ?, ${AGAIN} where id = ? and ${held}`, [by.slice(0, 80), id])) === 1;
}

/**
 * Queues what a document says once more, to be written anew under new control numbers, and gives the new row's id. The old one is done with.
 * Undefined when the document was not sent, is on its way, or another took its place already.
 */
export async function reissueDocument(tx: Tx, id: number, now: number): Promise<number | undefined> {
  const open = `status in ('done', 'sent', 'acknowledged', 'overdue', 'rejected') and kind <> 'acknowledgment'`;
  const row = await tx.one(`select * from {outbox} where id = ? and ${open} and not exists (select 1 from {outbox} later where later.replaces_id = ?)`, [
    id,
    id,
  ]);
  if (!row) return undefined;
  const kept = ['partner', 'kind', 'order_id', 'cause_document_id', 'business_key', 'canonical', 'mapping', 'channel', 'waived_by'] as const;
  const values = Object.fromEntries(kept.map((column) => [column, row[column] as SqlValue]));
  await tx.run(`update {outbox} set status = 'done', settled_at = coalesce(settled_at, ?) where id = ?`, [now, id]);
  return tx.insert('outbox', { ...values, unique_key: `${String(row['unique_key'])}:again:${id}`, replaces_id: id, created_at: now, status: 'pending' });
}

/** Puts aside what a person says nothing more is to be done about. What it was and why it was parked stays to be read. */
export async function putAside(tx: Tx, table: 'inbound_file' | 'document' | 'outbox', id: number, now: number): Promise<boolean> {
  const statuses = table === 'outbox' ? `('parked', 'overdue', 'rejected')` : `('parked')`;
  const ended = table === 'outbox' ? 'settled_at' : 'finished_at';
  return (await tx.run(`update {${table}} set status = 'discarded', ${ended} = ? where id = ? and status in ${statuses}`, [now, id])) === 1;
}
