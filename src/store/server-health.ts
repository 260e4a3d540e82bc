import type { Database, Row, Tx } from './transaction.ts';

/** What a server says of itself and of the database. A fact that it does not tell is undefined. */
export type ServerFacts = {
  readonly version: string | undefined;
  readonly edition: string | undefined;
  readonly database: string;
  readonly collation: string | undefined;
  readonly readCommittedSnapshot: boolean | undefined;
  readonly snapshotIsolation: boolean | undefined;
  readonly delayedDurability: string | undefined;
  readonly recoveryModel: string | undefined;
  readonly readOnly: boolean | undefined;
  /** Rights on the schema, or on the database where there is no schema yet, that the login does not have and the daemon needs. */
  readonly missingRights: readonly string[];
  /** The same of what `wharf migrate` needs besides, which may have a login of its own. */
  readonly missingToMigrate: readonly string[];
};

/** What the daemon does with the tables, and what `wharf migrate` does besides: to the schema, and to the database. */
const DAILY = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
const MIGRATING = { schema: ['ALTER', 'REFERENCES'], database: ['CREATE TABLE', 'CREATE VIEW'] };

/** Asks SQL Server about itself; needs no table of ours. */
export async function serverFacts(db: Database): Promise<ServerFacts> {
  const properties = await ask(
    db,
    `select cast(serverproperty('ProductVersion') as nvarchar(40)) as version, cast(serverproperty('Edition') as nvarchar(80)) as edition, db_name() as name,
      cast(databasepropertyex(db_name(), 'Collation') as nvarchar(80)) as collated`,
  );
  const isolation = await ask(
    db,
    'select is_read_committed_snapshot_on as rcsi, snapshot_isolation_state as snap, is_read_only as ro from sys.databases where name = db_name()',
  );
  const keeping = await ask(db, 'select delayed_durability_desc as delayed, recovery_model_desc as recovery from sys.databases where name = db_name()');
  return {
    version: text(properties?.['version']),
    edition: text(properties?.['edition']),
    database: text(properties?.['name']) ?? '',
    collation: text(properties?.['collated']),
    readCommittedSnapshot: flag(isolation?.['rcsi']),
    snapshotIsolation: flag(isolation?.['snap']),
    delayedDurability: text(keeping?.['delayed']),
    recoveryModel: text(keeping?.['recovery']),
    readOnly: flag(isolation?.['ro']),
    ...(await missing(db)),
  };
}

async function missing(db: Database): Promise<Pick<ServerFacts, 'missingRights' | 'missingToMigrate'>> {
  const schema = text((await ask(db, `select schema_name(schema_id(parsename('{migration}', 2))) as name`))?.['name']);
  const lacks = async (rights: readonly string[], where: string | undefined): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const right of rights) if (!(await may(db, where, right))) found.push(where === undefined ? right : `${right} on schema ${where}`);
    return found;
  };
  const migrating = schema === undefined ? [] : await lacks(MIGRATING.schema, schema);
  return { missingRights: await lacks(DAILY, schema), missingToMigrate: [...migrating, ...(await lacks(MIGRATING.database, undefined))] };
}

/**
 * Whether the login has a right on a schema, or on the database where none is named; one of which the server does not tell is taken for there. A right may
 * have been given for each table: then that on the table of the migrations tells.
 */
async function may(db: Database, schema: string | undefined, right: string): Promise<boolean> {
  const on = schema === undefined ? [`db_name(), 'DATABASE'`] : [`N'${schema}', 'SCHEMA'`, `'{migration}', 'OBJECT'`];
  for (const place of on) {
    const row = await ask(db, `select has_perms_by_name(${place}, '${right}') as may`);
    if (Number(row?.['may'] ?? 1) === 1) return true;
  }
  return false;
}

async function ask(db: Database, sql: string): Promise<Row | undefined> {
  try {
    return await db.read((tx: Tx) => tx.one(sql));
  } catch (error) {
    // Not every server of the protocol has every view; one that is not there at all is told by the first question.
    if (typeof (error as { number?: unknown }).number === 'number') return undefined;
    throw error;
  }
}

const text = (value: unknown): string | undefined => (value === null || value === undefined ? undefined : String(value));
const flag = (value: unknown): boolean | undefined => (value === null || value === undefined ? undefined : Number(value) === 1);
