import { WharfError } from '../errors.ts';
import { actOnParked, type Chosen, quarantined } from '../acts/quarantine.ts';
import { readDocument } from '../store/documents.ts';
import type { ParkedRow } from '../store/quarantine.ts';
import { trace } from '../store/trace.ts';
import { targetOf, withActs } from './act.ts';
import type { Command, ExitCode, Given, Io, Options } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';
import { showInstant } from './show.ts';
import { remedyFor } from './status.ts';

const MOST = 1000;
const filters: Options = {
  partner: { type: 'string', value: 'ID', help: 'only what is of this partner' },
  code: { type: 'string', value: 'CODE', help: 'only what is parked for this reason, such as MAPPING_FAILED' },
};

export const quarantineList: Command = {
  summary: 'what is parked: files, documents and outgoing documents that go on only when a person acts',
  usage: '[--partner ID] [--code CODE]',
  options: filters,
  run: (given, io) =>
    withDatabase(given, io, 'read', async (_config, db) => {
      const rows = await quarantined(db, chosen(given, []), MOST);
      if (given.flag('json')) printJson(io, rows.map(dataOf));
      else if (rows.length === 0) io.out('nothing is parked\n');
      else for (const row of rows) showRow(io, row);
      return rows.length > 0 ? exit.findings : exit.ok;
    }),
};

export const quarantineShow: Command = {
  summary: 'why something is parked, every finding of it, and its timeline',
  usage: 'file:N | document:N | outbox:N',
  run: (given, io) =>
    withDatabase(given, io, 'read', async (_config, db) => {
      const [row] = await quarantined(db, chosen(given, given.words), 1);
      if (!row) throw new WharfError('NOT_FOUND', `${given.words.join(' ')} is not parked`, { value: given.words.join(' ') });
      const id = `${row.kind}:${row.id}`;
      const { findings, activities } = await db.read(async (tx) => ({
        findings: row.kind === 'document' ? ((await readDocument(tx, row.id))?.findings ?? []) : [],
        activities: (await trace(tx, id)).activities,
      }));
      const timeline = activities.map(({ at, verb, text }) => ({ at: showInstant(at), verb, text }));
      if (given.flag('json')) printJson(io, { ...dataOf(row), findings, timeline });
      else {
        showRow(io, row);
        for (const { severity, code, message } of findings) io.out(`    ${severity} ${code}: ${message}\n`);
        for (const { at, verb, text } of timeline) io.out(`    ${at}  ${verb.padEnd(11)} ${text}\n`);
      }
      return exit.ok;
    }),
};

export const quarantineRetry: Command = {
  summary: 'have parked work done again: what is named, or all of a partner or a reason, the oldest first',
  usage: '[file:N | document:N | outbox:N …] [--partner ID] [--code CODE] [--dry-run]',
  acts: true,
  options: { ...filters, 'dry-run': { type: 'boolean', help: 'only list what would be done again' } },
  run: (given, io) => actOnMany(given, io, 'retry'),
};

export const quarantineDiscard: Command = {
  summary: 'take parked work off the list: what is named, or all of a partner or a reason; nothing is deleted',
  usage: '[file:N | document:N | outbox:N …] [--partner ID] [--code CODE] [--dry-run]',
  acts: true,
  options: { ...filters, 'dry-run': { type: 'boolean', help: 'only list what would be taken off' } },
  run: (given, io) => actOnMany(given, io, 'discard'),
};

function actOnMany(given: Given, io: Io, act: 'retry' | 'discard'): Promise<ExitCode> {
  const choice = chosen(given, given.words);
  if (!choice.targets && choice.partner === undefined && choice.reason === undefined)
    throw new WharfError('USAGE', 'name what is meant, such as file:3, or --partner or --code');
  const target = given.words.length > 0 ? given.words.join(' ') : [choice.partner, choice.reason].filter((each) => each !== undefined).join(' ');
  return withActs(given, io, { access: 'read', target }, async (_config, context) => {
    const rows = await quarantined(context.db, choice, MOST);
    if (given.flag('dry-run')) {
      if (given.flag('json')) printJson(io, rows.map(dataOf));
      else for (const row of rows) showRow(io, row);
      return exit.ok;
    }
    const done = await actOnParked(context, rows, act, given.text('reason'));
    if (given.flag('json')) printJson(io, done);
    else for (const { text } of done) io.out(`${text}\n`);
    if (done.length === 0 && !given.flag('json')) io.out('nothing like this is parked\n');
    return done.length > 0 && done.every((each) => each.done) ? exit.ok : exit.findings;
  });
}

function chosen(given: Given, words: readonly string[]): Chosen {
  const targets = words.map((word) => {
    const target = targetOf(word);
    if (!target || target.kind === 'order') throw new WharfError('USAGE', `${word} is no file:N, document:N or outbox:N`, { value: word });
    return target;
  });
  return { targets: targets.length > 0 ? targets : undefined, partner: given.text('partner'), reason: given.text('code') };
}

function dataOf({ kind, id, at, ...row }: ParkedRow) {
  return { id: `${kind}:${id}`, ...row, at: showInstant(at), remedy: remedyFor(row.reason) };
}

function showRow(io: Io, { kind, id, partner, about, reason, detail, at }: ParkedRow): void {
  io.out(`${`${kind}:${id}`.padEnd(13)} ${showInstant(at)}  ${partner} ${about}\n    ${reason}: ${detail.slice(0, 300)}\n    ${remedyFor(reason)}\n`);
}
