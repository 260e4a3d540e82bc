import type { StockReport, StockReportLine } from '../../canonical/stock-report.ts';
import type { Partner } from '../../config/types.ts';
import { parseDecimal, scaleExactly } from '../../decimal.ts';
import type { Decimal } from '../../decimal.ts';
import type { LineFacts } from '../../orders/enter.ts';
import { note } from '../../store/activity.ts';
import { wakeOrdersWaitingFor } from '../../store/orders.ts';
import type { AppliedReport } from '../../store/stock-reports.ts';
import { findReport, insertReport, lastCount } from '../../store/stock-reports.ts';
import type { Stock } from '../../store/stock.ts';
import { moveStock, stockAt } from '../../store/stock.ts';
import type { LotMove } from '../../store/lots.ts';
import { moveLots } from '../../store/lots.ts';
import { receiveExpected } from '../../store/supply.ts';
import { outstandingAt } from '../../store/fulfilment.ts';
import { lineFacts } from './master-data.ts';
import { receiveReturned } from './return-goods.ts';
import { shedStock } from './shed-stock.ts';
import type { Applied, Work } from '../work.ts';
import { hashOf } from '../work.ts';

/** A line of a report in base units; undefined where it says nothing. */
type Reported = {
  readonly sku: string;
  readonly lot?: string | undefined;
  readonly quantity: Decimal | undefined;
  readonly available: Decimal | undefined;
  readonly onHold: Decimal | undefined;
};
type Difference = { readonly sku: string; readonly onHand: Decimal; readonly onHold: Decimal };

/**
 * Brings what a warehouse or vendor says of its stock into ours, once. Stock that came goes to those who wait for it; where stock fell under what was
 * promised, promises give way, the least first. A count that is older than one applied before changes nothing.
 */
export async function applyStockReport(work: Work, partner: Partner, documentId: number, report: StockReport): Promise<Applied> {
  const location = partner.warehouse?.code ?? partner.vendor?.code;
  if (location === undefined) return { status: 'parked', reason: 'DOCUMENT_UNMAPPED', detail: `${partner.id} is no warehouse and no vendor, and has no stock` };
  const { purpose, reference } = report;
  const applied: AppliedReport = { location, purpose, reference, asOf: report.asOf ?? `${report.date}T00:00:00`, contentHash: hashOf(report), documentId };
  const known = await findReport(work.tx, applied);
  if (known === applied.contentHash) return { status: 'done', reason: 'DUPLICATE', detail: `${purpose} ${reference} of ${location} was applied before` };
  if (known !== undefined)
    return { status: 'parked', reason: 'STOCK_CONFLICT', detail: `${purpose} ${reference} of ${location} was applied with other content` };
  const last = purpose === 'count' ? await lastCount(work.tx, location) : undefined;
  if (last !== undefined && last > applied.asOf) {
    return { status: 'done', reason: 'STOCK_OUTDATED', detail: `${location} was counted at ${last}, after ${applied.asOf}` };
  }
  const { lines, troubles } = await readLines(work, partner, report.lines);
  // What is not known of a count is in the next one. What came in or was lost is said once.
  if (troubles.length > 0 && purpose !== 'count')
    return { status: 'parked', reason: troubles[0]!.code, detail: troubles.map(({ detail }) => detail).join('; ') };
  const returned = purpose === 'receipt' ? await receiveReturned(work, location, report, lines) : undefined;
  if (returned?.status === 'done') await insertReport(work.tx, applied, work.now);
  if (returned) return returned;
  const stock = await stockAt(work.tx, location);
  const differences = purpose === 'count' ? await counted(work, report, location, lines, stock) : moved(lines, stock);
  await insertReport(work.tx, applied, work.now);
  if (purpose === 'receipt') for (const { sku, onHand } of differences) await receiveExpected(work.tx, sku, location, onHand, report.announced);
  if (purpose !== 'count') await moveLots(work.tx, location, lines.flatMap(ofLot));
  await bookDifferences(work, location, differences, { purpose, key: `report:${documentId}` });
  const says = differences.length === 1 ? '1 item differs' : `${differences.length} items differ`;
  await note(work.tx, { at: work.now, verb: 'apply', partner: partner.id, documentId, text: `${purpose} ${reference} of ${location}: ${says}` });
  if (troubles.length === 0) return { status: 'done' };
  return { status: 'done', reason: 'STOCK_PARTLY', detail: troubles.map(({ detail }) => detail).join('; ') };
}

type Trouble = { readonly code: 'SKU_UNKNOWN' | 'UNIT_UNKNOWN' | 'QUANTITY_INVALID'; readonly detail: string };

async function readLines(
  work: Work,
  partner: Partner,
  lines: readonly StockReportLine[],
): Promise<{ readonly lines: readonly Reported[]; readonly troubles: readonly Trouble[] }> {
  const named = lines.map(({ sku, ids, unit }) => ({ ids: [...(sku === undefined ? [] : [{ qualifier: 'SK', value: sku }]), ...ids], unit }));
  const facts = await lineFacts(work.tx, partner.id, named);
  const read = lines.map((line, index) => readLine(line, facts[index]!));
  return { lines: read.filter((line) => 'sku' in line), troubles: read.filter((line) => 'code' in line) };
}

