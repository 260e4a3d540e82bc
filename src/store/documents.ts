import type { Finding } from '../finding.ts';
import { inList, inParts } from './in-list.ts';
import type { Row, SqlValue, Tx } from './transaction.ts';

/** A document found in a file. `staged` until the whole file is read, then `pending` where there is something to apply, `done` or `parked`. */
export type NewDocument = {
  readonly fileId: number;
  readonly interchangeId: number | undefined;
  /** From 1, in the order of the file. */
  readonly position: number;
  readonly partner: string;
  /** A canonical kind or `acknowledgment`; undefined when nothing maps it. */
  readonly kind: string | undefined;
  readonly setId: string | undefined;
  readonly groupType: string | undefined;
  readonly groupControl: string | undefined;
  readonly setControl: string | undefined;
  readonly businessKey: string | undefined;
  /** Whether the 997 says so. */
  readonly accepted: boolean;
  readonly canonical: unknown;
  readonly findings: readonly Finding[];
  readonly mapping: string | undefined;
  readonly mappingHash: string | undefined;
  readonly contentHash: string | undefined;
  readonly outcome: { readonly status: 'pending' } | { readonly status: 'done' | 'parked'; readonly reason: string; readonly detail: string };
};

export type InboundDocument = {
  readonly id: number;
  readonly fileId: number;
  readonly interchangeId: number | undefined;
  readonly partner: string;
  readonly kind: string | undefined;
  readonly setId: string | undefined;
  readonly groupControl: string | undefined;
  readonly setControl: string | undefined;
  readonly businessKey: string | undefined;
  readonly accepted: boolean;
  readonly canonical: unknown;
  readonly findings: readonly Finding[];
  readonly mapping: string | undefined;
  readonly orderId: number | undefined;
  readonly status: string;
  readonly reason: string | undefined;
  readonly detail: string | undefined;
};

/** Stores documents of a file, out of sight of the next step until `publishDocuments`. */
export async function stageDocuments(tx: Tx, documents: readonly NewDocument[], now: number): Promise<void> {
  await tx.insertMany(
    'document',
    documents.map((document) => toRow(document, now)),
  );
}

/** Forgets what an earlier, unfinished reading of the file staged. */
export async function discardStaged(tx: Tx, fileId: number): Promise<void> {
  await tx.run(`delete from {document} where inbound_file_id = ? and status like 'staged-%'`, [fileId]);
}

/** The documents of an interchange, found by their file. */
const OF_INTERCHANGE = 'inbound_file_id = (select inbound_file_id from {interchange} where id = ?) and interchange_id = ?';

/** Forgets what was staged of an interchange that turned out to have no end. */
export async function discardInterchange(tx: Tx, interchangeId: number): Promise<void> {
  await tx.run(`delete from {document} where ${OF_INTERCHANGE} and status like 'staged-%'`, [interchangeId, interchangeId]);
}

/** Marks the staged documents of an interchange, or of one group of it, as rejected with their whole envelope. */
export async function rejectStaged(tx: Tx, interchangeId: number, groupControl: string | undefined, detail: string): Promise<void> {
  const group = groupControl === undefined ? '' : 'and group_control = ?';
  const values = groupControl === undefined ? [] : [groupControl];
  await tx.run(
    `update {document} set status = 'staged-done', accepted = 0, reason = 'SET_REJECTED', detail = ? where ${OF_INTERCHANGE} ${group} and status like 'staged-%' and accepted = 1`,
    [detail, interchangeId, interchangeId, ...values],
  );
}

/** Shows the staged documents of a file to the next step. Gives how many. */
export function publishDocuments(tx: Tx, fileId: number, now: number): Promise<number> {
  return tx.run(
    `update {document} set finished_at = case when status = 'staged-pending' then null else ? end, status = substring(status, 8, 13)
      where inbound_file_id = ? and status like 'staged-%'`,
    [now, fileId],
  );
}

/** Those of some files of which an earlier reading stored something. */
export async function readBefore(tx: Tx, fileIds: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await inParts(fileIds, (part) => {
    const list = inList(part);
    const sql = `select inbound_file_id from {document} where inbound_file_id in ${list.sql} union select inbound_file_id from {interchange} where inbound_file_id in ${list.sql}`;
    return tx.many(sql, [...list.values, ...list.values]);
  });
  return new Set(rows.map((row) => row['inbound_file_id'] as number));
}

/** Documents of a file that wait for a person since it was read. */
export async function refusedIn(tx: Tx, fileId: number): Promise<readonly InboundDocument[]> {
  const rows = await tx.many(`select * from {document} where inbound_file_id = ? and status = 'parked' order by id`, [fileId]);
  return rows.map(toDocument);
}

