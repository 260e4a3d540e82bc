import { WharfError } from '../errors.ts';
import { type MssqlFault, mssqlFaults } from './mssql-errors.ts';

/** What the errors of both engines mean. Everything else in Wharf asks these functions and knows no engine's numbers. */

type EngineError = {
  readonly message?: unknown;
  readonly errcode?: unknown;
  readonly number?: unknown;
  readonly code?: unknown;
  readonly name?: unknown;
  readonly cause?: unknown;
};

/** SQLite: SQLITE_CONSTRAINT_UNIQUE and _PRIMARYKEY. SQL Server: violation of a unique constraint and of a unique index. */
const UNIQUE = { sqlite: new Set([2067, 1555]), mssql: new Set([2627, 2601]) };

/** Other servers of the same protocol give some errors this number and SQL Server's words, or numbers and words of their own. */
const UNNUMBERED = 50_000;
const TOLD = /Violation of (UNIQUE|PRIMARY) KEY constraint/i;
const DENIED = /^permission denied for /i;
const WAITED = /due to lock timeout|could not serialize access/i;

/** SQLite: busy, and what a disk that is full or fails gives (SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN): the low byte of the extended code. */
const BUSY = 5;
const DISK = new Set([10, 13, 14]);

/** Lost or refused connections, as Node and tedious name them. */
const CONNECTION = new Set([
  'ESOCKET',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNCLOSED',
  'ECLOSE',
  'EPIPE',
  'ETIMEDOUT',
  'ETIMEOUT',
  'EINVALIDSTATE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** What the driver calls a server that does not encrypt although it should. */
const UNENCRYPTED = 'EENCRYPT';

/** What the driver calls a login that the server refuses, and how servers say that it was for the database. */
const REFUSED = 'ELOGIN';
const NO_DATABASE = /database .* does not exist|Cannot open database|database system is (starting up|shutting down|in recovery)/i;

/** What knex calls having waited too long for a connection of its own. */
const NO_CONNECTION = 'KnexTimeoutError';

/** SQLite: what a file gives that is no database, or not a whole one (SQLITE_CORRUPT, SQLITE_NOTADB). */
const DAMAGE = new Set([11, 26]);

/** Whether SQLite found its file damaged. A read that fails may look like it, too, and the file is whole when the disk is well again. */
export function isDamage(error: unknown): boolean {
  return some(error, ({ errcode }) => DAMAGE.has(Number(errcode) & 0xff));
}

/** Whether a statement failed because a row with the same key is there. */
export function isUniqueViolation(error: unknown): boolean {
  return some(
    error,
    ({ errcode, number, message }) =>
      UNIQUE.sqlite.has(Number(errcode)) || UNIQUE.mssql.has(Number(number)) || (number === UNNUMBERED && TOLD.test(String(message))),
  );
}

/** Whether the same transaction may succeed when it is run again within moments: the world failed, not the statement. */
export function isTransient(error: unknown): boolean {
  return (
    isConnectionLost(error) ||
    isDamage(error) ||
    some(
      error,
      ({ errcode, number, name, message }) =>
        isBusyOrDisk(errcode) || faultOf(number)?.soon === true || (number !== undefined && WAITED.test(String(message))) || name === NO_CONNECTION,
    )
  );
}

/** Whether the connection ended, so that nobody knows whether the statement in hand took effect. */
export function isConnectionLost(error: unknown): boolean {
  return some(error, ({ code }) => CONNECTION.has(String(code)));
}

/** What a person is told of a failure of the world that did not go away; any other error as it is. */
export function toldAs(error: unknown): unknown {
  if (error instanceof WharfError) return error;
  let fault: MssqlFault | undefined;
  some(error, ({ number }) => (fault = faultOf(number)) !== undefined);
  const message = error instanceof Error ? error.message : String(error);
  if (fault) return new WharfError(fault.code, `${fault.means}: ${message}`, { cause: error });
  if (some(error, ({ number: given, message: words }) => given !== undefined && DENIED.test(String(words))))
    return new WharfError('DATABASE_RIGHTS', message, { cause: error });
  if (some(error, ({ code }) => code === UNENCRYPTED)) return new WharfError('DATABASE_UNAVAILABLE', message, { cause: error });
  // A login that is refused for a reason which other servers of the protocol number differently.
  if (some(error, ({ code }) => code === REFUSED))
    return new WharfError(NO_DATABASE.test(message) ? 'DATABASE_UNAVAILABLE' : 'DATABASE_LOGIN', message, { cause: error });
  return isTransient(error) ? new WharfError('DATABASE_UNAVAILABLE', message, { cause: error }) : error;
}

function faultOf(number: unknown): MssqlFault | undefined {
  return typeof number === 'number' ? mssqlFaults.get(number) : undefined;
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
