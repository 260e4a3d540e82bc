import type { ErrorCode } from '../errors.ts';

/** What an error number of SQL Server or Azure SQL means for who asked. */
export type MssqlFault = {
  readonly means: string;
  /** What a person is told when it does not go away at once. */
  readonly code: ErrorCode;
  /** The same transaction may succeed within moments; otherwise only an administrator or time changes it. */
  readonly soon: boolean;
};

const soon = (means: string): MssqlFault => ({ means, code: 'DATABASE_UNAVAILABLE', soon: true });
const until = (code: ErrorCode, means: string): MssqlFault => ({ means, code, soon: false });

/** The error numbers that are about the world and not about a statement. Any other number is a mistake of ours. */
export const mssqlFaults: ReadonlyMap<number, MssqlFault> = new Map([
  [1205, soon('deadlock victim')],
  [1222, soon('lock request timed out')],
  [1204, soon('no locks left')],
  [3960, soon('snapshot update conflict')],
  [3961, soon('snapshot of changed metadata')],
  [233, soon('connection closed by the server')],
  [64, soon('connection lost')],
  [596, soon('session ended by an administrator')],
  [615, soon('database was closed')],
  [6005, soon('server is shutting down')],
  [8645, soon('waited too long for memory')],
  [8651, soon('not enough memory')],
  [10053, soon('connection aborted')],
  [10054, soon('connection reset')],
  [10060, soon('connection timed out')],
  [10928, soon('resource limit')],
  [10929, soon('resource limit')],
  [40143, soon('service error')],
  [40197, soon('service error')],
  [40501, soon('service busy')],
  [40540, soon('service error')],
  [40613, soon('database not available')],
  [49918, soon('not enough resources')],
  [49919, soon('not enough resources')],
  [49920, soon('too busy')],

  [4060, until('DATABASE_UNAVAILABLE', 'the database cannot be opened')],
  [904, until('DATABASE_UNAVAILABLE', 'the database cannot be started')],
  [922, until('DATABASE_UNAVAILABLE', 'the database is being recovered')],
  [942, until('DATABASE_UNAVAILABLE', 'the database is offline')],
  [945, until('DATABASE_UNAVAILABLE', 'files of the database are missing')],
  [976, until('DATABASE_UNAVAILABLE', 'the availability group takes no connections here')],
  [978, until('DATABASE_UNAVAILABLE', 'this replica takes readers only')],
  [983, until('DATABASE_UNAVAILABLE', 'the replica is resolving its role')],
  [3906, until('DATABASE_UNAVAILABLE', 'the database is read-only')],
  [18401, until('DATABASE_UNAVAILABLE', 'the server is in script upgrade mode')],
  [17142, until('DATABASE_UNAVAILABLE', 'the server is paused')],

  [18452, until('DATABASE_LOGIN', 'the login comes from a domain that is not trusted')],
  [18456, until('DATABASE_LOGIN', 'login failed')],
  [18470, until('DATABASE_LOGIN', 'the account is disabled')],
  [18486, until('DATABASE_LOGIN', 'the account is locked')],
  [18487, until('DATABASE_LOGIN', 'the password has expired')],
  [18488, until('DATABASE_LOGIN', 'the password must be changed')],
  [40615, until('DATABASE_LOGIN', 'the firewall refuses this address')],

  [229, until('DATABASE_RIGHTS', 'a right on an object is missing')],
  [230, until('DATABASE_RIGHTS', 'a right on a column is missing')],
  [262, until('DATABASE_RIGHTS', 'a right in the database is missing')],
  [297, until('DATABASE_RIGHTS', 'a right on the server is missing')],
  [300, until('DATABASE_RIGHTS', 'a right on the server is missing')],
  [916, until('DATABASE_RIGHTS', 'the login is no user of the database')],
  [2760, until('DATABASE_RIGHTS', 'the schema is missing or may not be used')],
  [15247, until('DATABASE_RIGHTS', 'a right is missing')],

  [9002, until('DATABASE_FULL', 'the transaction log is full')],
  [1101, until('DATABASE_FULL', 'no room for new pages')],
  [1105, until('DATABASE_FULL', 'a file group is full')],
  [40544, until('DATABASE_FULL', 'the size limit of the database is reached')],
  [40552, until('DATABASE_FULL', 'the transaction log is full')],
]);
