import { formatDecimal, greatest, least, total, whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { extension } from './buyers-unit.ts';
import type { Line } from './model.ts';

/** What was returned of a line so far, in base units. */
export type ReturnedSoFar = { readonly authorised: Decimal; readonly credited: Decimal };

export type Authorisation = {
  readonly answer: 'authorised' | 'in-part' | 'denied';
  readonly quantity: Decimal;
  readonly because?: 'nothing-shipped' | 'more-than-shipped' | 'not-positive' | 'too-late' | 'not-accepted' | 'line-unknown' | undefined;
};

/**
 * How much of a line may come back: no more than was shipped and not yet authorised to come back. `window` refuses what is asked more
 * than so many days after the shipment.
 */
export function authoriseReturn(
  line: Line,
  asked: Decimal,
  before: ReturnedSoFar,
  window?: { readonly daysSinceShipment: number; readonly allowedDays: number },
): Authorisation {
  if (asked <= 0n) return { answer: 'denied', quantity: 0n, because: 'not-positive' };
  const shipped = line.buckets.shipped + line.overshipped;
  if (shipped === 0n) return { answer: 'denied', quantity: 0n, because: 'nothing-shipped' };
  if (window && window.daysSinceShipment > window.allowedDays) return { answer: 'denied', quantity: 0n, because: 'too-late' };
  const quantity = least(asked, greatest(0n, shipped - before.authorised));
  if (quantity === asked) return { answer: 'authorised', quantity };
  return { answer: quantity > 0n ? 'in-part' : 'denied', quantity, because: 'more-than-shipped' };
}

/** What inspection found of received goods, in base units. Until then nothing of them is stock. */
export type Inspection = { readonly restock: Decimal; readonly quarantine: Decimal; readonly scrap: Decimal };

/** Whether an inspection accounts for exactly what was received, with the difference when it does not. */
export function checkInspection(received: Decimal, found: Inspection): { readonly ok: true } | { readonly ok: false; readonly detail: string } {
  const parts = [found.restock, found.quarantine, found.scrap];
  if (parts.some((part) => part < 0n)) return { ok: false, detail: 'a quantity is below 0' };
  const sum = total(parts);
  return sum === received ? { ok: true } : { ok: false, detail: `${formatDecimal(received)} were received and ${formatDecimal(sum)} inspected` };
}

export type Credit = {
  readonly quantity: Decimal;
  /** Money: what was paid for it, the fee kept back, and what is given back. */
  readonly paid: Decimal;
  readonly fee: Decimal;
  readonly amount: Decimal;
};

const HUNDRED = whole(100);

/**
 * What is given back for returned units of a line: what they were billed at, less a fee in percent. Only what was billed and not
 * credited before counts. All credits of a line together never exceed what was paid for it, however the cents fall: each is the
 * difference of two rounded sums. Undefined when there is nothing to give back or the line has no price.
 */
export function creditFor(line: Line, returned: Decimal, before: ReturnedSoFar, feePercent: Decimal = 0n): Credit | undefined {
  const quantity = least(returned, greatest(0n, line.invoiced - before.credited));
  const upTo = extension(line, before.credited + quantity);
  const already = extension(line, before.credited);
  if (quantity <= 0n || upTo === undefined || already === undefined) return undefined;
  const paid = upTo - already;
  const cent = 10_000n * HUNDRED;
  const fee = ((2n * paid * feePercent + cent) / (2n * cent)) * 10_000n;
  return { quantity, paid, fee, amount: paid - fee };
}
