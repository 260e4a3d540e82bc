import type { NewDocument } from './documents.ts';
import type { SqlValue, Tx } from './transaction.ts';

/** What becomes of rows when a person has work done again. Every function changes only a row that still stands as the person saw it. */

const AGAIN = 'attempts = 0, due_at = 0, reason = null, detail = null';

/** Has a parked file read again. False when it is not parked, or when nothing of it was stored. */
export async function readFileAgain(tx: Tx, id: number): Promise<boolean> {
  return (
    (await tx.run(`update {inbound_file} set status = 'pending', finished_at = null, ${AGAIN} where id = ? and status = 'parked' and sha256 <> ''`, [id])) === 1
  );
}

/** Has a parked document applied again as it is. */
export async function applyAgain(tx: Tx, id: number): Promise<boolean> {
  return (
    (await tx.run(`update {document} set status = 'pending', finished_at = null, waits_for = null, ${AGAIN} where id = ? and status = 'parked'`, [id])) === 1
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
      where id = ? and rendered_at is not null and status in ('done', 'sent', 'acknowledged', 'overdue', 'rejected', 'parked')`,
    [id],
  );
  return changed === 1;
}
