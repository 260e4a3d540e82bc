import { kinds } from '../canonical/document.ts';
import { keywords } from '../mapping/keywords.ts';
import { z } from '../schema.ts';
import { gatewaySchema } from './gateway-schema.ts';
import { partnerSchema } from './partner-schema.ts';

/** A JSON Schema, as editors read it to complete and check YAML while it is typed. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** JSON Schemas (draft 2020-12) of the three kinds of files that people write. */
export function jsonSchemas(): { readonly gateway: JsonSchema; readonly partner: JsonSchema; readonly mapping: JsonSchema } {
  return {
    gateway: { title: 'config/gateway.yaml', ...schemaOf(gatewaySchema) },
    // What a partner file leaves out may stand in its template, so only its lists are held to be complete; what stands there it takes away by null.
    partner: { title: 'partners/<id>.yaml and partners/templates/<name>.yaml', ...withoutRequired(schemaOf(partnerSchema)) },
    mapping: mappingSchema,
  };
}

/** The schemas as the files of config/schema hold them, by file name. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(Object.entries(jsonSchemas()).map(([name, schema]) => [`${name}.json`, `${JSON.stringify(schema, undefined, 1)}\n`]));
}

function schemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: ({ jsonSchema }) => asWritten(jsonSchema) });
}

/** Files are read by their source text, so a number or `true` is as good as the same in quotation marks. */
function asWritten(schema: JsonSchema): void {
  const scalar = schema['scalar'];
  if (typeof scalar === 'string') {
    delete schema['scalar'];
    for (const key of ['type', 'enum', 'pattern'] as const) delete schema[key];
    Object.assign(schema, written[scalar]);
    if (typeof schema.default === 'string') schema.default = JSON.parse(schema.default);
  } else if (schema.enum?.some(isDigits) && schema.type !== undefined) {
    schema.enum = schema.enum.flatMap((value) => (isDigits(value) ? [value, Number(value)] : [value]));
    delete schema.type;
  } else if (schema.type === 'string' && takesDigits(schema)) schema.type = ['string', 'number'];
  delete schema.propertyNames;
}

const written: Readonly<Record<string, JsonSchema>> = {
  boolean: { type: 'boolean' },
  integer: { anyOf: [{ type: 'integer' }, { type: 'string', pattern: '^\\d{1,9}$' }] },
  number: {
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: '^\\d{1,12}(\\.\\d{1,6})?$' },
    ],
  },
};

function isDigits(value: unknown): boolean {
  return typeof value === 'string' && /^\d+$/.test(value);
}

/** Whether a text may be all digits, so that it is a number to an editor: an id or a version, but not a duration. */
function takesDigits(schema: JsonSchema): boolean {
  if (schema.enum || schema.const !== undefined) return false;
  const { pattern } = schema;
  return pattern === undefined || ['1', '12345', '123456', '12345678'].some((digits) => new RegExp(pattern, 'u').test(digits));
}

function withoutRequired(schema: JsonSchema): JsonSchema {
  const result: JsonSchema = { ...schema };
  delete result.required;
  if (schema.properties) result.properties = Object.fromEntries(Object.entries(schema.properties).map(([key, value]) => [key, orNull(relaxed(value))]));
  if (typeof schema.additionalProperties === 'object') result.additionalProperties = relaxed(schema.additionalProperties);
  for (const key of ['anyOf', 'oneOf'] as const) if (schema[key]) result[key] = schema[key].map(relaxed);
  // With nothing required, one channel may look like several types; that is for `wharf check` to say.
  if (result.oneOf) {
    result.anyOf = result.oneOf;
    delete result.oneOf;
  }
  return result;
}

function relaxed<T extends JsonSchema | boolean>(schema: T): JsonSchema | T {
  return typeof schema === 'object' ? withoutRequired(schema) : schema;
}

function orNull(schema: JsonSchema | boolean): JsonSchema | boolean {
  return typeof schema === 'object' && schema.const === undefined ? { anyOf: [schema, { type: 'null' }] } : schema;
}

const rule: JsonSchema = { $ref: '#/$defs/rule' };

const mappingSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'mappings/**/*.yaml',
  type: 'object',
  properties: {
    direction: { enum: ['in', 'out'] },
    document: { enum: [...kinds] },
    description: { type: 'string' },
    source: side(),
    target: side(),
    extends: { type: 'string' },
    tables: { type: 'object', additionalProperties: { type: 'object' } },
    map: { type: 'object', additionalProperties: rule },
  },
  additionalProperties: false,
  $defs: {
    rule: {
      anyOf: [
        { type: ['string', 'number', 'boolean', 'null'] },
        { type: 'array', items: rule },
        {
          type: 'object',
          properties: Object.fromEntries(Object.values(keywords).flatMap((words) => words.map((word) => [word, rule]))),
          additionalProperties: rule,
        },
      ],
    },
  },
};

function side(): JsonSchema {
  return { type: 'object', properties: { format: { enum: ['x12', 'csv', 'xml', 'json', 'fixed'] } } };
}
