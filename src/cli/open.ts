import { existsSync } from 'node:fs';
import type { Config } from '../config/types.ts';
import { WharfError } from '../errors.ts';
import { databaseSettings } from '../pipeline/database-settings.ts';
import { openDatabase } from '../store/database.ts';
import { migrate, requireSchema } from '../store/migrate.ts';
import type { Database } from '../store/transaction.ts';
import type { ExitCode, Given, Io } from './command.ts';
import { withConfig } from './open-config.ts';

export { configFile, problemData, showProblem, withConfig } from './open-config.ts';

/** `read`: the database must be there with the right schema. `write`: an embedded one is made, or brought up to date, as the daemon would. */
export type Access = 'read' | 'write';

/** Does something with the configuration and the open database. @throws WharfError DATABASE_… when it cannot be used. */
export function withDatabase(given: Given, io: Io, access: Access, work: (config: Config, db: Database) => Promise<ExitCode>): Promise<ExitCode> {
  return withConfig(given, io, async (config) => {
    const db = await openFor(config, access);
    try {
      return await work(config, db);
    } finally {
      await db.close();
    }
  });
}

/** Opens the database of a configuration. */
export async function openFor(config: Config, access: Access): Promise<Database> {
  const { database } = config;
  if (access === 'read' && !databaseExists(config)) {
    const file = database.type === 'sqlite' ? database.file : '';
    throw new WharfError('DATABASE_SCHEMA', `there is no database ${file} yet`, { place: { file }, value: file });
  }
  const db = await openDatabase(databaseSettings(database));
  try {
    if (access === 'write' && db.engine === 'sqlite') await migrate(db);
    else await requireSchema(db);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** Whether an embedded database has been made yet; a server is thought to have it. */
export function databaseExists({ database }: Config): boolean {
  return database.type !== 'sqlite' || existsSync(database.file);
}