/** The last position that a file's documents have, 0 when it has none. */
export async function lastPosition(tx: Tx, fileId: number): Promise<number> {
  const row = await tx.one('select max(position) as position from {document} where inbound_file_id = ?', [fileId]);
  return Number(row?.['position'] ?? 0);
}

/** A document by its id. */
export async function readDocument(tx: Tx, id: number): Promise<InboundDocument | undefined> {
  const row = await tx.one('select * from {document} where id = ?', [id]);
  return row && toDocument(row);
}

/** Which of these things documents wait for. */
export async function waitedFor(tx: Tx, things: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await inParts(things, (part) => {
    const list = inList(part);
    return tx.many(`select waits_for from {document} <by document_waits> where waits_for in ${list.sql} and status = 'parked'`, list.values);
  });
  return new Set(rows.map((row) => row['waits_for'] as string));
}

/** An earlier change of an order that is to be applied, where there is one: those that came after it must not overtake it. */
export async function changeBefore(tx: Tx, partner: string, poNumber: string, id: number): Promise<number | undefined> {
  const row = await tx.one(
    `select min(id) as id from {document} where business_key = ? and partner = ? and kind = 'order-change' and status = 'pending' and id < ?`,
    [poNumber.slice(0, 80), partner, id],
  );
  return (row?.['id'] as number | null | undefined) ?? undefined;
}

/** Until when the order that a parked document speaks of may come before somebody is told (milliseconds since 1970). */
export async function expectOrder(tx: Tx, id: number, dueAt: number): Promise<void> {
  await tx.run(`update {document} set due_at = ? where id = ? and status = 'parked'`, [dueAt, id]);
}

/** Marks the documents whose order did not come in time and gives them, at most `most`. They still wait for it. */
export async function markMissingOrders(tx: Tx, now: number, most: number): Promise<readonly InboundDocument[]> {
  const rows = await tx.many(
    `select * from {document} where status = 'parked' and reason = 'ORDER_UNKNOWN' and due_at > 0 and due_at <= ? order by due_at, id ${tx.limit(most)}`,
    [now],
  );
  for (const row of rows) {
    const marked = `update {document} set reason = 'ORDER_MISSING', finished_at = ? where id = ? and status = 'parked'`;
    await tx.run(marked, [now, row['id'] as number]);
  }
  return rows.map(toDocument);
}

/** Wakes the documents that wait for something that has now happened. Gives how many. */
export function wakeDocuments(tx: Tx, waitsFor: string): Promise<number> {
  return tx.run(
    `update {document} <by document_waits> set status = 'pending', reason = null, detail = null, waits_for = null, due_at = 0, finished_at = null where waits_for = ? and status = 'parked'`,
    [waitsFor],
  );
}

/** A row of the document table. */
export function toDocument(row: Row): InboundDocument {
  const optional = (column: string) => (row[column] as string | null) ?? undefined;
  return {
    id: row['id'] as number,
    fileId: row['inbound_file_id'] as number,
    interchangeId: (row['interchange_id'] as number | null) ?? undefined,
    partner: row['partner'] as string,
    kind: optional('kind'),
    setId: optional('set_id'),
    groupControl: optional('group_control'),
    setControl: optional('set_control'),
    businessKey: optional('business_key'),
    accepted: row['accepted'] === 1,
    canonical: row['canonical'] === null ? undefined : JSON.parse(row['canonical'] as string),
    findings: row['findings'] === null ? [] : (JSON.parse(row['findings'] as string) as Finding[]),
    mapping: optional('mapping'),
    orderId: (row['order_id'] as number | null) ?? undefined,
    status: row['status'] as string,
    reason: optional('reason'),
    detail: optional('detail'),
  };
}

function toRow(document: NewDocument, now: number): Record<string, SqlValue> {
  const { outcome } = document;
  return {
    inbound_file_id: document.fileId,
    interchange_id: document.interchangeId ?? null,
    position: document.position,
    partner: document.partner,
    kind: document.kind ?? null,
    set_id: document.setId ?? null,
    group_type: document.groupType ?? null,
    group_control: document.groupControl ?? null,
    set_control: document.setControl ?? null,
    business_key: document.businessKey?.slice(0, 80) ?? null,
    accepted: document.accepted ? 1 : 0,
    canonical: document.canonical === undefined ? null : JSON.stringify(document.canonical),
    findings: document.findings.length > 0 ? JSON.stringify(document.findings) : null,
    mapping: document.mapping ?? null,
    mapping_hash: document.mappingHash ?? null,
    content_hash: document.contentHash ?? null,
    received_at: now,
    status: `staged-${outcome.status}`,
    reason: 'reason' in outcome ? outcome.reason : null,
    detail: 'detail' in outcome ? outcome.detail : null,
  };
}
