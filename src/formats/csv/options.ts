import { z } from '../../schema.ts';
import { encodingOption, flag, newlineOption, sequence } from '../option-types.ts';

const oneCharacter = z.string().length(1, 'is one character');

/** What a mapping says about a CSV file. Unless `group` or `records` is given, the whole file is one message. */
export const csvOptions = z
  .strictObject({
    format: z.literal('csv').default('csv'),
    delimiter: z.union([oneCharacter, z.literal('tab').transform(() => '\t')]).default(','),
    /** `none` when a quote is a character like any other. */
    quote: z.union([oneCharacter, z.literal('none')]).default('"'),
    /** Whether the first row names the columns. Without, they are named by `columns`, or by their number from 1. */
    header: flag.default(true),
    /** With a header: the columns that must be there. Without: the names of the columns in order. */
    columns: z.array(z.string()).optional(),
    encoding: encodingOption.default('utf-8'),
    /** `row`: every row is a message. Columns: consecutive rows with the same values there are one message. */
    group: z.union([z.literal('row'), z.array(z.string()).min(1)]).optional(),
    /** `blank`: a row whose group columns are all empty belongs to the message before it. */
    continuation: z.literal('blank').optional(),
    /** Rows of several types: the column with the type (from 1), and the names of the columns of each type. */
    records: z.strictObject({ type: z.string().default('1'), columns: z.record(z.string(), z.array(z.string())), ...sequence }).optional(),
    newline: newlineOption,
    /** Writing: quote every cell, or only those that need it. */
    quoting: z.enum(['needed', 'all']).default('needed'),
    /** Writing: what becomes of a cell that a spreadsheet would run as a formula. */
    formula: z.enum(['keep', 'escape', 'reject']).default('keep'),
  })
  .refine((options) => !(options.group && options.records), 'has either group or records')
  .refine((options) => !options.records || options.records.start !== undefined, 'records names the type that a message starts with');

export type CsvOptions = z.input<typeof csvOptions>;
export type CsvSettings = z.output<typeof csvOptions>;
