import type { ItemReference } from '../store/items.ts';
import { readItem, saveItemReference } from '../store/items.ts';
import type { ImportContext } from './import-items.ts';
import { ownerOf } from './owners.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { refuse } from './import-rows.ts';
import type { TableImport } from './import-table.ts';
import { importTable } from './import-table.ts';

/**
 * Adds numbers by which partners, or all of them, know items, from a CSV file; no other number of an item is touched. Orders that were held for one of
 * them go on.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export function importReferences(context: ImportContext, bytes: Uint8Array): Promise<TableImport> {
  const partners = new Set(context.config.partners.keys());
  return importTable<ItemReference>(context, bytes, {
    what: 'item numbers',
    columns: { required: ['sku', 'qualifier', 'value'], optional: ['partner'] },
    read: (row) => readRow(row, partners),
    key: ({ partner, qualifier, value }) => `${partner}\n${qualifier}\n${value}`,
    keyColumn: 'value',
    store: async (tx, reference, row) => {
      if (!(await readItem(tx, reference.sku))) return refuse(row, 'sku', 'is no item; import the items first');
      const owner = await ownerOf(tx, reference);
      if (owner === reference.sku) return 'unchanged';
      if (owner !== undefined) return refuse(row, 'value', `is ${owner} already`);
      await saveItemReference(tx, reference);
      return 'created';
    },
  });
}

function readRow(row: ImportRow, partners: ReadonlySet<string>): ItemReference | readonly RefusedRow[] {
  const refused: RefusedRow[] = [];
  const [sku = '', value = '', partner = ''] = ['sku', 'value', 'partner'].map((column) => row.cell(column) ?? '');
  const qualifier = (row.cell('qualifier') ?? '').toUpperCase();
  if (sku === '') refused.push(refuse(row, 'sku', 'is missing'));
  if (!/^[A-Z0-9]{1,4}$/.test(qualifier)) refused.push(refuse(row, 'qualifier', 'is not a code such as BP, UP or VN'));
  if (value === '' || value.length > 60) refused.push(refuse(row, 'value', 'is a number of 1 to 60 characters'));
  if (partner !== '' && !partners.has(partner)) refused.push(refuse(row, 'partner', 'is no partner; leave it empty for a number that everybody uses'));
  return refused.length > 0 ? refused : { partner, qualifier, value, sku };
}
