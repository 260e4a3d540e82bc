import MssqlDialectClient from 'knex/lib/dialects/mssql/index.js';
import { createRequire } from 'node:module';
import type { Connection, Request } from 'tedious';
import type { Row, SqlValue } from './transaction.ts';

type Tedious = typeof import('tedious');
type Column = { readonly metadata: { readonly colName: string; readonly type: { readonly name: string } }; readonly value: unknown };
type Query = { readonly sql: string; readonly bindings?: readonly SqlValue[]; response?: readonly Column[][]; changes?: number };

/** tedious takes a fifth of a second to load and is needed only where SQL Server is used. */
let tedious: Tedious | undefined;
function driver(): Tedious {
  tedious ??= createRequire(import.meta.url)('tedious') as Tedious;
  return tedious;
}

/**
 * knex's client for SQL Server, put right in four places: requests wait in a queue of their own connection (knex has one queue for all, which moves
 * statements out of their transaction), whole numbers are always bigint and texts always nvarchar of one of two lengths (one plan for each statement),
 * bigints come back exact, and the number of changed rows is the protocol's own, so that no column name matters.
 */
export class MssqlClient extends MssqlDialectClient {
  readonly queues = new WeakMap<Connection, Request[]>();

  override _driver(): unknown {
    return driver();
  }

  override async acquireRawConnection(): Promise<unknown> {
    const connection = (await super.acquireRawConnection()) as Connection;
    // What waits for a connection that ended would wait for ever.
    connection.once('end', () => {
      for (const request of this.queues.get(connection)?.splice(0) ?? []) request.callback(lost());
    });
    await executeBatch(connection, 'set xact_abort on; set nocount off; set lock_timeout 10000');
    return connection;
  }

  _chomp(connection: Connection): void {
    const queue = this.queues.get(connection);
    if (!queue || queue.length === 0 || stateOf(connection) !== 'LoggedIn') return;
    connection.execSql(queue.shift()!);
  }

  _enqueueRequest(request: Request, connection: Connection): void {
    if (stateOf(connection) === 'Final') {
      request.callback(lost());
      return;
    }
    const queue = this.queues.get(connection) ?? [];
    this.queues.set(connection, queue);
    queue.push(request);
    this._chomp(connection);
  }

  _query(connection: Connection, query: Query): Promise<Query> {
    return new Promise((resolve, reject) => {
      const rows: Column[][] = [];
      const request = new (driver().Request)(query.sql, (error, count) => {
        setImmediate(() => this._chomp(connection));
        if (error) reject(error);
        else resolve(Object.assign(query, { response: rows, changes: count ?? 0 }));
      });
      request.on('row', (columns: Column[]) => rows.push(columns));
      query.bindings?.forEach((value, index) => bind(request, `p${index}`, value));
      this._enqueueRequest(request, connection);
    });
  }
}

/** Runs one statement on a connection. `?` and names are already the engine's own. */
export async function queryMssql(
  client: MssqlClient,
  connection: Connection,
  sql: string,
  values: readonly SqlValue[],
): Promise<{ readonly rows: readonly Row[]; readonly changes: number }> {
  const answer = await client._query(connection, { sql, bindings: values });
  return { rows: (answer.response ?? []).map(toRow), changes: answer.changes ?? 0 };
}

/**
 * Begins, commits or rolls back the transaction of a connection: as a batch of its own rather than by the protocol's transaction request, which not every
 * server of the protocol answers. The server tells the driver of the transaction either way.
 */
export function transactMssql(connection: Connection, act: 'begin' | 'commit' | 'rollback'): Promise<void> {
  if (stateOf(connection) === 'Final') return Promise.reject(lost());
  return executeBatch(connection, `${act} transaction`);
}

function executeBatch(connection: Connection, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.execSqlBatch(new (driver().Request)(sql, (error) => (error ? reject(error) : resolve())));
  });
}

function stateOf(connection: Connection): string {
  return (connection as unknown as { readonly state: { readonly name: string } }).state.name;
}

function lost(): Error {
  return Object.assign(new Error('the connection to SQL Server was lost'), { code: 'ECONNCLOSED' });
}

function bind(request: Request, name: string, value: SqlValue): void {
  const { TYPES } = driver();
  if (value === null) request.addParameter(name, TYPES.NVarChar, null, { length: 4000 });
  else if (typeof value === 'string') request.addParameter(name, TYPES.NVarChar, value, value.length <= 4000 ? { length: 4000 } : {});
  else if (typeof value === 'bigint') request.addParameter(name, TYPES.BigInt, value);
  else if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`only whole numbers go to the database, not ${value}`);
    request.addParameter(name, TYPES.BigInt, value);
  } else request.addParameter(name, TYPES.VarBinary, Buffer.from(value.buffer, value.byteOffset, value.byteLength), { length: 'max' as unknown as number });
}

function toRow(columns: readonly Column[]): Row {
  const row: Record<string, unknown> = {};
  for (const { metadata, value } of columns) row[metadata.colName] = typeof value === 'string' && isBigInt(metadata.type.name) ? exact(value) : value;
  return row;
}

/** tedious gives bigints as text; a nullable bigint has the type of all nullable whole numbers. */
function isBigInt(type: string): boolean {
  return type === 'BigInt' || type === 'IntN';
}

function exact(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}
