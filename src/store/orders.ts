import type { Order } from '../canonical/order.ts';
import { fromColumn } from '../decimal.ts';
import { lastShipDay } from '../orders/dates.ts';
import { poKey } from '../orders/identifiers.ts';
import type { Buckets, Lifecycle, Line, OrderState } from '../orders/model.ts';
import type { Row, Tx } from './transaction.ts';
import { inList, inParts } from './in-list.ts';
import type { NewRow } from './insert.ts';
import { updateFrom } from './values.ts';

export type NewLine = Omit<Line, 'id'>;
export type NewOrder = {
  readonly partner: string;
  readonly document: Order;
  readonly contentHash: string;
  readonly documentId: number;
  readonly lifecycle: Lifecycle;
  readonly receivedAt: number;
  /** When the allocator is to look at it; undefined while it is held. */
  readonly decideAt: number | undefined;
  /** When its buyer had the first answer, where that was before we knew of it. */
  readonly respondedAt?: number | undefined;
  /** When its buyer must have the first answer; undefined when there is none to give. */
  readonly answerBy: number | undefined;
  readonly lines: readonly NewLine[];
};
/** An order with what the database guards it by. */
export type StoredOrder = OrderState & {
  readonly version: number;
  readonly contentHash: string;
  readonly documentId: number;
  readonly respondedAt: number | undefined;
};

/** Stores new orders with their lines and gives their ids. @throws a unique violation when a partner's PO number and release are known. */
export async function insertOrders(tx: Tx, orders: readonly NewOrder[]): Promise<readonly number[]> {
  const rows = orders.map((order) => ({
    partner: order.partner,
    po_number: poKey(order.document.poNumber),
    release_number: order.document.releaseNumber ?? '',
    lifecycle: order.lifecycle,
    document: JSON.stringify(order.document),
    content_hash: order.contentHash,
    document_id: order.documentId,
    received_at: order.receivedAt,
    decide_at: order.decideAt ?? null,
    responded_at: order.respondedAt ?? null,
    answer_by: order.answerBy ?? null,
    ship_by: lastShipDay(order.document) ?? null,
  }));
  const ids = rows.length === 1 ? [await tx.insert('sales_order', rows[0]!)] : await insertAndFind(tx, orders, rows);
  await tx.insertMany(
    'order_line',
    orders.flatMap((order, index) => order.lines.map((line) => lineRow(ids[index]!, line))),
  );
  return ids;
}

async function insertAndFind(tx: Tx, orders: readonly NewOrder[], rows: readonly NewRow[]): Promise<readonly number[]> {
  await tx.insertMany('sales_order', rows);
  const ids = await findOrderIds(
    tx,
    orders.map(({ partner, document }) => ({ partner, poNumber: document.poNumber, releaseNumber: document.releaseNumber })),
  );
  return ids.map((id) => id!);
}

/** What an order is known by. */
export type OrderName = { readonly partner: string; readonly poNumber: string; readonly releaseNumber: string | undefined };

/** The ids of orders, in the order of their names; undefined where there is none. */
export async function findOrderIds(tx: Tx, names: readonly OrderName[]): Promise<readonly (number | undefined)[]> {
  const known = new Map<string, number>();
  for (const [partner, group] of Map.groupBy(names, (name) => name.partner)) {
    const rows = await inParts([...new Set(group.map(({ poNumber }) => poKey(poNumber)))], (part) => {
      const list = inList(part);
      return tx.many(`select id, po_number, release_number from {sales_order} where partner = ? and po_number in ${list.sql}`, [partner, ...list.values]);
    });
    for (const row of rows) known.set(`${partner}\n${String(row['po_number'])}\n${String(row['release_number'])}`, row['id'] as number);
  }
  return names.map(({ partner, poNumber, releaseNumber = '' }) => known.get(`${partner}\n${poKey(poNumber)}\n${releaseNumber}`));
}

/** The order of a partner with this PO number and release. */
export async function findOrder(tx: Tx, partner: string, poNumber: string, releaseNumber: string | undefined): Promise<StoredOrder | undefined> {
  const row = await tx.one('select id from {sales_order} where partner = ? and po_number = ? and release_number = ?', [
    partner,
    poKey(poNumber),
    releaseNumber ?? '',
  ]);
  return row && readOrder(tx, row['id'] as number);
}

/** The orders of a partner that are not over, the oldest first. */
export async function openOrdersOf(tx: Tx, partner: string): Promise<readonly number[]> {
  const rows = await tx.many(`select id from {sales_order} where partner = ? and lifecycle in ('received', 'held', 'open') order by id`, [partner]);
  return rows.map((row) => row['id'] as number);
}

