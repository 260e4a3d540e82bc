import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { armFailPoints, failPoint, failPoints, readFailOrder } from '../../src/fail-point.ts';
import { isTransient } from '../../src/store/failure.ts';

afterEach(() => armFailPoints([]));

test('every fail point stands at one place of the program', () => {
  const root = join(import.meta.dirname, '..', '..', 'src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.startsWith('torture'));
  const found = files.flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/failPoint\('([^']+)'\)/g)].map((match) => match[1]!));
  expect(found.toSorted()).toEqual([...failPoints].toSorted());
});

test('nothing fails unless it is armed, and then only at the visit that was named', () => {
  failPoint('deliver.staged');
  armFailPoints([{ point: 'deliver.staged', action: 'error', visit: 2 }]);
  failPoint('deliver.marked');
  failPoint('deliver.staged');
  expect(() => failPoint('deliver.staged')).toThrow('fail point deliver.staged: error');
  failPoint('deliver.staged');
});

test('a disk that fails is told as Node and as SQLite tell it', () => {
  for (const action of ['ENOSPC', 'EIO'] as const) {
    armFailPoints([{ point: 'store.committing', action, visit: 1 }]);
    let thrown: unknown;
    try {
      failPoint('store.committing');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: action });
    expect(isTransient(thrown)).toBe(true);
  }
});

test('the environment arms one, and anything else is refused', () => {
  expect(readEnvironment({}).failPoints).toEqual([]);
  expect(readEnvironment({ WHARF_FAIL_POINTS: 'folder.renamed:kill:3,start.opened:EIO' }).failPoints).toEqual([
    { point: 'folder.renamed', action: 'kill', visit: 3 },
    { point: 'start.opened', action: 'EIO', visit: 1 },
  ]);
  for (const wrong of ['folder.renamed', 'folder:kill:1', 'folder.renamed:die:1', 'folder.renamed:kill:0', 'folder.renamed:kill:x'])
    expect(() => readFailOrder(wrong)).toThrow(RangeError);
});
