import type { Decimal } from '../decimal.ts';
import { fromColumn } from '../decimal.ts';
import { inList, inParts } from './in-list.ts';
import type { NewRow } from './insert.ts';
import type { Row, Tx } from './transaction.ts';

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
  /** Where `sku` is a substitute: the base units of the order line's own item that `quantity` stands for. */
  readonly covers: Decimal | undefined;
  /** What of it the location is asked not to ship, and has not answered. */
  readonly ask: Decimal;
  /** The lot that it is to be taken from. */
  readonly lot: string | undefined;
};

/** One piece of work at one warehouse or vendor for one order. */
export type FulfilmentOrder = {
  readonly id: number;
  readonly orderId: number;
  readonly location: string;
  /** Our number, which comes back in the shipment (W0502 and W0602). */
  readonly number: string;
  readonly state: FulfilmentState;
  /** Whether the location was asked to change or cancel it, and what it answered. */
  readonly requestState: RequestState;
  /** Until when an answer to that is waited for. */
  readonly requestDueAt: number | undefined;
  /** How often the location was told of a change. */
  readonly revision: number;
  readonly destination: string | undefined;
  readonly lines: readonly FulfilmentLine[];
};
export type RequestState = 'none' | 'change-requested' | 'cancel-requested' | 'accepted' | 'refused' | 'timed-out';
export type FulfilmentState = 'queued' | 'part-shipped' | 'shipped' | 'closed-short' | 'cancelled';

export type NewFulfilmentOrder = {
  readonly orderId: number;
  readonly location: string;
  readonly number: string;
  /** The store that it is for, where the order is for several. */
  readonly destination?: string | undefined;
  readonly lines: readonly (Pick<FulfilmentLine, 'lineId' | 'lineRef' | 'sku' | 'quantity' | 'covers'> & { readonly lot?: string | undefined })[];
};

/** Stores new warehouse work and gives its ids, in the order of the work; its lines with the end of the transaction. */
export async function insertFulfilmentOrders(tx: Tx, orders: readonly NewFulfilmentOrder[], now: number): Promise<readonly number[]> {
  const rows = orders.map(({ orderId, location, number, destination = null }) => {
    return { order_id: orderId, location, number, destination, state: 'queued', created_at: now };
  });
  const ids = rows.length === 1 ? [await tx.insert('fulfilment_order', rows[0]!)] : await insertAndFind(tx, rows);
  for (const [index, { lines }] of orders.entries()) for (const line of lines) tx.append('fulfilment_line', lineRow(ids[index]!, line));
  return ids;
}

async function insertAndFind(tx: Tx, rows: readonly (NewRow & { readonly number: string })[]): Promise<readonly number[]> {
  await tx.insertMany('fulfilment_order', rows);
  const found = await inParts(rows, (part) => {
    const list = inList(part.map(({ number }) => number));
    return tx.many(`select id, number from {fulfilment_order} where number in ${list.sql}`, list.values);
  });
  const ids = new Map(found.map((row) => [row['number'], row['id'] as number]));
  return rows.map(({ number }) => ids.get(number)!);
}

function lineRow(fulfilmentOrderId: number, line: NewFulfilmentOrder['lines'][number]): NewRow {
  return {
    fulfilment_order_id: fulfilmentOrderId,
    line_id: line.lineId,
    line_ref: line.lineRef,
    sku: line.sku,
    quantity: line.quantity,
    covers: line.covers ?? line.quantity,
    lot: line.lot ?? null,
  };
}

/** Warehouse work by our number. */
export async function findFulfilmentOrder(tx: Tx, number: string): Promise<FulfilmentOrder | undefined> {
  const row = await tx.one('select * from {fulfilment_order} where number = ?', [number]);
  return row && withLines(tx, row);
}

/** All warehouse work of an order, in the order in which it was given. */
export async function fulfilmentOrdersOf(tx: Tx, orderId: number): Promise<readonly FulfilmentOrder[]> {
  const rows = await tx.many('select * from {fulfilment_order} where order_id = ? order by id', [orderId]);
  const found: FulfilmentOrder[] = [];
  for (const row of rows) found.push(await withLines(tx, row));
  return found;
}

/** What the stores of an order were given of its lines, less what locations gave back: base units of the lines' own items. */
export async function givenToStores(
  tx: Tx,
  orderId: number,
): Promise<readonly { readonly lineId: number; readonly store: string; readonly covers: Decimal }[]> {
  const rows = await tx.many(
    `select f.destination, l.line_id, l.quantity, l.short, l.covers from {fulfilment_order} f join {fulfilment_line} l on l.fulfilment_order_id = f.id
      where f.order_id = ? and f.destination is not null and l.quantity > 0 order by l.id`,
    [orderId],
  );
  return rows.map((row) => {
    const [quantity, short, covers] = ['quantity', 'short', 'covers'].map((column) => fromColumn(row[column])) as [Decimal, Decimal, Decimal];
    return { lineId: row['line_id'] as number, store: row['destination'] as string, covers: ((quantity - short) * covers) / quantity };
  });
}

