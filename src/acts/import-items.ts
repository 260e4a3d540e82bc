import type { Config } from '../config/types.ts';
import { decimal } from '../decimal.ts';
import { gtinForms, gtinOf } from '../orders/identifiers.ts';
import { note } from '../store/activity.ts';
import type { ItemReference } from '../store/items.ts';
import { dropListPrice, findReferences, keepReferences, readItem, saveItem, saveItemReference, saveItemUnit, savePrice } from '../store/items.ts';
import type { Database, Tx } from '../store/transaction.ts';
import { inParts } from '../pipeline/work.ts';
import type { Healed } from './heal.ts';
import { heal } from './heal.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { inOrder, readImport, refuse } from './import-rows.ts';
import type { ItemRow } from './item-rows.ts';
import { readItemRow } from './item-rows.ts';

/** What an import works with. `now` is in milliseconds since 1970; `file` is what it is called in reports. */
export type ImportContext = { readonly db: Database; readonly config: Config; readonly now: number; readonly file: string };

export type ItemImport = {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly refused: readonly RefusedRow[];
  readonly ignoredColumns: readonly string[];
  readonly healed: Healed;
};

const COLUMNS = {
  required: ['sku', 'base_unit'],
  optional: ['description', 'pack', 'price', 'case_unit', 'case_quantity', 'gtin', 'references', 'prices'],
} as const;
const BATCH = 500;

/**
 * Adds and changes items from a CSV file, each row on its own, and heals the orders that waited for them. Doing it again changes nothing.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export async function importItems(context: ImportContext, bytes: Uint8Array): Promise<ItemImport> {
  const { db, config, now, file } = context;
  const read = await readImport(file, bytes, COLUMNS);
  const refused = [...read.refused];
  const partners = new Set(config.partners.keys());
  const seen = new Set<string>();
  const accepted: { readonly row: ImportRow; readonly item: ItemRow }[] = [];
  for (const row of read.rows) {
    const item = readItemRow(row, partners);
    if (!('sku' in item)) refused.push(...item);
    else if (seen.has(item.sku)) refused.push(refuse(row, 'sku', 'stands in this file twice'));
    else accepted.push({ row, item });
    if ('sku' in item) seen.add(item.sku);
  }
  let created = 0;
  let saved = 0;
  for (const batch of inParts(accepted, BATCH)) {
    const results = await db.transaction(async (tx) => {
      const done = [];
      for (const { row, item } of batch) done.push(await store(tx, row, item));
      return done;
    });
    refused.push(...results.filter((result) => typeof result !== 'string'));
    created += results.filter((result) => result === 'created').length;
    saved += results.filter((result) => typeof result === 'string').length;
  }
  await db.transaction((tx) => note(tx, { at: now, verb: 'import', text: `${saved} items from ${file}, ${refused.length} values refused` }));
  const healed = await heal({ db, config, now }, `items import of ${file}`);
  return { rows: read.total, created, updated: saved - created, refused: inOrder(refused), ignoredColumns: read.ignored, healed };
}

/** The item that has an identifier already. A bar code is one, however many zeros stand before it. */
export async function ownerOf(tx: Tx, reference: Omit<ItemReference, 'sku'>): Promise<string | undefined> {
  const { partner, qualifier, value } = reference;
  const gtin = gtinOf(reference);
  const same = (await findReferences(tx, partner, gtin === undefined ? [value] : gtinForms(gtin))).filter((each) => each.partner === partner);
  return same.find((each) => (gtin === undefined ? each.qualifier === qualifier : gtinOf(each) === gtin))?.sku;
}

async function store(tx: Tx, row: ImportRow, item: ItemRow): Promise<'created' | 'updated' | RefusedRow> {
  const { sku, baseUnit } = item;
  const known = await readItem(tx, sku);
  if (known && known.baseUnit !== baseUnit) return refuse(row, 'base_unit', `cannot change: stock and orders of ${sku} are counted in ${known.baseUnit}`);
  for (const reference of item.references ?? []) {
    const owner = await ownerOf(tx, reference);
    const field = reference.value === row.cell('gtin') && reference.partner === '' ? 'gtin' : 'references';
    if (owner !== undefined && owner !== sku) return refuse(row, field, `${reference.partner}:${reference.qualifier}=${reference.value} is ${owner} already`);
  }
  await saveItem(tx, { sku, baseUnit, description: item.description ?? known?.description ?? '', pack: item.pack ?? known?.pack ?? decimal('1') });
  if (item.unit) await saveItemUnit(tx, { sku, unit: item.unit.unit, numerator: item.unit.count, denominator: 1n });
  if (item.references) await keepReferences(tx, sku, item.references);
  for (const reference of item.references ?? []) await saveItemReference(tx, { ...reference, sku });
  if (item.dropListPrice) await dropListPrice(tx, sku);
  for (const price of item.prices) await savePrice(tx, { ...price, sku });
  return known ? 'updated' : 'created';
}
