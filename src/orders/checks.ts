import type { Invoice, InvoiceLine } from '../canonical/invoice.ts';
import type { OrderResponse, Outcome } from '../canonical/order-response.ts';
import type { Shipment } from '../canonical/shipment.ts';
import { formatDecimal, multiply, parseDecimal, roundTo, scaleExactly, total } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { extension } from './buyers-unit.ts';
import type { Line, OrderState } from './model.ts';

/** Two facts of one conversation that contradict each other: what the document says, and what the order says. */
export type Contradiction = {
  readonly code:
    | 'response-sum'
    | 'response-promise'
    | 'date-outside-window'
    | 'notice-quantity'
    | 'pack-sum'
    | 'sscc-repeated'
    | 'sscc-used-before'
    | 'sscc-missing'
    | 'bill-of-lading-used-before'
    | 'carrier-differs'
    | 'invoice-quantity'
    | 'invoice-amount'
    | 'invoice-total'
    | 'line-unknown';
  readonly lineRef?: string | undefined;
  readonly document: string;
  readonly order: string;
};

/** What an answer says will ship, now or on a date that stock in hand allows. */
const FIRM: readonly Outcome[] = ['accepted', 'quantity-changed', 'price-changed', 'substituted'];

/**
 * Holds an answer against its order: each line answers for exactly what was ordered (before or after accepted changes), it promises no
 * more than is reserved, released or shipped, and every ship date is within the order's window.
 */
export function checkResponse(state: OrderState, response: OrderResponse): readonly Contradiction[] {
  const { shipNotBefore, cancelAfter } = state.document;
  return eachLine(state, response.lines, (line, answer) => {
    const found: Contradiction[] = [];
    const sum = sumBase(line, answer.outcomes);
    const original = scaleExactly(line.ordered, line.conversion.numerator, line.conversion.denominator);
    if (line.base > 0n && sum !== line.base && sum !== original) found.push(against('response-sum', line, shown(sum), formatDecimal(line.base)));
    const { allocated, released, shipped, cancelled } = line.buckets;
    const firm =
      sumBase(
        line,
        answer.outcomes.filter(({ outcome }) => FIRM.includes(outcome)),
      ) ?? 0n;
    // What the buyer took back since was promised when the answer was made.
    const there = allocated + released + shipped + cancelled;
    if (firm > there) found.push(against('response-promise', line, shown(firm), `${formatDecimal(there)} reserved or shipped`));
    for (const { date, outcome } of answer.outcomes) {
      if (date === undefined) continue;
      if (shipNotBefore !== undefined && date < shipNotBefore)
        found.push(against('date-outside-window', line, `${outcome} ${date}`, `not before ${shipNotBefore}`));
      if (cancelAfter !== undefined && date > cancelAfter)
        found.push(against('date-outside-window', line, `${outcome} ${date}`, `cancelled after ${cancelAfter}`));
    }
    return found;
  });
}

/**
 * Holds a ship notice against what was confirmed: `shipped` is what left of each line (line id → base units). The packs, where there
 * are any, hold what the lines say, and no SSCC stands for two things.
 */
export function checkNotice(state: OrderState, shipped: ReadonlyMap<number, Decimal>, notice: Shipment): readonly Contradiction[] {
  const items = notice.packs.flatMap((pack) => pack.items);
  const byRef = Map.groupBy(
    notice.lines.filter((line) => line.status !== 'IS'),
    (line) => line.lineRef ?? '',
  );
  // How many of the line's own item a substitute stands for is not told.
  const substituted = new Set(notice.lines.filter(({ status }) => status === 'IS').map(({ lineRef }) => lineRef));
  const entries = [...byRef].map(([lineRef, lines]) => ({ lineRef, lines }));
  const found = eachLine(state, entries, (line, { lines }) => {
    const told = sumBase(
      line,
      lines.map((entry) => ({ quantity: entry.shipped, unit: entry.unit })),
    );
    const expected = shipped.get(line.id) ?? 0n;
    const contradictions: Contradiction[] = [];
    const agrees = told === expected || (told !== undefined && told < expected && substituted.has(line.lineRef));
    if (!agrees) contradictions.push(against('notice-quantity', line, shown(told), formatDecimal(expected)));
    const packed = items.filter((item) => item.lineRef === line.lineRef && lines.some((entry) => entry.sku === item.sku));
    const inPacks = sumBase(line, packed);
    if (items.length > 0 && inPacks !== told) contradictions.push(against('pack-sum', line, shown(inPacks), shown(told)));
    return contradictions;
  });
  const { cartons, pallets } = labelsOf(notice);
  const ssccs = [...cartons, ...pallets];
  const repeated = new Set(ssccs.filter((sscc, at) => ssccs.indexOf(sscc) !== at));
  return [...found, ...[...repeated].map((sscc): Contradiction => ({ code: 'sscc-repeated', document: sscc, order: 'each pack and pallet has its own' }))];
}

