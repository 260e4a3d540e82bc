import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { main } from '../../src/main.ts';
import { ORDER, sample } from '../formats/x12/support.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-inspect-'));
});

async function run(text: string, ...args: readonly string[]): Promise<{ code: number; out: string; err: string; file: string }> {
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'in.edi');
  await writeFile(file, text);
  let out = '';
  let err = '';
  const code = await main([args[0]!, file, ...args.slice(1)], { out: (part) => void (out += part), err: (part) => void (err += part) });
  return { code, out, err, file };
}

const bad = sample({ body: ORDER.map((line) => line.replace('20260105', '20260231')) });

test('a file without faults is shown as a tree, exit 0', async () => {
  const { code, out } = await run(sample(), 'inspect');
  expect(code).toBe(0);
  expect(out).toContain('850 Purchase Order 0001: accepted, 12 segments');
  expect(out).toContain('PO102 12   Quantity Ordered');
});

test('faults are shown at their place, exit 1', async () => {
  const { code, out } = await run(bad, 'inspect');
  expect(code).toBe(1);
  expect(out).toContain('!! AK403-8 at byte 192: This is not a date: BEG05 Date (value "20260231")');
});

test('--json gives interchanges and findings', async () => {
  const { code, out } = await run(bad, 'inspect', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    interchanges: [{ groups: [{ sets: [{ acceptance: 'R', findings: [{ code: 'AK403-8', element: 'BEG05' }] }] }] }],
    findings: [],
  });
});

test('--ack prints the answer that it would get', async () => {
  const { out } = await run(bad, 'inspect', '--ack');
  expect(out).toMatch(/^ISA\*00.*\*ZZ\*WHARF {10}\*ZZ\*ACMEGROCERS {4}\*/);
  expect(out).toContain('TA1*000000007*260105*0930*A*000~\n');
  expect(out).toContain('AK2*850*0001~\nAK3*BEG*2**8~\nAK4*5*373*8*20260231~\nAK5*R*5~\nAK9*R*1*1*0~\n');
  expect((await run(bad, 'inspect', '--ack', '--kind', '999')).out).toContain('IK4*5*373*8*20260231~');
});

test('--fix prints the file with its envelope repaired', async () => {
  expect((await run(sample({ se: 'SE*1*9999', iea: '' }), 'inspect', '--fix')).out).toBe(sample());
});

test('--fix --to writes a new file, byte for byte in its own encoding', async () => {
  const to = join(folder, 'fixed.edi');
  const latin = (text: string): string => Buffer.from(text).toString('latin1');
  const body = ORDER.map((line) => line.replace('STORE', 'CAF\u00c9'));
  const { code, file } = await run('', 'inspect', '--brief');
  expect(code).toBe(2);
  await writeFile(file, Buffer.from(sample({ body, se: 'SE*1*9999', iea: '' }), 'latin1'));
  let said = '';
  const fixing = (): Promise<number> => main(['inspect', file, '--fix', '--to', to], { out: () => {}, err: (part) => void (said += part) });
  expect(await fixing()).toBe(0);
  expect((await readFile(to)).toString('latin1')).toBe(sample({ body }));
  await writeFile(file, sample({ body, se: 'SE*1*9999', iea: '' }));
  expect(await fixing()).toBe(2);
  expect(said).toContain('fixed.edi is there already');
  await rm(to);
  expect(await fixing()).toBe(0);
  expect((await readFile(to)).toString('latin1')).toBe(latin(sample({ body })));
});

test('a file of another kind is named, and one that is not there too', async () => {
  const { code, out } = await run('a,b\n1,2\n', 'inspect');
  expect([code, out]).toEqual([2, '!! NO-ISA at byte 0: The file holds no interchange: it looks like CSV\n']);
  const gone = await run('', 'inspect', 'second');
  expect([gone.code, gone.err]).toMatchObject([2, expect.stringContaining('USAGE')]);
});

test('anonymise writes a copy that never replaces a file', async () => {
  const to = join(folder, 'out.edi');
  const { code, out, file } = await run(sample(), 'anonymise', '--to', to, '--secret', 'x');
  expect([code, out]).toEqual([0, '']);
  const copy = await readFile(to, 'utf8');
  expect(copy).toHaveLength(sample().length);
  expect(copy).not.toContain('ACMEGROCERS');
  expect((await run(sample(), 'anonymise', '--secret', 'x')).out).toBe(copy);
  expect(await main(['anonymise', file, '--to', to], { out: () => {}, err: () => {} })).toBe(2);
});
