import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type DatabaseSettings, openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Database } from '../../src/store/transaction.ts';

/** A scratch directory that is gone when the test is over. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'wharf-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Settings of a database of the test's own: a SQLite file, or a fresh schema on the server that WHARF_TEST_MSSQL_URL names (mssql://user:password@host:port/database). */
export async function freshSettings(): Promise<DatabaseSettings> {
  const url = process.env['WHARF_TEST_MSSQL_URL'];
  if (!url) return { type: 'sqlite', file: join(await scratch(), 'wharf.db') };
  const { hostname, port, username, password, pathname } = new URL(url);
  const schema = `t${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  return {
    type: 'mssql',
    server: hostname,
    port: Number(port || 1433),
    database: pathname.slice(1),
    login: { type: 'sql', user: decodeURIComponent(username), password: decodeURIComponent(password) },
    schema,
    encrypt: false,
    trustServerCertificate: true,
  };
}

/** An empty migrated database, closed when the test is over. */
export async function freshDatabase(): Promise<Database> {
  const db = await openDatabase(await freshSettings());
  onTestFinished(() => db.close());
  await migrate(db);
  return db;
}
