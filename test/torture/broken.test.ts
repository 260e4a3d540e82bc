import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brokenBuilds, makeBroken } from '../../src/torture/broken.ts';
import { ownBuild } from '../../src/torture/daemon.ts';
import { scratch } from '../support/database.ts';

test('there are ten broken builds', () => {
  expect(new Set(brokenBuilds.map(({ name }) => name)).size).toBe(10);
});

test.each(brokenBuilds)('$name: each change is made', async (broken) => {
  const { home } = makeBroken(broken, join(await scratch(), 'build'));
  for (const { file, to } of broken.changes) {
    const text = readFileSync(join(home, 'src', file), 'utf8');
    expect(text).toContain(to);
    expect(text).not.toBe(readFileSync(join(ownBuild.home, 'src', file), 'utf8'));
  }
});
