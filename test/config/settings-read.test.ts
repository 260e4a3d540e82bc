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

test('every setting that docs/partners.md answers a wish with is one of a partner file', () => {
  const { partner } = jsonSchemas();
  const known = new Set([...settingsOf(partner)].map(([path]) => path));
  const page = readFileSync(join(src, '../docs/partners.md'), 'utf8');
  const rows = page
    .slice(page.indexOf('## What partners ask for'))
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1);
  expect(rows.length).toBeGreaterThan(20);
  const named = rows.flatMap((row) => [...row.split('|')[2]!.matchAll(/`([a-zA-Z0-9.]+)`/g)].map(([, path]) => path!));
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((path) => !known.has(path))).toEqual([]);
});
