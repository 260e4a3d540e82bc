import { locations } from '../config/find-partner.ts';
import { fitsColumn, parseDecimal } from '../decimal.ts';
import { startOfDay } from '../orders/windows.ts';
import { dayIn } from '../pipeline/work.ts';
import { readItem } from '../store/items.ts';
import { wakeOrdersWaitingFor } from '../store/orders.ts';
import type { StoredPool } from '../store/pools.ts';
import { savePool } from '../store/pools.ts';
import type { ImportContext } from './import-items.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { refuse, refuseDates, refusePlace } from './import-rows.ts';
import type { TableImport } from './import-table.ts';
import { importTable } from './import-table.ts';

/**
 * Adds and changes what is kept of an item at a location for the partners whose file names the pool, from a CSV file. A quantity of 0 ends a pool.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export function importPools(context: ImportContext, bytes: Uint8Array): Promise<TableImport> {
  const { config, now } = context;
  const places = new Set(locations(config).keys());
  const named = new Set([...config.partners.values()].flatMap(({ allocation }) => allocation.pools));
  const today = dayIn(config.company.timezone, now);
  return importTable<StoredPool>(context, bytes, {
    what: 'pools',
    columns: { required: ['pool', 'sku', 'location', 'quantity'], optional: ['valid_from', 'valid_to'] },
    read: (row) => readRow(row, { places, named }),
    key: ({ name, sku, location }) => `${name}\n${sku}\n${location}`,
    keyColumn: 'pool',
    store: async (tx, pool, row) => {
      if (!(await readItem(tx, pool.sku))) return refuse(row, 'sku', 'is no item; import the items first');
      const since = Math.max(now, startOfDay(pool.validFrom ?? today, config.company.timezone));
      const stored = await savePool(tx, pool, { today, since });
      if (stored !== 'unchanged') await wakeOrdersWaitingFor(tx, [pool.sku], now);
      return stored;
    },
  });
}

type Known = { readonly places: ReadonlySet<string>; readonly named: ReadonlySet<string> };

function readRow(row: ImportRow, { places, named }: Known): StoredPool | readonly RefusedRow[] {
  const refused: RefusedRow[] = [];
  const [name = '', sku = '', location = ''] = ['pool', 'sku', 'location'].map((column) => row.cell(column));
  const [validFrom, validTo] = [row.cell('valid_from') || undefined, row.cell('valid_to') || undefined];
  const quantity = parseDecimal(row.cell('quantity') ?? '');
  if (!named.has(name)) refused.push(refuse(row, 'pool', `is named by no partner under allocation.pools; there are ${[...named].join(', ') || 'none'}`));
  if (sku === '') refused.push(refuse(row, 'sku', 'is missing'));
  refused.push(...refusePlace(row, places));
  if (quantity === undefined || quantity < 0n || !fitsColumn(quantity)) refused.push(refuse(row, 'quantity', 'is not a number of base units'));
  refused.push(...refuseDates(row, ['valid_from', 'valid_to']));
  return refused.length > 0 || quantity === undefined ? refused : { name, sku, location, quantity, validFrom, validTo };
}
