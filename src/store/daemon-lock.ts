import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { WharfError } from '../errors.ts';
import type { DatabaseSettings } from './database.ts';
import { isBusy } from './failure.ts';
import { connectSqlite } from './sqlite-client.ts';

type Lock = { readonly close: () => void };

/** A connection that nothing refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<Lock>();

/**
 * Makes sure that one daemon runs on an embedded database; gives the way to let go. SQL Server takes several, there it does nothing.
 * The lock is a transaction held open on a small file beside the database: it ends with the process, however that ends.
 * @throws WharfError DATABASE_LOCKED when another process has it.
 */
export function lockForDaemon(settings: DatabaseSettings): () => void {
  if (settings.type !== 'sqlite') return () => undefined;
  const file = `${settings.file}-daemon`;
  mkdirSync(dirname(file), { recursive: true });
  const lock = connectLock(file);
  held.add(lock);
  return () => {
    held.delete(lock);
    lock.close();
  };
}

/** Whether a daemon runs on an embedded database. Of SQL Server it is not known here. */
export function isDaemonRunning(settings: DatabaseSettings): boolean {
  if (settings.type !== 'sqlite' || !existsSync(`${settings.file}-daemon`)) return false;
  try {
    lockForDaemon(settings)();
    return false;
  } catch (error) {
    if (error instanceof WharfError && error.code === 'DATABASE_LOCKED') return true;
    throw error;
  }
}

function connectLock(file: string): Lock {
  try {
    const lock = connectSqlite(file);
    try {
      lock.exec('begin immediate');
      return lock;
    } catch (error) {
      lock.close();
      throw error;
    }
  } catch (error) {
    if (!isBusy(error)) throw error;
    throw new WharfError('DATABASE_LOCKED', `${file} is held by another daemon`, { place: { file }, cause: error });
  }
}
