import type { Charge, Party, QualifiedId, Terms } from '../canonical/common.ts';
import type { Invoice, InvoiceLine } from '../canonical/invoice.ts';
import type { Shipment } from '../canonical/shipment.ts';
import { decimal, divide, floorToPack, formatDecimal, greatest, least, multiply, roundTo, total, whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { buyersQuantities, extension, priceIn } from './buyers-unit.ts';
import { addDays } from './dates.ts';
import type { Line, OrderState } from './model.ts';

/** An allowance (A) or charge (C): a fixed amount of money, or a percentage of the lines' sum. */
export type ChargeRule = {
  readonly indicator: 'A' | 'C';
  readonly code?: string | undefined;
  readonly description?: string | undefined;
} & ({ readonly amount: Decimal } | { readonly percent: Decimal });

/** What is to be billed of a line, in base units of its own item; `over` was shipped above what was ordered. */
export type Billable = {
  readonly lineId: number;
  readonly shipped: Decimal;
  readonly over: Decimal;
  /** Absent: it is the ordered item itself. */
  readonly substitute?: Substitute | undefined;
};

/** What came in place of the ordered item, as its buyer knows it; `quantity` in its own base units, for `shipped` and `over` together. */
export type Substitute = { readonly ids: readonly QualifiedId[]; readonly quantity: Decimal };

export type InvoiceSettings = {
  readonly invoiceNumber: string;
  readonly invoiceDate: string;
  readonly charges?: readonly ChargeRule[] | undefined;
  /** Absent: those of the order. */
  readonly terms?: Terms | undefined;
  /** How much above the ordered quantity of a line may be billed, percent. Default: 0. */
  readonly overPercent?: Decimal | undefined;
  readonly billTo?: Party | undefined;
  readonly vendorNumber?: string | undefined;
};

export type Bill = {
  readonly document: Invoice;
  readonly total: Decimal;
  /** What was billed of each line, in base units. */
  readonly billed: readonly { readonly lineId: number; readonly quantity: Decimal }[];
  /** What was shipped and is not billed, because it is above the tolerance. */
  readonly unbilled: readonly { readonly lineId: number; readonly quantity: Decimal }[];
};

export type BillRefusal = { readonly because: 'price-missing' | 'nothing-to-bill'; readonly lineRef?: string; readonly detail: string };

const HUNDRED = whole(100);

/**
 * The invoice for what shipped, at the agreed prices. Each line and each charge is rounded half away from zero to two places, and the
 * total is the sum of what is printed. Over-shipment is billed up to the tolerance; what exceeds it is not billed. What came in place of
 * an ordered item is a line of its own, as in the notice, at the price of what it stands for. `shipment` is the notice that went to the
 * buyer, where the invoice is for one.
 */
export function bill(
  state: OrderState,
  billables: readonly Billable[],
  settings: InvoiceSettings,
  shipment?: Shipment,
): { readonly bill: Bill } | { readonly refused: BillRefusal } {
  const lines: InvoiceLine[] = [];
  const sums: Decimal[] = [];
  const billed: { lineId: number; quantity: Decimal }[] = [];
  const unbilled: { lineId: number; quantity: Decimal }[] = [];
  for (const [lineId, group] of Map.groupBy(billables, (billable) => billable.lineId)) {
    const line = state.lines.find(({ id }) => id === lineId)!;
    const allowed = quantityAllowed(line, group, settings.overPercent ?? 0n);
    const beyond = total(group.map(({ shipped, over }) => shipped + over)) - allowed;
    if (beyond > 0n) unbilled.push({ lineId, quantity: beyond });
    if (allowed === 0n) continue;
    billed.push({ lineId, quantity: allowed });
    for (const part of partsOf(group, allowed)) {
      const extended = extension(line, part.base);
      if (extended === undefined) {
        return { refused: { because: 'price-missing', lineRef: line.lineRef, detail: `line ${line.lineRef} has no agreed price` } };
      }
      sums.push(extended);
      lines.push(billLine(line, part, extended));
    }
  }
  if (lines.length === 0) return { refused: { because: 'nothing-to-bill', detail: `nothing of ${state.document.poNumber} is left to bill` } };
  const subtotal = total(sums);
  const charges = (settings.charges ?? []).map((rule) => chargeOf(rule, subtotal));
  const sum = subtotal + total(charges.map((charge) => (charge.indicator === 'A' ? -decimal(charge.amount) : decimal(charge.amount))));
  const document: Invoice = { ...headerOf(state, settings, shipment), lines, charges, subtotal: formatDecimal(subtotal, 2), total: formatDecimal(sum, 2) };
  return { bill: { document, total: sum, billed, unbilled } };
}

/** What a location shipped of a line, in base units of `sku`; `covers` where it is a substitute: what `quantity`, which was asked for, stands for. */
export type Came = { readonly sku: string; readonly shipped: Decimal; readonly quantity: Decimal; readonly covers: Decimal | undefined };

/** What of a line no invoice has asked for yet, by item, from what came first to what came last. */
export function notYetBilled(line: Line, came: readonly Came[], idsOf: (sku: string) => readonly QualifiedId[]): readonly Billable[] {
  const { id: lineId, overshipped } = line;
  if (came.every(({ sku }) => sku === line.sku)) return [{ lineId, shipped: line.buckets.shipped - line.invoiced, over: overshipped }];
  let before = line.invoiced;
  const parts = came.flatMap(({ sku, shipped, quantity, covers }): readonly Billable[] => {
    const stands = covers === undefined ? shipped : (shipped * covers) / quantity;
    const known = least(before, stands);
    before -= known;
    if (stands === known) return [];
    const substitute = sku === line.sku ? undefined : { ids: idsOf(sku), quantity: (shipped * (stands - known)) / stands };
    return [{ lineId, shipped: stands - known, over: 0n, substitute }];
  });
  return overshipped > 0n ? [...parts, { lineId, shipped: 0n, over: overshipped }] : parts;
}

/** What shipped, but of the whole line, over all its invoices, no more than was ordered and the tolerance above it. Nobody is billed a part of a unit. */
function quantityAllowed(line: Line, group: readonly Billable[], overPercent: Decimal): Decimal {
  const said = total(group.map(({ shipped, over }) => shipped + over));
  const ceiling = line.base + floorToPack((line.base * overPercent) / HUNDRED, whole(1));
  return greatest(0n, least(said, ceiling - line.invoiced));
}

/** `base` in base units of the line's own item. */
type Part = { readonly base: Decimal; readonly substitute?: Substitute | undefined };

/** What is billed, by item: of the ordered one first, then of each that came in its place. */
function partsOf(group: readonly Billable[], allowed: Decimal): readonly Part[] {
  const said = ({ shipped, over }: Billable): Decimal => shipped + over;
  const own = total(group.filter(({ substitute }) => substitute === undefined).map(said));
  const parts: Part[] = [{ base: own }, ...group.flatMap((each) => (each.substitute === undefined ? [] : [{ base: said(each), substitute: each.substitute }]))];
  let left = allowed;
  return parts.flatMap(({ base, substitute }) => {
    const billed = least(base, left);
    left -= billed;
    if (billed === 0n) return [];
    return [{ base: billed, ...(substitute && { substitute: { ...substitute, quantity: (substitute.quantity * billed) / base } }) }];
  });
}

/** A substitute has units of its own: it is billed in base units, as it is told in the notice. */
function billLine(line: Line, { base, substitute }: Part, extended: Decimal): InvoiceLine {
  if (substitute) {
    const { ids, quantity } = substitute;
    const price = divide(multiply(priceIn(line, line.baseUnit)!, base), quantity);
    const facts = { quantity: formatDecimal(quantity), unit: line.baseUnit, price: formatDecimal(price), covers: formatDecimal(base) };
    return { lineRef: line.lineRef, ids: [...ids], ...facts, extended: formatDecimal(extended, 2) };
  }
  const { unit, quantities } = buyersQuantities(line, [base]);
  return {
    lineRef: line.lineRef,
    ids: [...line.ids],
    ...(line.description !== undefined && { description: line.description }),
    quantity: formatDecimal(quantities[0]!),
    unit,
    price: formatDecimal(priceIn(line, unit)!),
    extended: formatDecimal(extended, 2),
  };
}

function chargeOf(rule: ChargeRule, subtotal: Decimal): Charge {
  const amount = 'amount' in rule ? roundTo(rule.amount, 2) : percentOf(subtotal, rule.percent);
  return {
    indicator: rule.indicator,
    amount: formatDecimal(amount, 2),
    ...(rule.code !== undefined && { code: rule.code }),
    ...(rule.description !== undefined && { description: rule.description }),
  };
}

/** Terms with the days they end on, where they say what they run from and that is known. */
function datedTerms(terms: Terms | undefined, invoiceDate: string, shippedDate: string | undefined): Terms | undefined {
  const from = terms?.basis === 'invoice-date' ? invoiceDate : terms?.basis === 'ship-date' ? shippedDate : undefined;
  if (terms === undefined || from === undefined) return terms;
  const due = (days: string | undefined): string | undefined => (days !== undefined && /^\d{1,4}$/.test(days) ? addDays(from, Number(days)) : undefined);
  const [discountDue, netDue] = [due(terms.discountDays), due(terms.netDays)];
  return { ...terms, ...(discountDue !== undefined && { discountDue }), ...(netDue !== undefined && { netDue }) };
}

/** A percentage of an amount of money, rounded once, half away from zero, to two places. */
function percentOf(amount: Decimal, percent: Decimal): Decimal {
  const cent = 10_000n * HUNDRED;
  return ((2n * amount * percent + cent) / (2n * cent)) * 10_000n;
}

function headerOf(state: OrderState, settings: InvoiceSettings, shipment: Shipment | undefined): Omit<Invoice, 'lines' | 'charges' | 'subtotal' | 'total'> {
  const order = state.document;
  const terms = datedTerms(settings.terms ?? order.terms, settings.invoiceDate, shipment?.shippedDate);
  const billTo = order.billTo ?? settings.billTo;
  const vendorNumber = settings.vendorNumber ?? order.vendorNumber;
  const carrier = shipment?.carrier ?? order.carrier;
  return {
    kind: 'invoice',
    invoiceNumber: settings.invoiceNumber,
    invoiceDate: settings.invoiceDate,
    poNumber: order.poNumber,
    orderDate: order.orderDate,
    ...(order.releaseNumber !== undefined && { releaseNumber: order.releaseNumber }),
    ...(shipment && { shipmentId: shipment.shipmentId, shippedDate: shipment.shippedDate }),
    ...(shipment?.billOfLading !== undefined && { billOfLading: shipment.billOfLading }),
    currency: order.currency,
    ...(order.department !== undefined && { department: order.department }),
    ...(vendorNumber !== undefined && { vendorNumber }),
    ...(billTo && { billTo }),
    ...(order.shipTo && { shipTo: order.shipTo }),
    ...(carrier && { carrier }),
    ...(terms && { terms }),
  };
}
