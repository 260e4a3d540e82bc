import { existsSync } from 'node:fs';
import { WharfError } from '../errors.ts';
import { databaseSettings } from '../pipeline/database-settings.ts';
import { copyBook } from '../store/copy-book.ts';
import { audited } from '../store/audited.ts';
import { lockForDaemon } from '../store/daemon-lock.ts';
import { openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { setSwitch } from '../store/switches.ts';
import { whoActs } from './act.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';
import { withConfig } from './open-config.ts';

export const dbCopy: Command = {
  summary: 'copy the whole book of an embedded database, with its daemon stopped, into the empty one on SQL Server that the configuration names',
  usage: 'FILE',
  acts: true,
  run: (given, io) =>
    withConfig(given, io, async (config) => {
      const [file, ...others] = given.words;
      if (file === undefined || others.length > 0 || !existsSync(file))
        throw new WharfError('USAGE', 'name the file of the embedded database', { value: file ?? '' });
      const to = databaseSettings(config.database);
      if (to.type !== 'mssql') throw new WharfError('USAGE', 'the configuration must name the database on SQL Server: that is where the book goes');
      const source = { type: 'sqlite', file } as const;
      const release = lockForDaemon(source);
      const from = await openDatabase(source);
      try {
        await migrate(from);
        const json = given.flag('json');
        const copied = await copyBook(from, to, (table, rows) => rows > 0 && !json && io.out(`${table}: ${rows} rows\n`));
        const recorded = { who: whoActs(given), act: given.command, target: file.slice(-200), reason: given.text('reason'), now: Date.now() };
        const off = { name: 'sending', value: 'its book was copied to SQL Server', at: recorded.now, who: recorded.who } as const;
        await audited(from, recorded).transaction((tx) => setSwitch(tx, off));
        const rows = copied.reduce((sum, each) => sum + each.rows, 0);
        if (json) printJson(io, copied);
        else io.out(`${rows} rows of ${copied.length} tables were copied, read back and compared; sending is off in ${file}\n`);
        return exit.ok;
      } finally {
        await from.close();
        release();
      }
    }),
};
