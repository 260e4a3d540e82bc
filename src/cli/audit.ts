import { WharfError } from '../errors.ts';
import { auditHead, listAudit } from '../store/audit.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';
import { showInstant } from './show.ts';

const DAY = 86_400_000;
const MOST = 1000;

export const audit: Command = {
  summary: 'what people did: who, when, on what and why, the latest first',
  usage: '[--days 30]',
  options: { days: { type: 'string', value: 'N', help: 'of the last N days; 30 unless told' } },
  run: (given, io) =>
    withDatabase(given, io, 'read', async (_config, db) => {
      const days = given.text('days') ?? '30';
      if (!/^[1-9]\d{0,4}$/.test(days)) throw new WharfError('USAGE', `--days ${days} is not a number of days`, { value: days });
      const since = Date.now() - Number(days) * DAY;
      const { entries, head } = await db.read(async (tx) => ({ entries: await listAudit(tx, since, MOST), head: await auditHead(tx) }));
      if (given.flag('json')) {
        const acts = entries.map(({ before, after, at, ...rest }) => ({
          ...rest,
          at: showInstant(at),
          before: before && JSON.parse(before),
          after: JSON.parse(after),
        }));
        printJson(io, { head: `${head.seq}:${head.hash}`, acts });
        return exit.ok;
      }
      for (const { seq, at, who, act, target, reason, after } of entries) {
        io.out(`${seq}  ${showInstant(at)}  ${who}  ${act}  ${target ?? ''}${reason === undefined ? '' : `  because ${JSON.stringify(reason)}`}\n`);
        for (const said of (JSON.parse(after) as { readonly said?: readonly string[] }).said ?? []) io.out(`     ${said.slice(0, 300)}\n`);
      }
      if (entries.length === 0) io.out(`nobody did anything in ${days} days\n`);
      io.out(`\nhead ${head.seq}:${head.hash || '-'}\n  kept elsewhere, it shows later that nothing before it was changed: wharf verify --head\n`);
      return exit.ok;
    }),
};
