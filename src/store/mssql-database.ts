import type { Connection } from 'tedious';
import { WharfError } from '../errors.ts';
import { makeTranslator, mssqlDialect } from './dialect.ts';
import { isTransient, isUniqueViolation } from './failure.ts';
import { insertManyStatements, insertStatement } from './insert.ts';
import { MssqlClient, queryMssql, transactMssql } from './mssql-client.ts';
import type { Database, SqlValue, Tx } from './transaction.ts';

export type MssqlSettings = {
  readonly type: 'mssql';
  readonly server: string;
  readonly port?: number;
  readonly database: string;
  /** Where Wharf's tables stand; `wharf` unless told otherwise. */
  readonly schema?: string;
  readonly user?: string;
  readonly password?: string;
  /** On unless switched off. */
  readonly encrypt?: boolean;
  readonly trustServerCertificate?: boolean;
  /** Most connections of this process. */
  readonly connections?: number;
};

/** Six tries in all; a rival's row that was not there when we looked is seen at the second. */
const TRIES = { transient: 6, unique: 2 };
/** SQL Server takes 2,100 values a statement, some of which the driver uses, and 1,000 rows. */
const MOST = { values: 2_000, rows: 1_000 };

/**
 * Opens a database on SQL Server. A transaction that fails for a reason that goes away (deadlock, lost connection, failover) is run again from its start,
 * with growing random pauses. That includes a commit whose answer was lost: what a transaction inserts must carry a unique key of its own.
 */
export async function openMssqlDatabase(settings: MssqlSettings): Promise<Database> {
  const client = clientOf(settings);
  const dialect = mssqlDialect(settings.schema ?? 'wharf');
  const translate = makeTranslator(dialect);
  const withConnection = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = (await client.acquireConnection()) as Connection;
    try {
      return await work(connection);
    } finally {
      await client.releaseConnection(connection);
    }
  };
  const txOf = (connection: Connection): Tx => makeTx((sql, values) => queryMssql(client, connection, translate(sql), values), dialect.limit);
  return {
    engine: 'mssql',
    transaction: (work) => retried(() => withConnection((connection) => transact(connection, () => work(txOf(connection))))),
    read: (work) => retried(() => withConnection((connection) => work(txOf(connection)))),
    close: () => client.destroy(),
  };
}

function clientOf(settings: MssqlSettings): MssqlClient {
  const { server, port = 1433, database, user, password, encrypt = true, trustServerCertificate = false } = settings;
  const options = { trustServerCertificate, useUTC: true, appName: 'wharf', abortTransactionOnError: true };
  const connection = { server, port, database, user, password, encrypt, requestTimeout: 60_000, options };
  return new MssqlClient({ client: MssqlClient, connection, pool: { min: 0, max: settings.connections ?? 10 } });
}

async function transact<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  await transactMssql(connection, 'begin');
  try {
    const value = await work();
    await transactMssql(connection, 'commit');
    return value;
  } catch (error) {
    // The server may have rolled back already, or be gone; what matters is the first error.
    await transactMssql(connection, 'rollback').catch(() => undefined);
    throw error;
  }
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      const tries = isTransient(error) ? TRIES.transient : isUniqueViolation(error) ? TRIES.unique : 1;
      if (failures >= tries) throw isTransient(error) ? unavailable(error) : error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(5_000, 50 * 2 ** failures)));
    }
  }
}

function unavailable(error: unknown): WharfError {
  return new WharfError('DATABASE_UNAVAILABLE', error instanceof Error ? error.message : String(error), { cause: error });
}

function makeTx(query: (sql: string, values: readonly SqlValue[]) => ReturnType<typeof queryMssql>, limit: Tx['limit']): Tx {
  return {
    many: async (sql, values = []) => (await query(sql, values)).rows,
    one: async (sql, values = []) => (await query(sql, values)).rows[0],
    run: async (sql, values = []) => {
      const counted = /^\s*(update|insert|delete)\b/i.test(sql);
      if (!counted) return (await query(sql, values)).changes;
      // Asked for by name: not every server of the protocol counts rows in its answer.
      return Number((await query(`${sql}; select @@rowcount as changes`, values)).rows[0]?.['changes']);
    },
    insert: async (table, row) => {
      const { sql, values } = insertStatement(table, row, 'output inserted.id as id');
      return Number((await query(sql, values)).rows[0]?.['id']);
    },
    insertMany: async (table, rows) => {
      for (const { sql, values } of insertManyStatements(table, rows, MOST)) await query(sql, values);
    },
    limit,
  };
}
