import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { failPoint } from '../fail-point.ts';
import { WharfError } from '../errors.ts';
import { withAppend } from './append.ts';
import { makeTranslator, sqliteDialect } from './dialect.ts';
import { isBusy } from './failure.ts';
import { insertManyStatements, insertStatement } from './insert.ts';
import { makeNesting, type Nesting, whileOpen } from './open-tx.ts';
import { connectSqlite, type SqliteConnection } from './sqlite-client.ts';
import { guardFiles } from './sqlite-files.ts';
import { makeReaders } from './sqlite-readers.ts';
import { checkpointAtRest, type Rest } from './sqlite-rest.ts';
import type { Database, Tx } from './transaction.ts';
import { inSizes } from './values.ts';

type Job = {
  readonly work: (tx: Tx) => Promise<unknown>;
  readonly soon: (() => void) | undefined;
  readonly done: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
};
/** How long the last commit took, in milliseconds. */
type Pace = { commit: number };
type Outcome = { readonly job: Job; readonly value?: unknown; readonly error?: unknown };

/**
 * Transactions that wait together are synced together: at most so many, and none is added after so long, or after some times as long as the last commit
 * took: on a slow disk waiting for others costs less than a commit of one's own.
 */
const GROUP = { jobs: 50, milliseconds: 30, commits: 5, longest: 150 };
/** Values in one statement: SQLite takes 32,766. */
const MOST = { values: 10_000, rows: 64 };
const READERS = 4;
/** Rows that this connection changed since it was opened, and what SQLite counts of the commits of others. */
const STORED = 'select total_changes() as own, data_version as others from pragma_data_version';
const translate = makeTranslator(sqliteDialect);

/**
 * Opens the embedded database, made with its folder where it is not there yet. One connection writes, others read.
 *
 * Transactions run one after the other in the order in which they were asked for. Those that are waiting when the writer is free share one
 * commit, each in a savepoint of its own: one that fails takes back only its own changes, and none is answered before all are on disk.
 * A transaction that waits for anything but the database holds up every other writer: files are read and servers are asked outside.
 */
export function openSqliteDatabase(file: string): Database {
  mkdirSync(dirname(file), { recursive: true });
  // For its account alone from the first byte; SQLite gives its log the same mode.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  const writer = guardFiles(file, connectSqlite(file));
  const readers = makeReaders(file, READERS);
  const inside = makeNesting();
  const rest = checkpointAtRest(writer);
  const transaction = makeQueue(writer, inside, rest);
  return {
    engine: 'sqlite',
    transaction,
    read: (work) => readers.use((connection) => readWith(connection, work)),
    stored: () => Object.values(writer.rows(STORED, [])[0]!).join(),
    close: async () => {
      rest.end();
      await readers.close();
      writer.close();
    },
  };
}

async function readWith<T>(connection: SqliteConnection, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    connection.exec('begin');
    return await withTx(connection, work);
  } finally {
    if (connection.inTransaction()) connection.exec('rollback');
  }
}

function makeQueue(writer: SqliteConnection, inside: Nesting, rest: Rest): Database['transaction'] {
  const waiting: Job[] = [];
  const pace: Pace = { commit: 0 };
  let busy = false;
  const drain = async (): Promise<void> => {
    busy = true;
    rest.end();
    try {
      while (waiting.length > 0) {
        await runGroup(writer, waiting, pace);
        await turnOfOthers();
      }
    } finally {
      busy = false;
      rest.begin();
    }
  };
  return async <T>(work: (tx: Tx) => Promise<T>, soon?: () => void) => {
    inside.refuse();
    return new Promise<T>((resolve, reject) => {
      waiting.push({ work: (tx) => inside.enter(() => work(tx)), soon, done: resolve as (value: unknown) => void, failed: reject });
      if (!busy) void inside.exit(drain);
    });
  };
}

async function runGroup(writer: SqliteConnection, waiting: Job[], pace: Pace): Promise<void> {
  const outcomes: Outcome[] = [];
  try {
    failPoint('store.beginning');
    await begin(writer);
  } catch (error) {
    for (const job of waiting.splice(0)) job.failed(error);
    return;
  }
  const until = performance.now() + Math.min(GROUP.longest, Math.max(GROUP.milliseconds, GROUP.commits * pace.commit));
  let told = false;
  while (waiting.length > 0 && outcomes.length < GROUP.jobs && writer.inTransaction()) {
    if (outcomes.length > 0 && performance.now() > until) break;
    const outcome = await runJob(writer, waiting.shift()!);
    outcomes.push(outcome);
    if ('error' in outcome || !outcome.job.soon) continue;
    outcome.job.soon();
    if (waiting.length > 0 || told) continue;
    // Whoever was told asks for its transaction meanwhile. Once: what is done is not to wait for all that follows from it.
    told = true;
    await turnOfOthers();
  }
  let failure: { readonly error: unknown } | undefined;
  try {
    failPoint('store.committing');
    const committing = performance.now();
    if (writer.inTransaction()) writer.exec('commit');
    else failure = { error: outcomes.at(-1)?.error };
    pace.commit = performance.now() - committing;
    failPoint('store.committed');
  } catch (error) {
    failure = { error };
    if (writer.inTransaction()) writer.exec('rollback');
  }
  for (const outcome of outcomes) {
    if (failure) outcome.job.failed('error' in outcome ? outcome.error : failure.error);
    else if ('error' in outcome) outcome.job.failed(outcome.error);
    else outcome.job.done(outcome.value);
  }
}

/** Lets everything else in the process have its turn: all here answers at once, so that otherwise files and timers would wait until nothing is to be stored. */
function turnOfOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function runJob(writer: SqliteConnection, job: Job): Promise<Outcome> {
  try {
    writer.exec('savepoint job');
    const value = await withTx(writer, job.work);
    writer.exec('release job');
    return { job, value };
  } catch (error) {
    takeBack(writer);
    return { job, error };
  }
}

/** Takes a job's work back, or that of the whole group where a disk that fails does not let go of a part: each of them is told, and none is half done. */
function takeBack(writer: SqliteConnection): void {
  if (!writer.inTransaction()) return;
  try {
    writer.exec('rollback to job; release job');
  } catch {
    if (writer.inTransaction()) writer.exec('rollback');
  }
}

/** Another process, such as an import at the command line, may be writing: waits for it up to half a minute. */
async function begin(writer: SqliteConnection): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    try {
      writer.exec('begin immediate');
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > until)
        throw new WharfError('DATABASE_UNAVAILABLE', 'another process has been writing to the database for 30 seconds', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20));
    }
  }
}

function withTx<T>(connection: SqliteConnection, work: (tx: Tx) => Promise<T>): Promise<T> {
  return whileOpen(connection, (live) => withAppend(engineOf(live), work));
}

function engineOf(live: () => SqliteConnection): Omit<Tx, 'append'> {
  return {
    many: async (sql, values = []) => live().rows(translate(sql), values),
    one: async (sql, values = []) => live().rows(translate(sql), values)[0],
    run: async (sql, values = []) => live().run(translate(sql), values).changes,
    insert: async (table, row) => {
      const { sql, values } = insertStatement(table, row);
      return live().run(translate(sql), values).lastId;
    },
    insertMany: async (table, rows) => {
      for (const part of inSizes(rows)) for (const { sql, values } of insertManyStatements(table, part, MOST)) live().run(translate(sql), values);
    },
    limit: sqliteDialect.limit,
  };
}
