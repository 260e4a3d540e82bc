import { fitsColumn, parseDecimal } from '../decimal.ts';
import type { Price } from '../store/items.ts';
import { findConversion, findPriceRow, readItem, savePrice } from '../store/items.ts';
import type { ImportContext } from './import-items.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { refuse } from './import-rows.ts';
import type { TableImport } from './import-table.ts';
import { importTable } from './import-table.ts';

/**
 * Adds and changes prices from a CSV file: list prices, and those of a partner. Orders that were held for a price that agrees now go on.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export function importPrices(context: ImportContext, bytes: Uint8Array): Promise<TableImport> {
  const partners = new Set(context.config.partners.keys());
  return importTable<Price>(context, bytes, {
    what: 'prices',
    columns: { required: ['sku', 'unit', 'price'], optional: ['partner'] },
    read: (row) => readRow(row, partners),
    key: ({ partner, sku, unit }) => `${partner}\n${sku}\n${unit}`,
    keyColumn: 'sku',
    store: async (tx, price, row) => {
      const item = await readItem(tx, price.sku);
      if (!item) return refuse(row, 'sku', 'is no item; import the items first');
      if (!(await findConversion(tx, item, price.unit))) return refuse(row, 'unit', `is no unit of ${price.sku}`);
      if ((await findPriceRow(tx, price)) === price.price) return 'unchanged';
      return (await savePrice(tx, price)) ? 'created' : 'updated';
    },
  });
}

function readRow(row: ImportRow, partners: ReadonlySet<string>): Price | readonly RefusedRow[] {
  const refused: RefusedRow[] = [];
  const partner = row.cell('partner') ?? '';
  const unit = (row.cell('unit') ?? '').toUpperCase();
  const price = parseDecimal(row.cell('price') ?? '');
  const sku = row.cell('sku') ?? '';
  if (sku === '') refused.push(refuse(row, 'sku', 'is missing'));
  if (partner !== '' && !partners.has(partner)) refused.push(refuse(row, 'partner', 'is no partner; leave it empty for the list price'));
  if (unit === '') refused.push(refuse(row, 'unit', 'is missing'));
  if (price === undefined || price < 0n || !fitsColumn(price)) refused.push(refuse(row, 'price', 'is not a price, such as 6.25'));
  return refused.length > 0 || price === undefined ? refused : { partner, sku, unit, price };
}