/** The orders with this PO number, of whatever partner. */
export async function ordersByNumber(tx: Tx, poNumber: string): Promise<readonly StoredOrder[]> {
  const rows = await tx.many('select id from {sales_order} where po_number = ? order by id', [poKey(poNumber)]);
  const found: StoredOrder[] = [];
  for (const row of rows) found.push((await readOrder(tx, row['id'] as number))!);
  return found;
}

/** An order with its lines. */
export async function readOrder(tx: Tx, id: number): Promise<StoredOrder | undefined> {
  return (await readOrders(tx, [id])).get(id);
}

/** Orders with their lines by id, in the order of the ids; two statements, however many they are. */
export async function readOrders(tx: Tx, ids: readonly number[]): Promise<ReadonlyMap<number, StoredOrder>> {
  if (ids.length === 0) return new Map();
  const among = (sql: string, order: string): Promise<readonly Row[]> =>
    inParts(ids, (part) => {
      const list = inList(part);
      return tx.many(`${sql} in ${list.sql} order by ${order}`, list.values);
    });
  const [lineRows, rows] = await Promise.all([
    among('select * from {order_line} where order_id', 'order_id, line_no'),
    among('select * from {sales_order} where id', 'id'),
  ]);
  const lines = Map.groupBy(lineRows, (row) => row['order_id'] as number);
  const orders = rows.map((row) => toOrder(row, lines.get(row['id'] as number) ?? []));
  const byId = new Map(orders.map((order) => [order.id, order]));
  return new Map(ids.flatMap((id) => (byId.has(id) ? [[id, byId.get(id)!]] : [])));
}

function toOrder(row: Row, lines: readonly Row[]): StoredOrder {
  return {
    id: row['id'] as number,
    partner: row['partner'] as string,
    lifecycle: row['lifecycle'] as Lifecycle,
    receivedAt: new Date(Number(row['received_at'])).toISOString(),
    document: JSON.parse(row['document'] as string) as Order,
    lines: lines.map(toLine),
    version: row['version'] as number,
    contentHash: row['content_hash'] as string,
    documentId: row['document_id'] as number,
    respondedAt: (row['responded_at'] as number | null) ?? undefined,
  };
}

/** Ids of orders that the allocator is to look at, the longest waiting first. */
export async function ordersToDecide(tx: Tx, now: number, count: number): Promise<readonly number[]> {
  const rows = await tx.many(`select id from {sales_order} where decide_at <= ? order by decide_at, id ${tx.limit(count)}`, [now]);
  return rows.map((row) => row['id'] as number);
}

/** When the first order is to be looked at; undefined when none is. */
export async function firstToDecide(tx: Tx): Promise<number | undefined> {
  const row = await tx.one('select min(decide_at) as due from {sales_order}');
  return (row?.['due'] as number | null | undefined) ?? undefined;
}

/**
 * Takes an order for changing: one writer at a time, told by its version. False when it was changed since it was read, and the caller must read again.
 */
export async function touchOrder(tx: Tx, order: StoredOrder, change: { readonly lifecycle?: Lifecycle; readonly decideAt?: number | null }): Promise<boolean> {
  const sets = ['version = version + 1'];
  const values: (string | number | null)[] = [];
  if (change.lifecycle !== undefined) {
    sets.push('lifecycle = ?');
    values.push(change.lifecycle);
  }
  if (change.decideAt !== undefined) {
    sets.push('decide_at = ?');
    values.push(change.decideAt);
  }
  return (await tx.run(`update {sales_order} set ${sets.join(', ')} where id = ? and version = ?`, [...values, order.id, order.version])) === 1;
}

/** Notes that the buyer has an answer. */
export async function markResponded(tx: Tx, orderId: number, now: number): Promise<void> {
  await tx.run('update {sales_order} set responded_at = ? where id = ?', [now, orderId]);
}

/** Stores what an order line became; its order must be taken with `touchOrder` in the same transaction. */
export async function updateLine(tx: Tx, line: Line): Promise<void> {
  const { id: _id, ...rest } = line;
  const row = lineRow(0, rest);
  const columns = Object.entries(row).filter(([column]) => column !== 'order_id');
  await tx.run(`update {order_line} set ${columns.map(([column]) => `${column} = ?`).join(', ')} where id = ?`, [
    ...columns.map(([, value]) => value),
    line.id,
  ]);
}

const COUNTS = ['pending', 'backordered', 'allocated', 'released', 'shipped', 'cancelled', 'rejected', 'overshipped', 'invoiced', 'promise_date'] as const;

/** Stores how the units of lines are divided now, and what they are promised; their order must be taken with `touchOrder` in the same transaction. */
export async function updateUnits(tx: Tx, lines: readonly Line[]): Promise<void> {
  const rows = lines.map(({ id, buckets, overshipped, invoiced, promiseDate }) => ({
    line_id: id,
    new_pending: buckets.pending,
    new_backordered: buckets.backordered,
    new_allocated: buckets.allocated,
    new_released: buckets.released,
    new_shipped: buckets.shipped,
    new_cancelled: buckets.cancelled,
    new_rejected: buckets.rejected,
    new_overshipped: overshipped,
    new_invoiced: invoiced,
    new_promise_date: promiseDate ?? null,
  }));
  await updateFrom(tx, 'order_line', rows, { set: COUNTS.map((column) => `${column} = given.new_${column}`).join(', '), where: 'id = given.line_id' });
}

