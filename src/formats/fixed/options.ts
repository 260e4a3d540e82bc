import { z } from '../../schema.ts';
import { encodingOption, newlineOption, sequence, wholeNumber } from '../option-types.ts';

/** `3-12`: the columns of a field, from 1, both ends included. `7` is one column. */
const columns = z
  .string()
  .regex(/^[1-9]\d{0,5}(-[1-9]\d{0,5})?$/, 'is like 3-12')
  .transform((text) => {
    const [first, last] = text.split('-').map(Number);
    return { first: first!, last: last ?? first! };
  })
  .refine(({ first, last }) => first <= last, 'ends before it begins');

const pad = z.string().length(1, 'is one character');

export const field = z.union([
  columns.transform((at) => ({ at, align: 'left' as const, pad: ' ' })),
  z.strictObject({ at: columns, align: z.enum(['left', 'right']).default('left'), pad: pad.default(' ') }),
]);

/** What a mapping says about a file of fixed columns. */
export const fixedOptions = z
  .strictObject({
    format: z.literal('fixed').default('fixed'),
    encoding: encodingOption.default('utf-8'),
    /** The columns with the type of a record. Without, there is one type and every record is of it. */
    type: columns.optional(),
    /** The fields of each type of record. */
    records: z.record(z.string(), z.record(z.string(), field)).refine((records) => Object.keys(records).length > 0, 'names no record'),
    /** Without line breaks: how many characters a record has. */
    length: wholeNumber.refine((length) => length > 0 && length <= 100_000, 'is 1 to 100000').optional(),
    /** `row`: every record is a message. */
    group: z.literal('row').optional(),
    newline: newlineOption,
    ...sequence,
  })
  .refine((options) => options.type || Object.keys(options.records).length === 1, 'records of several types need the columns of their type');

export type FixedField = z.output<typeof field>;
export type FixedOptions = z.input<typeof fixedOptions>;
export type FixedSettings = z.output<typeof fixedOptions>;
