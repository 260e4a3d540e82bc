import type { Tx } from './transaction.ts';

export type NewOutbox = {
  readonly partner: string;
  /** A canonical kind, or `acknowledgment` for a 997, 999 or TA1. */
  readonly kind: string;
  /** Names the cause once and for all: the same cause never makes a second document. */
  readonly uniqueKey: string;
  /** The snapshot that it is rendered from, plain data. */
  readonly canonical: unknown;
  /** The mapping that writes it and the channel it leaves by (`partner/channel`); none for an acknowledgment, which X12 itself defines. */
  readonly mapping?: string | undefined;
  readonly channel?: string | undefined;
  /** What people know it by: a PO number, or the control number that is acknowledged. */
  readonly businessKey: string;
  readonly orderId?: number | undefined;
  readonly causeDocumentId?: number | undefined;
  readonly replacesId?: number | undefined;
};

/** Queues an outgoing document for rendering; false when its cause has made one before. */
export async function enqueue(tx: Tx, entry: NewOutbox, now: number): Promise<boolean> {
  const known = await tx.one('select id from {outbox} where unique_key = ?', [entry.uniqueKey]);
  if (known) return false;
  await tx.insertMany('outbox', [toRow(entry, now)]);
  return true;
}

/** The same where its cause is new in this transaction, so that it cannot have made one before. */
export async function enqueueFirst(tx: Tx, entry: NewOutbox, now: number): Promise<void> {
  await tx.insertMany('outbox', [toRow(entry, now)]);
}

/** Queues an outgoing document whose cause is new in this transaction, such as work that was just given: with the end of the transaction. */
export function enqueueNew(tx: Tx, entry: NewOutbox, now: number): void {
  tx.append('outbox', toRow(entry, now));
}

function toRow(entry: NewOutbox, now: number) {
  return {
    partner: entry.partner,
    kind: entry.kind,
    unique_key: entry.uniqueKey,
    order_id: entry.orderId ?? null,
    cause_document_id: entry.causeDocumentId ?? null,
    mapping: entry.mapping ?? null,
    channel: entry.channel ?? null,
    business_key: entry.businessKey.slice(0, 80),
    canonical: JSON.stringify(entry.canonical),
    replaces_id: entry.replacesId ?? null,
    created_at: now,
    status: 'pending',
  };
}

/** Has the stored bytes of documents delivered once more: all that a cause made, told by the beginning of their unique keys. Gives how many. */
export function sendAgain(tx: Tx, keyPrefix: string): Promise<number> {
  return tx.run(
    `update {outbox} set status = 'rendered', attempts = 0, due_at = 0, temporary_name = null where substring(unique_key, 1, ?) = ? and payload_removed_at is null and status in ('sent', 'done', 'acknowledged', 'rejected', 'overdue')`,
    [keyPrefix.length, keyPrefix],
  );
}

/** The snapshot of the first document of an order that a cause made, told by the beginning of its unique key. */
export async function firstDocument(tx: Tx, orderId: number, keyPrefix: string): Promise<unknown> {
  const sql = `select canonical from {outbox} where order_id = ? and substring(unique_key, 1, ?) = ? order by id ${tx.limit(1)}`;
  const row = await tx.one(sql, [orderId, keyPrefix.length, keyPrefix]);
  return row && JSON.parse(row['canonical'] as string);
}
