import type { SqliteConnection } from './sqlite-client.ts';

/** When nothing was stored for so long (milliseconds), a log that holds so many pages is written into the database. */
const REST = { milliseconds: 50, pages: 400 };

/** What the writer does when it rests. */
export type Rest = {
  /** Nothing is to be stored for now. */
  readonly begin: () => void;
  readonly end: () => void;
};

/**
 * Writes the log into the database in moments of rest, so that an order seldom has to wait for it: left to itself, SQLite does it in the commit that makes
 * the log too long.
 */
export function checkpointAtRest(writer: SqliteConnection): Rest {
  let timer: NodeJS.Timeout | undefined;
  const checkpoint = (): void => {
    try {
      const [state] = writer.rows('pragma wal_checkpoint(noop)', []);
      if (Number(state?.['log']) - Number(state?.['checkpointed']) >= REST.pages) writer.rows('pragma wal_checkpoint(passive)', []);
    } catch {
      // A disk that does not take it: the next commit says so to whom it concerns.
    }
  };
  const end = (): void => clearTimeout(timer);
  const begin = (): void => {
    end();
    timer = setTimeout(checkpoint, REST.milliseconds).unref();
  };
  return { begin, end };
}
