import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { edit, home, sampleCompany, wharf, wharfJson } from './support.ts';

describe('check', () => {
  test('a good configuration: exit 0 and a count', async () => {
    const folder = await sampleCompany();
    expect(await wharf(folder, 'check')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/\d+ partners, \d+ mappings: no errors, (no|\d+) warnings?\n$/),
      err: '',
    });
    const { code, data } = await wharfJson(folder, 'check');
    expect(code).toBe(0);
    expect(data.filter(({ severity }: { severity: string }) => severity === 'error')).toEqual([]);
  });

  test('every error with its place, code, value and remedy, in one run: exit 1', async () => {
    const folder = await sampleCompany();
    await edit(folder, 'partners/acme.yaml', (text) => text.replace('extends: retailer', 'extends: retialer').replace('tier: 1', 'teir: 1'));
    await edit(folder, 'mappings/x12/850.yaml', (text) => text.replace('direction: in', 'direction: sideways'));
    const { code, data } = await wharfJson(folder, 'check');
    expect(code).toBe(1);
    expect(data.length).toBeGreaterThanOrEqual(3);
    for (const problem of data) {
      expect(problem).toMatchObject({
        severity: expect.stringMatching(/^(error|warning)$/),
        code: expect.stringMatching(/^[A-Z_]+$/),
        remedy: expect.stringMatching(/\w/),
      });
      expect(problem.file).toContain('.yaml');
      expect(problem.line).toBeGreaterThan(0);
      expect(problem.column).toBeGreaterThan(0);
    }
    const { out } = await wharf(folder, 'check');
    expect(out).toMatch(/acme\.yaml:4:10: CONFIG_REFERENCE: .*retialer/);
    expect(out).toMatch(/850\.yaml:\d+:\d+: MAPPING_INVALID: /);
    expect(out).toMatch(/\d errors, /);
  });

  test('no gateway file: exit 2', async () => {
    const folder = await sampleCompany();
    const { code, err } = await wharf(join(folder, 'partners'), 'check');
    expect(code).toBe(2);
    expect(err).toMatch(/gateway\.yaml: CONFIG_MISSING: .*\n {2}\w/);
  });
});

test('explain shows each value with the file that says it, and the names there are when none fits', async () => {
  const folder = await sampleCompany();
  const { code, data } = await wharfJson(folder, 'explain', 'partner', 'acme');
  expect(code).toBe(0);
  const originOf = (path: string) => data.find((each: { path: string }) => each.path === path)?.origin;
  expect(originOf('vendorNumber')).toMatch(/partners\/acme\.yaml:\d+:\d+$/);
  expect(originOf('x12.version')).toMatch(/templates\/retailer\.yaml:\d+:\d+$/);
  expect(originOf('prices.tolerance.percent')).toMatch(/config\/gateway\.yaml:\d+:\d+$/);
  expect((await wharf(folder, 'explain', 'mapping', 'x12/850')).out).toMatch(/poNumber.*# .*850\.yaml:\d+/);
  expect((await wharf(folder, 'explain', 'gateway')).out).toMatch(/database\.file: .*# .*gateway\.yaml/);
  const unknown = await wharf(folder, 'explain', 'partner', 'acmee');
  expect(unknown).toMatchObject({
    code: 2,
    err: expect.stringMatching(/NOT_FOUND: there is no partner acmee; did you mean acme\?\n  Name one of: acme, bluebird/),
  });
  expect((await wharf(folder, 'explain')).err).toMatch(/^USAGE/);
});

test('schema writes what is committed for editors', async () => {
  const folder = await sampleCompany();
  const { code, data } = await wharfJson(folder, 'schema', join(folder, 'schemas'));
  expect(code).toBe(0);
  expect(data.written).toHaveLength(3);
  for (const name of ['gateway.json', 'partner.json', 'mapping.json']) {
    expect(await readFile(join(folder, 'schemas', name), 'utf8')).toBe(await readFile(join(home, 'config', 'schema', name), 'utf8'));
  }
});

test('migrate makes the schema once', async () => {
  const folder = await sampleCompany();
  const first = await wharfJson(folder, 'migrate');
  expect(first.code).toBe(0);
  expect(first.data.ran).toContain('first');
  expect(await wharfJson(folder, 'migrate')).toMatchObject({ code: 0, data: { schema: first.data.schema, ran: [] } });
});

test('what cannot be understood is told with a remedy, as text and as JSON: exit 2', async () => {
  const folder = await sampleCompany();
  expect(await wharf(folder, 'bogus')).toMatchObject({ code: 2, err: expect.stringMatching(/^USAGE: .*bogus.*\n {2}See `wharf help`\n$/) });
  expect(await wharf(folder, 'check', '--colour')).toMatchObject({ code: 2, err: expect.stringMatching(/^USAGE: /) });
  const { code, data } = await wharfJson(folder, 'status');
  expect(code).toBe(2);
  expect(data.error).toMatchObject({ code: 'DATABASE_SCHEMA', remedy: expect.stringMatching(/wharf migrate/) });
  expect(await wharf(folder, 'help', 'try')).toMatchObject({ code: 0, out: expect.stringMatching(/^wharf try FILE[\s\S]*--partner ID[\s\S]*--json/) });
});
