import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { WharfError } from '../../src/errors.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate, requireSchema } from '../../src/store/migrate.ts';
import { MssqlClient } from '../../src/store/mssql-client.ts';
import type { MssqlSettings } from '../../src/store/mssql-login.ts';
import type { Database, SqlValue, Tx } from '../../src/store/transaction.ts';
import { startCuttingProxy } from '../../src/torture/proxy.ts';
import { freshSettings } from '../support/database.ts';

/**
 * What servers that speak SQL Server's protocol cannot do, so that nothing here or in `src/store` may rest on it. SQL Server itself can do all of it.
 * - Babelfish 4.3 and 4.4: lock hints (taken and ignored), MERGE, an update through a common table expression, SHOWPLAN (plans are looked at on SQLite),
 *   CREATE OR ALTER, several columns in one ALTER TABLE, `dbcc checkident` to 0, ids after a bulk load with ids of its own; it calls itself version 12. Rights
 *   for migrating cannot be granted (only the owner migrates), `has_perms_by_name` knows no rights on schemas, refusals and lock timeouts have numbers of their
 *   own. Several refusals of `sp_getapplock` on one connection end the server. In 4.3 a foreign key between texts fails where their collation is not the server's.
 * - iridium_server 0.1.13: unique keys of several columns (each is held to be unique by itself), `@@rowcount`, the protocol's transaction requests (they
 *   hang), 64-bit numbers beyond 2^53 (rounded), more than one connection. It cannot carry these tests.
 */
const there = process.env['WHARF_TEST_MSSQL_URL'] !== undefined;
const put = (tx: Tx, scope: string, next: number): Promise<void> => tx.insertMany('control_number', [{ scope, next }]);
const count = async (db: Database, scope: string): Promise<number> =>
  Number((await db.read((tx) => tx.one('select count(*) as n from {control_number} where scope = ?', [scope])))?.['n']);

async function server(): Promise<MssqlSettings> {
  const settings = await freshSettings();
  if (settings.type !== 'mssql') throw new Error('no server');
  return settings;
}

async function open(settings: MssqlSettings): Promise<Database> {
  const db = await openDatabase(settings);
  onTestFinished(() => db.close());
  return db;
}

