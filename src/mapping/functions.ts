import { divide, formatDecimal, greatest, least, multiply, parseDecimal, roundTo, type Decimal } from '../decimal.ts';
import { addDays } from './dates.ts';
import type { Failure } from './run.ts';

/** A named function: text in, text out. Absent is ''. `least` and `most` bound the number of arguments. */
export type NamedFunction = { readonly least: number; readonly most: number; readonly apply: (args: readonly string[]) => string | Failure };

/** Whether the last digit is the GS1 check digit of those before it (GTIN-8, -12, -13, -14, GLN, SSCC; GS1 General Specifications 7.9). */
export function hasCheckDigit(digits: string): boolean {
  return /^\d{2,40}$/.test(digits) && checkDigit(digits.slice(0, -1)) === digits.at(-1);
}

/** The GS1 check digit: weights 3, 1, 3, 1 … from the right. */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

function gtin(args: readonly string[]): string | Failure {
  const digits = args[0]!.trim();
  if (digits === '') return '';
  const length = args[1] === undefined ? 14 : Number(args[1]);
  if (![8, 12, 13, 14].includes(length)) return { problem: `a GTIN has 8, 12, 13 or 14 digits, not ${args[1]}` };
  if (!/^\d{6,14}$/.test(digits)) return { problem: `"${digits}" is not a GTIN` };
  const full = digits.padStart(14, '0');
  if (!hasCheckDigit(full)) return { problem: `the check digit of "${digits}" is wrong` };
  if (/[1-9]/.test(full.slice(0, 14 - length))) return { problem: `"${digits}" does not fit in ${length} digits` };
  return full.slice(14 - length);
}

function sscc(args: readonly string[]): string | Failure {
  const digits = args[0]!.trim();
  if (digits === '') return '';
  const core = /^00\d{18}$/.test(digits) ? digits.slice(2) : digits;
  if (/^\d{17}$/.test(core)) return core + checkDigit(core);
  return /^\d{18}$/.test(core) && hasCheckDigit(core) ? core : { problem: `"${digits}" is not an SSCC` };
}

function numbers(args: readonly string[], apply: (values: readonly Decimal[]) => Decimal | Failure): string | Failure {
  const values: Decimal[] = [];
  for (const arg of args) {
    if (arg === '') return '';
    const value = parseDecimal(arg);
    if (value === undefined) return { problem: `"${arg}" is not a number` };
    values.push(value);
  }
  const result = apply(values);
  return typeof result === 'bigint' ? formatDecimal(result) : result;
}

const places = (text: string | undefined): number | undefined => (text === undefined ? 6 : /^[0-6]$/.test(text) ? Number(text) : undefined);

/** `apply` on the first two arguments, rounded to the places the third names (6 when it does not). */
function rounded(args: readonly string[], apply: (a: Decimal, b: Decimal) => Decimal | Failure): string | Failure {
  const to = places(args[2]);
  if (to === undefined) return { problem: `places are 0 to 6, not "${args[2]}"` };
  return numbers(args.slice(0, 2), ([a, b]) => {
    const result = apply(a!, b!);
    return typeof result === 'bigint' ? roundTo(result, to) : result;
  });
}

const count = (text: string): number => (/^-?\d{1,6}$/.test(text) ? Number(text) : 0);
const flag = (value: boolean): string => (value ? 'true' : '');

/** Every function that `call:` and `expr:` know. Functions of numbers give '' when an argument is absent; `coalesce` is for defaults. */
export const functions: Readonly<Record<string, NamedFunction>> = Object.freeze({
  add: { least: 2, most: 20, apply: (args) => numbers(args, (values) => values.reduce((a, b) => a + b)) },
  subtract: { least: 2, most: 2, apply: (args) => numbers(args, ([a, b]) => a! - b!) },
  multiply: { least: 2, most: 3, apply: (args) => rounded(args, multiply) },
  divide: { least: 2, most: 3, apply: (args) => rounded(args, (a, b) => (b === 0n ? { problem: 'division by zero' } : divide(a, b))) },
  round: { least: 2, most: 2, apply: ([value, to]) => rounded([value!, '1', to!], (a) => a) },
  absolute: { least: 1, most: 1, apply: (args) => numbers(args, ([a]) => (a! < 0n ? -a! : a!)) },
  least: { least: 1, most: 20, apply: (args) => numbers(args, (values) => values.reduce(least)) },
  greatest: { least: 1, most: 20, apply: (args) => numbers(args, (values) => values.reduce(greatest)) },
  coalesce: { least: 1, most: 20, apply: (args) => args.find((arg) => arg !== '') ?? '' },
  concat: { least: 1, most: 20, apply: (args) => args.join('') },
  length: { least: 1, most: 1, apply: ([text]) => String(text!.length) },
  contains: { least: 2, most: 2, apply: ([text, part]) => flag(text!.includes(part!)) },
  startsWith: { least: 2, most: 2, apply: ([text, part]) => flag(text!.startsWith(part!)) },
  endsWith: { least: 2, most: 2, apply: ([text, part]) => flag(text!.endsWith(part!)) },
  left: { least: 2, most: 2, apply: ([text, n]) => text!.slice(0, Math.max(0, count(n!))) },
  right: { least: 2, most: 2, apply: ([text, n]) => (count(n!) <= 0 ? '' : text!.slice(-count(n!))) },
  upper: { least: 1, most: 1, apply: ([text]) => text!.toUpperCase() },
  lower: { least: 1, most: 1, apply: ([text]) => text!.toLowerCase() },
  trim: { least: 1, most: 1, apply: ([text]) => text!.trim() },
  digits: { least: 1, most: 1, apply: ([text]) => text!.replace(/\D/g, '') },
  addDays: {
    least: 2,
    most: 2,
    apply: ([date, days]) =>
      date === '' ? '' : (addDays(date!, /^-?\d{1,6}$/.test(days!) ? Number(days) : NaN) ?? { problem: `no date is "${days}" days after "${date}"` }),
  },
  gtin: { least: 1, most: 2, apply: gtin },
  isGtin: { least: 1, most: 1, apply: ([text]) => flag([8, 12, 13, 14].includes(text!.length) && hasCheckDigit(text!)) },
  checkDigit: {
    least: 1,
    most: 1,
    apply: ([text]) => (/^\d{1,40}$/.test(text!) ? checkDigit(text!) : text === '' ? '' : { problem: `"${text}" is not all digits` }),
  },
  sscc: { least: 1, most: 1, apply: sscc },
});

/** The function of that name; undefined when there is none. */
export function namedFunction(name: string): NamedFunction | undefined {
  return Object.hasOwn(functions, name) ? functions[name] : undefined;
}
