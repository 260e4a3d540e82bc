import { csvOptions, type CsvSettings } from './csv/options.ts';
import { fixedOptions, type FixedSettings } from './fixed/options.ts';
import { jsonOptions, type JsonSettings } from './json/options.ts';
import { xmlOptions, type XmlSettings } from './xml/options.ts';

/** What is wrong with an option, and where under the `source` or `target` of the mapping. */
export type OptionProblem = { readonly path: readonly (string | number)[]; readonly message: string };

export type RecordOptions = CsvSettings | XmlSettings | JsonSettings | FixedSettings;

const schemas = { csv: csvOptions, xml: xmlOptions, json: jsonOptions, fixed: fixedOptions } as const;

export type RecordFormatName = keyof typeof schemas;

/** Checks what a mapping says about a format without envelopes: its options with their defaults, or every problem. */
export function recordOptions(format: RecordFormatName, given: unknown): { readonly options: RecordOptions } | { readonly problems: readonly OptionProblem[] } {
  const result = schemas[format].safeParse(given);
  if (result.success) return { options: result.data };
  return { problems: result.error.issues.map(({ path, message }) => ({ path: path.map((key) => (typeof key === 'number' ? key : String(key))), message })) };
}
