import { poKey } from '../orders/identifiers.ts';
import type { Database, Row, SqlValue, Tx } from './transaction.ts';

/** What an order is decided by: items, stock, and the numbers that come next. In the order in which rows refer to each other. */
const master = ['item', 'item_unit', 'item_reference', 'price', 'stock', 'ship_to', 'control_number'] as const;
const ofOrder = ['order_line', 'order_hold', 'allocation', 'fulfilment_order', 'shipment', 'invoice'] as const;

/** Copies items, prices, stock and control numbers into an empty database; the source is only read. */
export async function copyMasterData(from: Database, to: Database): Promise<void> {
  for (const table of master) {
    const rows = await from.read((tx) => tx.many(`select * from {${table}}`));
    await to.transaction((tx) => write(tx, table, rows));
  }
}

/** The order that a number leads to: a PO number of a partner, or the number of warehouse work. */
export async function orderNamed(tx: Tx, partner: string, number: string): Promise<number | undefined> {
  const work = await tx.one('select order_id from {fulfilment_order} where number = ?', [number.trim()]);
  const row = work ?? (await tx.one('select id as order_id from {sales_order} where partner = ? and po_number = ?', [partner, poKey(number)]));
  return row && Number(row['order_id']);
}

/** Copies an order with all that was decided and shipped of it. What it came from and what was sent is left out. */
export async function copyOrder(from: Database, to: Database, orderId: number): Promise<void> {
  const copied = await from.read(async (tx) => {
    const rows = new Map<string, readonly Row[]>([['sales_order', await tx.many('select * from {sales_order} where id = ?', [orderId])]]);
    for (const table of ofOrder) rows.set(table, await tx.many(`select * from {${table}} where order_id = ?`, [orderId]));
    rows.set(
      'fulfilment_line',
      await tx.many('select * from {fulfilment_line} where fulfilment_order_id in (select id from {fulfilment_order} where order_id = ?)', [orderId]),
    );
    rows.set('shipment_line', await tx.many('select * from {shipment_line} where shipment_id in (select id from {shipment} where order_id = ?)', [orderId]));
    return rows;
  });
  await to.transaction(async (tx) => {
    for (const [table, rows] of copied) await write(tx, table, rows);
  });
}

async function write(tx: Tx, table: string, rows: readonly Row[]): Promise<void> {
  await tx.insertMany(table, rows as readonly Record<string, SqlValue>[]);
}
