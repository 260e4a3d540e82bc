import type { Place } from '../errors.ts';
import { extendedContent, locateIn } from '../mapping/extend.ts';
import { z } from '../schema.ts';
import { gatewaySchema } from './gateway-schema.ts';
import { locateInLayers, mergeLayers, originOf } from './layers.ts';
import type { Layers } from './layers.ts';
import { toSource } from './load-mappings.ts';
import { partnerSchema } from './partner-schema.ts';
import { isObject, leaves, textOf } from './plain.ts';
import { partnerLayers, readSources } from './sources.ts';
import { showPath } from './validate.ts';
import type { Path } from './yaml.ts';

/** One value of the effective configuration as one would write it, and where it comes from; `built-in` when no file says it. */
export type Explained = { readonly path: string; readonly value: string; readonly origin: Place | 'built-in' };

type Explanation = { readonly values: readonly Explained[] } | { readonly unknown: readonly string[] };

/** The effective configuration of a partner, value by value; or the names there are, when none is this one. */
export async function explainPartner(gatewayFile: string, id: string): Promise<Explanation> {
  const sources = await readSources(gatewayFile);
  if (!sources.gateway) return { unknown: [] };
  const yaml = sources.partners.get(id);
  if (!yaml) return { unknown: [...sources.partners.keys()] };
  return { values: explain(partnerLayers(sources, yaml).layers, partnerSchema) };
}

/** The gateway's own configuration, value by value, without the defaults it gives to partners. */
export async function explainGateway(gatewayFile: string): Promise<Explanation> {
  const sources = await readSources(gatewayFile);
  if (!sources.gateway) return { unknown: [] };
  return { values: explain([{ yaml: sources.gateway, prefix: [] }], gatewaySchema) };
}

/** A mapping with what it extends, value by value; or the names there are, when none is this one. */
export async function explainMapping(gatewayFile: string, name: string): Promise<Explanation> {
  const sources = await readSources(gatewayFile);
  if (!sources.gateway) return { unknown: [] };
  const yaml = sources.mappings.get(name);
  if (!yaml) return { unknown: [...sources.mappings.keys()] };
  const base = sources.mappings.get(textOf(yaml.content, 'extends') ?? '');
  const own = toSource(name, yaml, undefined);
  const under = base && toSource(name, base, undefined);
  const content = under ? extendedContent(own.content, under.content) : own.content;
  const locate = locateIn(own, under);
  return { values: [...leaves(content)].map(({ value, path }) => ({ path: showPath(path), value: show(value), origin: locate(path) })) };
}

function explain(layers: Layers, schema: z.ZodType): readonly Explained[] {
  const written = mergeLayers(layers) ?? {};
  const values = [...leaves(written)].map(({ value, path }) => ({ path: showPath(path), value: show(value), origin: locateInLayers(layers, path) }));
  const implied = [...defaultsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), written, [])].filter(({ path }) => !originOf(layers, path));
  return [...values, ...implied.map(({ path, value }): Explained => ({ path: showPath(path), value: show(value), origin: 'built-in' }))];
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What a schema fills in beside what is written: the defaults of every group that is there or is filled in itself. */
function* defaultsOf(schema: JsonSchema, written: unknown, path: Path): Generator<{ readonly path: Path; readonly value: unknown }> {
  if (written === undefined && schema.default !== undefined && !isObject(schema.default)) {
    yield { path, value: schema.default };
  } else if (schema.oneOf ?? schema.anyOf) {
    const fitting = (schema.oneOf ?? schema.anyOf)?.find((option) => fits(option, written));
    if (fitting) yield* defaultsOf(fitting, written, path);
  } else yield* memberDefaults(schema, written ?? schema.default, path);
}

function* memberDefaults(schema: JsonSchema, present: unknown, path: Path): Generator<{ readonly path: Path; readonly value: unknown }> {
  if (isObject(present)) {
    const members: Record<string, unknown> = { ...schema.properties };
    if (isObject(schema.additionalProperties)) for (const key of Object.keys(present)) members[key] ??= schema.additionalProperties;
    for (const [key, member] of Object.entries(members)) if (isObject(member)) yield* defaultsOf(member, present[key], [...path, key]);
  } else if (Array.isArray(present) && isObject(schema.items)) {
    for (const [index, item] of present.entries()) yield* defaultsOf(schema.items, item, [...path, index]);
  }
}

function fits(option: JsonSchema, written: unknown): boolean {
  if (!isObject(written)) return false;
  const type = option.properties?.['type'];
  return type === undefined || (isObject(type) && type['const'] === written['type']);
}

function show(value: unknown): string {
  return typeof value === 'string' && !/[\p{Cc}]/u.test(value) && value !== '' ? value : JSON.stringify(value);
}
