import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { x12Reader } from '../../../src/formats/x12/read.ts';
import { bytesOf, ISA, ORDER, sample } from './support.ts';

/** Malformed files, and inputs that once broke the reader, as the fuzz run keeps them. */
const folders = ['faults', 'crashers'].map((name) => join(import.meta.dirname, name)).filter((folder) => existsSync(folder));
const faults = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.edi'))
    .map((name) => readFileSync(join(folder, name))),
);
const order = ORDER.map((line) => line.replace('STORE', 'CAFÉ'));
const others = [
  sample({ body: order, end: '…' }),
  sample({ body: order, end: '\r\n' }),
  sample({ body: order, end: '~' }).replaceAll(/(.{77})/g, '$1\n'),
  `\ufeff  \n${sample()}junk ISA and ISA* more${sample({ end: '!', isa: ISA.replace(/>$/, '¦') })}${sample({ ge: '', iea: '' })}`,
].map(bytesOf);

/** Everything a file gives, in chunks of a size, as text. */
function all(bytes: Uint8Array, size: number): string {
  const reader = x12Reader({ limits: { segmentBytes: 400 } });
  const events = [];
  for (let at = 0; at < bytes.length; at += size) events.push(...reader.push(bytes.slice(at, at + size)));
  events.push(...reader.end());
  return JSON.stringify(events);
}

test('every chunk size from 1 to 2000 gives the same', () => {
  for (const bytes of others) {
    const whole = all(bytes, bytes.length);
    for (let size = 1; size <= 2000; size++) if (all(bytes, size) !== whole) expect.fail(`chunks of ${size} bytes differ`);
  }
});

const root = join(import.meta.dirname, '..', '..', '..', 'samples');
/** One of those that differ in nothing but their digits: chunks fall on them alike. */
const samples = new Map(
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'latin1')] as const)
    .filter(([, text]) => /^\s*ISA\W/.test(text))
    .map(([name, text]) => [text.replaceAll(/\d/g, '0'), name] as const),
);

test('every chunk size gives the same on every sample of the project', () => {
  expect(samples.size).toBeGreaterThan(100);
  for (const name of samples.values()) {
    const bytes = readFileSync(name);
    const whole = all(bytes, bytes.length);
    for (let size = 1; size < Math.min(2000, bytes.length); size++) if (all(bytes, size) !== whole) expect.fail(`${name} in chunks of ${size} bytes differs`);
  }
}, 300_000);

test('every fault is found the same in chunks of many sizes', () => {
  for (const bytes of faults) {
    const whole = all(bytes, bytes.length);
    for (const size of [1, 2, 3, 5, 7, 11, 64, 105, 106, 107, 239, 240, 241]) expect(all(bytes, size)).toBe(whole);
  }
});