/** The SSCCs of a shipment, 18 digits each: of every carton that has one, and of each pallet once. */
export type Labels = { readonly cartons: readonly string[]; readonly pallets: readonly string[] };

export function labelsOf({ packs }: Shipment): Labels {
  return {
    cartons: packs.flatMap(({ sscc }) => (sscc === undefined ? [] : [sscc.slice(-18)])),
    pallets: [...new Set(packs.flatMap(({ tare }) => (tare === undefined ? [] : [tare.slice(-18)])))],
  };
}

/** What is known of earlier notices: to which shipment an SSCC or a bill of lading belongs, in words, where it is not this one. */
export type UsedBefore = { readonly ssccs: ReadonlyMap<string, string>; readonly billOfLading?: string | undefined };

/** Holds the labels of a ship notice against earlier notices: an SSCC stands once in 12 months, a bill of lading on one notice. */
export function checkLabels(notice: Shipment, used: UsedBefore, every: 'required' | 'optional' = 'optional'): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const { cartons, pallets } = labelsOf(notice);
  for (const sscc of [...cartons, ...pallets]) {
    const before = used.ssccs.get(sscc);
    if (before !== undefined) found.push({ code: 'sscc-used-before', document: sscc, order: before });
  }
  for (const [at, { sscc }] of notice.packs.entries()) {
    if (sscc === undefined && every === 'required') found.push({ code: 'sscc-missing', document: `pack ${at + 1} has none`, order: 'every pack has its own' });
  }
  if (notice.packs.length === 0 && every === 'required') found.push({ code: 'sscc-missing', document: 'no pack is told', order: 'every pack has its own' });
  if (used.billOfLading !== undefined) found.push({ code: 'bill-of-lading-used-before', document: notice.billOfLading ?? '', order: used.billOfLading });
  return found;
}

/** Holds the carrier of a ship notice against the one by which the buyer, who pays the freight, had it routed. */
export function checkCarrier(notice: Shipment, routed: string | undefined): readonly Contradiction[] {
  const scac = notice.carrier?.scac;
  return routed === undefined || scac === undefined || scac === routed ? [] : [{ code: 'carrier-differs', document: scac, order: routed }];
}

/** Contradictions as one line of text, each with its two facts side by side. */
export function showContradictions(found: readonly Contradiction[]): string {
  return found
    .map(({ code, lineRef, document, order }) => `${lineRef === undefined ? '' : `line ${lineRef}: `}${TITLES[code]} ${document} / ${order}`)
    .join('; ');
}

/** What the two facts are: that of the document, then that of the order. */
const TITLES: Readonly<Record<Contradiction['code'], string>> = {
  'response-sum': 'answered / ordered:',
  'response-promise': 'accepted / there is:',
  'date-outside-window': 'date / window:',
  'notice-quantity': 'notice / shipped:',
  'pack-sum': 'packs / lines:',
  'sscc-repeated': 'SSCC twice / rule:',
  'sscc-used-before': 'SSCC / used within 12 months:',
  'sscc-missing': 'SSCC / rule:',
  'bill-of-lading-used-before': 'bill of lading / told before:',
  'carrier-differs': 'carrier / the buyer routed by:',
  'invoice-quantity': 'invoiced / shipped:',
  'invoice-amount': 'amount / agreed:',
  'invoice-total': 'total / sum:',
  'line-unknown': 'line / order:',
};

