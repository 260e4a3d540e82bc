import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { restore as restoreFrom } from '../acts/restore.ts';
import { WharfError } from '../errors.ts';
import { showBytes } from '../pipeline/disk.ts';
import { backUp, backupName } from '../store/backup.ts';
import { setSwitch } from '../store/switches.ts';
import { whoActs, withActs } from './act.ts';
import type { Command, Given } from './command.ts';
import { exit, printJson } from './command.ts';
import { withConfig } from './open.ts';
import { showInstant } from './show.ts';

export const backup: Command = {
  summary: 'write a whole, checked copy of the embedded database to a new file, while the daemon runs',
  usage: 'FILE | DIRECTORY',
  acts: true,
  run: (given, io) =>
    withActs(given, io, { access: 'read', target: given.words[0] }, async ({ database }, { db, now, by }) => {
      if (database.type !== 'sqlite') throw new WharfError('BACKUP_FAILED', 'SQL Server has its own backups: full ones and those of its log');
      const place = fileOf(given);
      const file = statSync(place, { throwIfNoEntry: false })?.isDirectory() ? backupName(place, now) : place;
      const { latest } = backUp(database.file, file);
      await db.transaction((tx) => setSwitch(tx, { name: 'backup', value: file.slice(-200), at: now, who: by }));
      const { size } = statSync(file);
      if (given.flag('json')) printJson(io, { file, size, latest: showInstant(latest) });
      else io.out(`${file}: ${showBytes(size)}, as of ${showInstant(latest)}, checked\n`);
      return exit.ok;
    }),
};

export const restore: Command = {
  summary: 'put a backup in the place of the embedded database, with the daemon stopped; nothing is sent until `wharf resume`',
  usage: 'FILE',
  acts: true,
  run: (given, io) =>
    withConfig(given, io, async (config) => {
      const found = await restoreFrom({ config, now: Date.now(), by: whoActs(given), reason: given.text('reason') }, fileOf(given));
      if (given.flag('json')) {
        printJson(io, found);
        return exit.ok;
      }
      io.out(`restored as of ${showInstant(found.latest)}; sending is off\n`);
      if (found.kept !== undefined) io.out(`the database before is kept as ${found.kept}\n`);
      for (const { scope, from, to } of found.advanced) io.out(`control numbers ${scope}: ${from} to ${to - 1} were used since, ${to} is next\n`);
      if (!found.numbersKnown) io.out('the numbers used since are not known: compare `wharf control-numbers` with what partners have, and advance them\n');
      for (const { channel, name, receivedAt } of found.lost)
        io.out(`received since, and not in the backup: ${channel} ${name} of ${showInstant(receivedAt)}; ask for it again\n`);
      if (found.unsent > 0) io.out(`${found.unsent} outgoing documents are not sent in the backup, and may have been since: see \`wharf status\`\n`);
      io.out('start the daemon, compare with the partners, then `wharf resume`\n');
      return exit.ok;
    }),
};

function fileOf({ words }: Given): string {
  const [file, ...others] = words;
  if (file === undefined || others.length > 0) throw new WharfError('USAGE', 'name the one file of the backup');
  return resolve(file);
}
