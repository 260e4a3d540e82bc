import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { home, type Scratch } from '../../src/cli/demo/scratch.ts';
import { openDatabase } from '../../src/store/database.ts';
import { listLeases } from '../../src/store/leases.ts';
import type { Database } from '../../src/store/transaction.ts';
import { startCuttingProxy } from '../../src/torture/proxy.ts';
import { hasSshd, startSshd } from '../../src/torture/sshd.ts';
import { scratch, settingsIn } from '../support/database.ts';
import { expectWhole, result, soon, untilDone } from '../support/ending.ts';
import { type Daemon, launch, openPartners, openStage, scenesOf } from '../support/play.ts';
import { onServer, testServer } from '../support/test-server.ts';

/** The orders of one telling of the story. */
const ORDERS = 6;
const patient = { timeout: 900_000 };
const libfaketime = ['x86_64', 'aarch64'].map((each) => `/usr/lib/${each}-linux-gnu/faketime/libfaketimeMT.so.1`).find((each) => existsSync(each));
/** A program that starts another one whose clock is a minute ahead. */
const minuteAhead = ['env', `LD_PRELOAD=${libfaketime}`, 'FAKETIME=+60s', 'DONT_FAKE_MONOTONIC=1', 'NO_FAKE_STAT=1'];

/** The sample company on the server, its partners, and the story in so many copies, to be dropped one after the other. */
async function openPlay(copies: number) {
  const stage = await openStage(join(await scratch(), 'company'));
  edit(stage.config, (text) => text.replace(/^intervals:.*$/m, 'intervals: { poll: 300ms, quiet: 0s, idle: 300ms, claim: 15s, retryFirst: 200ms }'));
  const db = await openDatabase(await settingsIn(stage.config));
  onTestFinished(() => db.close());
  const { taken, collect } = openPartners(stage);
  const scenes = scenesOf(copies);
  const copy = (at: number): void => {
    for (const { partner, name, bytes } of scenes.filter((scene) => scene.name.startsWith(`${at}-`))) stage.drop(partner, name, bytes);
  };
  const done = (told: number): Promise<void> => untilDone(stage, collect, db, told * ORDERS);
  return { stage, db, copy, collect, done, whole: async () => expectWhole(await result(stage, taken, db)) };
}

