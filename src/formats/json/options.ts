import { z } from '../../schema.ts';
import { flag } from '../option-types.ts';

/** What a mapping says about a JSON file. */
export const jsonOptions = z.strictObject({
  format: z.literal('json').default('json'),
  /** The member that holds the messages, an object or a list of them: `/orders`. Without, the document, each item of a list, or each line is a message. */
  record: z
    .string()
    .regex(/^\/[^/]+(\/[^/]+)*$/, 'is a path of names: /data/orders')
    .optional(),
  /** Writing: the members whose text is written without quotes, as a number, true or false. */
  numbers: z.array(z.string()).default([]),
  /** Writing: line breaks and spaces. */
  indent: flag.default(true),
});

export type JsonOptions = z.input<typeof jsonOptions>;
export type JsonSettings = z.output<typeof jsonOptions>;
