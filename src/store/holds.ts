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
