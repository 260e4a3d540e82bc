import { randomUUID } from 'node:crypto';
import type { Connection } from 'tedious';
import { isUniqueViolation } from './failure.ts';
import type { MssqlClient } from './mssql-client.ts';

/** Names the commits of this process: growing, so that new marks stand at the end of their index. */
const process36 = `${Date.now().toString(36)}-${randomUUID().slice(0, 8)}`;
let count = 0;

/** A name that no other commit has. */
export function newMark(): string {
  count += 1;
  return `${process36}-${String(count).padStart(9, '0')}`;
}

/** Commits together with its mark, in one round trip. Marks and times are made by us: nothing in them needs quoting. */
export function commitMarked(client: MssqlClient, connection: Connection, table: string, mark: string): Promise<void> {
  return client.batch(connection, `insert into ${table} (mark, happened, at) values (N'${mark}', 1, ${Date.now()}); commit transaction`);
}

/**
 * Finds out whether a marked commit took effect, by taking its mark: who can take it has made sure that the commit did not happen and never will. The
 * insert waits while the server still works on the commit, under every isolation level.
 */
export async function wasCommitted(client: MssqlClient, connection: Connection, table: string, mark: string): Promise<boolean> {
  try {
    await client.query(connection, `insert into ${table} (mark, happened, at) values (@p0, 0, @p1)`, [mark, Date.now()]);
    return false;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const [row] = await client.query(connection, `select happened from ${table} where mark = @p0`, [mark]);
    return Number(row?.['happened']) === 1;
  }
}
