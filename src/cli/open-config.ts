import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import type { Config, Problem } from '../config/types.ts';
import { showPlace, WharfError } from '../errors.ts';
import type { ExitCode, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';

// Apart from open.ts, since a command that only looks at the configuration should not wait for the database's packages to load.

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