describe.skipIf(!there)('SQL Server (needs WHARF_TEST_MSSQL_URL)', () => {
  test('statements of a transaction that are asked for at once stay in it, whatever else is going on', async () => {
    const db = await open(await server());
    await migrate(db);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) =>
        db.transaction(async (tx) => {
          await Promise.all(Array.from({ length: 5 }, (_each, part) => put(tx, `${index}:${part}`, index)));
          if (index % 3 === 0) throw new Error('taken back');
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(20);
    const rows = await db.read((tx) => tx.many('select next, count(*) as n from {control_number} group by next order by next'));
    expect(rows.map((row) => [row['next'], Number(row['n'])])).toEqual(
      Array.from({ length: 60 }, (_, index) => [index, 5]).filter(([index]) => index! % 3 !== 0),
    );
  });

  test('statements that are asked for at once share a round trip, inserts go with them, and each gets its own rows', async () => {
    const db = await open(await server());
    await migrate(db);
    const next = (tx: Tx, scope: string): Promise<unknown> => tx.one('select next from {control_number} where scope = ?', [scope]);
    await db.transaction((tx) => put(tx, 'warm', 0));
    const sent = vi.spyOn(MssqlClient.prototype, 'send');
    onTestFinished(() => sent.mockRestore());
    const told = await db.transaction(async (tx) => {
      await put(tx, 'a', 1);
      await put(tx, 'b', 2);
      const change = tx.run('update {control_number} set next = next + 7 where scope = ?', ['b']);
      return Promise.all([next(tx, 'a'), change, tx.many('select * from {control_number} where scope = ?', ['none']), next(tx, 'b')]);
    });
    expect(told).toEqual([{ next: 1 }, 1, [], { next: 9 }]);
    expect(sent).toHaveBeenCalledTimes(2);
  });

  test('what somebody does after a statement failed is not kept: the server has undone what came before', async () => {
    const db = await open(await server());
    await migrate(db);
    const going = db.transaction(async (tx) => {
      await put(tx, 'before', 1);
      await tx.one('select nothing from {control_number}').catch(() => undefined);
      await put(tx, 'after', 1).catch(() => undefined);
    });
    await expect(going).rejects.toThrow(/nothing/);
    expect([await count(db, 'before'), await count(db, 'after')]).toEqual([0, 0]);
  });

  test('a transaction that fails while its statements are still under way leaves nothing on its connection', async () => {
    const db = await open({ ...(await server()), connections: 1 });
    await migrate(db);
    for (let at = 0; at < 10; at += 1) {
      const left = db.transaction(async (tx) => {
        void Promise.allSettled(Array.from({ length: 4 }, (_, part) => put(tx, `lost:${part}`, at)));
        throw new Error('no');
      });
      await expect(left).rejects.toThrow('no');
      await db.transaction((tx) => put(tx, `kept:${at}`, at));
    }
    const rows = await db.read((tx) => tx.many('select scope from {control_number} order by scope'));
    expect(rows.map((row) => row['scope'])).toEqual(Array.from({ length: 10 }, (_, at) => `kept:${at}`));
  });

  test('fault/F2 fault/F3 cut off anywhere, the answer to its commit included, a transaction is done once', { timeout: 300_000 }, async () => {
    const settings = await server();
    const direct = await open(settings);
    await migrate(direct);
    const proxy = await startCuttingProxy(settings.port ?? 1433);
    onTestFinished(() => proxy.stop());
    const db = await open({ ...settings, server: '127.0.0.1', port: proxy.port, connections: 1 });
    const add = (scope: string): Promise<number> =>
      db.transaction(async (tx) => {
        // No key of its own: only the mark of the commit tells whether it happened.
        const id = await tx.insert('activity', { at: 1, verb: 'receive', text: scope });
        await tx.run('update {control_number} set next = next + 1 where scope = ?', ['sum']);
        return id;
      });
    await direct.transaction((tx) => put(tx, 'sum', 0));
    await add('warm');
    const places = (['up', 'down'] as const).flatMap((direction) =>
      Array.from({ length: direction === 'up' ? 14 : 10 }, (_, at) => ({ direction, bytes: at * 83 })),
    );
    let cuts = 0;
    for (const { direction, bytes } of places) {
      const name = `cut after ${bytes} bytes ${direction}`;
      proxy.cutAfter(bytes, direction);
      const added = add(name);
      let ended = false;
      void added.then(() => (ended = true));
      while (!ended && !proxy.wasCut()) await new Promise((resolve) => setTimeout(resolve, 2));
      if (proxy.wasCut()) cuts += 1;
      proxy.cutAfter(undefined);
      const id = await added;
      const rows = await direct.read((tx) => tx.many('select id from {activity} where text = ?', [name]));
      expect(rows, name).toEqual([{ id }]);
    }
    expect(cuts).toBeGreaterThan(8);
    const sum = await direct.read((tx) => tx.one('select next from {control_number} where scope = ?', ['sum']));
    expect(sum?.['next']).toBe(places.length + 1);
  });

  test('a wrong password, a database that is not there and a server that is away are told apart, each with what to do', async () => {
    const settings = await server();
    const told = async (changed: MssqlSettings): Promise<string> => {
      const db = await open(changed);
      return db
        .read((tx) => tx.one('select 1 as one'))
        .then(
          () => 'no error',
          (error: unknown) => (error as WharfError).code,
        );
    };
    const { login } = settings;
    expect(await told({ ...settings, login: { ...login, password: 'wrong' } as typeof login })).toBe('DATABASE_LOGIN');
    expect(await told({ ...settings, database: 'nowhere' })).toBe('DATABASE_UNAVAILABLE');
    expect(await told({ ...settings, port: 1 })).toBe('DATABASE_UNAVAILABLE');
  });

  test('fault/F10 a schema that is half migrated is refused until the rest is there', async () => {
    const settings = await server();
    const db = await open(settings);
    await migrate(db);
    const rows = await db.read((tx) => tx.many('select version, name, applied_at from {migration} where version > 1'));
    await db.transaction((tx) => tx.run('delete from {migration} where version > 1'));
    await expect(requireSchema(db)).rejects.toMatchObject({ code: 'DATABASE_SCHEMA', value: '1' });
    await db.transaction((tx) => tx.insertMany('migration', rows as readonly Record<string, SqlValue>[]));
    await requireSchema(db);
  });

  test('texts compare by code point, whatever the collation of the database', async () => {
    const db = await open(await server());
    await migrate(db);
    await db.transaction(async (tx) => {
      for (const scope of ['a', 'A', 'ä', 'Z', 'b']) await put(tx, scope, 1);
    });
    const rows = await db.read((tx) => tx.many('select scope from {control_number} order by scope'));
    expect(rows.map((row) => row['scope'])).toEqual(['A', 'Z', 'a', 'b', 'ä']);
    expect(await count(db, 'A')).toBe(1);
  });

  test('more rows and values than one statement takes go in as they are', async () => {
    const db = await open(await server());
    await migrate(db);
    const rows = Array.from({ length: 5_000 }, (_, index) => ({ scope: `r${index}`, next: BigInt(index) * 1_000_000_000_000n }));
    await db.transaction((tx) => tx.insertMany('control_number', rows));
    const row = await db.read((tx) => tx.one('select count(*) as n, max(next) as most from {control_number}'));
    expect([Number(row?.['n']), row?.['most']]).toEqual([5_000, 4_999_000_000_000_000]);
  });
});
