import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { scratch } from '../support/database.ts';

const FILES = 50_000;
/** Room for a program and some lists of names, and not for what is known of all the files (megabytes). */
const ROOM = 14;

const folder = join(import.meta.dirname, '..', '..', 'src', 'transports', 'folder.ts');
/** Lists a folder as a daemon does whose files stay, and prints how many it saw, and the most descriptors that were open meanwhile. */
const program = `
  import { readdirSync } from 'node:fs';
  const { openFolder } = await import(${JSON.stringify(folder)});
  const [, directory, limit] = process.argv;
  const folder = openFolder({ directory, maxBytes: 1e6 });
  let seen = 0, most = 0;
  const known = () => {
    if (++seen % 1000 === 0) most = Math.max(most, readdirSync('/proc/self/fd').length);
    return limit === '10';
  };
  const entries = await folder.list(Number(limit), known);
  console.log(JSON.stringify({ seen, most, entries: entries.length }));
`;

async function list(directory: string, limit: number): Promise<{ readonly seen: number; readonly most: number; readonly entries: number }> {
  const words = [`--max-old-space-size=${ROOM}`, '--max-semi-space-size=1', '--input-type=module', '-e', program, directory, String(limit)];
  const { stdout } = await promisify(execFile)(process.execPath, words, { env: { PATH: process.env['PATH'] } });
  return JSON.parse(stdout);
}

test('fault/B13 a folder of very many files is looked through in little memory, with few descriptors', { timeout: 120_000 }, async () => {
  const directory = join(await scratch(), 'in');
  mkdirSync(directory);
  for (let count = 0; count < FILES; count += 1) writeFileSync(join(directory, `purchase-order-of-a-partner-${count}.edi`), '');
  const { seen, most, entries } = await list(directory, 10);
  expect({ seen, entries }).toEqual({ seen: FILES, entries: 0 });
  expect(most).toBeLessThan(40);
  // All of them at once is more than there is room for: the room is small enough to tell.
  await expect(list(directory, FILES)).rejects.toThrow(/heap/i);
  expect(readdirSync(directory)).toHaveLength(FILES);
});
