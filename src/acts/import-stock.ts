import { locations } from '../config/find-partner.ts';
import { parseDecimal } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { note } from '../store/activity.ts';
import { readItems } from '../store/items.ts';
import { wakeOrdersWaitingFor } from '../store/orders.ts';
import type { Movement } from '../store/stock.ts';
import { moveStocks, readStock, setSafety } from '../store/stock.ts';
import { markCounted } from '../store/stock-alerts.ts';
import type { Tx } from '../store/transaction.ts';
import { inParts } from '../pipeline/work.ts';
import type { ImportContext } from './import-items.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { importKey, inOrder, readImport, refuse, refusePlace } from './import-rows.ts';

export type StockImport = {
  readonly rows: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: readonly RefusedRow[];
  readonly ignoredColumns: readonly string[];
  /** Orders that wait for one of the items and are decided again. */
  readonly woken: number;
};

type StockRow = {
  readonly row: ImportRow;
  readonly sku: string;
  readonly location: string;
  readonly onHand: Decimal;
  readonly safety: Decimal | undefined;
  readonly reorderPoint: Decimal | undefined;
};

const COLUMNS = { required: ['sku', 'location', 'on_hand'], optional: ['safety', 'reorder_point'] } as const;
const BATCH = 500;

/**
 * Sets what is on hand at locations from a CSV file of counts; what is promised to orders stays promised. Each difference is one movement in the
 * ledger, so that importing the same counts again moves nothing.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export async function importStock(context: ImportContext, bytes: Uint8Array): Promise<StockImport> {
  const { db, config, now, file } = context;
  const read = await readImport(file, bytes, COLUMNS);
  const refused = [...read.refused];
  const places = new Set(locations(config).keys());
  const counted = new Set<string>();
  const accepted: StockRow[] = [];
  for (const row of read.rows) {
    const stock = readStockRow(row, places);
    if (!('sku' in stock)) refused.push(...stock);
    else if (counted.has(`${stock.sku}\n${stock.location}`)) refused.push(refuse(row, 'sku', `stands in this file twice for ${stock.location}`));
    else accepted.push(stock);
    if ('sku' in stock) counted.add(`${stock.sku}\n${stock.location}`);
  }
  const source = importKey(bytes, now);
  let changed = 0;
  let unchanged = 0;
  let woken = 0;
  for (const batch of inParts(accepted, BATCH)) {
    await db.transaction(async (tx) => {
      const moved = new Set<string>();
      for (const [index, result] of (await storeAll(tx, batch, source, now)).entries()) {
        if (typeof result !== 'string') refused.push(result);
        else if (result === 'unchanged') unchanged += 1;
        else {
          changed += 1;
          moved.add(batch[index]!.sku);
        }
      }
      woken += await wakeOrdersWaitingFor(tx, [...moved], now);
    });
  }
  const text = `stock of ${changed + unchanged} items and locations from ${file}: ${changed} changed, ${refused.length} values refused`;
  await db.transaction((tx) => note(tx, { at: now, verb: 'import', text }));
  return { rows: read.total, changed, unchanged, refused: inOrder(refused), ignoredColumns: read.ignored, woken };
}

function readStockRow(row: ImportRow, places: ReadonlySet<string>): StockRow | readonly RefusedRow[] {
  const sku = row.cell('sku') ?? '';
  const location = row.cell('location') ?? '';
  const onHand = parseDecimal(row.cell('on_hand') ?? '');
  const text = row.cell('safety');
  const safety = text === undefined ? undefined : parseDecimal(text === '' ? '0' : text);
  const refused: RefusedRow[] = [];
  if (sku === '') refused.push(refuse(row, 'sku', 'is missing'));
  refused.push(...refusePlace(row, places));
  if (onHand === undefined || onHand < 0n) refused.push(refuse(row, 'on_hand', 'is not a number of base units'));
  if (text !== undefined && (safety === undefined || safety < 0n)) refused.push(refuse(row, 'safety', 'is not a number of base units'));
  const reorder = row.cell('reorder_point');
  const reorderPoint = reorder === undefined ? undefined : parseDecimal(reorder === '' ? '0' : reorder);
  if (reorder !== undefined && (reorderPoint === undefined || reorderPoint < 0n)) refused.push(refuse(row, 'reorder_point', 'is not a number of base units'));
  return refused.length > 0 || onHand === undefined ? refused : { row, sku, location, onHand, safety, reorderPoint };
}

/** Stores the counts of one transaction, each of another item or location, in few statements. */
async function storeAll(tx: Tx, batch: readonly StockRow[], source: string, now: number): Promise<readonly ('changed' | 'unchanged' | RefusedRow)[]> {
  const skus = [...new Set(batch.map(({ sku }) => sku))];
  const [items, stored] = await Promise.all([readItems(tx, skus), readStock(tx, skus)]);
  const known = new Map(stored.map((stock) => [`${stock.sku}\n${stock.location}`, stock]));
  const counts = batch.map((stock) => {
    const before = known.get(`${stock.sku}\n${stock.location}`);
    return { ...stock, before, moved: stock.onHand - (before?.onHand ?? 0n), safety: stock.safety ?? before?.safety ?? 0n };
  });
  const counted = counts.filter(({ sku }) => items.has(sku));
  const movements = counted
    .filter(({ before, moved }) => !before || moved !== 0n)
    .map(({ sku, location, moved, row }): Movement => ({ sku, location, onHand: moved, allocated: 0n, cause: 'import', key: `${source}:${row.row}` }));
  await moveStocks(tx, movements, now);
  const guarded = counted.filter(({ before, safety }) => safety !== before?.safety);
  await Promise.all([
    ...guarded.map(({ sku, location, safety }) => setSafety(tx, sku, location, safety)),
    ...counted.map(({ sku, location, reorderPoint }) => markCounted(tx, sku, location, now, reorderPoint)),
  ]);
  return counts.map(({ sku, row, before, moved, safety }) => {
    if (!items.has(sku)) return refuse(row, 'sku', 'is no item; import the items first');
    return before && moved === 0n && before.safety === safety ? 'unchanged' : 'changed';
  });
}
