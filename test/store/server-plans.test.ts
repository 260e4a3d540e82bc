import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Connection } from 'tedious';
import { describe, expect, onTestFinished, test } from 'vitest';
import { importItems } from '../../src/acts/import-items.ts';
import { importStock } from '../../src/acts/import-stock.ts';
import { loadConfig } from '../../src/config/load.ts';
import { channelsToDeliver, claimDeliveries } from '../../src/store/deliveries.ts';
import { MssqlClient } from '../../src/store/mssql-client.ts';
import { connectionOf, type MssqlSettings } from '../../src/store/mssql-login.ts';
import type { Asked } from '../../src/store/mssql-trip.ts';
import { bindValue } from '../../src/store/mssql-values.ts';
import { nextDue, queues, recover, renew } from '../../src/store/queue.ts';
import { openRehearsal } from '../../src/workbench/rehearse.ts';
import { freshSettings } from '../support/database.ts';
import { testServer } from '../support/test-server.ts';

/** Tables that stay small, whatever a gateway has seen: reading them whole costs nothing. */
const SMALL = new Set(['lease', 'control_number', 'gateway_switch', 'migration', 'audit_head', 'item_unit']);
const home = join(import.meta.dirname, '..', '..');
const { Request, TYPES } = createRequire(import.meta.url)('tedious') as typeof import('tedious');

/** Every statement of an order from its file to its answers, with its values. */
async function statementsOfAnOrder(settings: MssqlSettings): Promise<readonly Asked[]> {
  const seen = new Map<string, Asked>();
  const send = Object.getOwnPropertyDescriptor(MssqlClient.prototype, 'send')!.value as MssqlClient['send'];
  MssqlClient.prototype.send = function (this: MssqlClient, connection, trip) {
    for (const asked of trip) if (/^\s*(select|update|delete|insert)/i.test(asked.sql)) seen.set(asked.sql, asked);
    send.call(this, connection, trip);
  };
  onTestFinished(() => void (MssqlClient.prototype.send = send));
  const { config } = await loadConfig(join(home, 'config', 'gateway.yaml'));
  const now = Date.parse('2026-03-02T15:00:00Z');
  const rehearsal = await openRehearsal(config!, settings, () => now);
  const importing = { db: rehearsal.db, config: config!, now, file: 'x' };
  await importItems(importing, await readFile(join(home, 'samples', 'master', 'items.csv')));
  await importStock(importing, await readFile(join(home, 'samples', 'master', 'stock.csv')));
  seen.clear();
  await rehearsal.give('acme', 'in.edi', await readFile(join(home, 'samples', 'acme', 'happy-path', 'in.edi')));
  await rehearsal.run();
  await rehearsal.db.transaction(async (tx) => {
    await claimDeliveries(tx, 'acme/out', { owner: 'plans', now, leaseMs: 1000, count: 50 });
    await channelsToDeliver(tx, now);
    for (const queue of Object.values(queues)) {
      await renew(tx, queue, 'plans', now + 1000);
      await recover(tx, queue, now - 1000, 3);
      await nextDue(tx, queue);
    }
  });
  await rehearsal.close();
  return [...seen.values()];
}

type Line = Readonly<Record<string, unknown>>;

/** Runs a text on a connection and gives all rows of all its tables, by the names of their columns. */
function rowsOf(connection: Connection, sql: string, values: Asked['values'] = []): Promise<readonly Line[]> {
  return new Promise((resolve, reject) => {
    const rows: Line[] = [];
    const request = new Request(sql, (error) => (error ? reject(error) : resolve(rows)));
    request.on('row', (columns: readonly { readonly metadata: { readonly colName: string }; readonly value: unknown }[]) =>
      rows.push(Object.fromEntries(columns.map(({ metadata, value }) => [metadata.colName, value]))),
    );
    values.forEach((value, index) => bindValue(TYPES, request, `p${index}`, value));
    if (values.length === 0) connection.execSqlBatch(request);
    else connection.execSql(request);
  });
}

