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
  /** Rights on the schema, or on the database where there is no schema yet, that the login does not have. */
  readonly missingRights: readonly string[];
};

/** What the daemon does with the tables, and what `wharf migrate` does besides. */
const DAILY = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
const MIGRATING = ['CREATE TABLE', 'CREATE VIEW'];

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
    missingRights: await missingRights(db),
  };
}

async function missingRights(db: Database): Promise<readonly string[]> {
  const schema = text((await ask(db, `select schema_name(schema_id(parsename('{migration}', 2))) as name`))?.['name']);
  const missing: string[] = [];
  for (const right of DAILY) if (!(await may(db, schema, right))) missing.push(schema === undefined ? right : `${right} on schema ${schema}`);
  for (const right of MIGRATING) if (!(await may(db, undefined, right))) missing.push(right);
  return missing;
}

/** Whether the login has a right on a schema, or on the database where none is named; one of which the server does not tell is taken for there. */
async function may(db: Database, schema: string | undefined, right: string): Promise<boolean> {
  const on = schema === undefined ? `db_name(), 'DATABASE'` : `N'${schema}', 'SCHEMA'`;
  const row = await ask(db, `select has_perms_by_name(${on}, '${right}') as may`);
  return Number(row?.['may'] ?? 1) === 1;
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
