import type { Order, OrderLine } from '../canonical/order.ts';
import type { Party } from '../canonical/common.ts';
import { formatDecimal, greatest, multiply, parseDecimal, total } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { ErrorCode } from '../errors.ts';
import { firstOf } from './dates.ts';
import type { Conversion, Line } from './model.ts';
import { emptyBuckets, toBase } from './quantities.ts';

/** What the master data says of an order line: undefined where it knows nothing. */
export type LineFacts = {
  readonly sku: string | undefined;
  readonly description: string | undefined;
  readonly baseUnit: string | undefined;
  readonly pack: Decimal | undefined;
  readonly conversion: Conversion | undefined;
  /** Our price of one of the buyer's unit. */
  readonly ourPrice: Decimal | undefined;
};

export type PriceRules = {
  /** Percent of our price, such as 0.5, and an amount a unit: a difference within the larger of the two is none. */
  readonly tolerance: { readonly percent: Decimal; readonly absolute: Decimal };
  readonly onMismatch: 'hold' | 'accept' | 'ours' | 'reject';
  readonly onMissing: 'ours' | 'hold';
};

/** Why a line or an order cannot go on by itself. */
export type Trouble = { readonly code: ErrorCode; readonly value: string; readonly detail: string };
export type EnteredLine = { readonly line: Omit<Line, 'id'>; readonly trouble: Trouble | undefined };

/**
 * Makes a line of the order model out of a line of a document and what is known of its item. Quantities become base units. A line that cannot be
 * understood is kept with its trouble, all of it pending, so that it can be healed when the trouble is resolved; it is never guessed.
 * Where the rules refuse every other price than ours, a line with one is rejected at once.
 */
export function enterLine(source: OrderLine, lineNo: number, facts: LineFacts, prices: PriceRules): EnteredLine {
  const quantity = parseDecimal(source.quantity) ?? 0n;
  const trouble = troubleOf(source, quantity, facts, prices);
  const conversion = facts.conversion ?? { unit: source.unit, numerator: 1n, denominator: 1n };
  const converted = toBase(quantity, conversion);
  const base = 'base' in converted ? converted.base : 0n;
  const refused = trouble?.code === 'PRICE_MISMATCH' && source.price !== undefined && prices.onMismatch === 'reject';
  return {
    trouble: refused ? undefined : trouble,
    line: {
      lineNo,
      lineRef: source.lineRef,
      ids: source.ids,
      sku: facts.sku,
      description: source.description ?? facts.description,
      ordered: quantity,
      conversion,
      baseUnit: facts.baseUnit ?? source.unit,
      base,
      price: agreedPrice(source, facts, prices),
      pack: facts.pack ?? 1_000_000n,
      buckets: refused ? { ...emptyBuckets(), rejected: base } : emptyBuckets(base),
      overshipped: 0n,
      invoiced: 0n,
      promiseDate: undefined,
      reason: trouble?.code,
    },
  };
}

function troubleOf(source: OrderLine, quantity: Decimal, facts: LineFacts, prices: PriceRules): Trouble | undefined {
  const ids = source.ids.map((id) => `${id.qualifier} ${id.value}`).join(', ');
  if (facts.sku === undefined) return { code: 'SKU_UNKNOWN', value: ids, detail: `line ${source.lineRef}: no item goes by ${ids}` };
  if (facts.conversion === undefined) {
    return { code: 'UNIT_UNKNOWN', value: source.unit, detail: `line ${source.lineRef}: item ${facts.sku} has no unit ${source.unit}` };
  }
  const converted = toBase(quantity, facts.conversion);
  if ('refusal' in converted) {
    return { code: 'QUANTITY_INVALID', value: source.quantity, detail: `line ${source.lineRef}: item ${facts.sku}: ${converted.refusal.detail}` };
  }
  return destinationTrouble(source, quantity) ?? priceTrouble(source, facts, prices);
}

