import { suggestCures } from '../acts/suggest-cures.ts';
import { listHolds } from '../store/holds.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';
import { showInstant } from './show.ts';

const MOST = 1_000;
const HOUR = 3_600_000;

export const holds: Command = {
  summary: 'what holds orders up, since when, and what might be meant; `wharf resolve` ends it for every order that waits for the same',
  usage: '',
  run: (given, io) =>
    withDatabase(given, io, 'read', async (config, db) => {
      const now = Date.now();
      const found = await db.read(async (tx) => {
        const open = await listHolds(tx, MOST);
        return Promise.all(open.map(async (hold) => ({ hold, cures: await suggestCures(tx, config, hold) })));
      });
      if (given.flag('json')) {
        const data = found.map(({ hold, cures }) => ({
          id: `hold:${hold.id}`,
          order: `order:${hold.orderId}`,
          partner: hold.partner,
          poNumber: hold.poNumber,
          line: hold.lineRef,
          code: hold.code,
          value: hold.value,
          detail: hold.detail,
          since: showInstant(hold.createdAt),
          cures,
        }));
        printJson(io, data);
      } else if (found.length === 0) io.out('nothing is held\n');
      else {
        for (const { hold, cures } of found) {
          const line = hold.lineRef === undefined ? '' : ` line ${hold.lineRef}`;
          const hours = Math.max(0, Math.floor((now - hold.createdAt) / HOUR));
          const age = hours >= 48 ? `${Math.floor(hours / 24)} days` : `${hours} h`;
          io.out(`hold:${hold.id}  ${age}  ${hold.partner} PO ${hold.poNumber}${line}  ${hold.code}: ${hold.detail}\n`);
          for (const { words, because } of cures) io.out(`    wharf resolve hold:${hold.id} ${words}    (${because})\n`);
        }
      }
      return found.length > 0 ? exit.findings : exit.ok;
    }),
};
