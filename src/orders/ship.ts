import type { QualifiedId } from '../canonical/common.ts';
import type { Shipment } from '../canonical/shipment.ts';
import { formatDecimal, greatest, least, parseDecimal, total } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { isSscc } from './identifiers.ts';
import type { Conversion, Move } from './model.ts';
import { toBase } from './quantities.ts';

/** A line of the work a location was given. Quantities in base units of `sku`. */
export type FulfilmentLine = {
  readonly lineId: number;
  readonly lineRef: string;
  readonly sku: string;
  /** Released. */
  readonly quantity: Decimal;
  /** Of it, what earlier shipments brought, and what was given back. */
  readonly shipped?: Decimal | undefined;
  readonly short?: Decimal | undefined;
  /** Where `sku` is a substitute: the base units of the order line's own item that `quantity` stands for. */
  readonly covers?: Decimal | undefined;
  /** Units the location may report in; without any, every unit is taken for the base unit. */
  readonly conversions?: readonly Conversion[] | undefined;
};

export type Fulfilment = { readonly number: string; readonly location: string; readonly lines: readonly FulfilmentLine[] };

/** What does not agree between what a location was told and what it says. An `error` stops the shipment until a person has looked. */
export type Discrepancy = {
  readonly code:
    | 'short'
    | 'over'
    | 'line-unknown'
    | 'item-differs'
    | 'quantity-invalid'
    | 'unit-unknown'
    | 'packs-differ'
    | 'sscc-invalid'
    | 'sscc-repeated'
    | 'nothing-shipped'
    | 'other-order';
  readonly severity: 'error' | 'warning';
  readonly detail: string;
  readonly lineRef?: string | undefined;
  readonly sku?: string | undefined;
  readonly expected?: Decimal | undefined;
  readonly actual?: Decimal | undefined;
};

/** What came of a line: base units of its `sku`, and in `covers…` of the order line's own item. */
export type ConfirmedLine = {
  readonly lineId: number;
  readonly lineRef: string;
  readonly sku: string;
  readonly shipped: Decimal;
  /** Will not come: goes back to be decided again. */
  readonly short: Decimal;
  /** Shipped above what was asked. */
  readonly over: Decimal;
  readonly covers: { readonly shipped: Decimal; readonly short: Decimal; readonly over: Decimal };
};

export type Confirmation = {
  readonly lines: readonly ConfirmedLine[];
  /** What moves in the order: released to shipped, and what is short back to pending. */
  readonly moves: readonly Move[];
  readonly discrepancies: readonly Discrepancy[];
  /** Whether there is an error among the discrepancies: nothing may be booked then. */
  readonly refused: boolean;
};

export type ConfirmOptions = {
  /** No other shipment will follow for this work, so that what is missing is short. Default: true. */
  readonly final?: boolean | undefined;
  /** The SKU that identifiers name, where it is known. */
  readonly skuOf?: ((ids: readonly QualifiedId[]) => string | undefined) | undefined;
};

type Entry = {
  readonly lineRef?: string | undefined;
  readonly sku?: string | undefined;
  readonly ids: readonly QualifiedId[];
  readonly quantity: string;
  readonly unit: string;
};

/**
 * Holds a shipment against the work that was released: for each line what shipped, what is short and what is over. The shipment's
 * lines count, and where it has none the items of its packs. Nothing it says is thrown away: what does not agree is a discrepancy.
 */
