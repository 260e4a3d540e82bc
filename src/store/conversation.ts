import type { Decimal } from '../decimal.ts';
import { fromColumn } from '../decimal.ts';
import type { Tx } from './transaction.ts';

/** What left of each order line by one shipment (line id → base units): what was ordered, and what was above it. */
export type ShippedLines = ReadonlyMap<number, { readonly quantity: Decimal; readonly over: Decimal }>;

/** What a shipment brought of each line. */
export async function shippedLines(tx: Tx, shipmentId: number): Promise<ShippedLines> {
  const rows = await tx.many('select line_id, quantity, over_quantity from {shipment_line} where shipment_id = ?', [shipmentId]);
  const lines = new Map<number, { quantity: Decimal; over: Decimal }>();
  for (const row of rows) {
    const id = row['line_id'] as number;
    const { quantity, over } = lines.get(id) ?? { quantity: 0n, over: 0n };
    lines.set(id, { quantity: quantity + fromColumn(row['quantity']), over: over + fromColumn(row['over_quantity']) });
  }
  return lines;
}

/** The location that a shipment left from. */
export async function locationOf(tx: Tx, shipmentId: number): Promise<string> {
  return (await tx.one('select location from {shipment} where id = ?', [shipmentId]))?.['location'] as string;
}

/** The shipment that an invoice is for, as it was stored; undefined when there is no such invoice. */
export async function shipmentOfInvoice(tx: Tx, invoiceId: number): Promise<number | undefined> {
  return (await tx.one('select shipment_id from {invoice} where id = ?', [invoiceId]))?.['shipment_id'] as number | undefined;
}

/**
 * Which other shipment the SSCC of each carton and pallet belongs to, in words; those that are this shipment's own are left out. A pallet may hold cartons
 * of several orders: one that left the same location under the same bill of lading is this one.
 */
export async function otherOwners(
  tx: Tx,
  { cartons, pallets }: { readonly cartons: readonly string[]; readonly pallets: readonly string[] },
  shipmentId: number,
): Promise<ReadonlyMap<string, string>> {
  const owner = `select s.shipment_ref, o.partner, o.po_number from {sscc} c join {shipment} s on s.id = c.shipment_id join {sales_order} o on o.id = s.order_id
    where c.sscc = ? and c.shipment_id <> ?`;
  const apart = `and not exists (select 1 from {shipment} mine where mine.id = ? and mine.location = s.location and mine.bill_of_lading = s.bill_of_lading)`;
  const owners = new Map<string, string>();
  for (const [sscc, pallet] of [...cartons.map((each) => [each, false] as const), ...pallets.map((each) => [each, true] as const)]) {
    const row = pallet ? await tx.one(`${owner} ${apart}`, [sscc, shipmentId, shipmentId]) : await tx.one(owner, [sscc, shipmentId]);
    if (row) owners.set(sscc, `shipment ${String(row['shipment_ref'])} of ${String(row['partner'])} ${String(row['po_number'])}`);
  }
  return owners;
}

/** An earlier shipment to the same partner that left under this bill of lading since `since`, in words. */
export async function earlierUnder(tx: Tx, billOfLading: string, shipmentId: number, partner: string, since: number): Promise<string | undefined> {
  const row = await tx.one(
    `select s.shipment_ref, o.po_number from {shipment} s join {sales_order} o on o.id = s.order_id
      where s.bill_of_lading = ? and s.id < ? and o.partner = ? and s.created_at > ? order by s.id ${tx.limit(1)}`,
    [billOfLading, shipmentId, partner, since],
  );
  return row && `shipment ${String(row['shipment_ref'])} of ${String(row['po_number'])}`;
}

/** A notice of a shipment as it stands in the outbox. One that another took the place of is left out. */
export type NoticeState = {
  readonly id: number;
  readonly shipmentId: number;
  readonly kind: string;
  readonly partner: string;
  readonly status: string;
  readonly grouped: boolean;
};

/** The notices that an order's own partner gets of its shipments. */
export async function noticesOf(tx: Tx, orderId: number, partner: string): Promise<readonly NoticeState[]> {
  const rows = await tx.many(
    `select n.id, n.unique_key, n.kind, n.partner, n.status, n.group_control from {outbox} n where n.order_id = ? and n.partner = ? and n.kind = 'shipment'
        and not exists (select 1 from {outbox} later where later.replaces_id = n.id) order by n.id`,
    [orderId, partner],
  );
  return rows.map((row) => ({
    id: row['id'] as number,
    shipmentId: Number(/^shipment:(\d+):/.exec(row['unique_key'] as string)?.[1] ?? 0),
    kind: row['kind'] as string,
    partner: row['partner'] as string,
    status: row['status'] as string,
    grouped: row['group_control'] !== null,
  }));
}

/**
 * Has the invoices of an order that wait for a notice looked at again. Those that are being looked at are taken, too: a transaction that is about to find
 * that its invoice has to wait ends first, or sees the notice.
 */
export async function wakeInvoices(tx: Tx, orderId: number): Promise<void> {
  const waits = `(status = 'working' or (status = 'pending' and reason = 'NOTICE_OPEN'))`;
  await tx.run(`update {outbox} set due_at = 0 where order_id = ? and kind = 'invoice' and ${waits}`, [orderId]);
}
