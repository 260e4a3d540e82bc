import { checkDatabase } from '../acts/database-check.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';
import { showFindings } from './doctor.ts';
import { databaseExists } from './open.ts';
import { withConfig } from './open-config.ts';
import { WharfError } from '../errors.ts';

export const dbCheck: Command = {
  summary: 'look at the database alone: does it answer, its version, settings, rights, schema and clock; it need not be migrated yet',
  usage: '[--all]',
  options: { all: { type: 'boolean', help: 'what is well too' } },
  run: (given, io) =>
    withConfig(given, io, async (config) => {
      if (!databaseExists(config)) throw new WharfError('DATABASE_SCHEMA', 'there is no database yet');
      const found = await checkDatabase(config, Date.now);
      if (given.flag('json')) printJson(io, found);
      else showFindings(io, found, given.flag('all'));
      return found.some(({ state }) => state === 'error') ? exit.findings : exit.ok;
    }),
};
