import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type DatabaseSettings, openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Database } from '../../src/store/transaction.ts';
import { borrowSchema } from './server-schemas.ts';
import { testServer } from './test-server.ts';

/** A scratch directory that is gone when the test is over. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'wharf-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Settings of a database of the test's own: a SQLite file, or a schema without anything in it on the server that WHARF_TEST_MSSQL_URL names. */
export async function freshSettings(): Promise<DatabaseSettings> {
  const server = testServer();
  return server ? borrowSchema(server) : { type: 'sqlite', file: join(await scratch(), 'wharf.db') };
}

/** The same before it is migrated. */
export async function unmigratedSettings(): Promise<DatabaseSettings> {
  return testServer() ?? { type: 'sqlite', file: join(await scratch(), 'wharf.db') };
}

/** An empty migrated database, closed when the test is over. */
export async function freshDatabase(): Promise<Database> {
  const db = await openDatabase(await freshSettings());
  onTestFinished(() => db.close());
  await migrate(db);
  return db;
}
