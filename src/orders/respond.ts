import type { QualifiedId } from '../canonical/common.ts';
import type { OrderResponse, Outcome, ResponseLine } from '../canonical/order-response.ts';
import { formatDecimal, least, parseDecimal } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Completeness, Promised } from './allocation.ts';
import { buyersQuantities, priceIn } from './buyers-unit.ts';
import { laterOf } from './dates.ts';
import type { Line, OrderState, Reservation } from './model.ts';

export type ResponseSettings = {
  /** That an answer was given before, and this one takes its place. */
  readonly replaces?: boolean | undefined;
  /** The date of the answer. */
  readonly today: string;
  /** The first day on which each location ships; a location that is not named ships today. */
  readonly shipDates: Readonly<Record<string, string>>;
  /** What holds for the order; absent: its own word. */
  readonly completeness?: Completeness | undefined;
  readonly vendorOrder?: string | undefined;
  readonly vendorNumber?: string | undefined;
  /** How the buyer knows an item that is sent as a substitute, by SKU; absent: as our SKU. */
  readonly idsOf?: ReadonlyMap<string, readonly QualifiedId[]> | undefined;
  /** What of a backordered line ships on which day, by line, the first day first; absent: the line's own date. */
  readonly promises?: ReadonlyMap<number, readonly Promised[]> | undefined;
};

/** A quantity (base units) of a line and what becomes of it. */
type Part = { readonly outcome: Outcome; readonly base: Decimal; readonly date?: string | undefined; readonly sku?: string | undefined };

const REFUSED = new Set<Outcome>(['rejected', 'deleted', 'item-unknown', 'unit-invalid']);

/**
 * The answer to an order as it stands: for each line what is accepted and for which ship date, what comes later, what is refused and
 * what is still open. Quantities are in the buyer's unit where they divide, and they add up to what was ordered.
 */
export function respond(state: OrderState, reservations: readonly Reservation[], settings: ResponseSettings): OrderResponse {
  const { document } = state;
  const held = Map.groupBy(reservations, (reservation) => reservation.lineId);
  const lines = state.lines.map((line) => answerLine(state, line, held.get(line.id) ?? [], settings));
  const vendorNumber = settings.vendorNumber ?? document.vendorNumber;
  return {
    kind: 'order-response',
    ...(settings.replaces && { purpose: 'replace' }),
    poNumber: document.poNumber,
    ...(document.releaseNumber !== undefined && { releaseNumber: document.releaseNumber }),
    ...(document.orderMessageId !== undefined && { orderMessageId: document.orderMessageId }),
    orderDate: document.orderDate,
    responseDate: settings.today,
    verdict: verdictOf(state, lines),
    ...(settings.vendorOrder !== undefined && { vendorOrder: settings.vendorOrder }),
    ...(vendorNumber !== undefined && { vendorNumber }),
    ...(document.department !== undefined && { department: document.department }),
    currency: document.currency,
    ...(document.shipTo && { shipTo: document.shipTo }),
    lines,
  };
}

function verdictOf(state: OrderState, lines: readonly ResponseLine[]): OrderResponse['verdict'] {
  const outcomes = lines.flatMap((line) => line.outcomes.map(({ outcome }) => outcome));
  if (state.lifecycle === 'rejected' || outcomes.every((outcome) => REFUSED.has(outcome))) return 'rejected';
  return outcomes.every((outcome) => outcome === 'accepted') ? 'accepted' : 'changed';
}

function answerLine(state: OrderState, line: Line, held: readonly Reservation[], settings: ResponseSettings): ResponseLine {
  const parts = merged([...acceptedParts(state, line, held, settings), ...laterParts(state, line, settings), ...refusedParts(line)]);
  const { unit, quantities } = buyersQuantities(
    line,
    parts.map((part) => part.base),
  );
  const price = priceIn(line, unit);
  const outcomes = parts.map((part, at) => ({
    outcome: part.outcome,
    quantity: formatDecimal(quantities[at]!),
    unit,
    ...(part.date !== undefined && { date: part.date }),
    ...(part.sku !== undefined && { ids: [...(settings.idsOf?.get(part.sku) ?? [{ qualifier: 'SK', value: part.sku }])] }),
  }));
  const nothing = { outcome: refusalOf(line) ?? 'on-hold', quantity: formatDecimal(line.ordered), unit: line.conversion.unit } as const;
  return {
    lineRef: line.lineRef,
    ids: [...line.ids],
    ...(line.description !== undefined && { description: line.description }),
    quantity: formatDecimal(line.ordered),
    unit: line.conversion.unit,
    ...(price !== undefined && { price: formatDecimal(price) }),
    outcomes: outcomes.length > 0 ? outcomes : [nothing],
  };
}

