import { z } from '../../schema.ts';
import { encodingOption, flag } from '../option-types.ts';

const name = /^[A-Za-z_][\w.-]*$/;

/** What a mapping says about an XML file. */
export const xmlOptions = z.strictObject({
  format: z.literal('xml').default('xml'),
  /** The elements that are messages: `/orders/order`. Without, the root is the message. */
  record: z
    .string()
    .regex(/^\/[^/[\]*]+(\/[^/[\]*]+)*$/, 'is a path of names from the root: /orders/order')
    .optional(),
  /** The prefixes that the mapping uses and what they stand for; the file may use others. A namespace that is not named here gives names without prefix. */
  namespaces: z.record(z.string().regex(name), z.string().min(1)).default({}),
  /** `ignore` takes a file with a DOCTYPE and skips it; nothing in it is resolved. */
  doctype: z.enum(['refuse', 'ignore']).default('refuse'),
  /** In place of what the file declares. */
  encoding: encodingOption.optional(),
  /** Whether the spaces around a text are formatting. */
  trim: flag.default(true),
  /** Writing: the namespace of names without prefix. */
  defaultNamespace: z.string().min(1).optional(),
  /** Writing: the system identifier of a DOCTYPE, which cXML asks for. */
  system: z
    .string()
    .regex(/^[\w:/.-]+$/)
    .optional(),
  /** Writing: line breaks and spaces between elements. */
  indent: flag.default(true),
});

export type XmlOptions = z.input<typeof xmlOptions>;
export type XmlSettings = z.output<typeof xmlOptions>;
