import { statSync } from 'node:fs';
import { WharfError } from '../errors.ts';
import { writeCopy } from './backup.ts';
import type { SqliteConnection } from './sqlite-client.ts';

/**
 * A connection that answers no commit once its file, the log or the index is not the one that it opened: SQLite goes on writing into what somebody removed
 * or replaced, and all of it is lost with the process. What is there is rescued, as far as it can be, when that is first seen.
 * `exec('commit')` @throws WharfError DATABASE_GONE
 */
export function guardFiles(file: string, connection: SqliteConnection): SqliteConnection {
  const opened = [file, `${file}-wal`, `${file}-shm`].map((name) => ({ name, id: idOf(name) }));
  let gone: WharfError | undefined;
  const check = (): void => {
    const missing = opened.find(({ name, id }) => isAnother(name, id))?.name;
    if (missing !== undefined)
      gone ??= new WharfError('DATABASE_GONE', `${missing} was removed or replaced. ${rescue(file, missing, connection)}`, { place: { file } });
    if (gone) throw gone;
  };
  return {
    ...connection,
    exec: (sql) => {
      connection.exec(sql);
      if (sql === 'commit') check();
    },
  };
}

/** What tells a file from another of its name; undefined when there is none. */
function idOf(name: string): string | undefined {
  const stat = statSync(name, { throwIfNoEntry: false });
  return stat && `${stat.dev}.${stat.ino}`;
}

function isAnother(name: string, id: string | undefined): boolean {
  try {
    return idOf(name) !== id;
  } catch {
    // A disk that fails is SQLite's to tell.
    return false;
  }
}

/** Everything that was committed is still in the open files: it is written into the database, or beside it where that itself is gone. Gives what came of it. */
function rescue(file: string, missing: string, connection: SqliteConnection): string {
  try {
    if (missing !== file) {
      connection.rows('pragma wal_checkpoint(full)', []);
      return 'What was committed is in the database itself: start the daemon again';
    }
    const copy = `${file}.rescued-${Date.now()}`;
    writeCopy(connection, copy);
    return `What was committed is in ${copy}: \`wharf restore\` puts it in its place`;
  } catch (error) {
    return `What was committed since the last backup may be lost (${(error as Error).message})`;
  }
}
