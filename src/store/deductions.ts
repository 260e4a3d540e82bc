import type { Decimal } from '../decimal.ts';
import { fromColumn } from '../decimal.ts';
import { poKey } from '../orders/identifiers.ts';
import type { Row, Tx } from './transaction.ts';

/** Money that a partner kept back, or claims, and what of ours it is about. */
export type Deduction = {
  readonly partner: string;
  readonly source: string;
  readonly reference: string;
  /** X12 element 426, or SHORT where less was paid than was billed and nothing says why. */
  readonly code: string | undefined;
  readonly reason: string | undefined;
  /** Above 0 is less for us. */
  readonly amount: Decimal;
  readonly currency: string | undefined;
  readonly date: string;
  /** As the partner names it. */
  readonly invoiceNumber: string | undefined;
  readonly invoiceId: number | undefined;
  readonly orderId: number | undefined;
  readonly shipmentId: number | undefined;
  readonly documentId: number;
};

export type StoredDeduction = Deduction & { readonly id: number; readonly state: 'matched' | 'unmatched'; readonly at: number };

/** Stores a deduction once; `key` names it once and for all. False when it was stored before. */
export async function insertDeduction(tx: Tx, key: string, deduction: Deduction, now: number): Promise<boolean> {
  if (await tx.one('select id from {deduction} where unique_key = ?', [key])) return false;
  await tx.insert('deduction', {
    unique_key: key,
    partner: deduction.partner,
    source: deduction.source,
    reference: deduction.reference.slice(0, 60),
    code: deduction.code?.slice(0, 10) ?? null,
    reason: deduction.reason?.slice(0, 200) ?? null,
    amount: deduction.amount,
    currency: deduction.currency ?? null,
    date: deduction.date,
    invoice_number: deduction.invoiceNumber?.slice(0, 60) ?? null,
    invoice_id: deduction.invoiceId ?? null,
    order_id: deduction.orderId ?? null,
    shipment_id: deduction.shipmentId ?? null,
    document_id: deduction.documentId,
    state: deduction.orderId === undefined ? 'unmatched' : 'matched',
    at: now,
  });
  return true;
}

/** Deductions since an instant (milliseconds since 1970), of one partner or all, the latest first. */
export async function listDeductions(tx: Tx, since: number, partner: string | undefined, count: number): Promise<readonly StoredDeduction[]> {
  const where = partner === undefined ? '' : ' and partner = ?';
  const rows = await tx.many(
    `select * from {deduction} where at >= ?${where} order by id desc ${tx.limit(count)}`,
    partner === undefined ? [since] : [since, partner],
  );
  return rows.map(toDeduction);
}

/** A deduction by its id. */
export async function readDeduction(tx: Tx, id: number): Promise<StoredDeduction | undefined> {
  const row = await tx.one('select * from {deduction} where id = ?', [id]);
  return row && toDeduction(row);
}

/** Of ours, what a number of an invoice, order or bill of lading of a partner leads to. */
export type Matched = {
  readonly invoiceId: number | undefined;
  readonly orderId: number;
  readonly shipmentId: number | undefined;
  readonly total: Decimal | undefined;
};

export async function matchInvoice(tx: Tx, partner: string, number: string): Promise<Matched | undefined> {
  const row = await tx.one(
    'select b.id, b.order_id, b.shipment_id, b.total from {invoice} b join {sales_order} o on o.id = b.order_id where b.number = ? and o.partner = ?',
    [number, partner],
  );
  return row && { ...ids(row), invoiceId: row['id'] as number, total: fromColumn(row['total']) };
}

export async function matchBill(tx: Tx, partner: string, billOfLading: string): Promise<Matched | undefined> {
  const row = await tx.one(
    `select s.id as shipment_id, s.order_id from {shipment} s join {sales_order} o on o.id = s.order_id where s.bill_of_lading = ? and o.partner = ? order by s.id ${tx.limit(1)}`,
    [billOfLading, partner],
  );
  return row && { ...ids(row), invoiceId: undefined, total: undefined };
}

export async function matchOrder(tx: Tx, partner: string, poNumber: string): Promise<Matched | undefined> {
  const row = await tx.one(`select id as order_id from {sales_order} where partner = ? and po_number = ? order by id ${tx.limit(1)}`, [
    partner,
    poKey(poNumber),
  ]);
  return row && { ...ids(row), invoiceId: undefined, total: undefined };
}

/** What was kept back of an invoice so far. */
export async function deductedOf(tx: Tx, invoiceId: number): Promise<Decimal> {
  return fromColumn((await tx.one('select coalesce(sum(amount), 0) as amount from {deduction} where invoice_id = ?', [invoiceId]))?.['amount'] ?? 0);
}

function ids(row: Row): { readonly orderId: number; readonly shipmentId: number | undefined } {
  return { orderId: row['order_id'] as number, shipmentId: (row['shipment_id'] as number | null | undefined) ?? undefined };
}

function toDeduction(row: Row): StoredDeduction {
  const text = (column: string) => (row[column] as string | null) ?? undefined;
  const id = (column: string) => (row[column] as number | null) ?? undefined;
  return {
    id: row['id'] as number,
    partner: row['partner'] as string,
    source: row['source'] as string,
    reference: text('reference') ?? '',
    code: text('code'),
    reason: text('reason'),
    amount: fromColumn(row['amount']),
    currency: text('currency'),
    date: text('date') ?? '',
    invoiceNumber: text('invoice_number'),
    invoiceId: id('invoice_id'),
    orderId: id('order_id'),
    shipmentId: id('shipment_id'),
    documentId: row['document_id'] as number,
    state: row['state'] as StoredDeduction['state'],
    at: row['at'] as number,
  };
}
