import { WharfError } from '../errors.ts';
import { note } from '../store/activity.ts';
import { type Awaited, awaited, noteReview, unmatched } from '../store/awaited.ts';
import { act, targetOf } from './act.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';
import { showInstant, showTable } from './show.ts';

const MOST = 1000;
const DAY = 86_400_000;
const BAD = new Set(['overdue', 'rejected']);

export const acks: Command = {
  summary: 'which of our documents partners have acknowledged: waiting, overdue, late, with errors, rejected; and acknowledgments of nothing we sent',
  usage: '[--partner ID] [--all] [--days N]',
  options: {
    partner: { type: 'string', value: 'ID', help: 'only those of this partner' },
    all: { type: 'boolean', help: 'accepted ones too' },
    days: { type: 'string', value: 'N', help: 'how far to look back; 30 unless told' },
  },
  run: (given, io) =>
    withDatabase(given, io, 'read', async (_config, db) => {
      const partner = given.text('partner');
      const days = Number(given.text('days') ?? '30');
      if (!Number.isSafeInteger(days) || days < 1) throw new WharfError('USAGE', '--days takes a number of days', { value: given.text('days') ?? '' });
      const { rows, strange } = await db.read(async (tx) => ({
        rows: await awaited(tx, { partner, since: Date.now() - days * DAY, open: !given.flag('all') }, MOST),
        strange: await unmatched(tx, partner, MOST),
      }));
      if (given.flag('json')) {
        const unknown = strange.map(({ id, at, ...rest }) => ({ id: `document:${id}`, ...rest, at: showInstant(at) }));
        printJson(io, { documents: rows.map(dataOf), unmatched: unknown });
      } else if (rows.length + strange.length === 0) io.out('nothing waits for an acknowledgment\n');
      else {
        if (rows.length > 0) io.out(showTable([['id', 'partner', 'document', 'group', 'sent', 'due', 'state'], ...rows.map(cellsOf)]));
        for (const { id, detail, note: said, notedBy } of rows) {
          if (detail !== undefined) io.out(`  outbox:${id}  ${detail}\n`);
          if (said !== undefined) io.out(`  outbox:${id}  ${notedBy ?? ''}: ${said}\n`);
        }
        for (const { id, partner: from, detail } of strange) io.out(`  document:${id}  ${from}: ${detail}\n`);
      }
      return rows.some(({ state }) => BAD.has(state)) || strange.length > 0 ? exit.findings : exit.ok;
    }),
};

export const acksNote: Command = {
  summary: 'keep what was found out about the acknowledgment of an outgoing document, for whoever looks next',
  usage: 'outbox:N TEXT',
  acts: true,
  run: (given, io) =>
    act(given, io, async ({ db, now, by }, term) => {
      const target = targetOf(term);
      const text = given.words.slice(1).join(' ').trim();
      if (target?.kind !== 'outbox' || text === '')
        throw new WharfError('USAGE', 'name an outgoing document and say what is to be kept: outbox:7 "…"', { value: term });
      return db.transaction(async (tx) => {
        if (!(await noteReview(tx, target.id, { text, by, at: now }))) return { id: term, done: false, text: `${term} was not sent, or is not acknowledged` };
        await note(tx, { at: now, verb: 'acknowledge', outboxId: target.id, text: `${by}: ${text}` });
        return { id: term, done: true, text: `${term}: noted` };
      });
    }),
};

function cellsOf({ id, partner, set, about, groupControl, sentAt, dueAt, state }: Awaited): readonly string[] {
  const shown = (at: number | undefined): string => (at === undefined ? '-' : showInstant(at));
  return [`outbox:${id}`, partner, `${set} ${about}`, groupControl, shown(sentAt), shown(dueAt), state.replaceAll('-', ' ')];
}

function dataOf({ id, sentAt, dueAt, answeredAt, ...rest }: Awaited) {
  const shown = (at: number | undefined): string | null => (at === undefined ? null : showInstant(at));
  return { id: `outbox:${id}`, ...rest, sentAt: shown(sentAt), dueAt: shown(dueAt), answeredAt: shown(answeredAt) };
}
