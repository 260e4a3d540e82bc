import { fromColumn } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Pool } from '../orders/allocation.ts';
import { firstOf } from '../orders/dates.ts';
import { inList, inParts } from './in-list.ts';
import type { Tx } from './transaction.ts';

/** What is kept of an item at a location for the partners whose file names the pool, from one day to another (inclusive); in base units. */
export type StoredPool = {
  readonly name: string;
  readonly sku: string;
  readonly location: string;
  readonly quantity: Decimal;
  /** Undefined where a file does not say: the day of a known pool stays, a new one begins with `since`. */
  readonly validFrom: string | undefined;
  readonly validTo: string | undefined;
};

/** Adds or changes a pool; a quantity of 0 ends it. What its members take is drawn from it from `since` (milliseconds since 1970) on, which stays when only the quantity or the end changes. */
export async function savePool(
  tx: Tx,
  pool: StoredPool,
  { today, since }: { readonly today: string; readonly since: number },
): Promise<'created' | 'updated' | 'unchanged'> {
  const { name, sku, location, quantity, validTo = null } = pool;
  const known = await tx.one('select * from {stock_pool} where name = ? and sku = ? and location = ?', [name, sku, location]);
  const validFrom = pool.validFrom ?? (known?.['valid_from'] as string | undefined) ?? today;
  if (!known) {
    await tx.insertMany('stock_pool', [{ name, sku, location, quantity, valid_from: validFrom, valid_to: validTo, at: since }]);
    return 'created';
  }
  if (fromColumn(known['quantity']) === quantity && known['valid_from'] === validFrom && known['valid_to'] === validTo) return 'unchanged';
  const at = known['valid_from'] === validFrom ? Number(known['at']) : since;
  await tx.run('update {stock_pool} set quantity = ?, valid_from = ?, valid_to = ?, at = ? where name = ? and sku = ? and location = ?', [
    quantity,
    validFrom,
    validTo,
    at,
    name,
    sku,
    location,
  ]);
  return 'updated';
}

/**
 * What is left of the pools of items on a day. What the members of a pool have taken since it began is drawn from it, whatever they had before; `members`
 * are the partners that may draw from each.
 */
export async function poolsLeft(tx: Tx, skus: readonly string[], day: string, members: ReadonlyMap<string, readonly string[]>): Promise<readonly Pool[]> {
  const rows = await inParts(skus, async (part) => {
    const list = inList(part);
    return tx.many(
      `select * from {stock_pool} where sku in ${list.sql} and quantity > 0 and valid_from <= ? and coalesce(valid_to, '9999-12-31') >= ?
        order by sku, location, name`,
      [...list.values, day, day],
    );
  });
  const pools = rows.map(async (row): Promise<Pool> => {
    const [name, sku, location] = [row['name'], row['sku'], row['location']] as [string, string, string];
    const drawn = await drawnSince(tx, sku, location, Number(row['at']), members.get(name) ?? []);
    return { name, sku, location, quantity: fromColumn(row['quantity']) - drawn };
  });
  return Promise.all(pools);
}

/** What was reserved and not given back: by a shipment, what did not leave is given back, and what left above the order is drawn. */
async function drawnSince(tx: Tx, sku: string, location: string, since: number, partners: readonly string[]): Promise<Decimal> {
  if (partners.length === 0) return 0n;
  const list = inList(partners);
  const row = await tx.one(
    `select coalesce(sum(m.allocated), 0) as drawn from {stock_movement} m join {sales_order} o on o.id = m.order_id
      where m.sku = ? and m.location = ? and m.at >= ? and m.cause in ('allocation', 'deallocation', 'shipment') and o.partner in ${list.sql}`,
    [sku, location, since, ...list.values],
  );
  return fromColumn(row?.['drawn'] ?? 0);
}

/** The last day of the pool of these items that ends first, on a day or after it; undefined when none ends. */
export async function nextPoolEnd(tx: Tx, skus: readonly string[], day: string): Promise<string | undefined> {
  const rows = await inParts(skus, async (part) => {
    const list = inList(part);
    return tx.many(`select min(valid_to) as ends from {stock_pool} where sku in ${list.sql} and quantity > 0 and valid_to >= ?`, [...list.values, day]);
  });
  return firstOf(rows.map((row) => (row['ends'] as string | null) ?? undefined));
}
