import type { QualifiedId } from '../canonical/common.ts';
import type { Decimal } from '../decimal.ts';
import { fromColumn } from '../decimal.ts';
import type { Conversion } from '../orders/model.ts';
import { inList, inParts } from './in-list.ts';
import { recall } from './recall.ts';
import type { Row, SqlValue, Tx } from './transaction.ts';

export type Item = { readonly sku: string; readonly description: string; readonly baseUnit: string; readonly pack: Decimal };
export type ItemUnit = { readonly sku: string; readonly unit: string; readonly numerator: bigint; readonly denominator: bigint };
/** `partner` is '' for an identifier that everybody uses, such as a GTIN. */
export type ItemReference = { readonly partner: string; readonly qualifier: string; readonly value: string; readonly sku: string };
/** The price of one `unit`; `partner` is '' for the list price. */
export type Price = { readonly partner: string; readonly sku: string; readonly unit: string; readonly price: Decimal };

/** Identifiers by their value, the partner's own before the common ones. */
export async function findReferences(tx: Tx, partner: string, values: readonly string[]): Promise<readonly ItemReference[]> {
  const found = await recall(tx, `references ${partner}`, values, async (missing) => {
    const rows = await inParts(missing, (part) => {
      const list = inList(part);
      return tx.many(`select partner, qualifier, value, sku from {item_reference} where value in ${list.sql} and partner in (?, '')`, [
        ...list.values,
        partner,
      ]);
    });
    return Map.groupBy(rows.map(toReference), ({ value }) => value);
  });
  const all = [...found.values()].flat();
  return [...all.filter((each) => each.partner !== ''), ...all.filter((each) => each.partner === '')];
}

function toReference(row: Row): ItemReference {
  return { partner: row['partner'] as string, qualifier: row['qualifier'] as string, value: row['value'] as string, sku: row['sku'] as string };
}

/** Items by their SKUs. */
export async function readItems(tx: Tx, skus: readonly string[]): Promise<ReadonlyMap<string, Item>> {
  return recall(tx, 'items', skus, async (missing) => {
    const rows = await inParts(missing, (part) => {
      const list = inList(part);
      return tx.many(`select sku, description, base_unit, pack from {item} where sku in ${list.sql}`, list.values);
    });
    return new Map(rows.map(toItem).map((item) => [item.sku, item]));
  });
}

/** All units of items besides their base units. */
export async function readItemUnits(tx: Tx, skus: readonly string[]): Promise<readonly ItemUnit[]> {
  const found = await recall(tx, 'units', skus, async (missing) => {
    const rows = await inParts(missing, (part) => {
      const list = inList(part);
      return tx.many(`select sku, unit, numerator, denominator from {item_unit} where sku in ${list.sql}`, list.values);
    });
    return Map.groupBy(rows.map(toItemUnit), ({ sku }) => sku);
  });
  return [...found.values()].flat();
}

function toItemUnit(row: Row): ItemUnit {
  const { sku, unit, numerator, denominator } = row;
  return { sku: sku as string, unit: unit as string, numerator: BigInt(numerator as number), denominator: BigInt(denominator as number) };
}

/** Our prices of items for a partner, its own before the list prices. */
export async function readPrices(tx: Tx, partner: string, skus: readonly string[]): Promise<readonly Price[]> {
  const found = await recall(tx, `prices ${partner}`, skus, async (missing) => {
    const rows = await inParts(missing, (part) => {
      const list = inList(part);
      const sql = `select partner, sku, unit, price from {price} where sku in ${list.sql} and partner in (?, '') order by partner desc`;
      return tx.many(sql, [...list.values, partner]);
    });
    return Map.groupBy(rows.map(toPrice), ({ sku }) => sku);
  });
  return [...found.values()].flat();
}

function toPrice(row: Row): Price {
  return { partner: row['partner'] as string, sku: row['sku'] as string, unit: row['unit'] as string, price: fromColumn(row['price']) };
}

/** The identifiers that a partner, or everybody, uses for items, by SKU. */
export async function referencesOfAll(tx: Tx, partner: string, skus: readonly string[]): Promise<ReadonlyMap<string, readonly QualifiedId[]>> {
  return recall(tx, `identifiers ${partner}`, skus, async (missing) => {
    const rows = await inParts(missing, (part) => {
      const list = inList(part);
      const sql = `select sku, qualifier, value from {item_reference} where sku in ${list.sql} and partner in (?, '') order by sku, qualifier, value`;
      return tx.many(sql, [...list.values, partner]);
    });
    const bySku = Map.groupBy(rows, (row) => row['sku'] as string);
    return new Map([...bySku].map(([sku, some]) => [sku, some.map((row) => ({ qualifier: row['qualifier'] as string, value: row['value'] as string }))]));
  });
}

/** The items that a partner has a number or a price of its own for, in order of SKU. */
export async function listedItems(tx: Tx, partner: string): Promise<readonly string[]> {
  const rows = await tx.many('select sku from {item_reference} where partner = ? union select sku from {price} where partner = ? order by sku', [
    partner,
    partner,
  ]);
  return rows.map((row) => row['sku'] as string);
}

/** An item by its SKU. */
export async function readItem(tx: Tx, sku: string): Promise<Item | undefined> {
  const row = await tx.one('select sku, description, base_unit, pack from {item} where sku = ?', [sku]);
  return row && toItem(row);
}

