import type { StockReport, StockReportLine } from '../../canonical/stock-report.ts';
import { locations } from '../../config/find-partner.ts';
import type { Partner } from '../../config/types.ts';
import { decimal, formatDecimal, greatest, multiply, total } from '../../decimal.ts';
import type { Decimal } from '../../decimal.ts';
import { localTime } from '../../orders/windows.ts';
import { listedItems, readItems, referencesOfAll } from '../../store/items.ts';
import type { Stock } from '../../store/stock.ts';
import { available, readAllStock, readStock } from '../../store/stock.ts';
import { announce } from '../announce.ts';
import type { Work } from '../work.ts';

const UNIT = decimal('1');
const HUNDRED = decimal('100');

/**
 * Tells a partner what can be had of their items: over all locations that may ship to them, in whole base units, never below 0. A depositor, whose goods
 * they are, is told what is there and on hold too. Gives how many items were told.
 */
export async function tellStock(work: Work, partner: Partner, cause: { readonly key: string; readonly reference: string }): Promise<number> {
  const { items: which, percent } = partner.stockStatus;
  const allowed = partner.allocation.warehouses ?? [...locations(work.config).keys()];
  const listed = which === 'listed' ? await listedItems(work.tx, partner.id) : undefined;
  const stock = (listed ? await readStock(work.tx, listed) : await readAllStock(work.tx)).filter(({ location }) => allowed.includes(location));
  const bySku = Map.groupBy(stock, ({ sku }) => sku);
  const skus = listed ?? [...bySku.keys()];
  const items = await readItems(work.tx, skus);
  const references = await referencesOfAll(work.tx, partner.id, skus);
  const lines = skus.flatMap((sku): readonly StockReportLine[] => {
    const item = items.get(sku);
    if (!item) return [];
    const rows = bySku.get(sku) ?? [];
    const all = partner.role === 'depositor' ? { quantity: sumOf(rows, 'onHand'), onHold: sumOf(rows, 'onHold') } : {};
    const known = references.get(sku) ?? [];
    const ids = known.some(({ value }) => value === sku) ? [...known] : [{ qualifier: 'VN', value: sku }, ...known];
    return [{ sku, ids, unit: item.baseUnit, available: promised(rows, percent), ...all }];
  });
  if (lines.length === 0) return 0;
  const { date, time } = localTime(work.now, partner.timezone);
  const { reference, key } = cause;
  const document: StockReport = { kind: 'stock-report', purpose: 'count', scope: 'full', reference, date, asOf: `${date}T${time}:00`, lines };
  await announce(work, partner, document, { key: `stock-status:${key}` });
  return lines.length;
}

function sumOf(rows: readonly Stock[], what: 'onHand' | 'onHold'): string {
  return formatDecimal(total(rows.map((row) => row[what])));
}

function promised(rows: readonly Stock[], percent: Decimal): string {
  const there = total(rows.map((row) => greatest(0n, available(row))));
  const told = multiply(there, percent) / (HUNDRED / UNIT);
  return formatDecimal(told - (told % UNIT));
}
