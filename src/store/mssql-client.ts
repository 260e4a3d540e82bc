import MssqlDialectClient from 'knex/lib/dialects/mssql/index.js';
import { createRequire } from 'node:module';
import type { Connection } from 'tedious';
import { type Asked, lost, MOST_VALUES, requestOf, takeTrip } from './mssql-trip.ts';
import type { Row, SqlValue } from './transaction.ts';

type Tedious = typeof import('tedious');

/** tedious takes a fifth of a second to load and is needed only where SQL Server is used. */
let tedious: Tedious | undefined;
function driver(): Tedious {
  tedious ??= createRequire(import.meta.url)('tedious') as Tedious;
  return tedious;
}

/** Errors stop the transaction they happen in; a statement that waits for a lock gives up before its deadline. */
const SESSION = 'set xact_abort on; set nocount off; set lock_timeout 10000';

/**
 * knex's client for SQL Server, put right in four places: requests wait in a queue of their own connection (knex has one queue for all, which moves
 * statements out of their transaction), whole numbers are always bigint and texts always nvarchar of one of two lengths (one plan for each statement),
 * bigints come back exact, and the number of changed rows is asked for by name, so that no server's way of counting matters.
 */
export class MssqlClient extends MssqlDialectClient {
  readonly queues = new WeakMap<Connection, Asked[]>();
  /** Whether the first statement begins a transaction, which saves the round trip of beginning one. */
  readonly implicit: boolean;

  constructor(config: object, implicit = false) {
    super(config);
    this.implicit = implicit;
  }

  override _driver(): unknown {
    return driver();
  }

  override async acquireRawConnection(): Promise<unknown> {
    const connection = await connect(new (driver().Connection)(this._generateConnection()));
    // What waits for a connection that ended would wait for ever.
    connection.once('end', () => this.abandon(connection));
    await this.batch(connection, `${SESSION}; set implicit_transactions ${this.implicit ? 'on' : 'off'}`);
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
  async batch(connection: Connection, sql: string): Promise<void> {
    await this.ask(connection, { sql, values: [], gives: 'alone' });
  }

  /**
   * Runs one statement. `?` and names are already the engine's own. Statements that are asked for at once go in one round trip, one after the other; when one
   * fails so do all that wait behind it: its transaction is over.
   */
  query(connection: Connection, sql: string, values: readonly SqlValue[], gives: Asked['gives'] = 'rows'): Promise<readonly Row[]> {
    return this.ask(connection, { sql, values, gives });
  }

  /** Has a statement that gives nothing go with the next that is asked for, or when there is as much as a trip takes. */
  hold(connection: Connection, sql: string, values: readonly SqlValue[]): Promise<unknown> {
    return this.ask(connection, { sql, values, gives: 'nothing' }, true);
  }

  /** Has what is held go now. */
  flush(connection: Connection): void {
    setImmediate(() => this.next(connection));
  }

  /** Fails what waits for a connection and was not sent. */
  abandon(connection: Connection, error: unknown = lost()): void {
    for (const { failed } of this.queues.get(connection)?.splice(0) ?? []) failed(error);
  }

  private ask(connection: Connection, what: Pick<Asked, 'sql' | 'values' | 'gives'>, held = false): Promise<readonly Row[]> {
    return new Promise((done, failed) => {
      if (stateOf(connection) === 'Final') return failed(lost());
      const queue = this.queues.get(connection) ?? [];
      this.queues.set(connection, queue);
      queue.push({ ...what, done, failed });
      // Not now: what else is asked for at this moment goes with it.
      if (!held || queue.reduce((sum, { values }) => sum + values.length, 0) > MOST_VALUES) this.flush(connection);
    });
  }

  private next(connection: Connection): void {
    const queue = this.queues.get(connection);
    if (!queue || queue.length === 0 || stateOf(connection) !== 'LoggedIn') return;
    const trip = takeTrip(queue);
    try {
      this.send(connection, trip);
    } catch (error) {
      for (const { failed } of trip) failed(error);
      this.abandon(connection, error);
    }
  }

  /** One round trip. */
  send(connection: Connection, trip: readonly Asked[]): void {
    const request = requestOf(driver(), trip, (error) => {
      if (error !== undefined) this.abandon(connection, error);
      setImmediate(() => this.next(connection));
    });
    if (trip[0]!.gives === 'alone') connection.execSqlBatch(request);
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
