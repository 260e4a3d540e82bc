/**
 * Exact quantities and money: a `Decimal` is a bigint count of millionths, the same in memory and in the database.
 * No quantity or amount of money passes through a JavaScript number.
 */

export type Decimal = bigint;

const SCALE = 6;
const ONE = 10n ** BigInt(SCALE);
const WHOLE = /^\d{1,12}$/;
const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?$/;
const MAX = 10n ** 18n;

/** A decimal from text such as `12`, `-0.5`, `.25` or `1.500000`; undefined when it is not one, has more than six places that are not 0, or has more than 12 digits before the point. */
export function parseDecimal(text: string): Decimal | undefined {
  if (WHOLE.test(text)) return BigInt(text) * ONE;
  const match = PATTERN.exec(text.trim());
  if (!match) return undefined;
  const [, sign, digitsBefore = '', fraction = ''] = match;
  if (digitsBefore === '' && fraction === '') return undefined;
  const kept = fraction.slice(0, SCALE).padEnd(SCALE, '0');
  if (/[1-9]/.test(fraction.slice(SCALE))) return undefined;
  const digits = (digitsBefore + kept).replace(/^0+(?=\d)/, '');
  if (digits.length > 18) return undefined;
  const value = BigInt(digits);
  return sign === '-' ? -value : value;
}

/** A decimal from text that is known to be one. @throws RangeError when it is not. */
export function decimal(text: string): Decimal {
  const value = parseDecimal(text);
  if (value === undefined) throw new RangeError(`not a decimal: ${text}`);
  return value;
}

/** A decimal from a whole number. */
export function whole(count: number | bigint): Decimal {
  return BigInt(count) * ONE;
}

/** A decimal from a database column, which gives millionths as number, bigint or text. */
export function fromColumn(value: unknown): Decimal {
  return BigInt(value as string | number | bigint);
}

/** The shortest text of a decimal: `12`, `-0.5`. With `places`, exactly that many places, rounded half away from zero. */
export function formatDecimal(value: Decimal, places?: number): string {
  const shown = places === undefined ? value : roundTo(value, places);
  const negative = shown < 0n;
  const digits = (negative ? -shown : shown).toString().padStart(SCALE + 1, '0');
  const wholePart = digits.slice(0, -SCALE);
  const all = digits.slice(-SCALE);
  const fraction = places === undefined ? all.replace(/0+$/, '') : all.slice(0, places);
  return `${negative ? '-' : ''}${wholePart}${fraction ? `.${fraction}` : ''}`;
}

/** `value` rounded half away from zero to `places` decimal places (0 to 6). */
export function roundTo(value: Decimal, places: number): Decimal {
  const unit = 10n ** BigInt(SCALE - places);
  return divideRounded(value, unit) * unit;
}

/** The exact product rounded half away from zero to millionths. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return divideRounded(a * b, ONE);
}

/** The quotient rounded half away from zero to millionths. @throws RangeError when `b` is 0. */
export function divide(a: Decimal, b: Decimal): Decimal {
  return divideRounded(a * ONE, b);
}

/** `value` × `numerator` ÷ `denominator` where that is exact in millionths, otherwise undefined. */
export function scaleExactly(value: Decimal, numerator: Decimal, denominator: Decimal): Decimal | undefined {
  const product = value * numerator;
  return product % denominator === 0n ? product / denominator : undefined;
}

/** The largest multiple of `pack` that is not above `value`; both at least 0, `pack` above 0. */
export function floorToPack(value: Decimal, pack: Decimal): Decimal {
  return value <= 0n ? 0n : (value / pack) * pack;
}

/** The smaller of two. */
export function least(a: Decimal, b: Decimal): Decimal {
  return a < b ? a : b;
}

/** The larger of two. */
export function greatest(a: Decimal, b: Decimal): Decimal {
  return a > b ? a : b;
}

/** The sum of a list. */
export function total(values: Iterable<Decimal>): Decimal {
  let sum = 0n;
  for (const value of values) sum += value;
  return sum;
}

/** Whether a decimal fits the database column (18 digits in all). */
export function fitsColumn(value: Decimal): boolean {
  return value < MAX && value > -MAX;
}

function divideRounded(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new RangeError('division by zero');
  const negative = a < 0n !== b < 0n;
  const n = a < 0n ? -a : a;
  const d = b < 0n ? -b : b;
  const rounded = (n + d / 2n) / d;
  return negative ? -rounded : rounded;
}
