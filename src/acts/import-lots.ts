import { isDate } from '../canonical/common.ts';
import { locations } from '../config/find-partner.ts';
import { fitsColumn, parseDecimal } from '../decimal.ts';
import { readItem } from '../store/items.ts';
import type { LotStock } from '../store/lots.ts';
import { saveLot, totalOfLots } from '../store/lots.ts';
import { wakeOrdersWaitingFor, wakeOrdersHolding } from '../store/orders.ts';
import { moveStock, readStock } from '../store/stock.ts';
import type { Tx } from '../store/transaction.ts';
import type { ImportContext } from './import-items.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { importKey, refuse, refusePlace } from './import-rows.ts';
import type { TableImport } from './import-table.ts';
import { importTable } from './import-table.ts';
import { dayIn } from '../pipeline/work.ts';

/**
 * Sets what is on hand of lots from a CSV file. What is on hand of an item that is kept by lot is what its lots come to.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export function importLots(context: ImportContext, bytes: Uint8Array): Promise<TableImport> {
  const places = new Set(locations(context.config).keys());
  const today = dayIn(context.config.company.timezone, context.now);
  const source = importKey(bytes, context.now);
  return importTable<LotStock>(context, bytes, {
    what: 'lots',
    columns: { required: ['sku', 'location', 'lot', 'on_hand'], optional: ['expires', 'received'] },
    read: (row) => readRow(row, places, today),
    key: ({ sku, location, lot }) => `${sku}\n${location}\n${lot}`,
    keyColumn: 'lot',
    store: async (tx, lot, row) => {
      if (!(await readItem(tx, lot.sku))) return refuse(row, 'sku', 'is no item; import the items first');
      const stored = await saveLot(tx, lot);
      if (stored !== 'unchanged') await follow(tx, lot, `${source}:${row.row}`, context.now);
      return stored;
    },
  });
}

/** Brings the item's stock to what its lots come to, and has those look again who wait for it. */
async function follow(tx: Tx, { sku, location }: LotStock, key: string, now: number): Promise<void> {
  const known = (await readStock(tx, [sku])).find((row) => row.location === location);
  const onHand = (await totalOfLots(tx, sku, location)) - (known?.onHand ?? 0n);
  if (!known || onHand !== 0n) await moveStock(tx, { sku, location, onHand, allocated: 0n, cause: 'import', key }, now);
  await wakeOrdersWaitingFor(tx, [sku], now);
  await wakeOrdersHolding(tx, sku, location, now);
}

function readRow(row: ImportRow, places: ReadonlySet<string>, today: string): LotStock | readonly RefusedRow[] {
  const refused: RefusedRow[] = [];
  const [sku = '', location = '', lot = ''] = ['sku', 'location', 'lot'].map((column) => row.cell(column));
  const [expires, received] = [row.cell('expires') || undefined, row.cell('received') || today];
  const onHand = parseDecimal(row.cell('on_hand') ?? '');
  if (sku === '') refused.push(refuse(row, 'sku', 'is missing'));
  refused.push(...refusePlace(row, places));
  if (lot === '' || lot.length > 40) refused.push(refuse(row, 'lot', 'is the number of the lot, 1 to 40 characters'));
  if (onHand === undefined || onHand < 0n || !fitsColumn(onHand)) refused.push(refuse(row, 'on_hand', 'is not a number of base units'));
  if (expires !== undefined && !isDate(expires))
    refused.push(refuse(row, 'expires', 'is not a date such as 2026-03-05; leave it empty for what does not spoil'));
  if (!isDate(received)) refused.push(refuse(row, 'received', 'is not a date such as 2026-03-05'));
  return refused.length > 0 || onHand === undefined ? refused : { sku, location, lot, expires, receivedOn: received, onHand };
}
