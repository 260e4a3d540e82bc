import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../config/types.ts';
import type { ErrorCode } from '../errors.ts';
import { databaseSettings } from '../pipeline/database-settings.ts';
import { openDatabase } from '../store/database.ts';
import { databaseSettingsInForce, instants } from '../store/health.ts';
import { SCHEMA_VERSION, schemaVersion } from '../store/migrate.ts';
import { serverFacts, type ServerFacts } from '../store/server-health.ts';
import type { Database } from '../store/transaction.ts';
import { integrityProblems } from '../store/verify.ts';
import type { Diagnosis } from './diagnosis.ts';
import { ill, illness, well } from './diagnosis.ts';

/** Clocks that differ by this (milliseconds) are worth a look, and wrong. */
const DRIFT = { look: 2_000, wrong: 30_000 };
/** SQL Server 2017, the oldest of which we know that it has all that is used. */
const OLDEST = 14;

/**
 * Looks at the database alone: whether it answers and takes our login, its version and settings, the rights and the schema. Nothing is changed.
 * `now` is in milliseconds since 1970. Never throws: what is wrong is a finding.
 */
export async function checkDatabase(config: Config, now: () => number): Promise<readonly Diagnosis[]> {
  let db: Database | undefined;
  try {
    db = await openDatabase(databaseSettings(config.database));
    const found = db.engine === 'mssql' ? examineServer(await serverFacts(db)) : [];
    const schema = await examineSchema(db);
    const migrated = schema.state === 'ok';
    return [...found, schema, ...(migrated ? [...(await examineSettings(db)), ...(await examineFile(config)), ...(await examineClocks(db, now))] : [])];
  } catch (error) {
    return [illness('database', error)];
  } finally {
    await db?.close();
  }
}

async function examineSchema(db: Database): Promise<Diagnosis> {
  const version = await schemaVersion(db);
  if (version === SCHEMA_VERSION) return well('schema', `it is ${version}, as this program needs it`);
  const text = version === 0 ? 'there is none yet' : `it is ${version}, this program needs ${SCHEMA_VERSION}`;
  return ill('error', 'schema', 'DATABASE_SCHEMA', text);
}

/** What a server's version, settings and rights come to. */
export function examineServer(facts: ServerFacts): readonly Diagnosis[] {
  const major = Number.parseInt(facts.version ?? '', 10);
  const name = `${facts.edition ?? 'a server'} ${facts.version ?? 'of an unknown version'}`;
  const alter = (what: string): string => `alter database [${facts.database}] set ${what}`;
  return [
    major < OLDEST ? ill('warning', 'server', 'DATABASE_OLD', name) : well('server', name),
    setting(
      'read_committed_snapshot',
      facts.readCommittedSnapshot,
      'readers and writers wait for each other',
      alter('read_committed_snapshot on with rollback immediate'),
    ),
    setting(
      'allow_snapshot_isolation',
      facts.snapshotIsolation,
      'long reports cannot be run beside the gateway without disturbing it',
      alter('allow_snapshot_isolation on'),
    ),
    facts.delayedDurability === undefined || facts.delayedDurability === 'DISABLED'
      ? well('delayed_durability', 'it is off: what is committed is on disk')
      : told(
          'error',
          'DATABASE_UNSAFE',
          'delayed_durability',
          `it is ${facts.delayedDurability}: a power cut loses what was committed`,
          alter('delayed_durability = disabled'),
        ),
    facts.readOnly === true
      ? told('error', 'DATABASE_UNAVAILABLE', 'database', 'it is read-only', alter('read_write'))
      : well('database', `${facts.database} can be written, recovery model ${facts.recoveryModel ?? 'not told'}`),
    well('collation', `${facts.collation ?? 'not told'}; the columns of the gateway have their own, so that it does not matter`),
    rightsOf(facts),
  ];
}

/** A daemon need not be allowed to migrate. */
function rightsOf({ missingRights, missingToMigrate }: ServerFacts): Diagnosis {
  if (missingRights.length > 0) return ill('error', 'rights', 'DATABASE_RIGHTS', `missing: ${[...missingRights, ...missingToMigrate].join(', ')}`);
  if (missingToMigrate.length === 0) return well('rights', 'the login has all that the daemon and `wharf migrate` need');
  return well('rights', `the login has all that the daemon needs; for \`wharf migrate\` it has not ${missingToMigrate.join(', ')}`);
}

function setting(about: string, on: boolean | undefined, cost: string, remedy: string): Diagnosis {
  if (on === undefined) return well(about, 'the server does not tell');
  return on ? well(about, 'it is on') : told('warning', 'DATABASE_SETTING', about, `it is off: ${cost}`, remedy);
}

function told(state: 'warning' | 'error', code: ErrorCode, about: string, text: string, remedy: string): Diagnosis {
  return { state, about, code, text, remedy };
}

/** The settings that every promise rests on, as they are in force, and whether the embedded database is sound. */
export async function examineSettings(db: Database): Promise<readonly Diagnosis[]> {
  const settings = await databaseSettingsInForce(db);
  const damaged = await db.read((tx) => integrityProblems(tx, db.engine));
  return [
    ...settings.map(({ name, value, right }) =>
      right ? well('database', `${name} is ${value}`) : ill('error', 'database', 'DATABASE_UNSAFE', `${name} is ${value || 'not known'}`),
    ),
    ...(damaged.length === 0 ? [well('database', 'it is sound')] : damaged.map((text) => ill('error', 'database', 'DATABASE_DAMAGED', text))),
  ];
}

/** The file of an embedded database: who may read it. */
export async function examineFile({ database }: Config): Promise<readonly Diagnosis[]> {
  if (database.type !== 'sqlite') return [];
  const { mode } = await stat(database.file);
  const { mode: folder } = await stat(dirname(database.file));
  const open = (mode & 0o077) !== 0 && (folder & 0o077) !== 0;
  if (!open) return [well('database', `${database.file} is for its account alone`)];
  const shown = (mode & 0o777).toString(8);
  return [ill('warning', 'database', 'DATABASE_EXPOSED', `${database.file} has mode ${shown}, its folder ${(folder & 0o777).toString(8)}`)];
}

/** This machine's clock beside what the database holds, and beside the clock of its server. */
export async function examineClocks(db: Database, now: () => number): Promise<readonly Diagnosis[]> {
  const before = now();
  const { latest, server } = await instants(db);
  const after = now();
  const found: Diagnosis[] = [];
  if (latest > after + DRIFT.look)
    found.push(
      ill('error', 'clock', 'CLOCK_WRONG', `the database holds something of ${Math.round((latest - after) / 1000)} s from now: the clock was set back`),
    );
  // The server looked at its clock some time between the question and the answer.
  const drift = server === undefined ? 0 : Math.max(before - server, server - after, 0);
  if (drift > DRIFT.look)
    found.push(
      ill(drift > DRIFT.wrong ? 'error' : 'warning', 'clock', 'CLOCK_WRONG', `this machine and the database server differ by ${Math.round(drift / 1000)} s`),
    );
  return found.length > 0 ? found : [well('clock', 'it agrees with what the database holds')];
}
