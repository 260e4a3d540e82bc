import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import type { Config, Problem } from '../config/types.ts';
import { showPlace, WharfError } from '../errors.ts';
import { databaseSettings } from '../pipeline/gateway.ts';
import { openDatabase } from '../store/database.ts';
import { migrate, requireSchema } from '../store/migrate.ts';
import type { Database } from '../store/transaction.ts';
import type { ExitCode, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';

/** The gateway file that the command line, WHARF_CONFIG or habit names. @throws WharfError CONFIG_MISSING when it is not there. */
export function configFile(given: Given): string {
  const file = given.text('config') ?? readEnvironment().configFile ?? 'config/gateway.yaml';
  if (!existsSync(file))
    throw new WharfError('CONFIG_MISSING', `there is no gateway file ${resolve(file)}; --config names another`, { place: { file }, value: file });
  return file;
}

/** A problem of the configuration as a person reads it, on two lines. */
export function showProblem({ place, code, message, remedy, severity }: Problem): string {
  return `${showPlace(place)}: ${severity === 'warning' ? 'warning: ' : ''}${code}: ${message}\n  ${remedy}\n`;
}

/** A problem of the configuration as data. */
export function problemData({ place, code, message, remedy, severity }: Problem) {
  return { severity, file: place.file, line: place.line, column: place.column, code, message, remedy };
}

/** Does something with the configuration. Where it has errors, all of them are shown and nothing is done. */
export async function withConfig(given: Given, io: Io, work: (config: Config) => Promise<ExitCode>): Promise<ExitCode> {
  const loaded = await loadConfig(configFile(given));
  if (loaded.config) return work(loaded.config);
  if (given.flag('json')) printJson(io, { problems: loaded.problems.map(problemData) });
  for (const problem of loaded.problems) io.err(showProblem(problem));
  return exit.failed;
}

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
