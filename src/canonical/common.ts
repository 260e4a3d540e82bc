import { parseDecimal } from '../decimal.ts';
import { z } from '../schema.ts';

/** Decimals that need no second look, as most are. */
const PLAIN_DECIMAL = /^\d{1,12}(\.\d{1,6})?$/;

/** Characters that XML 1.0 has no way to write and X12 none to send; tabs and line ends are not among them. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const UNWRITABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\p{Surrogate}]/u;

/** Text of 1 character or more, of characters that every file going out can hold. */
export const text = z
  .string()
  .min(1)
  .refine((value) => !UNWRITABLE.test(value), { error: ({ input }) => `${showUnwritable(String(input))} can stand in no file that goes out` });

/** `the character U+0007 after "Leave at d"` */
function showUnwritable(value: string): string {
  const at = value.search(UNWRITABLE);
  const code = value.codePointAt(at)!.toString(16).toUpperCase().padStart(4, '0');
  return `the character U+${code}${at > 0 ? ` after ${JSON.stringify(value.slice(Math.max(0, at - 20), at))}` : ''}`;
}
/** An exact decimal as text, at most six places: `12`, `9.5`. */
export const decimalText = z
  .string()
  .refine((value) => PLAIN_DECIMAL.test(value) || parseDecimal(value) !== undefined, 'is not a number with at most 12 digits before the point and 6 after it');
/** A calendar date, `2026-03-05`. */
export const dateText = z.iso.date();
/** Whether a text is a calendar date, `2026-03-05`. */
export function isDate(value: string): boolean {
  return dateText.safeParse(value).success;
}
/** An instant in UTC, or a local date and time without zone: `2026-03-05T14:05:00`. */
export const timeText = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z?$/, 'is not a date and time');

/** An identifier with the code that says whose it is: X12 element 235 for items (UP, EN, VN, BP, SK …), 128 for references. */
export const qualifiedId = z.object({ qualifier: text, value: text });

export const party = z.object({
  code: text.optional(),
  /** X12 element 66: 92 assigned by buyer, 91 by seller, 9 D-U-N-S+4, UL GLN. */
  qualifier: text.optional(),
  name: text.optional(),
  name2: text.optional(),
  address: text.optional(),
  address2: text.optional(),
  city: text.optional(),
  state: text.optional(),
  postalCode: text.optional(),
  country: text.optional(),
  phone: text.optional(),
  email: text.optional(),
});

export const carrier = z.object({
  scac: text.optional(),
  name: text.optional(),
  /** X12 element 91: M motor, U parcel, A air … */
  method: text.optional(),
  service: text.optional(),
});

/** An allowance (A) or charge (C); `amount` is for the whole document or line, in its currency. */
export const charge = z.object({
  indicator: z.enum(['A', 'C']),
  /** X12 element 1300: D240 freight, C310 discount … */
  code: text.optional(),
  amount: decimalText,
  description: text.optional(),
});

export const terms = z.object({
  discountPercent: decimalText.optional(),
  discountDays: text.optional(),
  netDays: text.optional(),
  description: text.optional(),
  /** What the days run from. */
  basis: z.enum(['invoice-date', 'ship-date', 'receipt-of-goods']).optional(),
  /** The last days themselves, where the basis is known when it is billed. */
  discountDue: dateText.optional(),
  netDue: dateText.optional(),
});

export type QualifiedId = z.infer<typeof qualifiedId>;
export type Party = z.infer<typeof party>;
export type Carrier = z.infer<typeof carrier>;
export type Charge = z.infer<typeof charge>;
export type Terms = z.infer<typeof terms>;
