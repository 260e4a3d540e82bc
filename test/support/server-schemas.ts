import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Connection } from 'tedious';
import { onTestFinished } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { MssqlClient } from '../../src/store/mssql-client.ts';
import { connectionOf, type MssqlSettings } from '../../src/store/mssql-login.ts';
import { keepConnections } from './kept-connections.ts';

const text = readFileSync(new URL('../../src/store/schema.sql', import.meta.url), 'utf8');
const tables = [...text.matchAll(/^CREATE TABLE (\w+)/gm)].map(([, name]) => name!).filter((name) => name !== 'migration');
const withId = new Set([...text.matchAll(/^CREATE TABLE (\w+) \(id integer primary key/gm)].map(([, name]) => name!));
const version = createHash('sha256')
  .update(text)
  .update(readFileSync(new URL('../../src/store/dialect.ts', import.meta.url)))
  .digest('hex')
  .slice(0, 10);

type Keeper = { readonly client: MssqlClient; readonly connection: Connection; readonly babelfish: boolean };

/** One connection of this process lends schemas to its tests, one after the other. */
let keeping: Promise<Keeper> | undefined;
/** Lent to a process for so long (milliseconds) after it was last heard of. */
const LENT = 60_000;
/** Schemas that this process has. */
const lent = new Set<string>();
/** Those of them that no test uses. */
const free: string[] = [];

/**
 * A migrated schema with nothing in it, free for the next when the test is over. Making all tables and views takes a server many seconds, emptying them less
 * than one: schemas are made once, lent to one process at a time, and kept for the next run.
 */
export async function borrowSchema(server: MssqlSettings): Promise<MssqlSettings> {
  keepConnections();
  keeping ??= keep(server);
  const keeper = await keeping;
  const known = free.pop();
  const schema = known ?? (await lend(keeper));
  const settings = { ...server, schema, connections: 4 };
  if (known === undefined) {
    const db = await openDatabase(settings);
    await migrate(db);
    await db.close();
  }
  await empty(keeper, schema);
  onTestFinished(() => void free.push(schema));
  return settings;
}

async function keep(server: MssqlSettings): Promise<Keeper> {
  const client = new MssqlClient({ client: MssqlClient, connection: connectionOf(server), pool: { min: 0, max: 1 } });
  const connection = (await client.acquireConnection()) as Connection;
  const [row] = await client.query(connection, `select cast(serverproperty('babelfish') as int) as babelfish`, []);
  const keeper = { client, connection, babelfish: Number(row?.['babelfish'] ?? 0) === 1 };
  setInterval(() => void renew(keeper).catch(() => undefined), LENT / 6).unref();
  return keeper;
}

/** A name that no other process works with. */
async function lend({ client, connection }: Keeper): Promise<string> {
  await client
    .batch(connection, `if object_id('dbo.lent_schema') is null create table dbo.lent_schema (name nvarchar(60) not null primary key, until bigint not null)`)
    .catch(() => undefined);
  for (let at = 1; ; at += 1) {
    const name = `t_${version}_${at}`;
    if (lent.has(name)) continue;
    const now = Date.now();
    // There already, or somebody else's at this moment.
    await client.query(connection, 'insert into dbo.lent_schema (name, until) values (@p0, 0)', [name], 'nothing').catch(() => undefined);
    const take = 'update dbo.lent_schema set until = @p0 where name = @p1 and until < @p2; select @@rowcount as n';
    const [row] = await client.query(connection, take, [now + LENT, name, now]);
    if (Number(row?.['n']) !== 1) continue;
    lent.add(name);
    return name;
  }
}

/** Has others know that this process works with what it has. */
async function renew({ client, connection }: Keeper): Promise<void> {
  const names = [...lent].map((name) => `'${name}'`).join(', ');
  if (names !== '') await client.query(connection, `update dbo.lent_schema set until = @p0 where name in (${names})`, [Date.now() + LENT], 'nothing');
}

/**
 * Removes every row of a schema. Ids begin at 1 again, as in a new database: on SQL Server a table that never had a row begins there by itself, and would
 * begin at 0 if it were told to.
 */
async function empty({ client, connection, babelfish }: Keeper, schema: string): Promise<void> {
  const used = await client.query(
    connection,
    tables.map((table) => `select '${table}' as name where exists (select 1 from ${schema}.${table})`).join(' union all '),
    [],
  );
  const names = new Set(used.map((row) => String(row['name'])));
  const deletes = tables
    .filter((table) => names.has(table))
    .toReversed()
    .flatMap((table) => {
      const name = `${schema}.${table}`;
      // Babelfish numbers by a sequence, which can be told to begin again but not to have ended at 0.
      const again = babelfish ? `alter sequence ${name}_id_seq restart with 1` : `dbcc checkident('${name}', reseed, 0) with no_infomsgs`;
      return [`delete from ${name}`, ...(withId.has(table) ? [again] : [])];
    });
  await client.batch(connection, [...deletes, `insert into ${schema}.audit_head (name, seq, hash) values ('audit', 0, '')`].join(';\n'));
}
