import { WharfError } from '../errors.ts';
import { connectSqlite, type SqliteConnection } from './sqlite-client.ts';

/** Connections that only read. */
export type Readers = {
  /** Runs `work` with a connection of its own, when one is free; it is opened when it is first needed. @throws WharfError DATABASE_UNAVAILABLE after `close`. */
  readonly use: <T>(work: (connection: SqliteConnection) => Promise<T>) => Promise<T>;
  /** Waits for those at work, and closes all. */
  readonly close: () => Promise<void>;
};

/** At most so many connections to a database file: who asks when all are at work waits for its turn. */
export function makeReaders(file: string, most: number): Readers {
  const free: SqliteConnection[] = [];
  const waiting: (() => void)[] = [];
  const atWork = new Set<Promise<unknown>>();
  let lent = 0;
  let closed = false;
  const run = async <T>(work: (connection: SqliteConnection) => Promise<T>): Promise<T> => {
    const connection = free.pop() ?? connectSqlite(file, true);
    try {
      return await work(connection);
    } finally {
      free.push(connection);
    }
  };
  return {
    use: async (work) => {
      if (lent < most) lent += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        if (closed) throw new WharfError('DATABASE_UNAVAILABLE', 'the database was closed');
        const running = run(work);
        atWork.add(running);
        return await running.finally(() => atWork.delete(running));
      } finally {
        const next = waiting.shift();
        if (next) next();
        else lent -= 1;
      }
    },
    close: async () => {
      closed = true;
      await Promise.allSettled(atWork);
      for (const connection of free.splice(0)) connection.close();
    },
  };
}
