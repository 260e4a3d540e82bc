import { failPoint } from '../fail-point.ts';
import { WharfError } from '../errors.ts';
import { gateway } from './migrations/0001-gateway.ts';
import { orders } from './migrations/0001-orders.ts';
import { changes } from './migrations/0002-changes.ts';
import { conversation } from './migrations/0002-conversation.ts';
import { facts } from './migrations/0002-facts.ts';
import { inputs } from './migrations/0002-inputs.ts';
import { reports } from './migrations/0002-reports.ts';
import { returns } from './migrations/0002-returns.ts';
import { supply } from './migrations/0002-supply.ts';
import { views } from './migrations/0002-views.ts';
import { operations } from './migrations/0003-operations.ts';
import { plainSql } from './migrations/0003-plain-sql.ts';
import { quickViews } from './migrations/0004-quick-views.ts';
import { quickQuestions } from './migrations/0005-quick-questions.ts';
import type { Database, Tx } from './transaction.ts';

type Migration = { readonly version: number; readonly name: string; readonly statements: readonly string[] };

const migrations: readonly Migration[] = [
  { version: 1, name: 'first', statements: [...gateway, ...orders] },
  { version: 2, name: 'order brain', statements: [...conversation, ...changes, ...returns, ...inputs, ...views, ...facts, ...supply, ...reports] },
  { version: 3, name: 'operations', statements: [...operations, ...plainSql] },
  { version: 4, name: 'quick views', statements: quickViews },
  { version: 5, name: 'quick questions', statements: quickQuestions },
];

/** The schema version that this program works with. */
export const SCHEMA_VERSION = migrations.at(-1)!.version;

/**
 * Brings the database to this program's schema, each migration in a transaction of its own: killed in the middle, it goes on where it was.
 * Gives the names of the migrations that it ran. `at` is the time noted, in milliseconds since 1970.
 * @throws WharfError DATABASE_SCHEMA when the database is newer than this program.
 */
export async function migrate(db: Database, at = Date.now()): Promise<readonly string[]> {
  const done: string[] = [];
  for (const migration of migrations) {
    const ran = await db.transaction(async (tx) => {
      const version = await versionOf(tx, db.engine);
      requireNotNewer(version);
      if (version >= migration.version) return false;
      if (version === 0) await createStamp(tx, db.engine);
      for (const statement of migration.statements) await tx.run(statement);
      failPoint('start.migrating');
      await tx.run('insert into {migration} (version, name, applied_at) values (?, ?, ?)', [migration.version, migration.name, at]);
      return true;
    });
    if (ran) done.push(migration.name);
  }
  return done;
}

/** Refuses a database that `migrate` has not brought to this program's schema. @throws WharfError DATABASE_SCHEMA. */
export async function requireSchema(db: Database): Promise<void> {
  const version = await schemaVersion(db);
  requireNotNewer(version);
  if (version < SCHEMA_VERSION)
    throw new WharfError('DATABASE_SCHEMA', `the database has schema ${version}, this program needs ${SCHEMA_VERSION}`, { value: String(version) });
}

/** The schema version of a database; 0 when it is empty. */
export function schemaVersion(db: Database): Promise<number> {
  return db.read((tx) => versionOf(tx, db.engine));
}

/** The schema as SQLite holds it: what `schema.sql` shows and a test compares. */
export async function schemaText(db: Database): Promise<string> {
  const rows = await db.read((tx) => tx.many(`select sql from sqlite_schema where sql is not null and name not like 'sqlite_%' order by rowid`));
  return rows.map((row) => `${String(row['sql']).replace(/\n\s*/g, '\n  ')};\n`).join('\n');
}

function requireNotNewer(version: number): void {
  if (version > SCHEMA_VERSION)
    throw new WharfError('DATABASE_SCHEMA', `the database has schema ${version}, newer than the ${SCHEMA_VERSION} of this program`, { value: String(version) });
}

/** 0 for an empty database. */
async function versionOf(tx: Tx, engine: Database['engine']): Promise<number> {
  const there =
    engine === 'sqlite'
      ? await tx.one(`select 1 as there from sqlite_schema where name = 'migration'`)
      : await tx.one(`select 1 as there where object_id('{migration}') is not null`);
  if (!there) return 0;
  return Number((await tx.one('select max(version) as version from {migration}'))?.['version'] ?? 0);
}

async function createStamp(tx: Tx, engine: Database['engine']): Promise<void> {
  if (engine === 'mssql') await createSchema(tx);
  await tx.run('create table {migration} (version int not null primary key, name nvarchar(60) not null, applied_at bigint not null)');
}

/** `create schema` must stand alone in its batch, so that it is run as a text. */
async function createSchema(tx: Tx): Promise<void> {
  await tx.run(
    `if schema_id(parsename('{migration}', 2)) is null begin declare @create sysname = N'create schema ' + parsename('{migration}', 2); exec (@create) end`,
  );
}
