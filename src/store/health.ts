import type { Database, Tx } from './transaction.ts';

/** A setting that the database must have, and has or has not. */
export type DatabaseSetting = { readonly name: string; readonly value: string; readonly right: boolean };

/** The settings that every promise rests on, as the connection that writes has them after it wrote something. */
export function databaseSettingsInForce(db: Database): Promise<readonly DatabaseSetting[]> {
  return db.transaction(async (tx) => {
    // SQLite may fall back when it first writes: only then is its answer worth having.
    await tx.run(`update {audit_head} set seq = seq where name = 'audit'`);
    if (db.engine === 'sqlite') {
      const pragma = async (name: string): Promise<string> => String(Object.values((await tx.one(`pragma ${name}`)) ?? {})[0] ?? '');
      const wanted = { journal_mode: 'wal', synchronous: '2', foreign_keys: '1' };
      return Promise.all(
        Object.entries(wanted).map(async ([name, right]) => {
          const value = await pragma(name);
          return { name, value, right: value === right };
        }),
      );
    }
    // What a server has in force is told by `serverFacts`.
    return [];
  });
}

/** The latest instant that the database holds, in milliseconds since 1970, and what the server's clock says, where there is a server. */
export async function instants(db: Database): Promise<{ readonly latest: number; readonly server: number | undefined }> {
  return db.read(async (tx) => {
    const last = await tx.one(`select at from {activity} order by id desc ${tx.limit(1)}`);
    return { latest: Number(last?.['at'] ?? 0), server: db.engine === 'mssql' ? await timeOf(tx) : undefined };
  });
}

/** What the clock of a database server says, in milliseconds since 1970. */
export function serverTime(db: Database): Promise<number> {
  return db.read(timeOf);
}

/** Two parts, since not every server has the function that counts so many milliseconds. */
async function timeOf(tx: Tx): Promise<number> {
  const row = await tx.one(`select datediff(second, '2020-01-01', sysutcdatetime()) as seconds, datepart(millisecond, sysutcdatetime()) as rest`);
  return Date.UTC(2020) + Number(row?.['seconds']) * 1000 + Number(row?.['rest']);
}
