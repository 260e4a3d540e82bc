import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { lockForDaemon } from '../../src/store/daemon-lock.ts';
import type { Tx } from '../../src/store/transaction.ts';
import { configOf, sample, stockedCompany, wharf, wharfJson, work } from '../cli/support.ts';
import { settingsIn } from '../support/database.ts';
import { onServer } from '../support/test-server.ts';

async function inDatabase<T>(folder: string, query: (tx: Tx) => Promise<T>): Promise<T> {
  const db = await openDatabase(await settingsIn(configOf(folder)));
  try {
    return await db.transaction(query);
  } finally {
    await db.close();
  }
}
const order = (po: string, control: string) =>
  sample('acme/happy-path/in.edi', (text) => text.replaceAll(/4500012345|PO-?\d{5,}/g, po).replaceAll(/000000\d{3}/g, control));

// A server makes its own backups.
test.skipIf(onServer)('a restored backup gives no number twice and sends nothing until somebody resumes it', async () => {
  const folder = await stockedCompany();
  const first = await work(folder, { partner: 'acme', name: 'one.edi', bytes: await sample('acme/happy-path/in.edi') });
  expect(first.length).toBeGreaterThan(0);
  const file = join(folder, 'backup.db');
  const made = await wharf(folder, 'backup', file);
  expect(`${made.code} ${made.out}`).toMatch(/^0 .*checked/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await wharf(folder, 'backup', file)).err).toContain('BACKUP_FAILED');

  const before = (await wharfJson(folder, 'control-numbers')).data as readonly { scope: string; next: number }[];
  await inDatabase(folder, (tx) => tx.run(`update {control_number} set next = next + 5 where scope like 'ISA:%'`));
  const unlock = lockForDaemon({ type: 'sqlite', file: join(folder, 'var', 'wharf.db') });
  expect((await wharf(folder, 'restore', file)).err).toContain('DATABASE_LOCKED');
  unlock();
  const { code, data } = await wharfJson(folder, 'restore', file, '--reason', 'the disk died');
  expect(code).toBe(0);
  expect(data.advanced.length).toBe(before.filter(({ scope }) => scope.startsWith('ISA:')).length);
  expect(existsSync(data.kept)).toBe(true);
  const after = (await wharfJson(folder, 'control-numbers')).data as typeof before;
  for (const { scope, next } of before) expect(after.find((each) => each.scope === scope)?.next).toBe(scope.startsWith('ISA:') ? next + 5 : next);
  expect((await wharf(folder, 'verify')).out).toContain('everything is as it must be');
  expect((await wharfJson(folder, 'audit')).data.acts[0]).toMatchObject({ act: 'restore', reason: 'the disk died' });

  expect(await work(folder, { partner: 'acme', name: 'two.edi', bytes: await order('4500099999', '000000777') })).toEqual([]);
  const waiting = await inDatabase(folder, (tx) => tx.many(`select id from {outbox} where status = 'pending'`));
  expect(waiting.length).toBeGreaterThan(0);
  expect((await wharfJson(folder, 'doctor')).data.map(({ code: each }: { code?: string }) => each)).toContain('SENDING_OFF');
  expect((await wharf(folder, 'resume')).code).toBe(0);
  expect((await work(folder)).length).toBeGreaterThan(0);
});

test.skipIf(onServer)('a file that is no backup, or a damaged one, does not touch the database', async () => {
  const folder = await stockedCompany();
  const file = join(folder, 'nothing.db');
  await writeFile(file, 'this is no database');
  const { code, err } = await wharf(folder, 'restore', file);
  expect(code).toBe(2);
  expect(err).toContain('BACKUP_FAILED');
  expect((await wharf(folder, 'verify')).code).toBe(0);
});

test.skipIf(onServer)(
  'where the database is gone and its log is left, the log does not meet the backup, and the numbers are for a person to compare',
  async () => {
    const folder = await stockedCompany();
    await work(folder, { partner: 'acme', name: 'one.edi', bytes: await sample('acme/happy-path/in.edi') });
    const file = join(folder, 'backup.db');
    await wharf(folder, 'backup', file);
    const database = join(folder, 'var', 'wharf.db');
    // A log of commits that the database does not have yet, as a process leaves it that was killed.
    const db = await openDatabase({ type: 'sqlite', file: database });
    await db.transaction((tx) => tx.run(`update {item} set description = 'changed'`));
    const log = await readFile(`${database}-wal`);
    await db.close();
    await rm(database);
    await writeFile(`${database}-wal`, log);

    const { out } = await wharf(folder, 'restore', file);
    expect(out).toContain('the numbers used since are not known');
    expect((await wharf(folder, 'verify')).out).toContain('everything is as it must be');
    expect((await readdir(join(folder, 'var'))).filter((name) => /before-.*-wal$/.test(name))).toHaveLength(1);
  },
);

test('numbers are advanced by a person, never back, and the gap has its reason', async () => {
  const folder = await stockedCompany();
  await work(folder, { partner: 'acme', name: 'one.edi', bytes: await sample('acme/happy-path/in.edi') });
  const [{ scope, next }] = (await wharfJson(folder, 'control-numbers')).data;
  expect((await wharf(folder, 'control-numbers', 'advance', scope, String(next + 10))).code).toBe(0);
  expect((await wharf(folder, 'control-numbers', 'advance', scope, String(next))).code).toBe(1);
  expect((await wharf(folder, 'control-numbers', 'advance', 'ISA:nobody', '5')).code).toBe(1);
  expect((await wharf(folder, 'verify')).code).toBe(0);
});

test('retention removes the bytes of what ended long ago and nothing else; what was removed is not sent again', async () => {
  const folder = await stockedCompany();
  await work(folder, { partner: 'acme', name: 'one.edi', bytes: await sample('acme/happy-path/in.edi') });
  const payloads = () => inDatabase(folder, async (tx) => Number((await tx.one('select count(*) as n from {payload}'))?.['n']));
  const all = await payloads();
  expect((await wharfJson(folder, 'retention', '--older-than', '30d')).data).toMatchObject({ files: 0, outbox: 0 });
  await inDatabase(folder, async (tx) => {
    await tx.run('update {inbound_file} set finished_at = 1, disposed_at = 1 where id = 1');
    await tx.run(`update {outbox} set status = 'acknowledged', settled_at = 1 where id = 1`);
  });
  expect((await wharfJson(folder, 'retention', '--older-than', '30d', '--dry-run')).data).toMatchObject({ files: 1, outbox: 1, dryRun: true });
  expect(await payloads()).toBe(all);
  expect((await wharfJson(folder, 'retention', '--older-than', '30d')).data).toMatchObject({ files: 1, outbox: 1 });
  expect(await payloads()).toBe(all - 2);
  expect((await wharf(folder, 'resend', 'outbox:1')).code).toBe(1);
  const { code, data } = await wharfJson(folder, 'verify');
  expect(`${code} ${data.removed} ${JSON.stringify(data.faults)}`).toBe('0 2 []');
  expect((await wharf(folder, 'retention', '--older-than', 'soon')).err).toContain('USAGE');
});
