import type { Connection } from 'tedious';
import { withAppend } from './append.ts';
import { makeTranslator, mssqlDialect } from './dialect.ts';
import { isConnectionLost, isTransient, isUniqueViolation, toldAs } from './failure.ts';
import { insertManyStatements, insertStatement } from './insert.ts';
import { MssqlClient } from './mssql-client.ts';
import { commitMarked, newMark, wasCommitted } from './mssql-commit.ts';
import { connectionOf, type MssqlSettings } from './mssql-login.ts';
import { MOST_VALUES } from './mssql-trip.ts';
import { makeNesting, whileOpen } from './open-tx.ts';
import type { Database, Row, SqlValue, Tx } from './transaction.ts';

/** Six tries in all; a rival's row that was not there when we looked is seen at the second. */
const TRIES = { transient: 6, unique: 2 };
/** SQL Server takes 1,000 rows a statement. */
const MOST = { values: MOST_VALUES, rows: 1_000 };

/**
 * Opens a database on SQL Server; the first statement connects. A transaction that fails for a reason that goes away (deadlock, lost connection, failover)
 * is run again from its start, with growing random pauses. When the answer to a commit is lost, its mark tells whether it took effect: what a transaction
 * did is never done twice.
 */
export function openMssqlDatabase(settings: MssqlSettings): Database {
  const most = settings.connections ?? 10;
  const looking = Math.max(1, Math.floor(most / 4));
  const [reader, writer] = [clientOf(settings, looking, false), clientOf(settings, Math.max(1, most - looking), true)];
  const dialect = mssqlDialect(settings.schema ?? 'wharf');
  const translate = makeTranslator(dialect);
  const marks = dialect.nameOf('commit_mark');
  const nesting = makeNesting();
  const within = <T>(client: MssqlClient, connection: Connection, work: (tx: Tx) => Promise<T>, wrote: () => void): Promise<T> =>
    whileOpen(connection, async (live) => {
      const statements = makeStatements(client, live, translate);
      const value = await withAppend(engineOf(statements, dialect.limit, wrote), work);
      await statements.flush();
      return value;
    });
  return {
    engine: 'mssql',
    transaction: async <T>(work: (tx: Tx) => Promise<T>) => {
      nesting.refuse();
      const attempt = (): Promise<Outcome<T>> =>
        withConnection(writer, (connection) => transact(writer, connection, marks, (wrote) => nesting.enter(() => within(writer, connection, work, wrote))));
      return retried(() => decided(attempt, (mark) => withConnection(reader, (connection) => wasCommitted(reader, connection, marks, mark))));
    },
    read: (work) => retried(() => withConnection(reader, (connection) => within(reader, connection, work, () => undefined))),
    close: async () => {
      await Promise.all([reader.destroy(), writer.destroy()]);
    },
  };
}

async function withConnection<T>(client: MssqlClient, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = (await client.acquireConnection()) as Connection;
  try {
    return await work(connection);
  } finally {
    await client.releaseConnection(connection);
  }
}

function clientOf(settings: MssqlSettings, most: number, implicit: boolean): MssqlClient {
  const silent = (): void => undefined;
  const log = { warn: silent, error: silent, debug: silent, deprecate: silent };
  return new MssqlClient({ client: MssqlClient, connection: connectionOf(settings), pool: { min: 0, max: most }, log }, implicit);
}

/** What work gave, and its mark where the answer to its commit was lost, so that nobody here knows whether it took effect. */
type Outcome<T> = { readonly value: T; readonly unknown?: string };

async function transact<T>(client: MssqlClient, connection: Connection, marks: string, work: (wrote: () => void) => Promise<T>): Promise<Outcome<T>> {
  let wrote = false;
  let value: T;
  try {
    value = await work(() => (wrote = true));
  } catch (error) {
    await rollBack(client, connection);
    throw error;
  }
  const mark = wrote ? newMark() : undefined;
  try {
    if (mark === undefined) await client.batch(connection, 'if @@trancount > 0 commit transaction');
    else await commitMarked(client, connection, marks, mark);
    return { value };
  } catch (error) {
    await rollBack(client, connection);
    if (mark === undefined || !isConnectionLost(error)) throw error;
    return { value, unknown: mark };
  }
}

/** The server may have rolled back already, or be gone. A connection that does not answer is closed: whoever got it next would write into this transaction. */
async function rollBack(client: MssqlClient, connection: Connection): Promise<void> {
  client.abandon(connection);
  await client.batch(connection, 'if @@trancount > 0 rollback transaction').catch(() => connection.close());
}

/** The value of an attempt that is known to be committed; an attempt that is known not to be is made again. */
async function decided<T>(attempt: () => Promise<Outcome<T>>, ask: (mark: string) => Promise<boolean>): Promise<T> {
  for (;;) {
    const { value, unknown } = await attempt();
    if (unknown === undefined || (await retried(() => ask(unknown), Infinity))) return value;
  }
}

async function retried<T>(attempt: () => Promise<T>, most = TRIES.transient): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      const tries = isTransient(error) ? most : isUniqueViolation(error) ? TRIES.unique : 1;
      if (failures >= tries) throw toldAs(error);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(5_000, 50 * 2 ** Math.min(failures, 20))));
    }
  }
}

/** The statements of one transaction, in their order. */
type Statements = {
  readonly ask: (sql: string, values: readonly SqlValue[]) => Promise<readonly Row[]>;
  /** For what gives nothing: it goes with the next that is asked, whose answer tells its error. */
  readonly hold: (sql: string, values: readonly SqlValue[]) => void;
  /** A change of the schema. */
  readonly alone: (sql: string) => Promise<void>;
  /** Ends them. @throws what the first of them that failed told, although somebody went on: the server has undone all by then. */
  readonly flush: () => Promise<void>;
};

function makeStatements(client: MssqlClient, live: () => Connection, translate: (sql: string) => string): Statements {
  let failure: { readonly error: unknown } | undefined;
  let held: Promise<unknown>[] = [];
  const watched = async <T>(work: () => Promise<T>): Promise<T> => {
    if (failure) throw failure.error;
    try {
      return await work();
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
  return {
    ask: (sql, values) => watched(() => client.query(live(), translate(sql), values)),
    hold: (sql, values) => {
      const connection = live();
      const going = watched(() => client.hold(connection, translate(sql), values));
      going.catch(() => undefined);
      held.push(going);
    },
    alone: (sql) => watched(() => client.batch(live(), translate(sql))),
    flush: async () => {
      if (held.length > 0) client.flush(live());
      await Promise.all(held.splice(0));
      if (failure) throw failure.error;
    },
  };
}

function engineOf({ ask, hold, alone }: Statements, limit: Tx['limit'], wrote: () => void): Omit<Tx, 'append'> {
  return {
    many: (sql, values = []) => ask(sql, values),
    one: async (sql, values = []) => (await ask(sql, values))[0],
    run: async (sql, values = []) => {
      wrote();
      if (!/^\s*(update|insert|delete)\b/i.test(sql)) return alone(sql).then(() => 0);
      // Asked for by name: not every server of the protocol counts rows in its answer.
      return Number((await ask(`${sql}; select @@rowcount as changes`, values))[0]?.['changes']);
    },
    insert: async (table, row) => {
      wrote();
      const { sql, values } = insertStatement(table, row, 'output inserted.id as id');
      return Number((await ask(sql, values))[0]?.['id']);
    },
    insertMany: async (table, rows) => {
      wrote();
      for (const { sql, values } of insertManyStatements(table, rows, MOST)) hold(sql, values);
    },
    limit,
  };
}
