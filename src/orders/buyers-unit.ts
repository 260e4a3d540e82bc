import { divide, whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Line } from './model.ts';
import { toUnit } from './quantities.ts';

/** One cent in the product of two decimals (10⁻¹²). */
const CENT = 10n ** 10n;

/**
 * Quantities of a line (base units) as its buyer is told them: in the unit of the order when every one of them is a whole number of
 * it, otherwise all in base units, so that one line never speaks two units.
 */
export function buyersQuantities(line: Line, bases: readonly Decimal[]): { readonly unit: string; readonly quantities: readonly Decimal[] } {
  const quantities = bases.map((base) => toUnit(base, line.conversion));
  if (quantities.every((quantity) => quantity !== undefined)) return { unit: line.conversion.unit, quantities };
  return { unit: line.baseUnit, quantities: bases };
}

/** The agreed price of one of `unit`, which is the buyer's unit or the base unit; rounded to six places where it does not divide. */
export function priceIn(line: Line, unit: string): Decimal | undefined {
  if (line.price === undefined || unit === line.conversion.unit) return line.price;
  const { numerator, denominator } = line.conversion;
  return divide(line.price * denominator, whole(numerator));
}

/** What `base` units of a line cost at its agreed price, rounded once, half away from zero, to the currency's minor unit (two places). */
export function extension(line: Line, base: Decimal): Decimal | undefined {
  if (line.price === undefined) return undefined;
  const product = base * line.price * line.conversion.denominator;
  const cent = CENT * line.conversion.numerator;
  const cents = (2n * (product < 0n ? -product : product) + cent) / (2n * cent);
  return (product < 0n ? -cents : cents) * 10_000n;
}
