import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JsonSchema } from '../../src/config/json-schema.ts';
import { jsonSchemas } from '../../src/config/json-schema.ts';

const src = join(import.meta.dirname, '../../src');

/** All code but the schemas and defaults of the configuration, without comments. */
const code = globSync('**/*.ts', { cwd: src })
  .filter((file) => !/^config\/(.*-schema|defaults)\.ts$/.test(file))
  .map((file) => readFileSync(join(src, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''))
  .join('\n');
/** Every name that code takes a member by: `x.name`, or `{ name }`, `{ name: y }` of a pattern. */
const read = new Set([...code.matchAll(/\.([A-Za-z]\w*)|(?<=[{,]\s*)([A-Za-z]\w*)(?=\s*[,:}=])/g)].map(([, member, named]) => member ?? named));

function* settingsOf(schema: JsonSchema, path = ''): Generator<readonly [path: string, key: string]> {
  for (const [key, member] of Object.entries(schema.properties ?? {})) {
    yield [`${path}${key}`, key];
    if (typeof member === 'object') yield* settingsOf(member, `${path}${key}.`);
  }
  for (const inner of [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), schema.items, schema.additionalProperties].flat()) {
    if (typeof inner === 'object') yield* settingsOf(inner, path);
  }
}

// By names only: a setting that shares its name with something else is not missed here. One with a name of its own that nobody reads is.
test.each(Object.entries(jsonSchemas()).filter(([name]) => name !== 'mapping'))('every setting of a %s file is read', (_name, schema) => {
  const settings = [...settingsOf(schema)];
  expect(settings.length).toBeGreaterThan(60);
  expect(settings.filter(([, key]) => !read.has(key)).map(([path]) => path)).toEqual([]);
});
