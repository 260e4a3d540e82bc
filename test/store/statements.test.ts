import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', 'src', 'store');
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));

test('what is cut to a number of rows stands in an order, which SQL Server asks for', () => {
  let seen = 0;
  const unordered: string[] = [];
  for (const name of files) {
    const text = readFileSync(join(folder, name), 'utf8');
    for (const { index } of text.matchAll(/\$\{tx\.limit\(/g)) {
      seen += 1;
      const statement = text.slice(text.lastIndexOf('`', index), index);
      if (!/\border by\b/.test(statement)) unordered.push(`${name}: ${statement.slice(0, 120)}`);
    }
  }
  expect(seen).toBeGreaterThan(20);
  expect(unordered).toEqual([]);
});
