import { retain } from '../acts/retention.ts';
import { WharfError } from '../errors.ts';
import { showBytes } from '../pipeline/disk.ts';
import { withActs } from './act.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';

const DAY = 86_400_000;

export const retention: Command = {
  summary: 'remove the bytes of files and outgoing files that came to their end long ago; rows, hashes and timelines stay',
  usage: '--older-than 400d [--dry-run]',
  acts: true,
  options: {
    'older-than': { type: 'string', value: 'DAYS', help: 'only what ended so many days ago, such as 400d' },
    'dry-run': { type: 'boolean', help: 'only count what would be removed' },
  },
  run: (given, io) => {
    const age = given.text('older-than') ?? '';
    const days = /^([1-9]\d{0,4})d$/.exec(age)?.[1];
    if (days === undefined) throw new WharfError('USAGE', '--older-than must be told in days, such as 400d', { value: age });
    return withActs(given, io, { access: 'read', target: `older than ${age}` }, async (_config, context) => {
      const dryRun = given.flag('dry-run');
      const removed = await retain(context, context.now - Number(days) * DAY, dryRun);
      if (given.flag('json')) printJson(io, { ...removed, dryRun });
      else io.out(`${removed.files} files and ${removed.outbox} outgoing files, ${showBytes(removed.bytes)}, ${dryRun ? 'would be' : 'were'} removed\n`);
      return exit.ok;
    });
  },
};
