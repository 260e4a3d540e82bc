import type { Decimal } from '../decimal.ts';
import { fromColumn, total } from '../decimal.ts';
import type { NewRow } from './insert.ts';
import type { Row, Tx } from './transaction.ts';
import { updateFrom } from './values.ts';

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
 * Reserves stock if all of it is there: conditional updates, so that no two writers can take the same unit, and the ledger rows with the end of the transaction. False when less
 * is available now; the caller must undo its transaction then.
 */
export async function reserveStock(tx: Tx, movements: readonly Movement[], now: number): Promise<boolean> {
  const rows = byRow(movements).map(({ sku, location, allocated }) => ({ item: sku, place: location, taken: allocated }));
  const changed = await updateFrom(tx, 'stock', rows, {
    set: 'allocated = allocated + given.taken',
    where: 'sku = given.item and location = given.place and on_hand - on_hold - allocated - safety >= given.taken',
  });
  if (changed < rows.length) return false;
  for (const row of ledgerRows(movements, now)) tx.append('stock_movement', row);
  return true;
}

/** What movements come to for each stock row, in key order, as every writer takes them. */
function byRow(movements: readonly Movement[]): readonly Movement[] {
  const groups = Map.groupBy(movements, ({ sku, location }) => `${sku}\n${location}`);
  const sum = (group: readonly Movement[], pick: (movement: Movement) => Decimal | undefined) => total(group.map((each) => pick(each) ?? 0n));
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({
      ...group[0]!,
      onHand: sum(group, ({ onHand }) => onHand),
      allocated: sum(group, ({ allocated }) => allocated),
      onHold: sum(group, ({ onHold }) => onHold),
    }));
}

/** Moves stock by the given amounts; the row is made when there is none. On hand may fall below 0 by what a warehouse really shipped. */
export async function moveStock(tx: Tx, movement: Movement, now: number): Promise<void> {
  await moveStocks(tx, [movement], now);
}

/** Moves many stock rows, as `moveStock` does, in few statements. */
export async function moveStocks(tx: Tx, movements: readonly Movement[], now: number): Promise<void> {
  const rows = byRow(movements).map(({ sku, location, onHand, allocated, onHold = 0n }) => ({ sku, location, onHand, allocated, onHold }));
  if (rows.length === 0) return;
  const given = rows.map((row) => ({ item: row.sku, place: row.location, more: row.onHand, taken: row.allocated, held: row.onHold }));
  const changed = await updateFrom(tx, 'stock', given, {
    set: 'on_hand = on_hand + given.more, allocated = allocated + given.taken, on_hold = on_hold + given.held',
    where: 'sku = given.item and location = given.place',
  });
  if (changed < rows.length) {
    const there = new Set((await readStock(tx, [...new Set(rows.map(({ sku }) => sku))])).map(({ sku, location }) => `${sku}\n${location}`));
    const missing = rows.filter(({ sku, location }) => !there.has(`${sku}\n${location}`));
    await tx.insertMany(
      'stock',
      missing.map(({ sku, location, onHand, allocated, onHold }) => ({ sku, location, on_hand: onHand, allocated, on_hold: onHold })),
    );
  }
  await tx.insertMany('stock_movement', ledgerRows(movements, now));
}

/** Sets the safety stock of a row, which must be there. */
export async function setSafety(tx: Tx, sku: string, location: string, safety: Decimal): Promise<void> {
  await tx.run('update {stock} set safety = ? where sku = ? and location = ?', [safety, sku, location]);
}

function ledgerRows(movements: readonly Movement[], now: number): readonly NewRow[] {
  return movements.map((movement) => ({
    sku: movement.sku,
    location: movement.location,
    on_hand: movement.onHand,
    allocated: movement.allocated,
    on_hold: movement.onHold ?? 0n,
    cause: movement.cause,
    unique_key: movement.key,
    order_id: movement.orderId ?? null,
    at: now,
  }));
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
