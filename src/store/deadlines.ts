import type { Row, Tx } from './transaction.ts';

/** What waits for its time, as the database has it: whose it is, what it is called, and when its clock began (milliseconds since 1970). */
export type Waiting = {
  readonly id: number;
  readonly partner: string;
  readonly about: string;
  readonly orderId: number | undefined;
  readonly since: number;
  readonly status: string;
  /** When it is due, where the database knows. */
  readonly dueAt?: number | undefined;
  /** A shipment's row, where it is about one. */
  readonly shipmentId?: number | undefined;
  readonly location?: string | undefined;
};

const UNSENT = `('pending', 'working', 'rendered', 'sending', 'parked', 'rejected')`;
const CURRENT = `not exists (select 1 from {outbox} later where later.replaces_id = x.id)`;

/** Orders of these partners that have no answer yet. */
export async function unansweredOrders(tx: Tx, partners: readonly string[]): Promise<readonly Waiting[]> {
  if (partners.length === 0) return [];
  const rows = await tx.many(
    `select o.id, o.partner, o.po_number as about, o.id as order_id, o.received_at as since, o.lifecycle as status from {sales_order} o
      where o.responded_at is null and o.partner in (${partners.map(() => '?').join(', ')}) and o.lifecycle in ('received', 'held', 'open') order by o.received_at`,
    partners,
  );
  return rows.map(toWaiting);
}

/** Answers that are made and have not left, or were rejected: their clock is that of the order. */
export async function unsentAnswers(tx: Tx): Promise<readonly Waiting[]> {
  const rows = await tx.many(
    `select x.id, x.partner, o.po_number as about, o.id as order_id, o.received_at as since, x.status from {outbox} x <by outbox_queue> join {sales_order} o on o.id = x.order_id
      where x.kind = 'order-response' and x.status in ${UNSENT} and ${CURRENT} and o.partner = x.partner order by o.received_at`,
  );
  return rows.map(toWaiting);
}

/** Notices of shipments that have not left, or were rejected: their clock is that of the shipment. */
export async function unsentNotices(tx: Tx): Promise<readonly Waiting[]> {
  const rows = await tx.many(
    `select x.id, x.partner, o.po_number as about, o.id as order_id, x.created_at as since, x.status, x.unique_key from {outbox} x <by outbox_queue> join {sales_order} o on o.id = x.order_id
      where x.kind = 'shipment' and x.status in ${UNSENT} and ${CURRENT} and o.partner = x.partner order by x.created_at`,
  );
  return rows.map((row) => ({ ...toWaiting(row), shipmentId: Number(/^shipment:(\d+):/.exec(String(row['unique_key']))?.[1] ?? 0) || undefined }));
}

/** Documents that their partner has not acknowledged. */
export async function unacknowledged(tx: Tx): Promise<readonly Waiting[]> {
  const rows = await tx.many(
    `select x.id, x.partner, coalesce(x.set_id, x.kind) as kind, x.business_key, x.order_id, x.sent_at as since, x.status, x.ack_due_at as due_at from {outbox} x
      where x.status in ('sent', 'overdue') and x.ack_due_at > 0 order by x.ack_due_at`,
  );
  return rows.map((row) => ({ ...toWaiting(row), about: `${String(row['kind'])} ${String(row['business_key'] ?? '')}` }));
}

/** Documents that wait for the order of which they speak. */
export async function missingOrders(tx: Tx): Promise<readonly Waiting[]> {
  const rows = await tx.many(
    `select d.id, d.partner, d.kind, d.business_key, d.order_id, d.finished_at as since, d.status, d.due_at from {document} d
      where d.status = 'parked' and d.reason in ('ORDER_UNKNOWN', 'ORDER_MISSING') and d.waits_for is not null and d.due_at > 0 order by d.due_at`,
  );
  return rows.map((row) => ({ ...toWaiting(row), about: `${String(row['kind'])} ${String(row['business_key'] ?? '')}` }));
}

/** What buyers were asked about who picks up an order's goods and have not answered. */
export async function unansweredRoutings(tx: Tx): Promise<readonly Waiting[]> {
  const rows = await tx.many(
    `select r.id, o.partner, r.reference, o.po_number, o.id as order_id, r.requested_at as since, o.lifecycle as status, r.due_at from {routing_request} r
      join {sales_order} o on o.id = r.order_id where r.answered_at is null and o.lifecycle in ('received', 'held', 'open') order by r.due_at`,
  );
  return rows.map((row) => ({ ...toWaiting(row), about: `${String(row['po_number'])} (${String(row['reference'])})` }));
}

/** Orders of which something may still ship. */
export async function openOrders(tx: Tx): Promise<readonly Waiting[]> {
  const rows = await tx.many(
    `select o.id, o.partner, o.po_number as about, o.id as order_id, o.received_at as since, o.lifecycle as status from {sales_order} o
      where o.lifecycle in ('received', 'held', 'open') order by o.id`,
  );
  return rows.map(toWaiting);
}

/** Work that a location was told to do and has not reported. */
export async function unshippedWork(tx: Tx): Promise<readonly Waiting[]> {
  const rows = await tx.many(
    `select f.id, o.partner, f.number as about, o.id as order_id, f.created_at as since, f.state as status, f.location from {fulfilment_order} f
      join {sales_order} o on o.id = f.order_id where f.state in ('queued', 'part-shipped') order by f.id`,
  );
  return rows.map((row) => ({ ...toWaiting(row), location: row['location'] as string }));
}

/** When a shipment was booked and which day the goods are expected. */
export async function bookedShipment(tx: Tx, id: number): Promise<{ readonly at: number; readonly expectedDelivery: string | undefined } | undefined> {
  const row = await tx.one('select created_at, document from {shipment} where id = ?', [id]);
  if (!row) return undefined;
  const { expectedDelivery } = JSON.parse(row['document'] as string) as { readonly expectedDelivery?: string };
  return { at: row['created_at'] as number, expectedDelivery };
}

function toWaiting(row: Row): Waiting {
  return {
    id: row['id'] as number,
    partner: row['partner'] as string,
    about: (row['about'] as string | null) ?? '',
    orderId: (row['order_id'] as number | null) ?? undefined,
    since: Number(row['since'] ?? 0),
    status: row['status'] as string,
    dueAt: (row['due_at'] as number | null | undefined) ?? undefined,
  };
}
