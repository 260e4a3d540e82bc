import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { edit, home, sampleCompany, wharf, wharfJson, write } from './support.ts';

/** The sample company with the stories given, each expecting what comes out now. */
async function companyWith(...stories: readonly string[]): Promise<string> {
  const folder = await sampleCompany();
  for (const part of ['master', ...stories]) await cp(join(home, 'samples', part), join(folder, 'samples', part), { recursive: true });
  expect((await wharf(folder, 'test', '--update')).code).toBe(0);
  return folder;
}

describe('test', () => {
  test('samples that come out as expected: exit 0, with the rules they reach', async () => {
    const folder = await companyWith('acme/happy-path', 'bluebird/two-orders');
    const { code, out } = await wharf(folder, 'test');
    expect(out).toContain('same      acme/happy-path: An 850 that two warehouses ship');
    expect(out).toMatch(/\d+ of \d+ rules of the mappings reached/);
    expect(out).toContain('2 samples, all as expected');
    expect(code).toBe(0);
    const { data } = await wharfJson(folder, 'test');
    const reached = data.coverage.find((each: { mapping: string }) => each.mapping === 'x12/850');
    expect(reached.reached + reached.unused.length).toBe(reached.rules);
    expect(reached.reached).toBeGreaterThan(20);
    expect(reached.unused.map((rule: { path: string }) => rule.path)).toContain('billTo');
    expect(reached.unused.map((rule: { path: string }) => rule.path)).not.toContain('poNumber');
  });

  test('a change of a mapping shows as what it changes, by set, segment and element: exit 1', async () => {
    const folder = await companyWith('acme/happy-path', 'bluebird/two-orders', 'cedar/order');
    await edit(folder, 'mappings/x12/855.yaml', (text) => text.replace(/BAK03: poNumber/, 'BAK03: { const: X-1 }'));
    await edit(folder, 'mappings/bluebird/confirmations.yaml', (text) => text.replace(/unit: unit/, 'unit: { const: something }'));
    await edit(folder, 'mappings/cedar/confirmations.yaml', (text) => text.replace(/"@verdict": .*/, '"@verdict": { const: "17" }'));
    const { code, out } = await wharf(folder, 'test');
    expect(code).toBe(1);
    expect(out).toMatch(/acme\/happy-path\/expected\/1\/acme\/855_2\.edi\n {4}855 0001 segment 2 BAK03: 4500012345 → X-1\n/);
    expect(out).toMatch(/row 1 unit: .+ → something/);
    expect(out).toMatch(/@verdict: .+ → 17/);
    expect(out).toContain('3 different');
    const one = await wharfJson(folder, 'test', 'bluebird/two-orders');
    expect(one.code).toBe(1);
    expect(one.data.stories).toHaveLength(1);
    expect(one.data.stories[0].files[0]).toMatchObject({ what: 'changed', file: expect.stringMatching(/confirmation/) });
  });

  test('--update makes it what is expected', async () => {
    const folder = await companyWith('bluebird/two-orders');
    await edit(folder, 'mappings/bluebird/confirmations.yaml', (text) => text.replace(/unit: unit/, 'unit: { const: something }'));
    expect((await wharf(folder, 'test', 'bluebird')).code).toBe(1);
    const updated = await wharf(folder, 'test', '--update');
    expect(updated.code).toBe(0);
    expect(updated.out).toMatch(/^rewritten bluebird\/two-orders/m);
    expect((await wharf(folder, 'test')).out).toContain('1 sample, all as expected');
  });

  test('a file that did not come and one that nobody expected', async () => {
    const folder = await companyWith('bluebird/two-orders');
    const expected = join(folder, 'samples/bluebird/two-orders/expected/1');
    await cp(join(expected, 'state.txt'), join(expected, 'bluebird/more.csv'));
    await rm(join(expected, 'bluebird/confirmation_BB-7001_1.csv'));
    const { code, out } = await wharf(folder, 'test');
    expect(code).toBe(1);
    expect(out).toContain('expected/1/bluebird/more.csv: expected, but did not come');
    expect(out).toContain('expected/1/bluebird/confirmation_BB-7001_1.csv: came, but was not expected');
  });

  test('a story with faults is named at their lines, and the others are played', async () => {
    const folder = await companyWith('cedar/order', 'bluebird/two-orders');
    await write(folder, 'samples/cedar/order/given.yaml', 'titel: Typing error\nsteps:\n  - cedra: [in.xml]\n');
    const wrong = await wharf(folder, 'test');
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/given\.yaml:1:1: CONFIG_KEY_UNKNOWN: titel is not known; did you mean title\?/);
    expect(wrong.out).toContain('1 sample, all as expected');
    await write(folder, 'samples/cedar/order/given.yaml', 'steps:\n  - cedra: [in.xml]\n    cedar: [out.xml]\n');
    const { out } = await wharf(folder, 'test');
    expect(out).toMatch(/given\.yaml:2:5: CONFIG_REFERENCE: there is no partner cedra; did you mean cedar\?/);
    expect(out).toMatch(/given\.yaml:3:5: CONFIG_REFERENCE: there is no file out\.xml in the story/);
    const alone = await wharf(folder, 'test', 'cedar/order');
    expect(alone.out).toMatch(/given\.yaml:3:5: CONFIG_REFERENCE/);
    expect((await wharf(folder, 'test', 'bluebird')).out).not.toContain('given.yaml');
  });

  test('a name that no sample has: exit 2 and the names there are', async () => {
    const folder = await companyWith('cedar/order');
    const { code, err } = await wharf(folder, 'test', 'acme');
    expect(code).toBe(2);
    expect(err).toMatch(/NOT_FOUND: there is no sample acme in .*; there are: cedar\/order/);
  });

  test('the expected files are not touched without --update', async () => {
    const folder = await companyWith('cedar/order');
    const file = 'samples/cedar/order/expected/1/state.txt';
    await edit(folder, file, (text) => `${text}one more line\n`);
    const before = await readFile(join(folder, file), 'utf8');
    expect((await wharf(folder, 'test')).out).toMatch(/line \d+: one more line → \(nothing\)/);
    expect(await readFile(join(folder, file), 'utf8')).toBe(before);
  });
});
