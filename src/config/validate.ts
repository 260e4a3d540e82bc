import { z } from '../schema.ts';
import { locateInLayers, mergeLayers } from './layers.ts';
import type { Layers } from './layers.ts';
import { valueAt } from './plain.ts';
import { didYouMean } from './suggest.ts';
import type { Problem } from './types.ts';
import { problem } from './yaml.ts';
import type { Path } from './yaml.ts';

const SECRET_KEYS = new Set(['password', 'passphrase', 'privateKey']);
type Issue = z.core.$ZodIssue;

/** The merged layers in the shape of a schema, or every way in which they are not, each at its line. */
export function validate<S extends z.ZodType>(schema: S, layers: Layers): { readonly value: z.output<S> } | { readonly problems: readonly Problem[] } {
  const content = mergeLayers(layers) ?? {};
  const parsed = schema.safeParse(content);
  if (parsed.success) return { value: parsed.data };
  return { problems: parsed.error.issues.flatMap((issue) => describe(issue, schema, content, layers)) };
}

function describe(issue: Issue, schema: z.ZodType, content: unknown, layers: Layers): readonly Problem[] {
  const path: Path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => {
      const place = locateInLayers(layers, [...path, key], 'key');
      return problem(place, 'CONFIG_KEY_UNKNOWN', `${showPath([...path, key])} is not known${didYouMean(key, known)}`, { remedy: remedyFor(known) });
    });
  }
  const value = valueAt(content, path);
  const place = locateInLayers(layers, path, issue.code === 'invalid_key' ? 'key' : undefined);
  if (value === undefined) return [problem(place, 'CONFIG_MISSING', `${showPath(path)} is missing`)];
  if (typeof value === 'string' && SECRET_KEYS.has(String(path.at(-1)))) {
    return [
      problem(place, 'SECRET_EXPOSED', `${showPath(path)} ${issue.message}`, {
        remedy: 'Change the secret too, since whoever could read the file has seen it',
      }),
    ];
  }
  return [problem(place, 'CONFIG_VALUE', `${showPath(path)}: ${showValue(value, path)}${messageOf(issue, value)}`)];
}

function messageOf(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid')) return noneOf(issue.values.map(String), value);
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) return noneOf(issue.options.map(String), value);
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'cannot be a key';
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid')) return `is not ${article[issue.expected] ?? issue.expected}`;
  return issue.message;
}

const article: Readonly<Record<string, string>> = { object: 'a group of keys', array: 'a list', record: 'a group of keys', string: 'a text' };

function noneOf(options: readonly string[], value: unknown): string {
  return `is none of ${options.join(', ')}${typeof value === 'string' ? didYouMean(value, options) : ''}`;
}

/** The value as far as it may be shown: short, and never where a secret may stand. */
function showValue(value: unknown, path: Path): string {
  if (typeof value !== 'string' || path.some((part) => SECRET_KEYS.has(String(part)))) return '';
  return `${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)} `;
}

/** `channels.in.quiet`, `inbound[2].mapping` with list items counted from 1. */
export function showPath(path: Path): string {
  if (path.length === 0) return 'the file';
  return path.map((part, index) => (typeof part === 'number' ? `[${part + 1}]` : index === 0 ? part : `.${part}`)).join('');
}

function remedyFor(known: readonly string[]): string {
  return known.length === 0 ? 'Remove it' : `Use one of ${known.join(', ')}, or remove it`;
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The keys that the schema knows at a path, over all alternatives there. */
function knownKeys(schema: z.ZodType, path: Path): readonly string[] {
  const root: JsonSchema = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const found = path.reduce<readonly JsonSchema[]>((schemas, part) => schemas.flatMap((one) => memberSchemas(one, part)), alternatives(root));
  return [...new Set(found.flatMap((one) => Object.keys(one.properties ?? {})))];
}

function memberSchemas(schema: JsonSchema, part: string | number): readonly JsonSchema[] {
  const member = typeof part === 'number' ? schema.items : (schema.properties?.[part] ?? schema.additionalProperties);
  return typeof member === 'object' && !Array.isArray(member) ? alternatives(member) : [];
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const options = schema.anyOf ?? schema.oneOf;
  return options ? options.flatMap((option) => (typeof option === 'object' ? alternatives(option) : [])) : [schema];
}
