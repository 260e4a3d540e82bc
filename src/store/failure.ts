/** What the errors of both engines mean. Everything else in Wharf asks these functions and knows no engine's numbers. */

type EngineError = { readonly message?: unknown; readonly errcode?: unknown; readonly number?: unknown; readonly code?: unknown; readonly cause?: unknown };

/** SQLite: SQLITE_CONSTRAINT_UNIQUE and _PRIMARYKEY. SQL Server: violation of a unique constraint and of a unique index. */
const UNIQUE = { sqlite: new Set([2067, 1555]), mssql: new Set([2627, 2601]) };

/** Other servers of the same protocol give some errors this number and SQL Server's words. */
const UNNUMBERED = 50_000;
const TOLD = /Violation of (UNIQUE|PRIMARY) KEY constraint/i;

/** SQLite: busy, and what a disk that is full or fails gives (SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN): the low byte of the extended code. */
const BUSY = 5;
const DISK = new Set([10, 13, 14]);

/** SQL Server and Azure SQL: what goes away by itself. */
const TRANSIENT = new Map<number, string>([
  [1205, 'deadlock victim'],
  [1222, 'lock request timed out'],
  [1204, 'no locks left'],
  [3960, 'snapshot update conflict'],
  [4060, 'database cannot be opened'],
  [233, 'connection closed by the server'],
  [10928, 'resource limit'],
  [10929, 'resource limit'],
  [40197, 'service error'],
  [40501, 'service busy'],
  [40613, 'database not available'],
  [49918, 'not enough resources'],
  [49919, 'not enough resources'],
  [49920, 'too busy'],
]);

/** Lost or refused connections, as Node and tedious name them. */
const CONNECTION = new Set([
  'ESOCKET',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNCLOSED',
  'EPIPE',
  'ETIMEDOUT',
  'ETIMEOUT',
  'EINVALIDSTATE',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Whether a statement failed because a row with the same key is there. */
export function isUniqueViolation(error: unknown): boolean {
  return some(
    error,
    ({ errcode, number, message }) =>
      UNIQUE.sqlite.has(Number(errcode)) || UNIQUE.mssql.has(Number(number)) || (number === UNNUMBERED && TOLD.test(String(message))),
  );
}

/** Whether the same transaction may succeed when it is run again: the world failed, not the statement. */
export function isTransient(error: unknown): boolean {
  return some(error, ({ errcode, number, code }) => isBusyOrDisk(errcode) || TRANSIENT.has(Number(number)) || CONNECTION.has(String(code)));
}

function isBusyOrDisk(errcode: unknown): boolean {
  if (typeof errcode !== 'number') return false;
  const kind = errcode & 0xff;
  return kind === BUSY || DISK.has(kind);
}

/** Whether another connection held the SQLite database. */
export function isBusy(error: unknown): boolean {
  return some(error, ({ errcode }) => typeof errcode === 'number' && (errcode & 0xff) === BUSY);
}

function some(error: unknown, test: (error: EngineError) => boolean): boolean {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth += 1) {
    if (test(current)) return true;
    current = (current as EngineError).cause;
  }
  return false;
}