/** The stores of a bulk line must add up to it: nobody else can say which of them is wrong. */
function destinationTrouble(source: OrderLine, quantity: Decimal): Trouble | undefined {
  if (source.destinations === undefined) return undefined;
  const parts = source.destinations.map((each) => parseDecimal(each.quantity) ?? 0n);
  if (total(parts) === quantity && parts.every((part) => part > 0n)) return undefined;
  const detail = `line ${source.lineRef}: its stores ask for ${formatDecimal(total(parts))}, the line for ${source.quantity}`;
  return { code: 'QUANTITY_INVALID', value: source.quantity, detail };
}

function priceTrouble(source: OrderLine, facts: LineFacts, prices: PriceRules): Trouble | undefined {
  const { ourPrice } = facts;
  if (source.price === undefined) {
    if (ourPrice !== undefined || prices.onMissing === 'ours') return undefined;
    return { code: 'PRICE_MISMATCH', value: '', detail: `line ${source.lineRef}: the order names no price and neither do we` };
  }
  if (ourPrice === undefined || prices.onMismatch === 'accept' || prices.onMismatch === 'ours') return undefined;
  if (withinTolerance(parseDecimal(source.price) ?? 0n, ourPrice, prices)) return undefined;
  return { code: 'PRICE_MISMATCH', value: source.price, detail: `line ${source.lineRef}: the order says ${source.price} a ${source.unit}, our price differs` };
}

function withinTolerance(theirs: Decimal, ours: Decimal, prices: PriceRules): boolean {
  const apart = theirs > ours ? theirs - ours : ours - theirs;
  const byPercent = multiply(ours, prices.tolerance.percent) / 100n;
  return apart <= greatest(byPercent, prices.tolerance.absolute);
}

function agreedPrice(source: OrderLine, facts: LineFacts, prices: PriceRules): Decimal | undefined {
  const theirs = source.price === undefined ? undefined : parseDecimal(source.price);
  if (theirs === undefined) return facts.ourPrice;
  if (prices.onMismatch === 'ours' && facts.ourPrice !== undefined && !withinTolerance(theirs, facts.ourPrice, prices)) return facts.ourPrice;
  return theirs;
}

/** Dates of an order that cannot all be: it may ship only after it is too late. Nobody else can say which of them is wrong. */
export function windowTrouble({ shipNotBefore, requestedShip, shipNoLater, cancelAfter }: Order): Trouble | undefined {
  const last = firstOf([shipNoLater, cancelAfter]);
  if (last === undefined) return undefined;
  const [first] = [shipNotBefore, requestedShip].filter((date) => date !== undefined && date > last);
  if (first === undefined) return undefined;
  const says = first === shipNotBefore ? 'may not ship before' : 'is to ship on';
  return { code: 'DATE_IMPOSSIBLE', value: first, detail: `the order ${says} ${first}, and not after ${last}` };
}

/**
 * The order with its ship-to as the partner's list of places has it, or the trouble that the code is not in it. An order that is shipped
 * straight to a consumer (DS) may name any address in full. A partner without a list may name any place.
 */
export function resolveShipTo(
  order: Order,
  known: Readonly<Record<string, Party>> | undefined,
): { readonly order: Order; readonly trouble: Trouble | undefined } {
  const code = order.shipTo?.code;
  if (known === undefined) return { order, trouble: undefined };
  const place = code !== undefined && Object.hasOwn(known, code) ? known[code] : undefined;
  if (place) return { order: { ...order, shipTo: { ...place, ...order.shipTo } }, trouble: undefined };
  const complete = order.shipTo?.address && order.shipTo.city && order.shipTo.postalCode;
  if (order.poType === 'DS' && complete) return { order, trouble: undefined };
  return {
    order,
    trouble: { code: 'SHIP_TO_UNKNOWN', value: code ?? '', detail: code ? `ship-to ${code} is not one of the partner's places` : 'the order names no ship-to' },
  };
}