function edit(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

/** The same company under a configuration of its own, which differs in something. */
function differing(stage: Scratch, change: (text: string) => string): Pick<Scratch, 'config'> {
  const config = join(dirname(stage.config), 'other.yaml');
  copyFileSync(stage.config, config);
  edit(config, change);
  return { config };
}

/** The daemons that the others think alive. */
async function present(db: Database): Promise<readonly string[]> {
  const leases = await db.read((tx) => listLeases(tx));
  const now = await db.read(async (tx) => Number((await tx.one(`select datediff_big(millisecond, '1970-01-01', sysutcdatetime()) as now`))?.['now']));
  return leases.filter(({ resource, expiresAt }) => resource.startsWith('daemon:') && expiresAt >= now).map(({ owner }) => owner);
}

const untilPresent = (db: Database, count: number): Promise<void> => vi.waitFor(async () => expect(await present(db)).toHaveLength(count), soon);

/** Waits until a partner has been sent something that it did not take yet. */
const untilSent = (stage: Scratch, partner: string): Promise<void> =>
  vi.waitFor(() => expect(existsSync(stage.outbox(partner)) ? readdirSync(stage.outbox(partner)) : []).not.toEqual([]), soon);

async function stop(daemon: Daemon): Promise<void> {
  daemon.child.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
}

describe.skipIf(!onServer)('daemons that share a database (needs WHARF_TEST_MSSQL_URL)', () => {
  test('one of two is killed in the middle of its work: the other takes all of it up', patient, async () => {
    const { stage, db, copy, done, whole } = await openPlay(2);
    const [first, second] = [launch(stage), launch(stage)];
    await untilPresent(db, 2);
    copy(0);
    await untilSent(stage, 'acme');
    copy(1);
    first.child.kill('SIGKILL');
    await first.ended;
    await done(2);
    await untilPresent(db, 1);
    await stop(second);
    expect(await present(db)).toEqual([]);
    await whole();
  });

  test.skipIf(!hasSshd)(
    'fault/H2 one is cut off from the database while it still reaches the SFTP server: the other goes on alone, until it is back',
    patient,
    async () => {
      const { stage, db, copy, done, whole } = await openPlay(3);
      const sshd = await startSshd();
      onTestFinished(() => sshd.stop());
      for (const folder of ['in', 'out']) mkdirSync(join(stage.directory, 'var', 'partners', 'acme', folder), { recursive: true });
      writeFileSync(join(dirname(stage.config), 'secrets', 'key'), sshd.keys[0], { mode: 0o600 });
      const sftp = (folder: string): string =>
        `  ${folder}: { type: sftp, host: 127.0.0.1, port: ${sshd.port}, username: ${sshd.username}, directory: ${join(stage.directory, 'var', 'partners', 'acme', folder)}, auth: [{ privateKey: { secret: key } }], hostKeys: ["${sshd.hostKey}"] }\n`;
      edit(join(stage.directory, 'partners', 'acme.yaml'), (text) => `${text}channels:\n${sftp('in')}${sftp('out')}`);
      const proxy = await startCuttingProxy(testServer()!.port ?? 1433);
      onTestFinished(() => proxy.stop());

      const cut = launch(differing(stage, (text) => text.replace(/"port":\d+/, `"port":${proxy.port}`)));
      await cut.started;
      copy(0);
      const other = launch(stage);
      await untilPresent(db, 2);
      await untilSent(stage, 'acme');
      proxy.cutAfter(0);
      copy(1);
      await done(2);
      expect(proxy.wasCut()).toBe(true);
      await untilPresent(db, 1);
      proxy.cutAfter(undefined);
      await untilPresent(db, 2);
      copy(2);
      await done(3);
      await Promise.all([cut, other].map(stop));
      await whole();
    },
  );

  test('fault/H4 three are restarted one after the other while orders come', patient, async () => {
    const { stage, db, copy, collect, done, whole } = await openPlay(3);
    const daemons = [launch(stage), launch(stage), launch(stage)];
    await untilPresent(db, 3);
    for (const at of daemons.keys()) {
      copy(at);
      if (at === 0) await untilSent(stage, 'acme');
      await stop(daemons[at]!);
      daemons[at] = launch(stage);
      await collect();
      await untilPresent(db, 3);
    }
    await done(3);
    await Promise.all(daemons.map(stop));
    await whole();
  });

  test.skipIf(libfaketime === undefined)('fault/H6 the clock of one is a minute ahead: it is told, and their leases hold as they must', patient, async () => {
    const { stage, db, copy, done, whole } = await openPlay(2);
    const [env, ...words] = [...minuteAhead, process.execPath, join(home, 'src', 'main.ts'), 'db', 'check', '--config', stage.config];
    expect(spawnSync(env, words, { encoding: 'utf8' }).stdout).toMatch(/CLOCK_WRONG/);
    const [ahead, right] = [launch(stage, minuteAhead), launch(stage)];
    await untilPresent(db, 2);
    const tokens = async (): Promise<readonly string[]> => (await db.read((tx) => listLeases(tx))).map(({ resource, token }) => `${resource} ${token}`);
    copy(0);
    await done(1);
    // Longer than a lease lasts: who thought that it is later than it is would have taken the leases of the other.
    const before = await tokens();
    copy(1);
    await done(2);
    expect(await present(db)).toHaveLength(2);
    expect(await tokens()).toEqual(before);
    await Promise.all([ahead, right].map(stop));
    await whole();
  });
});
