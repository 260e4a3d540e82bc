import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { readFailOrder } from '../../src/fail-point.ts';
import { seededRandom } from '../../src/simulate/random.ts';
import { check } from '../../src/torture/check.ts';
import { makeCompany, openBooks } from '../../src/torture/company.ts';
import { ownBuild as build } from '../../src/torture/daemon.ts';
import { fillDisk } from '../../src/torture/full.ts';
import { killRound } from '../../src/torture/kills.ts';
import { cutNetwork, networkMissing } from '../../src/torture/network.ts';
import { openOutside } from '../../src/torture/outside.ts';
import { strike } from '../../src/torture/points.ts';
import { cutPower } from '../../src/torture/power.ts';
import { volumesMissing } from '../../src/torture/volume.ts';
import { takeOver } from '../../src/torture/zombies.ts';

/** A few of each fault, so that a change that breaks a promise is seen at once; `wharf torture` does many. Several at once, since each mostly waits. */
const patient = { timeout: 600_000 };
const random = () => seededRandom(1);
function place({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): string {
  const directory = mkdtempSync(join(tmpdir(), 'wharf-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'company');
}

const noVolumes = volumesMissing(join((process.env['TMPDIR'] ?? '/tmp').replace(/\/$/, ''), `wharf-volume-${process.pid}`));
const noNetwork = networkMissing();

test.concurrent('fault/A1 killed at random moments, nothing is lost, doubled or seen in part', patient, async (context) => {
  expect(await killRound({ company: await makeCompany({ directory: place(context) }), build, random: random(), kills: 3 })).toEqual([]);
});

test.concurrent.for([
  ['receive.stored:kill:1', 'render.settling:kill:2', 'deliver.marked:kill:1', 'deliver.published:kill:1'],
  ['start.migrating:kill:1'],
  ['store.committed:EIO:30', 'render.numbered:EIO:1', 'receive.stored:EIO:1', 'folder.written:EIO:1'],
  ['apply.settling:error:1', 'deliver.staged:error:1', 'receive.taken:error:1'],
])('fault/A2 at the fail points %s …', patient, async (texts, context) => {
  const orders = texts.map(readFailOrder);
  expect(await strike({ company: await makeCompany({ directory: place(context) }), build, random: random(), orders })).toEqual([]);
});

test.concurrent('fault/A7 killed after it was asked to stop', patient, async (context) => {
  const orders = ['stop.asked:kill:1', 'stop.drained:kill:1'].map(readFailOrder);
  expect(await strike({ company: await makeCompany({ directory: place(context) }), build, random: random(), orders })).toEqual([]);
});

test.skipIf(noVolumes !== undefined).concurrent('fault/A4 the power is cut, and what was not synced is gone', patient, async (context) => {
  expect(await cutPower({ directory: place(context), build, random: random(), cuts: 2 })).toEqual([]);
});

test
  .skipIf(noVolumes !== undefined)
  .concurrent('fault/A4 the power is cut when a file was just taken away: it may come back, and is known', patient, async (context) => {
    expect(await cutPower({ directory: place(context), build, random: random(), cuts: 1, at: 'receive.noted' })).toEqual([]);
  });

test.concurrent.for(['receive.read', 'folder.listing'] as const)(
  'fault/A14 a daemon that was frozen at %s wakes up after another took over',
  patient,
  async (at, context) => {
    expect(await takeOver({ directory: place(context), build, random: random(), at })).toEqual([]);
  },
);

test.skipIf(noVolumes !== undefined).concurrent.for(['data', 'exchange'] as const)(
  'fault/B1 the disk of the %s is full for a while',
  patient,
  async (of, context) => {
    expect(await fillDisk({ directory: place(context), build, random: random(), of })).toEqual([]);
  },
);

test.skipIf(noNetwork !== undefined).concurrent('fault/G4 connections are cut after any number of bytes', patient, async (context) => {
  const directory = place(context);
  mkdirSync(directory);
  expect(await cutNetwork({ directory, build, random: random(), cuts: 3 })).toMatchObject({ done: 3, breaches: [] });
});

test.concurrent('the checker sees what is missing, double or torn', async (context) => {
  const company = await makeCompany({ directory: place(context) });
  const outside = openOutside({ company });
  outside.order(2, random());
  const db = await openBooks(company);
  const breaches = await check(company, outside, db);
  await db.close();
  expect(breaches.filter(({ promise }) => promise === 'lost').map(({ what }) => what.split(' ')[0])).toEqual(
    expect.arrayContaining(['file', 'order', '997', '855', '856', '810', '940']),
  );
});
