import type { Decimal } from '../decimal.ts';
import { fromColumn } from '../decimal.ts';
import type { Tx } from './transaction.ts';

export type FulfilmentLine = {
  readonly id: number;
  readonly lineId: number;
  readonly lineRef: string;
  readonly sku: string;
  /** Released, in base units. */
  readonly quantity: Decimal;
  readonly shipped: Decimal;
  /** Given back because the warehouse will not ship it. */
  readonly short: Decimal;
};

/** One piece of work at one warehouse or vendor for one order. */
export type FulfilmentOrder = {
  readonly id: number;
  readonly orderId: number;
  readonly location: string;
  /** Our number, which comes back in the shipment (W0502 and W0602). */
  readonly number: string;
  readonly state: FulfilmentState;
  readonly lines: readonly FulfilmentLine[];
};
export type FulfilmentState = 'queued' | 'part-shipped' | 'shipped' | 'closed-short' | 'cancelled';

export type NewFulfilmentOrder = {
  readonly orderId: number;
  readonly location: string;
  readonly number: string;
  readonly lines: readonly Omit<FulfilmentLine, 'id' | 'shipped' | 'short'>[];
};

/** Stores new warehouse work. */
export async function insertFulfilmentOrder(tx: Tx, order: NewFulfilmentOrder, now: number): Promise<number> {
  const id = await tx.insert('fulfilment_order', { order_id: order.orderId, location: order.location, number: order.number, state: 'queued', created_at: now });
  await tx.insertMany(
    'fulfilment_line',
    order.lines.map((line) => ({ fulfilment_order_id: id, line_id: line.lineId, line_ref: line.lineRef, sku: line.sku, quantity: line.quantity })),
  );
  return id;
}

/** Warehouse work by our number. */
export async function findFulfilmentOrder(tx: Tx, number: string): Promise<FulfilmentOrder | undefined> {
  const row = await tx.one('select * from {fulfilment_order} where number = ?', [number]);
  if (!row) return undefined;
  const lines = await tx.many('select * from {fulfilment_line} where fulfilment_order_id = ? order by id', [row['id'] as number]);
  return {
    id: row['id'] as number,
    orderId: row['order_id'] as number,
    location: row['location'] as string,
    number: row['number'] as string,
    state: row['state'] as FulfilmentState,
    lines: lines.map((line) => ({
      id: line['id'] as number,
      lineId: line['line_id'] as number,
      lineRef: line['line_ref'] as string,
      sku: line['sku'] as string,
      quantity: fromColumn(line['quantity']),
      shipped: fromColumn(line['shipped']),
      short: fromColumn(line['short']),
    })),
  };
}

/**
 * Items that a location gave back for an order because it will not ship them, as long as nothing new is known of its stock: a later count there
 * makes an end of it.
 */
export async function declinedWork(
  tx: Tx,
  orderIds: readonly number[],
): Promise<readonly { readonly orderId: number; readonly sku: string; readonly location: string }[]> {
  if (orderIds.length === 0) return [];
  const rows = await tx.many(
    `select distinct f.order_id, f.location, l.sku from {fulfilment_order} f join {fulfilment_line} l on l.fulfilment_order_id = f.id
      where f.order_id in (${orderIds.map(() => '?').join(', ')}) and l.short > 0 and not exists (
        select 1 from {stock_movement} counted where counted.sku = l.sku and counted.location = f.location and counted.cause = 'import'
          and counted.id > (select max(given.id) from {stock_movement} given
            where given.sku = l.sku and given.location = f.location and given.order_id = f.order_id and given.cause in ('shipment', 'deallocation')))
      order by f.order_id, l.sku, f.location`,
    orderIds,
  );
  return rows.map((row) => ({ orderId: row['order_id'] as number, sku: row['sku'] as string, location: row['location'] as string }));
}

/** How many pieces of work an order has had. */
export async function countFulfilmentOrders(tx: Tx, orderId: number): Promise<number> {
  const row = await tx.one('select count(*) as n from {fulfilment_order} where order_id = ?', [orderId]);
  return Number(row?.['n'] ?? 0);
}

/** How many pieces of work a location was given since an instant. */
export async function countReleasedSince(tx: Tx, location: string, since: number): Promise<number> {
  const row = await tx.one('select count(*) as n from {fulfilment_order} where location = ? and created_at >= ?', [location, since]);
  return Number(row?.['n'] ?? 0);
}

/** Records what was shipped and what was given back of a line of warehouse work. */
export async function updateFulfilmentLine(tx: Tx, id: number, shipped: Decimal, short: Decimal): Promise<void> {
  await tx.run('update {fulfilment_line} set shipped = shipped + ?, short = short + ? where id = ?', [shipped, short, id]);
}

/** Sets the state of warehouse work. */
export async function setFulfilmentState(tx: Tx, id: number, state: FulfilmentState): Promise<void> {
  await tx.run('update {fulfilment_order} set state = ? where id = ?', [state, id]);
}
