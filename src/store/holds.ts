import { inList, inParts } from './in-list.ts';
import type { Row, Tx } from './transaction.ts';

export type Hold = {
  readonly id: number;
  readonly orderId: number;
  /** Undefined when it holds the whole order. */
  readonly lineId: number | undefined;
  readonly code: string;
  readonly value: string | undefined;
  readonly detail: string;
  readonly createdAt: number;
};

export type NewHold = Omit<Hold, 'id' | 'createdAt'> & { readonly documentId: number | undefined };

/** Puts a hold on an order or one of its lines. */
export async function insertHold(tx: Tx, hold: NewHold, now: number): Promise<number> {
  return tx.insert('order_hold', {
    order_id: hold.orderId,
    line_id: hold.lineId ?? null,
    code: hold.code,
    value: hold.value?.slice(0, 200) ?? null,
    detail: hold.detail,
    document_id: hold.documentId ?? null,
    created_at: now,
  });
}

/** The holds of an order that nobody has resolved. */
export async function openHolds(tx: Tx, orderId: number): Promise<readonly Hold[]> {
  return (await tx.many('select * from {order_hold} where order_id = ? and resolved_at is null order by id', [orderId])).map(toHold);
}

/** The holds that nobody has resolved, by order. */
export async function openHoldsOf(tx: Tx, orderIds: readonly number[]): Promise<ReadonlyMap<number, readonly Hold[]>> {
  const rows = await inParts(orderIds, (part) => {
    const list = inList(part);
    return tx.many(`select * from {order_hold} where order_id in ${list.sql} and resolved_at is null order by id`, list.values);
  });
  return Map.groupBy(rows.map(toHold), ({ orderId }) => orderId);
}

/** Orders with an unresolved hold of one of these codes, and the holds. */
export async function openHoldsByCode(tx: Tx, codes: readonly string[]): Promise<readonly Hold[]> {
  if (codes.length === 0) return [];
  const rows = await tx.many(`select * from {order_hold} where resolved_at is null and code in (${codes.map(() => '?').join(', ')}) order by id`, codes);
  return rows.map(toHold);
}

/** Marks a hold resolved and says how; false when it was already. */
export async function resolveHold(tx: Tx, id: number, resolution: string, now: number): Promise<boolean> {
  return (await tx.run('update {order_hold} set resolved_at = ?, resolution = ? where id = ? and resolved_at is null', [now, resolution, id])) === 1;
}

/** A hold that nobody has resolved, with what people know its order and line by. */
export type OpenHold = Hold & { readonly partner: string; readonly poNumber: string; readonly lineRef: string | undefined };

/** The holds that nobody has resolved, the oldest first: at most `count`. */
export async function listHolds(tx: Tx, count: number): Promise<readonly OpenHold[]> {
  const rows = await tx.many(
    `select h.*, o.partner, o.po_number, l.line_ref from {order_hold} h join {sales_order} o on o.id = h.order_id
      left join {order_line} l on l.id = h.line_id where h.resolved_at is null order by h.id ${tx.limit(count)}`,
  );
  return rows.map((row) => ({
    ...toHold(row),
    partner: row['partner'] as string,
    poNumber: row['po_number'] as string,
    lineRef: (row['line_ref'] as string | null) ?? undefined,
  }));
}

/** All holds that an order ever had, and how they were resolved. */
export async function allHolds(
  tx: Tx,
  orderId: number,
): Promise<readonly (Hold & { readonly resolution: string | undefined; readonly resolvedAt: number | undefined })[]> {
  const rows = await tx.many('select * from {order_hold} where order_id = ? order by id', [orderId]);
  return rows.map((row) => ({
    ...toHold(row),
    resolution: (row['resolution'] as string | null) ?? undefined,
    resolvedAt: (row['resolved_at'] as number | null) ?? undefined,
  }));
}

/** A hold by its id, and how it was resolved where it was. */
export async function readHold(tx: Tx, id: number): Promise<(Hold & { readonly resolution: string | undefined }) | undefined> {
  const row = await tx.one('select * from {order_hold} where id = ?', [id]);
  return row && { ...toHold(row), resolution: (row['resolution'] as string | null) ?? undefined };
}

/** Which of these orders somebody has accepted as a hold of this code says that they are. */
export async function ordersAccepted(tx: Tx, code: string, orderIds: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await inParts(orderIds, (part) => {
    const list = inList(part);
    return tx.many(`select order_id from {order_hold} where order_id in ${list.sql} and code = ? and resolution like 'accepted by %'`, [...list.values, code]);
  });
  return new Set(rows.map((row) => row['order_id'] as number));
}

/** The orders of which a hold was resolved in these words. */
export async function ordersResolvedAs(tx: Tx, resolution: string): Promise<readonly number[]> {
  const rows = await tx.many('select distinct order_id from {order_hold} where resolution = ? order by order_id', [resolution]);
  return rows.map((row) => row['order_id'] as number);
}

function toHold(row: Row): Hold {
  return {
    id: row['id'] as number,
    orderId: row['order_id'] as number,
    lineId: (row['line_id'] as number | null) ?? undefined,
    code: row['code'] as string,
    value: (row['value'] as string | null) ?? undefined,
    detail: row['detail'] as string,
    createdAt: row['created_at'] as number,
  };
}