/** Units of an item that a location was told to ship and that have neither shipped nor been given back; of them, what it is asked not to ship. */
export type Outstanding = {
  readonly orderId: number;
  readonly fulfilmentOrderId: number;
  readonly lineId: number;
  readonly number: string;
  readonly quantity: Decimal;
  readonly ask: Decimal;
};

/** What is outstanding of an item at a location, by line of its work. */
export async function outstandingAt(tx: Tx, sku: string, location: string): Promise<readonly Outstanding[]> {
  const rows = await tx.many(
    `select f.order_id, f.number, l.fulfilment_order_id, l.id, l.ask, l.quantity - l.shipped - l.short as outstanding from {fulfilment_line} l
      join {fulfilment_order} f on f.id = l.fulfilment_order_id
      where l.sku = ? and f.location = ? and l.quantity > l.shipped + l.short order by l.id`,
    [sku, location],
  );
  return rows.map((row) => ({
    orderId: row['order_id'] as number,
    fulfilmentOrderId: row['fulfilment_order_id'] as number,
    lineId: row['id'] as number,
    number: row['number'] as string,
    quantity: fromColumn(row['outstanding']),
    ask: fromColumn(row['ask']),
  }));
}

async function withLines(tx: Tx, row: Row): Promise<FulfilmentOrder> {
  const lines = await tx.many('select * from {fulfilment_line} where fulfilment_order_id = ? order by id', [row['id'] as number]);
  return {
    id: row['id'] as number,
    orderId: row['order_id'] as number,
    location: row['location'] as string,
    number: row['number'] as string,
    state: row['state'] as FulfilmentState,
    requestState: row['request_state'] as RequestState,
    requestDueAt: row['request_due_at'] === null ? undefined : Number(row['request_due_at']),
    revision: row['revision'] as number,
    destination: (row['destination'] as string | null) ?? undefined,
    lines: lines.map((line) => ({
      id: line['id'] as number,
      lineId: line['line_id'] as number,
      lineRef: line['line_ref'] as string,
      sku: line['sku'] as string,
      quantity: fromColumn(line['quantity']),
      shipped: fromColumn(line['shipped']),
      short: fromColumn(line['short']),
      covers: fromColumn(line['covers']) === 0n ? undefined : fromColumn(line['covers']),
      ask: fromColumn(line['ask']),
      lot: (line['lot'] as string | null) ?? undefined,
    })),
  };
}

/** Notes what a location is asked of its work, and until when it may answer. */
export async function setRequest(tx: Tx, id: number, state: RequestState, dueAt: number | undefined, revision: number): Promise<void> {
  await tx.run('update {fulfilment_order} set request_state = ?, request_due_at = ?, revision = ? where id = ?', [state, dueAt ?? null, revision, id]);
}

/** Sets what of a line of warehouse work its location is asked not to ship. */
export async function setAsk(tx: Tx, lineId: number, ask: Decimal): Promise<void> {
  await tx.run('update {fulfilment_line} set ask = ? where id = ?', [ask, lineId]);
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
        select 1 from {stock_movement} counted where counted.sku = l.sku and counted.location = f.location and counted.cause in ('import', 'count', 'adjustment', 'receipt')
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

/** How many orders, lines and base units a location was told to ship since an instant (milliseconds since 1970). */
export async function givenSince(
  tx: Tx,
  location: string,
  since: number,
): Promise<{ readonly orders: number; readonly lines: number; readonly units: Decimal }> {
  const row = await tx.one(
    `select count(distinct f.id) as orders, count(l.id) as line_count, coalesce(sum(l.quantity), 0) as units
      from {fulfilment_order} f join {fulfilment_line} l on l.fulfilment_order_id = f.id where f.location = ? and f.created_at >= ?`,
    [location, since],
  );
  return { orders: Number(row?.['orders'] ?? 0), lines: Number(row?.['line_count'] ?? 0), units: fromColumn(row?.['units'] ?? 0) };
}

/** Adds to what was shipped, given back and released of a line of warehouse work. */
export async function updateFulfilmentLine(
  tx: Tx,
  id: number,
  more: { readonly shipped: Decimal; readonly short: Decimal; readonly released: Decimal },
): Promise<void> {
  const { shipped, short, released } = more;
  await tx.run('update {fulfilment_line} set shipped = shipped + ?, short = short + ? where id = ?', [shipped, short, id]);
  if (released === 0n) return;
  const row = (await tx.one('select quantity, covers from {fulfilment_line} where id = ?', [id]))!;
  const before = fromColumn(row['quantity']);
  const quantity = before + released;
  // Not in SQL, where the product of two quantities does not fit.
  const covers = before === 0n ? 0n : (fromColumn(row['covers']) * quantity) / before;
  await tx.run('update {fulfilment_line} set quantity = ?, covers = ? where id = ?', [quantity, covers, id]);
}

/** Sets the state of warehouse work. */
export async function setFulfilmentState(tx: Tx, id: number, state: FulfilmentState): Promise<void> {
  await tx.run('update {fulfilment_order} set state = ? where id = ?', [state, id]);
}
