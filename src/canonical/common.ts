import { parseDecimal } from '../decimal.ts';
import { z } from '../schema.ts';

/** Decimals that need no second look, as most are. */
const PLAIN_DECIMAL = /^\d{1,12}(\.\d{1,6})?$/;

/** Text of 1 character or more. */
export const text = z.string().min(1);
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