export function confirm(fulfilment: Fulfilment, shipment: Shipment, options: ConfirmOptions = {}): Confirmation {
  const discrepancies: Discrepancy[] = [];
  const packed: readonly Entry[] = shipment.packs.flatMap((pack) => pack.items);
  const listed: readonly Entry[] = shipment.lines.map((line) => ({ ...line, quantity: line.shipped }));
  const counted = countByLine(fulfilment, listed.length > 0 ? listed : packed, options, discrepancies);
  if (shipment.depositorOrder !== undefined && shipment.depositorOrder !== fulfilment.number) {
    discrepancies.push({ code: 'other-order', severity: 'error', detail: `the shipment is for ${shipment.depositorOrder}, not ${fulfilment.number}` });
  }
  if (listed.length > 0 && packed.length > 0) comparePacks(counted, countByLine(fulfilment, packed, options, discrepancies), discrepancies);
  checkSsccs(shipment, discrepancies);
  const final = options.final ?? true;
  const lines = fulfilment.lines.map((line) => confirmLine(line, counted.get(line) ?? 0n, final));
  for (const line of lines) compareLine(line, discrepancies);
  if (lines.every((line) => line.shipped + line.over === 0n)) {
    discrepancies.push({ code: 'nothing-shipped', severity: 'warning', detail: `nothing of ${fulfilment.number} was shipped` });
  }
  return { lines, moves: lines.flatMap(movesOf), discrepancies, refused: discrepancies.some(({ severity }) => severity === 'error') };
}

/** The line of the work that an entry of a shipment speaks of; undefined when there is none, `differs` when it is for another item. */
export function lineOfEntry(
  fulfilment: Fulfilment,
  entry: Omit<Entry, 'quantity' | 'unit'>,
  options: ConfirmOptions,
): { readonly line: FulfilmentLine } | { readonly differs: FulfilmentLine; readonly sku: string } | undefined {
  const named = entry.sku ?? options.skuOf?.(entry.ids);
  const isItem = (line: FulfilmentLine): boolean => (named === undefined ? entry.ids.some((id) => id.value === line.sku) : named === line.sku);
  const byRef = entry.lineRef === undefined ? undefined : fulfilment.lines.find((line) => line.lineRef === entry.lineRef);
  if (byRef && (isItem(byRef) || named === undefined)) return { line: byRef };
  const byItem = fulfilment.lines.filter(isItem);
  if (byItem.length === 1 || (byItem.length > 1 && entry.lineRef === undefined)) return { line: byItem[0]! };
  return byRef && named !== undefined ? { differs: byRef, sku: named } : undefined;
}

function countByLine(
  fulfilment: Fulfilment,
  entries: readonly Entry[],
  options: ConfirmOptions,
  discrepancies: Discrepancy[],
): ReadonlyMap<FulfilmentLine, Decimal> {
  const counted = new Map<FulfilmentLine, Decimal>();
  for (const entry of entries) {
    const shown = `line ${entry.lineRef ?? '?'}, ${entry.sku ?? entry.ids.map((id) => `${id.qualifier} ${id.value}`).join(', ')}`;
    const found = lineOfEntry(fulfilment, entry, options);
    if (!found) {
      discrepancies.push({ code: 'line-unknown', severity: 'error', detail: `${shown} is not in ${fulfilment.number}`, lineRef: entry.lineRef });
    } else if ('differs' in found) {
      const detail = `${shown}: ${found.sku} was shipped for ${found.differs.sku}`;
      discrepancies.push({ code: 'item-differs', severity: 'error', detail, lineRef: entry.lineRef, sku: found.sku });
    } else {
      const quantity = baseOf(found.line, entry);
      if (typeof quantity === 'bigint') counted.set(found.line, (counted.get(found.line) ?? 0n) + quantity);
      else discrepancies.push({ ...quantity, severity: 'error', detail: `${shown}: ${quantity.detail}`, lineRef: entry.lineRef });
    }
  }
  return counted;
}

function baseOf(line: FulfilmentLine, entry: Entry): Decimal | Pick<Discrepancy, 'code' | 'detail'> {
  const quantity = parseDecimal(entry.quantity);
  if (quantity === undefined || quantity < 0n) return { code: 'quantity-invalid', detail: `${entry.quantity} is no shipped quantity` };
  if (quantity === 0n || !line.conversions || line.conversions.length === 0) return quantity;
  const conversion = line.conversions.find(({ unit }) => unit === entry.unit);
  if (!conversion) return { code: 'unit-unknown', detail: `${line.sku} has no unit ${entry.unit}` };
  const base = toBase(quantity, conversion, 1n);
  return 'base' in base ? base.base : { code: 'quantity-invalid', detail: base.refusal.detail };
}

