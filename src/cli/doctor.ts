import type { Diagnosis } from '../acts/diagnosis.ts';
import { ill, illness } from '../acts/diagnosis.ts';
import { examine } from '../acts/doctor.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import { secretsFolderMode } from '../config/secrets.ts';
import type { Config } from '../config/types.ts';
import { showPlace } from '../errors.ts';
import type { Command, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { configFile, openFor } from './open.ts';

export const doctor: Command = {
  summary: 'look at all that the gateway stands on: configuration, database, disks, clocks, every channel; each finding says what to do',
  usage: '[--all]',
  options: { all: { type: 'boolean', help: 'what is well too' } },
  run: async (given, io) => {
    const environment = readEnvironment();
    const file = configFile(given);
    const loaded = await loadConfig(file, environment);
    const problems = loaded.config ? loaded.warnings : loaded.problems;
    const found: Diagnosis[] = problems
      .filter(({ code }) => code !== 'CONFIG_UNUSED')
      .map(({ severity, place, code, message, remedy }) => ({ state: severity, about: showPlace(place), code, text: message, remedy }));
    const mode = await secretsFolderMode(file, environment);
    if (mode !== undefined && (mode & 0o022) !== 0 && !environment.anySecretMode)
      found.push(ill('warning', 'secrets', 'SECRET_EXPOSED', `others may change the folder of secrets (mode ${(mode & 0o777).toString(8)})`));
    if (loaded.config) found.push(...(await examineAll(loaded.config)));
    if (given.flag('json')) printJson(io, found);
    else showFindings(io, found, given.flag('all'));
    return found.some(({ state }) => state === 'error') ? exit.findings : exit.ok;
  },
};

async function examineAll(config: Config): Promise<readonly Diagnosis[]> {
  try {
    const db = await openFor(config, 'read');
    try {
      return await examine(config, db, Date.now());
    } finally {
      await db.close();
    }
  } catch (error) {
    return [illness('database', error)];
  }
}

/** Prints findings, those that are well only when `all` are wanted. */
export function showFindings(io: Io, found: readonly Diagnosis[], all: boolean): void {
  for (const { state, about, code, text, remedy } of found) {
    if (state === 'ok' && !all) continue;
    io.out(`${state.padEnd(7)}  ${about}: ${code === undefined ? '' : `${code}: `}${text}\n`);
    if (remedy) io.out(`         ${remedy}\n`);
  }
  const count = (state: Diagnosis['state']): number => found.filter((each) => each.state === state).length;
  io.out(`${count('ok')} well, ${count('warning')} worth a look, ${count('error')} wrong\n`);
}
