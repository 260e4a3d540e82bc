import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue } from '../../src/errors.ts';
import { DECIDED_HOLDS } from '../../src/pipeline/allocate/release-holds.ts';
import { home } from '../cli/support.ts';

const page = readFileSync(join(home, 'docs', 'runbooks', 'holds.md'), 'utf8');
const rows = page.split('\n').filter((row) => row.startsWith('| `'));
const listed = rows.map((row) => /^\| `([A-Z_]+)`/.exec(row)![1]!);

/** All text of the files below a folder that end in one of these ways. */
function textsBelow(folder: string, ends: readonly string[]): string {
  const files = readdirSync(join(home, folder), { recursive: true, encoding: 'utf8' }).filter((file) => ends.some((end) => file.endsWith(end)));
  return files.map((file) => readFileSync(join(home, folder, file), 'utf8')).join('\n');
}

test('every hold that entering, changing or deciding an order can make has its line in the runbook: whose matter, until when, what ends it', () => {
  const sources = ['src/orders/enter.ts', 'src/pipeline/apply/change.ts'].map((file) => readFileSync(join(home, file), 'utf8')).join('\n');
  const made = [...sources.matchAll(/\bcode: '([A-Z]+_[A-Z_]+)'/g)].map((match) => match[1]!);
  expect(made).toContain('SKU_UNKNOWN');
  expect(listed.toSorted()).toEqual([...new Set([...made, ...DECIDED_HOLDS])].toSorted());
  for (const row of rows)
    expect(
      row.split('|').filter((cell) => cell.trim() !== ''),
      row,
    ).toHaveLength(4);
});

test('every hold is in the catalogue, and a test or a sample story meets it', () => {
  const tried = textsBelow('test', ['.test.ts']) + textsBelow('samples', ['state.txt']);
  for (const code of listed) {
    expect(Object.keys(catalogue)).toContain(code);
    expect(tried, code).toMatch(new RegExp(`\\b${code}\\b`));
  }
});
