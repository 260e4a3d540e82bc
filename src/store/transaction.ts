/** A value that SQL takes. Instants are milliseconds since 1970 in UTC, quantities and money are millionths (decimal.ts), booleans 0 or 1. */
export type SqlValue = string | number | bigint | Uint8Array | null;
export type Row = Readonly<Record<string, unknown>>;

/**
 * One database transaction, the only way to write. SQL is written once for all engines: `?` for values and `{name}` for a table or view of Wharf,
 * which becomes `wharf.name` on SQL Server. What engines say differently has a function here or in `dialect.ts`.
 */
export type Tx = {
  readonly many: (sql: string, values?: readonly SqlValue[]) => Promise<readonly Row[]>;
  readonly one: (sql: string, values?: readonly SqlValue[]) => Promise<Row | undefined>;
  /** Gives the number of rows changed. */
  readonly run: (sql: string, values?: readonly SqlValue[]) => Promise<number>;
  /** Gives the id of the new row. @throws a unique violation, told by `isUniqueViolation`. */
  readonly insert: (table: string, row: Readonly<Record<string, SqlValue | undefined>>) => Promise<number>;
  /** Many rows into one table, without their ids, in as few statements as the engine allows. */
  readonly insertMany: (table: string, rows: readonly Readonly<Record<string, SqlValue | undefined>>[]) => Promise<void>;
  /**
   * Rows that nothing reads before the transaction is over, such as those of the timeline: stored at its end, all of a table together, so that they
   * cost few statements.
   */
  readonly append: (table: string, row: Readonly<Record<string, SqlValue | undefined>>) => void;
  /** The text that ends a select after its `order by` so that it gives at most `count` rows. */
  readonly limit: (count: number) => string;
};

export type Database = {
  readonly engine: 'sqlite' | 'mssql';
  /**
   * Runs `work` in one transaction: all of it is committed and on disk, or nothing is. Transient failures are tried again.
   * `soon` is called on the embedded database when the work is done and not yet committed: transactions asked for by then see it, and share its commit or
   * its failure. It only makes things quicker; a server never calls it.
   */
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>, soon?: () => void) => Promise<T>;
  /** Runs `work` on a connection that only reads. */
  readonly read: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /**
   * A mark that is another one after anything was stored, by whichever process: also what is not yet committed, and what was taken back. Where it is the
   * same as before, a transaction would see what it saw before. Absent where it would have to be asked for over a network.
   */
  readonly stored?: () => string;
  readonly close: () => Promise<void>;
};
