import { isDate } from '../canonical/common.ts';
import { locations } from '../config/find-partner.ts';
import { fitsColumn, parseDecimal } from '../decimal.ts';
import { addDays } from '../orders/dates.ts';
import { readItem } from '../store/items.ts';
import { wakeOrdersWaitingFor } from '../store/orders.ts';
import type { ExpectedReceipt } from '../store/supply.ts';
import { saveExpected } from '../store/supply.ts';
import { announceGoods } from '../pipeline/apply/stock-transfer.ts';
import type { ImportContext } from './import-items.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { refuse, refusePlace } from './import-rows.ts';
import type { TableImport } from './import-table.ts';
import { importTable } from './import-table.ts';

/**
 * Adds and changes goods on their way to a location, from a CSV file: what waits for them is promised a day, and the
 * location is told of them where it takes that (943). A quantity of 0 says that they do not come.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export async function importInbound(context: ImportContext, bytes: Uint8Array): Promise<TableImport> {
  const { db, config, now } = context;
  const places = new Set(locations(config).keys());
  const changed = new Map<string, ExpectedReceipt>();
  const result = await importTable<ExpectedReceipt>(context, bytes, {
    what: 'expected receipts',
    columns: { required: ['reference', 'sku', 'location', 'quantity', 'arrives'], optional: ['dock_days'] },
    read: (row) => readRow(row, places),
    key: ({ reference, sku, location }) => `${reference}\n${sku}\n${location}`,
    keyColumn: 'sku',
    store: async (tx, receipt, row) => {
      if (!(await readItem(tx, receipt.sku))) return refuse(row, 'sku', 'is no item; import the items first');
      const stored = await saveExpected(tx, receipt, context.now);
      if (stored === 'unchanged') return stored;
      await wakeOrdersWaitingFor(tx, [receipt.sku], now);
      changed.set(`${receipt.location}\n${receipt.reference}`, receipt);
      return stored;
    },
  });
  for (const { location, reference } of changed.values()) await db.transaction((tx) => announceGoods({ tx, config, now }, location, reference));
  return result;
}

function readRow(row: ImportRow, places: ReadonlySet<string>): ExpectedReceipt | readonly RefusedRow[] {
  const refused: RefusedRow[] = [];
  const [reference = '', sku = '', location = '', arrives = ''] = ['reference', 'sku', 'location', 'arrives'].map((column) => row.cell(column));
  const quantity = parseDecimal(row.cell('quantity') ?? '');
  const dock = /^\d{1,3}$/.exec(row.cell('dock_days') || '0');
  if (reference === '' || reference.length > 60) refused.push(refuse(row, 'reference', 'is the number of the receipt, 1 to 60 characters'));
  if (sku === '') refused.push(refuse(row, 'sku', 'is missing'));
  refused.push(...refusePlace(row, places));
  if (quantity === undefined || quantity < 0n || !fitsColumn(quantity)) refused.push(refuse(row, 'quantity', 'is not a number of base units'));
  if (!isDate(arrives)) refused.push(refuse(row, 'arrives', 'is not a date such as 2026-03-05'));
  if (!dock) refused.push(refuse(row, 'dock_days', 'is not a number of days'));
  if (refused.length > 0 || quantity === undefined) return refused;
  return { reference, sku, location, quantity, arrives, usableOn: addDays(arrives, Number(dock![0])) };
}
