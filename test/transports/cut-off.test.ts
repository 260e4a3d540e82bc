import { link, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFolder } from '../../src/transports/folder.ts';
import { claimName } from '../../src/transports/names.ts';
import { scratch } from '../support/database.ts';

test('cut off between the two names of a file that is given back, it comes back once and under its own', async () => {
  const directory = await scratch();
  await writeFile(join(directory, 'a.edi'), 'x');
  await link(join(directory, 'a.edi'), join(directory, claimName('a.edi', 'deadbeef')));
  const refused: unknown[] = [];
  const folder = openFolder({ directory, maxBytes: 100, refused: (refusal) => refused.push(refusal) });
  await folder.list(10);
  expect(await folder.list(10)).toMatchObject([{ name: 'a.edi', size: 1 }]);
  expect(await readdir(directory)).toEqual(['a.edi']);
  expect(refused).toEqual([]);
  await folder.close();
});

test('fault/H1 a file whose hidden name another process still has is gone for good when it is taken away', async () => {
  const directory = await scratch();
  await writeFile(join(directory, 'a.edi'), 'x');
  const folder = openFolder({ directory, maxBytes: 100 });
  const [entry] = await folder.list(10);
  await link(join(directory, 'a.edi'), join(directory, claimName('a.edi', 'deadbeef')));
  await writeFile(join(directory, claimName('b.edi', 'deadbeef')), 'y');
  expect(await folder.dispose(entry!, undefined)).toBe(true);
  expect(await readdir(directory)).toEqual([claimName('b.edi', 'deadbeef')]);
  await folder.close();
});

test('fault/G14 a file that two processes publish at once is delivered once, and neither takes the other for a stranger', async () => {
  const directory = await scratch();
  const [one, other] = [openFolder({ directory, maxBytes: 100 }), openFolder({ directory, maxBytes: 100 })];
  for (let round = 0; round < 20; round += 1) {
    const staged = await one.stage(`a${round}.edi`, Buffer.from('x'), '1-1-abcd');
    const outcomes = await Promise.allSettled([one.publish(staged), other.publish(staged)]);
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refused).toHaveLength(1);
    expect(refused).toMatchObject([{ code: expect.stringMatching(/^DELIVERY_(FAILED|SWEPT)$/) as unknown }]);
  }
  expect(await readdir(directory)).toHaveLength(20);
  await Promise.all([one.close(), other.close()]);
});