/** How a server is asked for plans, and which tables a plan reads whole. */
type Planner = {
  readonly prepare: readonly string[];
  readonly on: string;
  readonly off: string;
  readonly plan: (connection: Connection, asked: Asked) => Promise<readonly Line[]>;
  readonly readWhole: (plan: readonly Line[]) => readonly string[];
};

/** Tables are tiny here, where it would rather read all of them: that is made dear, so that it does so only where there is no index for it. */
const babelfish: Planner = {
  prepare: [`select set_config('enable_seqscan', 'off', false) as made`],
  on: 'set babelfish_showplan_all on',
  off: 'set babelfish_showplan_all off',
  plan: (connection, { sql, values }) => rowsOf(connection, sql, values),
  readWhole: (plan) => plan.flatMap((line) => /Seq Scan on (\w+)/.exec(String(line['QUERY PLAN']))?.[1] ?? []),
};

/**
 * Not tried: written from the documentation of SHOWPLAN_ALL, since there was no SQL Server to try it on. Statements are planned and not run, their values
 * being variables; every table is said to be large, so that reading all of it is dear.
 */
const sqlServer = (schema: string, tables: readonly string[]): Planner => ({
  prepare: tables.map((table) => `update statistics ${schema}.${table} with rowcount = 10000000, pagecount = 1000000`),
  on: 'set showplan_all on',
  off: 'set showplan_all off',
  plan: (connection, { sql, values }) => {
    const typeOf = (value: unknown): string =>
      typeof value === 'number' || typeof value === 'bigint' ? 'bigint' : value instanceof Uint8Array ? 'varbinary(max)' : 'nvarchar(4000)';
    const declared = values.map((value, index) => `@p${index} ${typeOf(value)}`);
    return rowsOf(connection, declared.length === 0 ? sql : `declare ${declared.join(', ')};\n${sql}`);
  },
  readWhole: (plan) =>
    plan.flatMap((line) => {
      if (!/^(Clustered Index|Index|Table) Scan$/.test(String(line['PhysicalOp']))) return [];
      return /OBJECT:\((?:\[[^\]]*\]\.)*?\[\w+\]\.\[(\w+)\](?:\.\[\w+\])?[ )]/.exec(String(line['Argument']))?.[1] ?? String(line['Argument']);
    }),
});

const server = testServer();

describe.skipIf(server === undefined)('SQL Server (needs WHARF_TEST_MSSQL_URL)', () => {
  test('no statement of an order from file to answers reads a whole table that grows', { timeout: 300_000 }, async () => {
    const settings = (await freshSettings()) as MssqlSettings;
    const statements = await statementsOfAnOrder(settings);
    const client = new MssqlClient({ client: MssqlClient, connection: connectionOf(settings), pool: { min: 0, max: 1 } });
    const connection = (await client.acquireConnection()) as Connection;
    onTestFinished(async () => {
      await client.releaseConnection(connection);
      await client.destroy();
    });
    const [kind] = await rowsOf(connection, `select cast(serverproperty('babelfish') as int) as babelfish`);
    const schema = settings.schema!;
    const named = await rowsOf(connection, `select t.name from sys.tables t where schema_name(t.schema_id) = '${schema}'`);
    const planner =
      Number(kind?.['babelfish'] ?? 0) === 1
        ? babelfish
        : sqlServer(
            schema,
            named.map(({ name }) => String(name)),
          );
    for (const sql of planner.prepare) await rowsOf(connection, sql);
    await rowsOf(connection, planner.on);
    const whole: string[] = [];
    for (const asked of statements) {
      const plan = await planner.plan(connection, asked);
      expect(plan.length, asked.sql).toBeGreaterThan(0);
      for (const table of planner.readWhole(plan)) if (!SMALL.has(table)) whole.push(`${table}: ${asked.sql.replace(/\s+/g, ' ').slice(0, 200)}`);
    }
    // What has no index is seen.
    const idle = await planner.plan(connection, { ...statements[0]!, sql: `select id from ${schema}.document where detail = @p0`, values: ['x'] });
    expect(planner.readWhole(idle)).toEqual(['document']);
    await rowsOf(connection, planner.off);
    expect(statements.length).toBeGreaterThan(40);
    expect(whole).toEqual([]);
  });
});
