import { z } from '../schema.ts';
import { encodingNamed, type Encoding } from './decode.ts';

/** YAML gives every scalar as text: these take both. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
export const wholeNumber = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\d{1,9}$/, 'is not a whole number')
    .transform(Number),
]);

export const encodingOption = z.string().transform((name, context): Encoding => {
  const encoding = encodingNamed(name);
  if (encoding) return encoding;
  context.addIssue({ code: 'custom', message: 'is not an encoding known here' });
  return z.NEVER;
});

/** Types of records and which of them make a message: a message starts with a `start` record and, where `end` is given, ends with one. */
export const sequence = {
  start: z.string().optional(),
  end: z.string().optional(),
  /** Types that belong to no message, such as the header and trailer of the file. */
  ignore: z.array(z.string()).default([]),
};

export const newlineOption = z.enum(['crlf', 'lf']).default('crlf');
