import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { databaseSettings } from '../../src/pipeline/database-settings.ts';
import { type DatabaseSettings, openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Database } from '../../src/store/transaction.ts';
import { borrowSchema } from './server-schemas.ts';
import { onServer, testServer } from './test-server.ts';

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

/** Has a configuration name a database of the test's own on the server, where there is one, and makes its folders; otherwise it keeps the file that it names. */
export async function nameDatabase(gatewayFile: string): Promise<void> {
  if (!onServer) return;
  await writeSettings(gatewayFile, await freshSettings());
  const loaded = await loadConfig(gatewayFile);
  if (!loaded.config) return;
  // Only what lies beside an embedded database is made by the daemon.
  for (const { channels } of loaded.config.partners.values())
    for (const channel of channels) if (channel.type === 'folder') await mkdir(channel.directory, { recursive: true });
}

/** Has a configuration name these settings, the password in its folder of secrets. */
export async function writeSettings(gatewayFile: string, settings: DatabaseSettings): Promise<void> {
  const secrets = join(dirname(gatewayFile), 'secrets');
  let named: object = settings;
  if (settings.type === 'mssql' && settings.login.type === 'sql') {
    await mkdir(secrets, { recursive: true, mode: 0o700 });
    await writeFile(join(secrets, 'test-server'), settings.login.password, { mode: 0o600 });
    named = { ...settings, login: { ...settings.login, password: { secret: 'test-server' } } };
  }
  const before = await readFile(gatewayFile, 'utf8');
  const after = before.replace(/^database:.*$/m, `database: ${JSON.stringify(named)}`);
  expect(after).not.toBe(before);
  await writeFile(gatewayFile, after);
}

/** The settings of the database that a configuration names. */
export async function settingsIn(gatewayFile: string): Promise<DatabaseSettings> {
  const loaded = await loadConfig(gatewayFile);
  if (!loaded.config) throw new Error(JSON.stringify(loaded.problems));
  return databaseSettings(loaded.config.database);
}

/** An empty migrated database, closed when the test is over. */
export async function freshDatabase(): Promise<Database> {
  const db = await openDatabase(await freshSettings());
  onTestFinished(() => db.close());
  await migrate(db);
  return db;
}
