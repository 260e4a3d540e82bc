import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { armFailPoints } from '../../src/fail-point.ts';
import { lockForDaemon } from '../../src/store/daemon-lock.ts';
import { openDatabase } from '../../src/store/database.ts';
import { isUniqueViolation } from '../../src/store/failure.ts';
import { migrate, requireSchema } from '../../src/store/migrate.ts';
import { connectSqlite } from '../../src/store/sqlite-client.ts';
import type { Tx } from '../../src/store/transaction.ts';
import { freshDatabase, freshSettings, unmigratedSettings } from '../support/database.ts';

const number = async (tx: Tx, scope: string): Promise<unknown> => (await tx.one('select next from {control_number} where scope = ?', [scope]))?.['next'];
const put = (tx: Tx, scope: string, next: number | bigint): Promise<void> => tx.insertMany('control_number', [{ scope, next }]);
const activity = { at: 1, verb: 'receive', text: 'x' };

describe('transactions', () => {
  test('what is committed is there, what failed is not', async () => {
    const db = await freshDatabase();
    await db.transaction((tx) => put(tx, 'a', 1));
    await expect(
      db.transaction(async (tx) => {
        await put(tx, 'b', 1);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await db.read(async (tx) => [await number(tx, 'a'), await number(tx, 'b')])).toEqual([1, undefined]);
  });

  test('of many that run together, one that fails takes back only its own changes', async () => {
    const db = await freshDatabase();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) =>
        db.transaction(async (tx) => {
          await put(tx, `s${index}`, index);
          if (index % 3 === 0) throw new Error('third');
          return index;
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(14);
    expect((await db.read((tx) => tx.many('select scope from {control_number}'))).length).toBe(26);
  });

  test('a read-modify-write from many callers loses nothing', async () => {
    const db = await freshDatabase();
    await db.transaction((tx) => put(tx, 'n', 0));
    await Promise.all(Array.from({ length: 50 }, () => db.transaction((tx) => tx.run('update {control_number} set next = next + 1 where scope = ?', ['n']))));
    expect(await db.read((tx) => number(tx, 'n'))).toBe(50);
  });

  test('one inside another is refused, not left waiting for itself', async () => {
    const db = await freshDatabase();
    await expect(db.transaction(() => db.transaction(async () => 1))).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  test('a statement after the end is refused', async () => {
    const db = await freshDatabase();
    const tx = await db.transaction(async (leaked) => leaked);
    await expect(put(tx, 'late', 1)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  test('whoever is told soon sees what was done, and shares its commit or its failure', async ({ skip }) => {
    const db = await freshDatabase();
    if (db.engine === 'mssql') return skip('a server tells nobody soon');
    onTestFinished(() => armFailPoints([]));
    const outcomes = async (): Promise<readonly unknown[]> => {
      const asked: Promise<unknown>[] = [];
      const told = (): void => void asked.push(db.transaction((tx) => number(tx, 'soon')));
      const first = db.transaction((tx) => put(tx, 'soon', 1), told);
      await first.catch(() => undefined);
      return (await Promise.allSettled([first, ...asked])).map((outcome) => ('value' in outcome ? outcome.value : outcome.status));
    };
    armFailPoints([{ point: 'store.committing', action: 'error', visit: 1 }]);
    expect(await outcomes()).toEqual(['rejected', 'rejected']);
    expect(await outcomes()).toEqual([undefined, 1]);
  });

  test('in a moment of rest a long log is written into the database', async ({ skip }) => {
    const settings = await freshSettings();
    if (settings.type === 'mssql') return skip('a server sees to that itself');
    const db = await openDatabase(settings);
    onTestFinished(() => db.close());
    await migrate(db);
    const bytes = new Uint8Array(9_000);
    for (let chunk = 0; chunk < 200; chunk += 1) await db.transaction((tx) => tx.insertMany('payload', [{ owner: 'outbox', owner_id: 1, chunk, bytes }]));
    const plain = new DatabaseSync(settings.file, { readOnly: true });
    onTestFinished(() => plain.close());
    const look = plain.prepare('pragma wal_checkpoint(noop)');
    const pages = look.get()!['log'];
    expect(pages).toBeGreaterThan(400);
    await expect.poll(() => look.get()).toMatchObject({ checkpointed: pages });
  });

  test('reading sees nothing that is not committed', async () => {
    const db = await freshDatabase();
    await db.transaction(async (tx) => {
      await put(tx, 'half', 1);
      if (db.engine === 'sqlite') expect(await db.read((reader) => number(reader, 'half'))).toBeUndefined();
    });
    expect(await db.read((reader) => number(reader, 'half'))).toBe(1);
  });

  test('fault/F13 who reads for long keeps no writer waiting, and sees one moment where the engine has one', async () => {
    const db = await freshDatabase();
    await db.transaction((tx) => put(tx, 'sum', 0));
    const written = Promise.withResolvers<void>();
    const reading = db.read(async (tx) => {
      const before = await number(tx, 'sum');
      await written.promise;
      return [before, await number(tx, 'sum')];
    });
    for (let at = 0; at < 20; at += 1) await db.transaction((tx) => tx.run('update {control_number} set next = next + 1 where scope = ?', ['sum']));
    written.resolve();
    const [before, after] = await reading;
    expect(before).toBe(0);
    expect(after).toBe(db.engine === 'sqlite' ? 0 : 20);
    expect(await db.read((tx) => number(tx, 'sum'))).toBe(20);
  });
});

describe('values', () => {
  test('whole numbers of every size come back exactly', async () => {
    const db = await freshDatabase();
    for (const value of [0, -1, 9007199254740991, 9007199254740993n, -9223372036854775808n, 9223372036854775807n]) {
      await db.transaction((tx) => put(tx, String(value), value));
      expect(await db.read((tx) => number(tx, String(value)))).toBe(value);
    }
  });

  test('texts and bytes come back as they went', async () => {
    const db = await freshDatabase();
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
    const id = await db.transaction((tx) => tx.insert('activity', { ...activity, partner: 'Ünï ß 漢 \u{1F600}', text: 'x'.repeat(9_000) }));
    await db.transaction((tx) => tx.insertMany('payload', [{ owner: 'outbox', owner_id: id, chunk: 0, bytes }]));
    const row = await db.read((tx) => tx.one('select * from {activity} where id = ?', [id]));
    expect(row).toMatchObject({ id, at: 1, partner: 'Ünï ß 漢 \u{1F600}', text: 'x'.repeat(9_000), order_id: null });
    const payload = await db.read((tx) => tx.one('select bytes from {payload} where owner_id = ?', [id]));
    expect(Buffer.from(payload?.['bytes'] as Uint8Array).equals(bytes)).toBe(true);
  });

  test('ids count up, changes are counted, many rows go in together', async () => {
    const db = await freshDatabase();
    const ids = await db.transaction(async (tx) => [await tx.insert('activity', activity), await tx.insert('activity', activity)]);
    expect(ids[1]).toBe(ids[0]! + 1);
    const rows = Array.from({ length: 2_500 }, (_, index) => ({ scope: `m${index}`, next: index }));
    await db.transaction((tx) => tx.insertMany('control_number', rows));
    expect(await db.transaction((tx) => tx.run('update {control_number} set next = next + 1 where next < ?', [1_000]))).toBe(1_000);
    expect(await db.transaction((tx) => tx.run('delete from {control_number} where scope = ?', ['none']))).toBe(0);
  });

  test('a second row with the same key is a unique violation', async () => {
    const db = await freshDatabase();
    await db.transaction((tx) => put(tx, 'k', 1));
    const error: unknown = await db.transaction((tx) => put(tx, 'k', 2)).catch((caught: unknown) => caught);
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(new Error('other'))).toBe(false);
  });
});

describe('schema', () => {
  test('migrating twice does nothing the second time', async () => {
    const db = await freshDatabase();
    expect(await migrate(db)).toEqual([]);
    await requireSchema(db);
  });

  test('fault/H7 fault/F10 a newer database and an empty one are refused', async () => {
    const db = await freshDatabase();
    await db.transaction((tx) => tx.run(`insert into {migration} (version, name, applied_at) values (999, 'future', 0)`));
    await expect(requireSchema(db)).rejects.toMatchObject({ code: 'DATABASE_SCHEMA' });
    await expect(migrate(db)).rejects.toMatchObject({ code: 'DATABASE_SCHEMA' });
    await db.transaction((tx) => tx.run('delete from {migration} where version = 999'));
    const empty = await openDatabase(await unmigratedSettings());
    await expect(requireSchema(empty)).rejects.toMatchObject({ code: 'DATABASE_SCHEMA' });
    await empty.close();
  });
});

describe.skipIf(process.env['WHARF_TEST_MSSQL_URL'])('one daemon on an embedded database', () => {
  test('fault/F9 a database that would not put every commit on the disk is not opened', () => {
    expect(() => connectSqlite(':memory:')).toThrow(
      expect.objectContaining({ code: 'DATABASE_UNSAFE', message: expect.stringContaining('journal_mode=memory') }),
    );
  });

  test('a second is refused until the first lets go', async () => {
    const settings = await freshSettings();
    const release = lockForDaemon(settings);
    expect(() => lockForDaemon(settings)).toThrow(expect.objectContaining({ code: 'DATABASE_LOCKED' }));
    release();
    lockForDaemon(settings)();
  });

  test('fault/A13 the lock ends with the process that held it', async () => {
    const settings = await freshSettings();
    const module = new URL('../../src/store/daemon-lock.ts', import.meta.url).href;
    const script = `const { lockForDaemon } = await import(${JSON.stringify(module)}); lockForDaemon(${JSON.stringify(settings)}); globalThis.gc(); console.log('held'); setInterval(() => {}, 1000)`;
    const holder = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    expect(() => lockForDaemon(settings)).toThrow(expect.objectContaining({ code: 'DATABASE_LOCKED' }));
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    lockForDaemon(settings)();
  });
});
