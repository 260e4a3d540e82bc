import { databaseSettings } from '../pipeline/database-settings.ts';
import { openDatabase } from '../store/database.ts';
import { migrate as migrateDatabase, SCHEMA_VERSION } from '../store/migrate.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';
import { withConfig } from './open.ts';

export const migrate: Command = {
  summary: "bring the database to this program's schema; on SQL Server, run it before a new version",
  usage: '',
  run: (given, io) =>
    withConfig(given, io, async (config) => {
      const db = await openDatabase(databaseSettings(config.database));
      try {
        const ran = await migrateDatabase(db);
        if (given.flag('json')) printJson(io, { schema: SCHEMA_VERSION, ran });
        else io.out(`schema ${SCHEMA_VERSION}: ${ran.length > 0 ? `ran ${ran.join(', ')}` : 'nothing to do'}\n`);
      } finally {
        await db.close();
      }
      return exit.ok;
    }),
};