function readLine(line: StockReportLine, { sku, conversion }: LineFacts): Reported | Trouble {
  const shown = line.sku ?? line.ids.map(({ qualifier, value }) => `${qualifier} ${value}`).join(', ');
  if (sku === undefined) return { code: 'SKU_UNKNOWN', detail: `no item goes by ${shown}` };
  if (!conversion) return { code: 'UNIT_UNKNOWN', detail: `item ${sku} has no unit ${line.unit}` };
  const base = (text: string | undefined): Decimal | undefined => {
    const value = text === undefined ? undefined : parseDecimal(text);
    return value === undefined ? undefined : scaleExactly(value, conversion.numerator, conversion.denominator);
  };
  const reported = { sku, lot: line.lot, quantity: base(line.quantity), available: base(line.available), onHold: base(line.onHold) };
  const said = [line.quantity, line.available, line.onHold].filter((text) => text !== undefined).length;
  const understood = [reported.quantity, reported.available, reported.onHold].filter((value) => value !== undefined).length;
  if (said === 0 || understood < said) return { code: 'QUANTITY_INVALID', detail: `${shown}: no quantity of ${line.unit} can be read` };
  return reported;
}

/** What a line says of a lot. Only lots that are known are moved: how long another lives is imported. */
function ofLot({ sku, lot, quantity }: Reported): readonly LotMove[] {
  return lot === undefined || quantity === undefined ? [] : [{ sku, lot, onHand: quantity, allocated: 0n }];
}

/** Lines of one item, such as its lots, count together. */
function bySku(lines: readonly Reported[]): ReadonlyMap<string, Reported> {
  const add = (a: Decimal | undefined, b: Decimal | undefined): Decimal | undefined => (a === undefined ? b : b === undefined ? a : a + b);
  const sums = new Map<string, Reported>();
  for (const line of lines) {
    const sum = sums.get(line.sku);
    const { quantity, available, onHold } = line;
    sums.set(
      line.sku,
      sum ? { sku: line.sku, quantity: add(sum.quantity, quantity), available: add(sum.available, available), onHold: add(sum.onHold, onHold) } : line,
    );
  }
  return sums;
}

/** What a count changes. One that says only what may be promised leaves out what the location was told to ship, and that is there too. */
async function counted(
  work: Work,
  report: StockReport,
  location: string,
  lines: readonly Reported[],
  stock: ReadonlyMap<string, Stock>,
): Promise<readonly Difference[]> {
  const sums = bySku(lines);
  const differences: Difference[] = [];
  for (const { sku, quantity, available, onHold } of sums.values()) {
    const now = stock.get(sku);
    const held = onHold ?? now?.onHold ?? 0n;
    const promised = quantity === undefined ? (await outstandingAt(work.tx, sku, location)).reduce((sum, each) => sum + each.quantity, 0n) : 0n;
    const there = quantity ?? (available === undefined ? (now?.onHand ?? 0n) : available + promised + held);
    differences.push({ sku, onHand: there - (now?.onHand ?? 0n), onHold: held - (now?.onHold ?? 0n) });
  }
  if (report.scope === 'full') {
    for (const { sku, onHand, onHold } of stock.values()) if (!sums.has(sku)) differences.push({ sku, onHand: -onHand, onHold: -onHold });
  }
  return differences.filter(({ onHand, onHold }) => onHand !== 0n || onHold !== 0n);
}

/** What a receipt or an adjustment adds. No more leaves the hold than is in it. */
function moved(lines: readonly Reported[], stock: ReadonlyMap<string, Stock>): readonly Difference[] {
  return [...bySku(lines).values()].map(({ sku, quantity = 0n, onHold = 0n }) => {
    const held = stock.get(sku)?.onHold ?? 0n;
    return { sku, onHand: quantity, onHold: held + onHold < 0n ? -held : onHold };
  });
}

async function bookDifferences(
  work: Work,
  location: string,
  differences: readonly Difference[],
  cause: { readonly purpose: 'count' | 'receipt' | 'adjustment'; readonly key: string },
): Promise<void> {
  const risen: string[] = [];
  // In key order, as every writer takes stock rows.
  for (const { sku, onHand, onHold } of differences.toSorted((a, b) => (a.sku < b.sku ? -1 : 1))) {
    await moveStock(work.tx, { sku, location, onHand, onHold, allocated: 0n, cause: cause.purpose, key: `${cause.key}:${sku}` }, work.now);
    if (onHand - onHold > 0n) risen.push(sku);
    else await shedStock(work, sku, location, cause.key);
  }
  if (risen.length > 0) await wakeOrdersWaitingFor(work.tx, risen, work.now);
}
