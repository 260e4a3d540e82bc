import type { ItemUnit } from '../store/items.ts';
import { findConversion, readItem, saveItemUnit } from '../store/items.ts';
import type { ImportContext } from './import-items.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { refuse } from './import-rows.ts';
import type { TableImport } from './import-table.ts';
import { importTable } from './import-table.ts';

/**
 * Adds and changes units of items from a CSV file: one `unit` is `quantity` base units, or `quantity` of them make `per` units. Orders that were held for
 * a unit go on.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export function importUnits(context: ImportContext, bytes: Uint8Array): Promise<TableImport> {
  return importTable<ItemUnit>(context, bytes, {
    what: 'units',
    columns: { required: ['sku', 'unit', 'quantity'], optional: ['per'] },
    read: readRow,
    key: ({ sku, unit }) => `${sku}\n${unit}`,
    keyColumn: 'unit',
    store: async (tx, unit, row) => {
      const item = await readItem(tx, unit.sku);
      if (!item) return refuse(row, 'sku', 'is no item; import the items first');
      if (unit.unit === item.baseUnit) return refuse(row, 'unit', 'is the base unit itself');
      const known = await findConversion(tx, item, unit.unit);
      if (known?.numerator === unit.numerator && known.denominator === unit.denominator) return 'unchanged';
      return (await saveItemUnit(tx, unit)) ? 'created' : 'updated';
    },
  });
}

const WHOLE = /^[1-9]\d{0,8}$/;

function readRow(row: ImportRow): ItemUnit | readonly RefusedRow[] {
  const refused: RefusedRow[] = [];
  const sku = row.cell('sku') ?? '';
  const unit = (row.cell('unit') ?? '').toUpperCase();
  const quantity = row.cell('quantity') ?? '';
  const per = row.cell('per') || '1';
  if (sku === '') refused.push(refuse(row, 'sku', 'is missing'));
  if (!/^[A-Z0-9]{1,4}$/.test(unit)) refused.push(refuse(row, 'unit', 'is not a unit of 1 to 4 letters and digits, such as CA'));
  if (!WHOLE.test(quantity)) refused.push(refuse(row, 'quantity', 'is not a whole number of base units'));
  if (!WHOLE.test(per)) refused.push(refuse(row, 'per', 'is not a whole number of units'));
  return refused.length > 0 ? refused : { sku, unit, numerator: BigInt(quantity), denominator: BigInt(per) };
}