/** What is reserved, with a location or already shipped. The day is the location's, but not before the buyer wants it. */
function acceptedParts(state: OrderState, line: Line, held: readonly Reservation[], settings: ResponseSettings): readonly Part[] {
  const { document } = state;
  const requested = document.lines[line.lineNo - 1]?.requestedShip ?? document.requestedShip;
  const parts: Part[] = [];
  let dated = 0n;
  for (const reservation of held) {
    const base = reservation.covers ?? reservation.quantity;
    const date = laterOf(laterOf(settings.shipDates[reservation.location] ?? settings.today, requested), document.shipNotBefore);
    dated += base;
    if (reservation.sku !== line.sku) parts.push({ outcome: 'substituted', base, date, sku: reservation.sku });
    else parts.push({ outcome: requested !== undefined && date > requested ? 'rescheduled' : acceptedAs(state, line), base, date });
  }
  const { allocated, released, shipped } = line.buckets;
  const undated = allocated + released + shipped - dated;
  if (undated > 0n) parts.push({ outcome: acceptedAs(state, line), base: undated });
  return parts;
}

function acceptedAs(state: OrderState, line: Line): Outcome {
  const asked = state.document.lines[line.lineNo - 1]?.price;
  if (asked !== undefined && line.price !== undefined && parseDecimal(asked) !== line.price) return 'price-changed';
  return line.buckets.rejected > 0n ? 'quantity-changed' : 'accepted';
}

function laterParts(state: OrderState, line: Line, settings: ResponseSettings): readonly Part[] {
  const { backordered, pending } = line.buckets;
  const complete = (settings.completeness ?? state.document.completeness) === 'complete';
  const date = line.promiseDate;
  const parts: Part[] = [];
  let left = backordered;
  for (const promised of settings.promises?.get(line.id) ?? []) {
    const base = least(left, promised.quantity);
    if (base > 0n) parts.push({ outcome: complete ? 'rescheduled' : 'backordered', base, date: promised.date });
    left -= base;
  }
  const whole = left === backordered ? date : undefined;
  if (left > 0n) parts.push({ outcome: complete && whole !== undefined ? 'rescheduled' : 'backordered', base: left, date: whole });
  if (pending > 0n) parts.push({ outcome: pendingAs(line), base: pending, date });
  return parts;
}

function pendingAs(line: Line): Outcome {
  if (line.reason === 'PRICE_MISMATCH') return 'price-pending';
  return line.reason === undefined && line.promiseDate !== undefined ? 'rescheduled' : 'on-hold';
}

function refusedParts(line: Line): readonly Part[] {
  const { rejected, cancelled } = line.buckets;
  const parts: Part[] = [];
  if (rejected > 0n) parts.push({ outcome: refusalOf(line) ?? 'rejected', base: rejected });
  if (cancelled > 0n) parts.push({ outcome: 'deleted', base: cancelled });
  return parts;
}

function refusalOf(line: Line): Outcome | undefined {
  if (line.sku === undefined || line.reason === 'SKU_UNKNOWN') return 'item-unknown';
  return line.reason === 'UNIT_UNKNOWN' || line.reason === 'QUANTITY_INVALID' ? 'unit-invalid' : undefined;
}

function merged(parts: readonly Part[]): readonly Part[] {
  const groups = Map.groupBy(parts, ({ outcome, date, sku }) => `${outcome} ${date ?? ''} ${sku ?? ''}`);
  return [...groups.values()].map((group) => ({ ...group[0]!, base: group.reduce((sum, part) => sum + part.base, 0n) }));
}