function toItem(row: Row): Item {
  return { sku: row['sku'] as string, description: row['description'] as string, baseUnit: row['base_unit'] as string, pack: fromColumn(row['pack']) };
}

/** How a unit of an item becomes base units; undefined when the item has no such unit. */
export async function findConversion(tx: Tx, item: Item, unit: string): Promise<Conversion | undefined> {
  if (unit === item.baseUnit) return { unit, numerator: 1n, denominator: 1n };
  const row = await tx.one('select numerator, denominator from {item_unit} where sku = ? and unit = ?', [item.sku, unit]);
  return row && { unit, numerator: BigInt(row['numerator'] as number), denominator: BigInt(row['denominator'] as number) };
}

/** What a vendor asks for one `unit`: only their own price, never the list price that we sell at. */
export async function findCost(tx: Tx, vendor: string, sku: string, unit: string): Promise<Decimal | undefined> {
  const row = await tx.one('select price from {price} where partner = ? and sku = ? and unit = ?', [vendor, sku, unit]);
  return row && fromColumn(row['price']);
}

/** Adds an item or updates the one with its SKU; true when it is new. */
export function saveItem(tx: Tx, item: Item): Promise<boolean> {
  return save(tx, 'item', { sku: item.sku }, { description: item.description, base_unit: item.baseUnit, pack: item.pack });
}

/** Adds or updates a unit of an item; true when it is new. */
export function saveItemUnit(tx: Tx, unit: ItemUnit): Promise<boolean> {
  return save(tx, 'item_unit', { sku: unit.sku, unit: unit.unit }, { numerator: unit.numerator, denominator: unit.denominator });
}

/** Adds or updates an identifier of an item; true when it is new. */
export function saveItemReference(tx: Tx, reference: ItemReference): Promise<boolean> {
  return save(tx, 'item_reference', { partner: reference.partner, qualifier: reference.qualifier, value: reference.value }, { sku: reference.sku });
}

/** Adds or updates a price; true when it is new. */
export function savePrice(tx: Tx, price: Price): Promise<boolean> {
  return save(tx, 'price', { partner: price.partner, sku: price.sku, unit: price.unit }, { price: price.price });
}

async function save(tx: Tx, table: string, key: Record<string, SqlValue>, rest: Record<string, SqlValue>): Promise<boolean> {
  const set = Object.keys(rest).map((column) => `${column} = ?`);
  const where = Object.keys(key).map((column) => `${column} = ?`);
  const changed = await tx.run(`update {${table}} set ${set.join(', ')} where ${where.join(' and ')}`, [...Object.values(rest), ...Object.values(key)]);
  if (changed > 0) return false;
  await tx.insertMany(table, [{ ...key, ...rest }]);
  return true;
}

/** Removes an identifier of an item. */
export async function dropReference(tx: Tx, { partner, qualifier, value, sku }: ItemReference): Promise<void> {
  await tx.run('delete from {item_reference} where partner = ? and qualifier = ? and value = ? and sku = ?', [partner, qualifier, value, sku]);
}

/** Items whose number, or one of whose identifiers, begins with this text, or whose description has it: at most `count`. */
export async function itemsLike(tx: Tx, text: string, count: number): Promise<readonly Item[]> {
  const plain = text.replaceAll(/[%_[\]]/g, '');
  if (plain.length < 3) return [];
  const rows = await tx.many(
    `select sku, description, base_unit, pack from {item} where sku like ? or description like ?
      or sku in (select sku from {item_reference} where value like ?) order by sku ${tx.limit(count)}`,
    [`${plain}%`, `%${plain}%`, `${plain}%`],
  );
  return rows.map((row) => ({
    sku: row['sku'] as string,
    description: (row['description'] as string | null) ?? '',
    baseUnit: row['base_unit'] as string,
    pack: fromColumn(row['pack']),
  }));
}

/** All identifiers of items, whosever they are. */
export async function referencesOfItems(tx: Tx, skus: readonly string[]): Promise<readonly ItemReference[]> {
  const rows = await inParts(skus, (part) => {
    const list = inList(part);
    return tx.many(`select partner, qualifier, value, sku from {item_reference} where sku in ${list.sql}`, list.values);
  });
  return rows.map(toReference);
}

/** Removes a unit of an item, where it is still so many base units. */
export async function dropItemUnit(tx: Tx, { sku, unit, numerator, denominator }: ItemUnit): Promise<void> {
  await tx.run('delete from {item_unit} where sku = ? and unit = ? and numerator = ? and denominator = ?', [sku, unit, numerator, denominator]);
}

/** Removes a partner's price of an item. */
export async function dropPrice(tx: Tx, { partner, sku, unit }: Omit<Price, 'price'>): Promise<void> {
  await tx.run('delete from {price} where partner = ? and sku = ? and unit = ?', [partner, sku, unit]);
}

/** Removes the list price of an item, in every unit. */
export async function dropListPrice(tx: Tx, sku: string): Promise<void> {
  await tx.run(`delete from {price} where partner = '' and sku = ?`, [sku]);
}

/** A price exactly as it is stored, that of the partner or the list price. */
export async function findPriceRow(tx: Tx, { partner, sku, unit }: Omit<Price, 'price'>): Promise<Decimal | undefined> {
  const row = await tx.one('select price from {price} where partner = ? and sku = ? and unit = ?', [partner, sku, unit]);
  return row && fromColumn(row['price']);
}
