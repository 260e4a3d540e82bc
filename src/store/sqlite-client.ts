import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { WharfError } from '../errors.ts';
import { isDamage } from './failure.ts';
import type { Row, SqlValue } from './transaction.ts';

/** `blank` has each column, so that rows are copies of it: an object that gets twenty members one by one is many times as slow to make and to read. */
type Prepared = { readonly statement: StatementSync; readonly columns: readonly string[]; readonly blank: Row };

/** One open SQLite database. Everything here answers at once: SQLite runs in this process. */
export type SqliteConnection = {
  readonly rows: (sql: string, values: readonly SqlValue[]) => readonly Row[];
  readonly run: (sql: string, values: readonly SqlValue[]) => { readonly changes: number; readonly lastId: number };
  readonly exec: (sql: string) => void;
  /** Whether a transaction is open: some errors of SQLite end it by themselves. */
  readonly inTransaction: () => boolean;
  readonly close: () => void;
};

/** Statements kept prepared. Texts are few; the limit only guards against texts made in a loop. */
const MOST_PREPARED = 500;
const FULL = 2;

/**
 * Opens a database file with the settings that everything relies on: write-ahead log, every commit on disk before it is answered, foreign keys.
 * @throws WharfError DATABASE_UNSAFE when SQLite does not take the setting that syncs every commit, DATABASE_DAMAGED when the file is no whole database.
 */
export function connectSqlite(file: string, readOnly = false): SqliteConnection {
  const database = new DatabaseSync(file, { readOnly, timeout: 250 });
  try {
    return settled(database, file, readOnly);
  } catch (error) {
    database.close();
    if (!isDamage(error)) throw error;
    throw new WharfError('DATABASE_DAMAGED', `${file}: ${(error as Error).message}`, { place: { file }, cause: error });
  }
}

function settled(database: DatabaseSync, file: string, readOnly: boolean): SqliteConnection {
  database.exec('pragma foreign_keys = on; pragma trusted_schema = off; pragma cell_size_check = on; pragma mmap_size = 0');
  if (!readOnly) {
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000');
    // SQLite reports the setting right away but may fall back at the first statement that changes the schema: only then is it worth reading.
    const fresh = database.prepare('select 1 from sqlite_schema limit 1').get() === undefined;
    if (fresh) database.exec('begin immediate; create table probe (value int); drop table probe; commit; pragma synchronous = full');
    requireDurable(database, file);
  }
  const prepared = new Map<string, Prepared>();
  const prepare = (sql: string): Prepared => {
    const known = prepared.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    const columns = statement.columns().map((column) => column.name);
    const blank = JSON.parse(`{${columns.map((column) => `${JSON.stringify(column)}:null`).join(',')}}`) as Row;
    const made = { statement, columns, blank };
    if (prepared.size >= MOST_PREPARED) prepared.clear();
    prepared.set(sql, made);
    return made;
  };
  return {
    rows: (sql, values) => {
      const { statement, columns, blank } = prepare(sql);
      return exactly(statement, values).map((cells) => toRow(columns, blank, cells));
    },
    run: (sql, values) => {
      const { changes, lastInsertRowid } = prepare(sql).statement.run(...values);
      return { changes: Number(changes), lastId: Number(lastInsertRowid) };
    },
    exec: (sql) => database.exec(sql),
    inTransaction: () => database.isTransaction,
    close: () => database.close(),
  };
}

function requireDurable(database: DatabaseSync, file: string): void {
  const level = database.prepare('pragma synchronous').get()?.['synchronous'];
  const mode = database.prepare('pragma journal_mode').get()?.['journal_mode'];
  if (level === FULL && mode === 'wal') return;
  throw new WharfError('DATABASE_UNSAFE', `SQLite runs with synchronous=${String(level)} and journal_mode=${String(mode)}; 2 and wal are needed`, {
    place: { file },
  });
}

/** Whole numbers come as `number` where all of them are exact as that, which is quicker; otherwise the statement is read again with what is beyond as `bigint`. */
function exactly(statement: StatementSync, values: readonly SqlValue[]): readonly (readonly unknown[])[] {
  try {
    return statement.all(...values) as unknown as unknown[][];
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ERR_OUT_OF_RANGE') throw error;
  }
  statement.setReadBigInts(true);
  try {
    const rows = statement.all(...values) as unknown as unknown[][];
    return rows.map((cells) => cells.map((cell) => (typeof cell === 'bigint' && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell)));
  } finally {
    statement.setReadBigInts(false);
  }
}

/** The least whole number of SQLite: the one beyond what is exact that Node does not refuse to give as `number`. */
const LEAST = -(2 ** 63);

function toRow(columns: readonly string[], blank: Row, cells: readonly unknown[]): Row {
  const row: Record<string, unknown> = { ...blank };
  for (let index = 0; index < columns.length; index += 1) row[columns[index]!] = cells[index] === LEAST ? BigInt(LEAST) : cells[index];
  return row;
}
