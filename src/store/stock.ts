import type { Decimal } from '../decimal.ts';
import { fromColumn } from '../decimal.ts';
import type { Row, Tx } from './transaction.ts';

export type Stock = {
  readonly sku: string;
  readonly location: string;
  readonly onHand: Decimal;
  readonly onHold: Decimal;
  readonly allocated: Decimal;
  readonly safety: Decimal;
};

/** A change of one stock row and why; `key` names the cause once and for all, so that the same cause never counts twice. */
export type Movement = {
  readonly sku: string;
  readonly location: string;
  readonly onHand: Decimal;
  readonly allocated: Decimal;
  /** What may not be sold of what is on hand: more, or with a minus sign less. */
  readonly onHold?: Decimal | undefined;
  readonly cause: 'allocation' | 'deallocation' | 'shipment' | 'import' | 'count' | 'adjustment' | 'receipt';
  readonly key: string;
  readonly orderId?: number;
};

/** What can be promised of a stock row: on hand, less what is held, allocated or kept as safety stock. May be negative. */
export function available(stock: Stock): Decimal {
  return stock.onHand - stock.onHold - stock.allocated - stock.safety;
}

/** The stock rows of the given items, in key order. */
export async function readStock(tx: Tx, skus: readonly string[]): Promise<readonly Stock[]> {
  const found: Stock[] = [];
  for (let start = 0; start < skus.length; start += 500) {
    const part = skus.slice(start, start + 500);
    const rows = await tx.many(`select * from {stock} where sku in (${part.map(() => '?').join(', ')}) order by sku, location`, part);
    found.push(...rows.map(toStock));
  }
  return found;
}

/** The stock rows of a location, by item. */
export async function stockAt(tx: Tx, location: string): Promise<ReadonlyMap<string, Stock>> {
  const rows = await tx.many('select * from {stock} where location = ? order by sku', [location]);
  return new Map(rows.map(toStock).map((stock) => [stock.sku, stock]));
}

/** All stock rows, in key order. */
export async function readAllStock(tx: Tx): Promise<readonly Stock[]> {
  return (await tx.many('select * from {stock} order by sku, location')).map(toStock);
}

/**
 * Reserves stock if it is there: one conditional update, so that no two writers can take the same unit, and its ledger row.
 * False, and nothing is changed, when less is available now.
 */
export async function reserveStock(tx: Tx, movement: Movement, now: number): Promise<boolean> {
  const changed = await tx.run('update {stock} set allocated = allocated + ? where sku = ? and location = ? and on_hand - on_hold - allocated - safety >= ?', [
    movement.allocated,
    movement.sku,
    movement.location,
    movement.allocated,
  ]);
  if (changed === 0) return false;
  await writeLedger(tx, movement, now);
  return true;
}

/** Moves stock by the given amounts; the row is made when there is none. On hand may fall below 0 by what a warehouse really shipped. */
export async function moveStock(tx: Tx, movement: Movement, now: number): Promise<void> {
  const { sku, location, onHand, allocated, onHold = 0n } = movement;
  const changed = await tx.run('update {stock} set on_hand = on_hand + ?, allocated = allocated + ?, on_hold = on_hold + ? where sku = ? and location = ?', [
    onHand,
    allocated,
    onHold,
    sku,
    location,
  ]);
  if (changed === 0) await tx.insertMany('stock', [{ sku, location, on_hand: onHand, allocated, on_hold: onHold }]);
  await writeLedger(tx, movement, now);
}

/** Sets the safety stock of a row, which must be there. */
export async function setSafety(tx: Tx, sku: string, location: string, safety: Decimal): Promise<void> {
  await tx.run('update {stock} set safety = ? where sku = ? and location = ?', [safety, sku, location]);
}

async function writeLedger(tx: Tx, movement: Movement, now: number): Promise<void> {
  await tx.insertMany('stock_movement', [
    {
      sku: movement.sku,
      location: movement.location,
      on_hand: movement.onHand,
      allocated: movement.allocated,
      on_hold: movement.onHold ?? 0n,
      cause: movement.cause,
      unique_key: movement.key,
      order_id: movement.orderId ?? null,
      at: now,
    },
  ]);
}

function toStock(row: Row): Stock {
  return {
    sku: row['sku'] as string,
    location: row['location'] as string,
    onHand: fromColumn(row['on_hand']),
    onHold: fromColumn(row['on_hold']),
    allocated: fromColumn(row['allocated']),
    safety: fromColumn(row['safety']),
  };
}
