import MssqlDialectClient from 'knex/lib/dialects/mssql/index.js';
import { createRequire } from 'node:module';
import type { Connection, Request } from 'tedious';
import { bindValue, toRow, type Column } from './mssql-values.ts';
import type { Row, SqlValue } from './transaction.ts';

type Tedious = typeof import('tedious');
/** A batch is sent as a text and has no values. */
type Waiting = { readonly request: Request; readonly batch: boolean };

/** tedious takes a fifth of a second to load and is needed only where SQL Server is used. */
let tedious: Tedious | undefined;
function driver(): Tedious {
  tedious ??= createRequire(import.meta.url)('tedious') as Tedious;
  return tedious;
}

/** Errors stop the transaction they happen in; a statement that waits for a lock gives up before its deadline. */
const SESSION = 'set xact_abort on; set nocount off; set lock_timeout 10000; set implicit_transactions off';

/**
 * knex's client for SQL Server, put right in four places: requests wait in a queue of their own connection (knex has one queue for all, which moves
 * statements out of their transaction), whole numbers are always bigint and texts always nvarchar of one of two lengths (one plan for each statement),
 * bigints come back exact, and the number of changed rows is asked for by name, so that no server's way of counting matters.
 */
export class MssqlClient extends MssqlDialectClient {
  readonly queues = new WeakMap<Connection, Waiting[]>();

  override _driver(): unknown {
    return driver();
  }

  override async acquireRawConnection(): Promise<unknown> {
    const connection = await connect(new (driver().Connection)(this._generateConnection()));
    // What waits for a connection that ended would wait for ever.
    connection.once('end', () => this.abandon(connection));
    await this.batch(connection, SESSION);
    return connection;
  }

  override validateConnection(connection: unknown): boolean {
    return stateOf(connection as Connection) === 'LoggedIn';
  }

  /** knex waits for the end of a connection, which one that has ended already does not tell again. */
  override destroyRawConnection(connection: unknown): Promise<void> {
    return stateOf(connection as Connection) === 'Final' ? Promise.resolve() : super.destroyRawConnection(connection);
  }

  /** Runs a text without values. */
  batch(connection: Connection, sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = new (driver().Request)(sql, (error) => {
        setImmediate(() => this.next(connection));
        if (error) reject(error);
        else resolve();
      });
      this.enqueue(connection, { request, batch: true });
    });
  }

  /** Runs one statement. `?` and names are already the engine's own. */
  query(connection: Connection, sql: string, values: readonly SqlValue[]): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      const rows: Row[] = [];
      const request = new (driver().Request)(sql, (error) => {
        setImmediate(() => this.next(connection));
        if (error) reject(error);
        else resolve(rows);
      });
      request.on('row', (columns: readonly Column[]) => rows.push(toRow(columns)));
      values.forEach((value, index) => bindValue(driver().TYPES, request, `p${index}`, value));
      this.enqueue(connection, { request, batch: false });
    });
  }

  /** Fails what waits for a connection and was not sent. */
  abandon(connection: Connection): void {
    for (const { request } of this.queues.get(connection)?.splice(0) ?? []) request.callback(lost());
  }

  private enqueue(connection: Connection, waiting: Waiting): void {
    if (stateOf(connection) === 'Final') {
      waiting.request.callback(lost());
      return;
    }
    const queue = this.queues.get(connection) ?? [];
    this.queues.set(connection, queue);
    queue.push(waiting);
    this.next(connection);
  }

  private next(connection: Connection): void {
    const queue = this.queues.get(connection);
    if (!queue || queue.length === 0 || stateOf(connection) !== 'LoggedIn') return;
    const { request, batch } = queue.shift()!;
    if (batch) connection.execSqlBatch(request);
    else connection.execSql(request);
  }
}

/** Opens a connection. What the server says of a login that it refuses keeps its number, which the driver drops. */
function connect(connection: Connection): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let told: number | undefined;
    connection.on('errorMessage', ({ number }: { readonly number: number }) => (told ??= number));
    // An error without a listener would end the process; the request in hand is told of it by itself.
    connection.on('error', () => undefined);
    connection.connect((error) => {
      if (!error) return resolve(connection);
      connection.close();
      reject(told === undefined ? error : Object.assign(error, { number: told }));
    });
  });
}

function stateOf(connection: Connection): string {
  return (connection as unknown as { readonly state: { readonly name: string } }).state.name;
}

function lost(): Error {
  return Object.assign(new Error('the connection to SQL Server was lost'), { code: 'ECONNCLOSED' });
}
