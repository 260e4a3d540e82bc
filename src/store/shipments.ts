import type { Invoice } from '../canonical/invoice.ts';
import type { Shipment } from '../canonical/shipment.ts';
import type { Decimal } from '../decimal.ts';
import type { Tx } from './transaction.ts';

export type NewShipment = {
  readonly orderId: number;
  readonly fulfilmentOrderId: number;
  readonly location: string;
  readonly reference: string;
  readonly contentHash: string;
  readonly document: Shipment;
  readonly documentId: number;
  /** When its notice must be out, in milliseconds since 1970. */
  readonly noticeBy: number;
  readonly lines: readonly { readonly lineId: number; readonly quantity: Decimal; readonly over: Decimal }[];
};

/** The content hash of a shipment that a location reported for a piece of work, if it did. */
export async function findShipment(
  tx: Tx,
  location: string,
  reference: string,
  fulfilmentOrderId: number,
): Promise<{ readonly id: number; readonly contentHash: string } | undefined> {
  const row = await tx.one('select id, content_hash from {shipment} where location = ? and shipment_ref = ? and fulfilment_order_id = ?', [
    location,
    reference,
    fulfilmentOrderId,
  ]);
  return row && { id: row['id'] as number, contentHash: row['content_hash'] as string };
}

/** Stores a shipment. @throws a unique violation when the location reported it for this work before. */
export async function insertShipment(tx: Tx, shipment: NewShipment, now: number): Promise<number> {
  const id = await tx.insert('shipment', {
    order_id: shipment.orderId,
    fulfilment_order_id: shipment.fulfilmentOrderId,
    location: shipment.location,
    shipment_ref: shipment.reference,
    content_hash: shipment.contentHash,
    document: JSON.stringify(shipment.document),
    shipped_date: shipment.document.shippedDate,
    bill_of_lading: shipment.document.billOfLading?.slice(0, 60) ?? null,
    document_id: shipment.documentId,
    notice_by: shipment.noticeBy,
    created_at: now,
  });
  await tx.insertMany(
    'shipment_line',
    shipment.lines.map((line) => ({ shipment_id: id, line_id: line.lineId, quantity: line.quantity, over_quantity: line.over })),
  );
  return id;
}

const YEAR = 366 * 86_400_000;

/** Takes the SSCCs of a shipment that nobody used within the last 12 months, in which GS1 forbids to use them again; the others stay whose they are. */
export async function claimSsccs(tx: Tx, shipmentId: number, ssccs: readonly string[], now: number): Promise<void> {
  for (const sscc of new Set(ssccs)) {
    const known = await tx.one('select at from {sscc} where sscc = ?', [sscc]);
    if (!known) await tx.insertMany('sscc', [{ sscc, shipment_id: shipmentId, at: now }]);
    else if (Number(known['at']) <= now - YEAR) await tx.run('update {sscc} set shipment_id = ?, at = ? where sscc = ?', [shipmentId, now, sscc]);
  }
}

/** How many invoices an order has had. */
export async function countInvoices(tx: Tx, orderId: number): Promise<number> {
  const row = await tx.one('select count(*) as n from {invoice} where order_id = ?', [orderId]);
  return Number(row?.['n'] ?? 0);
}

/** When the first shipment of an order was booked; undefined when nothing has shipped. */
export async function firstShippedAt(tx: Tx, orderId: number): Promise<number | undefined> {
  const at = (await tx.one('select min(created_at) as at from {shipment} where order_id = ?', [orderId]))?.['at'];
  return at === null || at === undefined ? undefined : Number(at);
}

/** Stores an invoice; `total` is exact. @throws a unique violation when the number was used. */
export async function insertInvoice(tx: Tx, orderId: number, shipmentId: number | undefined, invoice: Invoice, total: Decimal, now: number): Promise<number> {
  return tx.insert('invoice', {
    number: invoice.invoiceNumber,
    order_id: orderId,
    shipment_id: shipmentId ?? null,
    document: JSON.stringify(invoice),
    total,
    created_at: now,
  });
}

/** The last shipment of an order: from where, and on which date. */
export async function lastShipment(tx: Tx, orderId: number): Promise<{ readonly location: string; readonly date: string } | undefined> {
  const row = await tx.one(`select location, shipped_date from {shipment} where order_id = ? order by shipped_date desc, id desc ${tx.limit(1)}`, [orderId]);
  return row && { location: row['location'] as string, date: row['shipped_date'] as string };
}

/** The number of an order's invoice: that of a shipment that brought this line, or the last. */
export async function invoiceNumberFor(tx: Tx, orderId: number, lineId: number): Promise<string | undefined> {
  const row = await tx.one(
    `select b.number from {invoice} b where b.order_id = ? and b.number not like 'C%' order by
      case when exists (select 1 from {shipment_line} l where l.shipment_id = b.shipment_id and l.line_id = ?) then 0 else 1 end, b.id desc ${tx.limit(1)}`,
    [orderId, lineId],
  );
  return row?.['number'] as string | undefined;
}