/**
 * Holds an invoice against what is billed (line id → base units): quantity and agreed price of each line, its extension, and the total as
 * the sum of what is printed.
 */
export function checkInvoice(state: OrderState, billed: ReadonlyMap<number, Decimal>, invoice: Invoice): readonly Contradiction[] {
  const byRef = [...Map.groupBy(invoice.lines, ({ lineRef }) => lineRef)].map(([lineRef, entries]) => ({ lineRef, entries }));
  const found = eachLine(state, byRef, (line, { entries }) => {
    const expected = billed.get(line.id) ?? 0n;
    const told = entries.map((entry) => billedBase(line, entry));
    const sum = told.every((base) => base !== undefined) ? total(told) : undefined;
    const amounts = entries.flatMap((entry, at) => checkAmount(line, entry, told[at]));
    return sum === expected ? amounts : [against('invoice-quantity', line, shown(sum), formatDecimal(expected)), ...amounts];
  });
  const lines = total(invoice.lines.map((line) => money(line.extended)));
  const sum = lines + total(invoice.charges.map((charge) => (charge.indicator === 'A' ? -money(charge.amount) : money(charge.amount))));
  if (sum === money(invoice.total)) return found;
  return [...found, { code: 'invoice-total', document: invoice.total, order: formatDecimal(sum, 2) }];
}

/** Whether a line of an invoice asks for what `base` units of the ordered item cost, and for what quantity and price come to. */
function checkAmount(line: Line, entry: InvoiceLine, base: Decimal | undefined): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const amount = base === undefined ? undefined : extension(line, base);
  if (amount === undefined || amount !== parseDecimal(entry.extended)) {
    found.push(against('invoice-amount', line, entry.extended, amount === undefined ? 'no agreed price' : formatDecimal(amount, 2)));
  }
  const printed = roundTo(multiply(parseDecimal(entry.quantity) ?? 0n, parseDecimal(entry.price) ?? 0n), 2);
  if (entry.covers === undefined && entry.unit === line.conversion.unit && printed !== parseDecimal(entry.extended)) {
    found.push(against('invoice-amount', line, entry.extended, `${entry.quantity} × ${entry.price} = ${formatDecimal(printed, 2)}`));
  }
  return found;
}

/** Base units of the ordered item that a line of an invoice is for; undefined when they cannot be read. */
export function billedBase(line: Line, entry: InvoiceLine): Decimal | undefined {
  return entry.covers === undefined ? sumBase(line, [entry]) : parseDecimal(entry.covers);
}

function money(text: string): Decimal {
  return parseDecimal(text) ?? 0n;
}

function eachLine<T extends { readonly lineRef: string }>(
  state: OrderState,
  entries: readonly T[],
  check: (line: Line, entry: T) => readonly Contradiction[],
): readonly Contradiction[] {
  return entries.flatMap((entry) => {
    const line = state.lines.find(({ lineRef }) => lineRef === entry.lineRef);
    return line ? check(line, entry) : [{ code: 'line-unknown', lineRef: entry.lineRef, document: entry.lineRef, order: 'no such line' } as const];
  });
}

/** Base units of quantities in the buyer's unit or the base unit; undefined when one is neither. */
function sumBase(line: Line, parts: readonly { readonly quantity: string; readonly unit: string }[]): Decimal | undefined {
  let sum = 0n;
  for (const { quantity, unit } of parts) {
    const value = parseDecimal(quantity);
    const { numerator, denominator } = line.conversion;
    const base =
      value === undefined
        ? undefined
        : unit === line.conversion.unit
          ? scaleExactly(value, numerator, denominator)
          : unit === line.baseUnit
            ? value
            : undefined;
    if (base === undefined) return undefined;
    sum += base;
  }
  return sum;
}

function shown(quantity: Decimal | undefined): string {
  return quantity === undefined ? 'a quantity that cannot be read' : formatDecimal(quantity);
}

function against(code: Contradiction['code'], line: Line, document: string, order: string): Contradiction {
  return { code, lineRef: line.lineRef, document, order };
}
