import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { jsonSchemas, schemaFiles } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config/load.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { z } from '../../src/schema.ts';

const root = new URL('../../', import.meta.url).pathname;

async function yamlFiles(folder: string): Promise<readonly string[]> {
  return (await readdir(`${root}${folder}`, { recursive: true })).filter((name) => name.endsWith('.yaml')).map((name) => `${folder}/${name}`);
}

test('the configuration that comes with the product has neither errors nor warnings', async () => {
  const loaded = await loadConfig(`${root}config/gateway.yaml`, readEnvironment({}));
  expect(loaded.config ? loaded.warnings : loaded.problems).toEqual([]);
  expect([...(loaded.config?.partners.keys() ?? [])]).toEqual(
    expect.arrayContaining(['acme', 'bluebird', 'cedar', 'northwind', 'harbor', 'pinecrest', 'juniper', 'willow', 'fjord', 'maple', 'linden', 'magnolia']),
  );
});

test('the schemas for editors are those of the program; `wharf schema` writes them', async () => {
  for (const [name, content] of schemaFiles()) expect(await readFile(`${root}config/schema/${name}`, 'utf8'), name).toBe(content);
});

test('editors take every file that the program takes', async () => {
  const schemas = jsonSchemas();
  const kinds = { config: schemas.gateway, partners: schemas.partner, mappings: schemas.mapping };
  for (const [folder, schema] of Object.entries(kinds)) {
    const validator = z.fromJSONSchema(schema);
    for (const file of await yamlFiles(folder)) {
      if (file.startsWith('mappings/tables/')) continue;
      const result = validator.safeParse(parse(await readFile(`${root}${file}`, 'utf8')));
      expect(result.error?.issues ?? [], file).toEqual([]);
    }
  }
});

test('editors mark what the program refuses', () => {
  const partner = z.fromJSONSchema(jsonSchemas().partner);
  const refuses = (value: unknown): boolean => !partner.safeParse(value).success;
  const channel = (more: object) => ({ channels: { in: { type: 'folder', directory: 'x', ...more } } });
  expect([refuses(channel({})), refuses({ vendorNumber: 1234 }), refuses({ x12: { upperCase: true } }), refuses({ acknowledgments: { kind: 999 } })]).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(refuses({ invoice: { terms: null }, credit: null })).toBe(false);
  expect([refuses(channel({ quiet: 5 })), refuses({ nothing: 1 }), refuses({ x12: { upperCase: 'yes' } }), refuses({ acknowledgments: { kind: 998 } }), refuses({ allocation: { tier: 'x' } })]).toEqual([
    true, true, true, true, true,
  ]); // prettier-ignore
});
