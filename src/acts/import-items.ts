import type { Config } from '../config/types.ts';
import { decimal } from '../decimal.ts';
import { note } from '../store/activity.ts';
import type { Item } from '../store/items.ts';
import { dropListPrice, dropReference, readItems, saveItem, saveItemReference, saveItemUnit, savePrice } from '../store/items.ts';
import type { Database, Tx } from '../store/transaction.ts';
import { inParts } from '../pipeline/work.ts';
import type { Healed } from './heal.ts';
import { heal } from './heal.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { inOrder, readImport, refuse } from './import-rows.ts';
import type { ItemRow } from './item-rows.ts';
import { readItemRow } from './item-rows.ts';
import type { Owners } from './owners.ts';
import { readOwners } from './owners.ts';

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

type AcceptedRow = { readonly row: ImportRow; readonly item: ItemRow };

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
  const accepted: AcceptedRow[] = [];
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
    const results = await db.transaction((tx) => storeAll(tx, batch));
    refused.push(...results.filter((result) => typeof result !== 'string'));
    created += results.filter((result) => result === 'created').length;
    saved += results.filter((result) => typeof result === 'string').length;
  }
  await db.transaction((tx) => note(tx, { at: now, verb: 'import', text: `${saved} items from ${file}, ${refused.length} values refused` }));
  const healed = await heal({ db, config, now }, `items import of ${file}`);
  return { rows: read.total, created, updated: saved - created, refused: inOrder(refused), ignoredColumns: read.ignored, healed };
}

/** Stores rows of one transaction, each as those before it leave the items; what a row changes is asked for at once. */
async function storeAll(tx: Tx, batch: readonly AcceptedRow[]): Promise<readonly ('created' | 'updated' | RefusedRow)[]> {
  const rows = batch.map(({ item }) => item);
  const [known, owners] = await Promise.all([
    readItems(
      tx,
      rows.map(({ sku }) => sku),
    ),
    readOwners(tx, rows),
  ]);
  const writes: Promise<unknown>[] = [];
  const results = batch.map(({ row, item }) => {
    const before = known.get(item.sku);
    const refused = refusal(row, item, before, owners);
    if (refused) return refused;
    writes.push(...changes(tx, item, before, owners));
    return before ? 'updated' : 'created';
  });
  await Promise.all(writes);
  return results;
}

function refusal(row: ImportRow, { sku, baseUnit, references = [] }: ItemRow, before: Item | undefined, owners: Owners): RefusedRow | undefined {
  if (before && before.baseUnit !== baseUnit) return refuse(row, 'base_unit', `cannot change: stock and orders of ${sku} are counted in ${before.baseUnit}`);
  for (const reference of references) {
    const owner = owners.ownerOf(reference);
    if (owner === undefined || owner === sku) continue;
    const field = reference.value === row.cell('gtin') && reference.partner === '' ? 'gtin' : 'references';
    return refuse(row, field, `${reference.partner}:${reference.qualifier}=${reference.value} is ${owner} already`);
  }
  return undefined;
}

function changes(tx: Tx, item: ItemRow, before: Item | undefined, owners: Owners): readonly Promise<unknown>[] {
  const { sku, baseUnit, unit, references } = item;
  return [
    saveItem(tx, { sku, baseUnit, description: item.description ?? before?.description ?? '', pack: item.pack ?? before?.pack ?? decimal('1') }),
    ...(unit ? [saveItemUnit(tx, { sku, unit: unit.unit, numerator: unit.count, denominator: 1n })] : []),
    ...(references ? owners.keep(sku, references).map((gone) => dropReference(tx, gone)) : []),
    ...(references ?? []).map((reference) => saveItemReference(tx, { ...reference, sku })),
    ...(item.dropListPrice ? [dropListPrice(tx, sku)] : []),
    ...item.prices.map((price) => savePrice(tx, { ...price, sku })),
  ];
}
