import { parseDecimal } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { z } from '../schema.ts';
import { makeSecret } from './secret.ts';
import { didYouMean } from './suggest.ts';

/**
 * The kinds of single values that configuration files hold. Every scalar arrives here as its source text, so that `01234`
 * keeps its zero; each kind turns the text into what the program works with.
 */

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIZES: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };
const zones = new Map<string, boolean>();

/** Text of 1 character or more. */
export const text = z.string('is not a text').min(1, 'is empty');

/** `true` or `false`. */
export const flag = z
  .enum(['true', 'false'], 'is not true or false')
  .transform((value) => value === 'true')
  .meta({ scalar: 'boolean' });

/** `5s`, `2m`, `24h`, `365d`; milliseconds in the program. */
export const duration = z
  .string('is not a duration such as 5s, 2m, 24h or 365d')
  .regex(/^\d{1,9}(ms|s|m|h|d)$/, 'is not a duration such as 5s, 2m, 24h or 365d')
  .transform((value) => Number.parseInt(value, 10) * (UNITS[value.replace(/^\d+/, '')] ?? 0));

/** `64KB`, `200MB`; bytes in the program. */
export const size = z
  .string('is not a size such as 64KB or 200MB')
  .regex(/^\d{1,9}(B|KB|MB|GB)$/, 'is not a size such as 64KB or 200MB')
  .transform((value) => Number.parseInt(value, 10) * (SIZES[value.replace(/^\d+/, '')] ?? 0));

/** A whole number from `least` to `most`. */
export function count(least: number, most: number) {
  const message = `is not a whole number from ${least} to ${most}`;
  return z
    .string(message)
    .refine((value) => /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most, message)
    .transform(Number)
    .meta({ scalar: 'integer' });
}

/** An exact amount of money, a percentage or a quantity, 0 or more; a `Decimal` in the program. */
export const amount = z
  .string('is not an amount such as 0.05')
  .refine((value) => (parseDecimal(value) ?? -1n) >= 0n, 'is not an amount such as 0.05')
  .transform((value): Decimal => parseDecimal(value) ?? 0n)
  .meta({ scalar: 'number' });

/** A time zone of the IANA data base, `America/New_York`. */
export const timezone = z
  .string('is not a time zone')
  .refine(isTimezone, { error: ({ input }) => `is not a time zone such as America/New_York${nearestZone(String(input))}` });

/** A time of day, `14:00`. */
export const clock = z.string('is not a time such as 14:00').regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time such as 14:00');

/** A day of the calendar, `2026-12-25`. */
export const date = z.iso.date('is not a date such as 2026-12-25');

/** A name for use in files and folders: lower-case letters, digits, `-` and `_`. */
export const identifier = z.string('is not a name').regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'is not a name of lower-case letters, digits, - and _');

/** An interchange identity `ZZ/HARBORLANE`: the qualifier and id of ISA05/06 or ISA07/08. */
export const identity = z
  .string('is not an identity such as ZZ/ACME')
  .regex(/^[0-9A-Z]{2}\/[^/\s](.{0,13}\S)?$/, 'is not an identity such as ZZ/ACME: a qualifier of two characters and an id of at most 15')
  .transform((value) => ({ qualifier: value.slice(0, 2), id: value.slice(3) }));

/** A reference to a secret: `{ secret: name }`. */
export const secret = z
  .strictObject({ secret: identifier }, 'must not stand in the file: write { secret: name } and keep the value in secrets/name')
  .transform((value) => makeSecret(value.secret));

function isTimezone(zone: string): boolean {
  let known = zones.get(zone);
  if (known === undefined) {
    try {
      known = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
    } catch {
      known = false;
    }
    zones.set(zone, known);
  }
  return known;
}

/** The zone that a misspelt name, or that of its city alone, may be meant for. */
function nearestZone(name: string): string {
  const known = Intl.supportedValuesOf('timeZone');
  const city = `/${name.trim().replaceAll(' ', '_')}`.toLowerCase();
  const zone = known.find((each) => each.toLowerCase().endsWith(city));
  return didYouMean(zone ?? name, zone === undefined ? known : [zone]);
}