/**
 * Has the allocator look again at every open order that waits for one of these items. Gives how many. They count as changed, so that a decision that
 * was made without knowing of it is made again.
 */
export async function wakeOrdersWaitingFor(tx: Tx, skus: readonly string[], now: number): Promise<number> {
  const sql = `update {sales_order} set decide_at = ?, version = version + 1 where lifecycle = 'open'
    and id in (select order_id from {order_line} where sku = ? and backordered > 0 union select order_id from {order_line} where sku = ? and pending > 0)`;
  const woken = await Promise.all(skus.map((sku) => tx.run(sql, [now, sku, sku])));
  return woken.reduce((sum, count) => sum + count, 0);
}

/** Has the allocator look again at every open order that holds an item at a location which nobody was told to ship. */
export async function wakeOrdersHolding(tx: Tx, sku: string, location: string, now: number): Promise<void> {
  await tx.run(
    `update {sales_order} set decide_at = ?, version = version + 1 where lifecycle = 'open'
      and id in (select order_id from {allocation} where sku = ? and location = ? and state = 'firm')`,
    [now, sku, location],
  );
}

/** Sets when the allocator is to look at an order again; its order must be taken with `touchOrder` in the same transaction. */
export async function setDecideAt(tx: Tx, orderId: number, at: number | undefined): Promise<void> {
  await tx.run('update {sales_order} set decide_at = ? where id = ?', [at ?? null, orderId]);
}

/** Has the allocator look at an order at this instant at the latest. */
export async function lookBy(tx: Tx, orderId: number, at: number): Promise<void> {
  await tx.run('update {sales_order} set decide_at = ? where id = ? and (decide_at is null or decide_at > ?)', [at, orderId, at]);
}

/** Adds a line to an order and gives its id; its order must be taken with `touchOrder` in the same transaction. */
export function insertLine(tx: Tx, orderId: number, line: NewLine): Promise<number> {
  return tx.insert('order_line', lineRow(orderId, line));
}

function lineRow(orderId: number, line: NewLine) {
  return {
    order_id: orderId,
    line_no: line.lineNo,
    line_ref: line.lineRef,
    ids: JSON.stringify(line.ids),
    sku: line.sku ?? null,
    description: line.description ?? null,
    ordered: line.ordered,
    unit: line.conversion.unit,
    numerator: line.conversion.numerator,
    denominator: line.conversion.denominator,
    base_unit: line.baseUnit,
    base: line.base,
    price: line.price ?? null,
    pack: line.pack,
    ...line.buckets,
    overshipped: line.overshipped,
    invoiced: line.invoiced,
    promise_date: line.promiseDate ?? null,
    reason: line.reason ?? null,
  };
}

function toLine(row: Row): Line {
  const optional = (column: string) => (row[column] as string | null) ?? undefined;
  return {
    id: row['id'] as number,
    lineNo: row['line_no'] as number,
    lineRef: row['line_ref'] as string,
    ids: JSON.parse(row['ids'] as string) as Line['ids'],
    sku: optional('sku'),
    description: optional('description'),
    ordered: fromColumn(row['ordered']),
    conversion: { unit: row['unit'] as string, numerator: BigInt(row['numerator'] as number), denominator: BigInt(row['denominator'] as number) },
    baseUnit: row['base_unit'] as string,
    base: fromColumn(row['base']),
    price: row['price'] === null ? undefined : fromColumn(row['price']),
    pack: fromColumn(row['pack']),
    buckets: toBuckets(row),
    overshipped: fromColumn(row['overshipped']),
    invoiced: fromColumn(row['invoiced']),
    promiseDate: optional('promise_date'),
    reason: optional('reason'),
  };
}

function toBuckets(row: Row): Buckets {
  return {
    pending: fromColumn(row['pending']),
    backordered: fromColumn(row['backordered']),
    allocated: fromColumn(row['allocated']),
    released: fromColumn(row['released']),
    shipped: fromColumn(row['shipped']),
    cancelled: fromColumn(row['cancelled']),
    rejected: fromColumn(row['rejected']),
  };
}

/** Stores what a person's or partner's correction made of an order's document; its order must be taken with `touchOrder` in the same transaction. */
export async function updateOrderDocument(tx: Tx, orderId: number, document: Order): Promise<void> {
  await tx.run('update {sales_order} set document = ?, ship_by = ? where id = ?', [JSON.stringify(document), lastShipDay(document) ?? null, orderId]);
}
