import { chmodSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, type TestContext } from 'vitest';
import { seededRandom } from '../../src/simulate/random.ts';
import { makeCompany, openBooks, players } from '../../src/torture/company.ts';
import { hasEnded, isFrozen, kill, launch, ownBuild as build } from '../../src/torture/daemon.ts';
import { endure } from '../../src/torture/endure.ts';
import { bringToEnd } from '../../src/torture/ending.ts';
import { hardships } from '../../src/torture/hardships.ts';
import type { Hardship } from '../../src/torture/hardships.ts';
import { openOutside } from '../../src/torture/outside.ts';
import { straceMissing } from '../../src/torture/strace.ts';
import { killAtSyscalls } from '../../src/torture/syscalls.ts';
import { parkedRows } from '../../src/store/proof.ts';

const patient = { timeout: 600_000 };
const random = () => seededRandom(1);

/** A directory in which another user may work, too. */
function place({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): string {
  const directory = mkdtempSync(join(tmpdir(), 'wharf-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o711);
  return join(directory, 'company');
}

const shown: readonly (readonly [string, keyof typeof hardships])[] = [
  ['fault/A8', 'out of memory'],
  ['fault/A11', 'an error that nobody handles'],
  ['fault/A11', 'a promise that nobody handles'],
  ['fault/A12', 'the loop stands'],
  ['fault/B2', 'no files can be made beside the database'],
  ['fault/B2', 'no files can be made in the folders'],
  ['fault/B4', 'syncs fail'],
  ['fault/B4', 'writes fail'],
  ['fault/B5', 'reads fail'],
  ['fault/B3', 'the quota is used up'],
  ['fault/B6', 'calls are interrupted'],
  ['fault/B6', 'calls are to be made again'],
  ['fault/B12', 'folders are stale'],
  ['fault/B12', 'nothing tells of changes'],
  ['fault/B7', 'an inbox may not be read'],
  ['fault/B7', 'an inbox may not be changed'],
  ['fault/B7', 'an outbox may not be changed'],
  ['fault/B9', 'the database becomes read-only'],
  ['fault/B9', 'the folders become read-only'],
  ['fault/B18', 'no descriptors left'],
  ['fault/H5', 'the clock jumps ahead'],
  ['fault/H5', 'the clock jumps back'],
];

test('each hardship is shown', () => {
  expect(shown.map(([, name]) => name).toSorted()).toEqual(Object.keys(hardships).toSorted());
});

// At once, since each of them mostly waits.
test.concurrent.for(shown)('%s %s', patient, async ([, name], context) => {
  const directory = place(context);
  const hardship: Hardship = hardships[name];
  if (hardship.missing(dirname(directory)) !== undefined) return;
  expect(await endure({ directory, build, random: random(), hardship })).toEqual([]);
});

test.skipIf(straceMissing() !== undefined).concurrent('fault/A3 killed when it enters its nth system call of a kind', patient, async (context) => {
  expect(await killAtSyscalls({ company: await makeCompany({ directory: place(context) }), build, random: random(), kills: 3 })).toMatchObject({
    breaches: [],
  });
});

test.concurrent(
  'fault/A10 files by which the process ends at each start are set aside, and the next start goes on with the others',
  patient,
  async (context) => {
    const company = await makeCompany({ directory: place(context) });
    const outside = openOutside({ company });
    outside.order(1, random());
    const db = await openBooks(company);
    const setAside = () => db.read(async (tx) => (await parkedRows(tx)).filter(({ reason }) => reason === 'POISON_CRASH').length);
    for (let start = 0; start < 10 && (await setAside()) < outside.dropped.length; start += 1) {
      const daemon = launch({ build, config: company.configFile, fail: [{ point: 'translate.finishing', action: 'kill', visit: 1 }] });
      while (!hasEnded(daemon) && (await setAside()) < outside.dropped.length) await sleep(50);
      await kill(daemon);
    }
    expect(await setAside()).toBe(outside.dropped.length);
    await db.close();
    outside.order(1, random());
    // A person has them replayed.
    const daemon = launch({ build, config: company.configFile });
    expect(await bringToEnd({ company, outside, daemon, attended: true })).toEqual([]);
  },
);

test.concurrent('fault/G13 a partner that sweeps what we have under a temporary name gets it all the same', patient, async (context) => {
  const company = await makeCompany({ directory: place(context) });
  const outside = openOutside({ company });
  outside.order(1, random());
  const daemon = launch({ build, config: company.configFile, fail: [{ point: 'deliver.staged', action: 'freeze', visit: 1 }] });
  while (!isFrozen(daemon) && !hasEnded(daemon)) await sleep(10);
  const folders = players.map((player) => company.folder(player, 'out'));
  const staged = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  expect(staged.length).toBeGreaterThan(0);
  for (const file of staged) rmSync(file);
  daemon.process.kill('SIGCONT');
  expect(await bringToEnd({ company, outside, daemon })).toEqual([]);
});

test.concurrent('fault/B15 a daemon does not start on a database that lost its end, and says so', patient, async (context) => {
  const company = await makeCompany({ directory: place(context) });
  truncateSync(company.database, 200_000);
  const daemon = launch({ build, config: company.configFile });
  expect(await daemon.started).toBe(false);
  expect(daemon.tail()).toContain('DATABASE_DAMAGED');
});