function confirmLine(line: FulfilmentLine, said: Decimal, final: boolean): ConfirmedLine {
  const outstanding = greatest(0n, line.quantity - (line.shipped ?? 0n) - (line.short ?? 0n));
  const shipped = least(said, outstanding);
  const short = final ? outstanding - shipped : 0n;
  const over = said - shipped;
  // Rounded from what was shipped before on, so that the parts of several shipments add up to the whole.
  const covered = (upTo: Decimal): Decimal => (line.covers === undefined || line.quantity === 0n ? upTo : (upTo * line.covers) / line.quantity);
  const before = (line.shipped ?? 0n) + (line.short ?? 0n);
  const covers = {
    shipped: covered(before + shipped) - covered(before),
    short: covered(before + shipped + short) - covered(before + shipped),
    over: covered(over),
  };
  return { lineId: line.lineId, lineRef: line.lineRef, sku: line.sku, shipped, short, over, covers };
}

function compareLine(line: ConfirmedLine, discrepancies: Discrepancy[]): void {
  const { lineRef, sku, shipped, short, over } = line;
  const asked = shipped + short;
  const facts = { lineRef, sku, expected: asked, actual: shipped + over, severity: 'warning' } as const;
  const said = `line ${lineRef}, ${sku}: ${formatDecimal(shipped + over)} of ${formatDecimal(asked)} shipped`;
  if (short > 0n) discrepancies.push({ code: 'short', detail: said, ...facts });
  if (over > 0n) discrepancies.push({ code: 'over', detail: said, ...facts });
}

function comparePacks(lines: ReadonlyMap<FulfilmentLine, Decimal>, packs: ReadonlyMap<FulfilmentLine, Decimal>, discrepancies: Discrepancy[]): void {
  for (const line of new Set([...lines.keys(), ...packs.keys()])) {
    const [expected, actual] = [lines.get(line) ?? 0n, packs.get(line) ?? 0n];
    if (expected === actual) continue;
    const detail = `line ${line.lineRef}, ${line.sku}: the lines say ${formatDecimal(expected)}, the packs hold ${formatDecimal(actual)}`;
    discrepancies.push({ code: 'packs-differ', severity: 'error', detail, lineRef: line.lineRef, sku: line.sku, expected, actual });
  }
}

const NO_SSCC = 'is no SSCC: not 18 digits, or its check digit is wrong';

function checkSsccs(shipment: Shipment, discrepancies: Discrepancy[]): void {
  const seen = new Set<string>();
  for (const { sscc } of shipment.packs) {
    if (sscc === undefined) continue;
    if (!isSscc(sscc)) discrepancies.push({ code: 'sscc-invalid', severity: 'warning', detail: `${sscc} ${NO_SSCC}` });
    if (seen.has(sscc)) discrepancies.push({ code: 'sscc-repeated', severity: 'error', detail: `two packs have the SSCC ${sscc}` });
    seen.add(sscc);
  }
  for (const tare of new Set(shipment.packs.flatMap((pack) => pack.tare ?? []))) {
    if (!isSscc(tare)) discrepancies.push({ code: 'sscc-invalid', severity: 'warning', detail: `${tare}, of a pallet, ${NO_SSCC}` });
    if (seen.has(tare)) discrepancies.push({ code: 'sscc-repeated', severity: 'error', detail: `a pallet and a pack have the SSCC ${tare}` });
  }
}

function movesOf(line: ConfirmedLine): readonly Move[] {
  const moves: Move[] = [];
  if (line.covers.shipped > 0n) moves.push({ lineId: line.lineId, from: 'released', to: 'shipped', quantity: line.covers.shipped });
  if (line.covers.short > 0n) moves.push({ lineId: line.lineId, from: 'released', to: 'pending', quantity: line.covers.short });
  return moves;
}

/** All that shipped of the lines of an order, over-shipments too, in base units of each line's own item. */
export function shippedByLine(confirmation: Confirmation): ReadonlyMap<number, Decimal> {
  const groups = Map.groupBy(confirmation.lines, (line) => line.lineId);
  return new Map([...groups].map(([lineId, lines]) => [lineId, total(lines.map(({ covers }) => covers.shipped + covers.over))]));
}
