import type { Row, Tx } from './transaction.ts';

/** A file that came in or went out: what it is, and where its bytes are. */
export type EvidenceFile = {
  readonly owner: 'inbound' | 'outbox';
  readonly id: number;
  readonly partner: string;
  /** `850`, `945`, `shipment` … */
  readonly what: string;
  readonly name: string;
  /** When it came or left, and what its partner said of it and when. */
  readonly at: number | undefined;
  readonly acknowledged: string | undefined;
  readonly acknowledgedAt: number | undefined;
};

/** What came in about an order, with the file it stood in: the order itself, shipments, answers. */
export async function receivedFor(tx: Tx, orderId: number): Promise<readonly EvidenceFile[]> {
  const rows = await tx.many(
    `select f.id, d.partner, coalesce(d.set_id, d.kind) as what, f.name, f.received_at as at from {document} d join {inbound_file} f on f.id = d.inbound_file_id
      where d.order_id = ? and d.accepted = 1 order by d.id`,
    [orderId],
  );
  return rows.map((row) => toEvidence('inbound', row));
}

/** What went to the buyer about an order, in the bytes that were sent. */
export async function sentFor(tx: Tx, orderId: number, partner: string): Promise<readonly EvidenceFile[]> {
  const rows = await tx.many(
    `select x.id, x.partner, coalesce(x.set_id, x.kind) as what, x.file_name as name, x.sent_at as at, x.ack_status, x.settled_at from {outbox} x
      where x.order_id = ? and x.partner = ? and x.sent_at is not null order by x.id`,
    [orderId, partner],
  );
  return rows.map((row) => toEvidence('outbox', row));
}

/** The acknowledgments that settled a document of ours. */
export async function acknowledgmentsOf(tx: Tx, outboxId: number): Promise<readonly EvidenceFile[]> {
  const rows = await tx.many(
    `select distinct f.id, d.partner, d.set_id as what, f.name, f.received_at as at from {activity} a join {document} d on d.id = a.document_id
      join {inbound_file} f on f.id = d.inbound_file_id where a.outbox_id = ? and a.verb = 'acknowledge' order by f.id`,
    [outboxId],
  );
  return rows.map((row) => toEvidence('inbound', row));
}

/** The file in which a document came. */
export async function fileOf(tx: Tx, documentId: number): Promise<EvidenceFile | undefined> {
  const row = await tx.one(
    `select f.id, d.partner, coalesce(d.set_id, d.kind) as what, f.name, f.received_at as at from {document} d join {inbound_file} f on f.id = d.inbound_file_id where d.id = ?`,
    [documentId],
  );
  return row && toEvidence('inbound', row);
}

function toEvidence(owner: EvidenceFile['owner'], row: Row): EvidenceFile {
  return {
    owner,
    id: row['id'] as number,
    partner: row['partner'] as string,
    what: row['what'] as string,
    name: row['name'] as string,
    at: (row['at'] as number | null) ?? undefined,
    acknowledged: (row['ack_status'] as string | null | undefined) ?? undefined,
    acknowledgedAt: (row['settled_at'] as number | null | undefined) ?? undefined,
  };
}
