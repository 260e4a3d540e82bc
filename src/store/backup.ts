import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WharfError } from '../errors.ts';
import { connectSqlite, type SqliteConnection } from './sqlite-client.ts';

/** A database file that was found sound: its schema, and when something was last done in it (milliseconds since 1970). */
export type SoundFile = { readonly schema: number; readonly latest: number };

/**
 * Writes a whole and compact copy of an embedded database to a new file, while a daemon may be running on it. The copy is checked and on disk before
 * it has its name. @throws WharfError BACKUP_FAILED.
 */
export function backUp(database: string, file: string): SoundFile {
  if (existsSync(file)) throw failed(`${file} is there already`, file);
  const temporary = `${file}.part`;
  rmSync(temporary, { force: true });
  try {
    const source = connectSqlite(database, true);
    try {
      writeCopy(source, temporary);
    } finally {
      source.close();
    }
    const sound = checkFile(temporary);
    linkSync(temporary, file);
    rmSync(temporary);
    syncPath(dirname(file));
    return sound;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error instanceof WharfError ? error : failed(`${file} could not be written: ${(error as Error).message}`, file, error);
  }
}

/** Writes what a connection sees to a new file, which is on disk then. */
export function writeCopy(source: SqliteConnection, file: string): void {
  // It exists with its mode before a byte of a partner's is in it.
  closeSync(openSync(file, 'wx', 0o600));
  source.run('vacuum into ?', [file]);
  syncPath(file);
}

/** Reads a database file from end to end. @throws WharfError BACKUP_FAILED when it is not sound, or none of Wharf's. */
export function checkFile(file: string): SoundFile {
  if (!existsSync(file)) throw failed(`${file} is not there`, file);
  try {
    const connection = connectSqlite(file, true);
    try {
      const problems = connection.rows('pragma quick_check(5)', []).map((row) => String(Object.values(row)[0]));
      if (problems.join() !== 'ok') throw failed(`${file} is damaged: ${problems.join('; ')}`, file);
      const schema = Number(connection.rows('select max(version) as version from migration', [])[0]?.['version'] ?? 0);
      const latest = Number(connection.rows('select at from activity order by id desc limit 1', [])[0]?.['at'] ?? 0);
      return { schema, latest };
    } finally {
      connection.close();
    }
  } catch (error) {
    throw error instanceof WharfError ? error : failed(`${file} is no database of Wharf: ${(error as Error).message}`, file, error);
  }
}

/**
 * Makes a copy of a backup beside the database, to be brought up to date before `takePlace`. The database itself is not touched yet.
 * @throws WharfError BACKUP_FAILED.
 */
export function copyBeside(backup: string, database: string): string {
  const copy = `${database}.restored`;
  for (const rest of [copy, `${copy}-wal`, `${copy}-shm`]) rmSync(rest, { force: true });
  try {
    copyFileSync(backup, copy);
    chmodSync(copy, 0o600);
    syncPath(copy);
  } catch (error) {
    throw failed(`${backup} could not be copied: ${(error as Error).message}`, backup, error);
  }
  return copy;
}

/**
 * Puts a closed database file in the place of another in one step, so that there is a whole database under the name at any instant. The one before
 * stays under the name that is given back, where there was one. @throws WharfError BACKUP_FAILED when another process has it open.
 */
export function takePlace(copy: string, database: string, now: number): string | undefined {
  const kept = `${database}.before-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  const there = existsSync(database);
  const folded = there && foldBack(database);
  if (there) linkSync(database, kept);
  for (const end of ['-wal', '-shm']) {
    if (!existsSync(`${database}${end}`)) continue;
    // The log of the old file must never meet the new one. Of a database that is damaged or gone it is kept, too.
    if (folded) rmSync(`${database}${end}`);
    else renameSync(`${database}${end}`, `${kept}${end}`);
  }
  renameSync(copy, database);
  syncPath(dirname(database));
  return there ? kept : undefined;
}

/** Brings what stands in the log into the file. False when the file cannot be read. */
function foldBack(database: string): boolean {
  let connection: SqliteConnection;
  try {
    connection = connectSqlite(database);
  } catch {
    return false;
  }
  try {
    const row = connection.rows('pragma wal_checkpoint(truncate)', [])[0];
    if (Number(row?.['busy']) !== 0) throw failed(`another process has ${database} open`, database);
    return true;
  } catch (error) {
    if (error instanceof WharfError) throw error;
    return false;
  } finally {
    connection.close();
  }
}

/** The control numbers that a database file would give next; nothing where it cannot be read. */
export function numbersIn(file: string): ReadonlyMap<string, number> {
  try {
    const connection = connectSqlite(file, true);
    try {
      return new Map(connection.rows('select scope, next from control_number', []).map((row) => [String(row['scope']), Number(row['next'])]));
    } finally {
      connection.close();
    }
  } catch {
    return new Map();
  }
}

/** Files that a database received after another was copied from it: their senders have them no more. Nothing where it cannot be read. */
export function receivedAfter(file: string, id: number): readonly { readonly channel: string; readonly name: string; readonly receivedAt: number }[] {
  try {
    const connection = connectSqlite(file, true);
    try {
      const rows = connection.rows('select channel, name, received_at from inbound_file where id > ? and disposed_at is not null order by id limit 1000', [id]);
      return rows.map((row) => ({ channel: String(row['channel']), name: String(row['name']), receivedAt: Number(row['received_at']) }));
    } finally {
      connection.close();
    }
  } catch {
    return [];
  }
}

function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function failed(text: string, file: string, cause?: unknown): WharfError {
  return new WharfError('BACKUP_FAILED', text, { place: { file }, ...(cause === undefined ? {} : { cause }) });
}

/** A name for a backup of this instant in a folder. */
export function backupName(directory: string, now: number): string {
  return join(directory, `wharf-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}.db`);
}
