import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { showPlace, WharfError } from '../errors.ts';
import { instantOf } from '../orders/windows.ts';
import type { Effect } from '../workbench/effects.ts';
import { effects } from '../workbench/effects.ts';
import type { Trial, TryOptions } from '../workbench/try.ts';
import { tryFile } from '../workbench/try.ts';
import type { Reason } from '../workbench/why.ts';
import { why } from '../workbench/why.ts';
import { whyOutgoing } from '../workbench/why-outgoing.ts';
import { readDocument } from '../store/documents.ts';
import { openHolds } from '../store/holds.ts';
import { readWholePayload } from '../store/payload.ts';
import { readPending } from '../store/rendering.ts';
import type { Command, Io } from './command.ts';
import { exit, givenDate, printJson } from './command.ts';
import { databaseExists, openFor, withConfig } from './open.ts';
import { remedyFor } from './status.ts';

export const tryCommand: Command = {
  summary: 'translate a file and show the documents and what would be sent, touching nothing',
  usage: 'FILE [--partner ID] [--date DATE] [--why PATH | --from ELEMENT]',
  options: {
    partner: { type: 'string', value: 'ID', help: 'whose file it is, where its content does not tell' },
    date: { type: 'string', value: 'DATE', help: 'as if it came on this day, at noon in the company’s time zone: the days in a sample may be long over' },
    why: {
      type: 'string',
      value: 'PATH',
      help: 'the rule, and the place it read, behind a value of a document or of what would be sent: lines[0].quantity, ACK01',
    },
    from: {
      type: 'string',
      value: 'ELEMENT',
      help: 'the values that would differ without this one of the file: BEG03, or the name of a column, element or attribute',
    },
  },
  run: (given, io) =>
    withConfig(given, io, async (config) => {
      const [file] = given.words;
      if (file === undefined || given.words.length > 1) throw new WharfError('USAGE', 'name the one file to try');
      const bytes = await readFile(file).catch((error: unknown) => {
        throw new WharfError('FILE_UNREADABLE', `${file} cannot be read: ${(error as Error).message}`, { place: { file }, cause: error });
      });
      const real = databaseExists(config) ? await openFor(config, 'read') : undefined;
      try {
        const date = givenDate(given);
        const now = date === undefined ? Date.now() : instantOf(date, '12:00', config.company.timezone);
        const options = { config, name: basename(file), bytes, partner: given.text('partner'), real, now };
        const report = await tryFile(options, (trial) => reportOf(trial, options, { why: given.text('why'), from: given.text('from') }));
        if (given.flag('json')) printJson(io, { database: real !== undefined, ...report });
        else if (report.asked) showAnswers(io, report, report.asked);
        else show(io, report, real !== undefined);
        return (report.asked ? report.answered : isFine(report)) ? exit.ok : exit.findings;
      } finally {
        await real?.close();
      }
    }),
};

type Report = Awaited<ReturnType<typeof reportOf>>;

type Asked = { readonly why: string | undefined; readonly from: string | undefined };

async function reportOf({ db, fileId, found }: Trial, { config, now }: Pick<TryOptions, 'config' | 'now'>, asked: Asked) {
  const file = found.files.find(({ id }) => id === fileId)!;
  const ids = found.documents.filter((document) => document.fileId === fileId).map(({ id }) => id);
  const documents = [];
  for (const id of ids) {
    const { partner, setId, setControl, kind, businessKey, accepted, mapping, status, reason, detail, findings, canonical } = (await db.read((tx) =>
      readDocument(tx, id),
    ))!;
    const reasons = asked.why === undefined ? undefined : await why(db, config, id, asked.why);
    const made = asked.from === undefined ? undefined : await effects(db, config, id, asked.from);
    documents.push({ partner, setId, setControl, kind, businessKey, accepted, mapping, status, reason, detail, findings, canonical, why: reasons, from: made });
  }
  const orders = [];
  for (const { id, partner, poNumber, lifecycle } of found.orders) {
    const holds = await db.read((tx) => openHolds(tx, id));
    orders.push({ partner, poNumber, lifecycle, holds: holds.map(({ code, detail }) => ({ code, detail, remedy: remedyFor(code) })) });
  }
  const outgoing = [];
  for (const { id, partner, channel, kind, setId, fileName, status, reason, detail } of found.outbox) {
    const content = Buffer.from(await db.read((tx) => readWholePayload(tx, 'outbox', id))).toString('utf8');
    const document = asked.why === undefined ? undefined : await db.read((tx) => readPending(tx, id));
    const reasons = document && whyOutgoing(config, now, document, asked.why!);
    outgoing.push({ partner, channel, kind, setId, fileName, content, status, reason, detail, why: reasons });
  }
  const timeline = found.activities.filter(({ verb }) => verb === 'allocate' || verb === 'release').map(({ text }) => text);
  const { partner, format, status, reason, detail } = file;
  const answered = [...documents, ...outgoing].some((each) => (each.why ?? []).length > 0) || documents.some((each) => (each.from ?? []).length > 0);
  return {
    ...((asked.why ?? asked.from) !== undefined && { asked: (asked.why ?? asked.from)!, answered }),
    file: { name: file.name, partner, format, status, reason, detail },
    documents,
    orders,
    timeline,
    outgoing,
  };
}

function isFine({ file, documents, orders, outgoing }: Report): boolean {
  const parked = [file, ...documents, ...outgoing].some(({ status }) => status === 'parked');
  return !parked && documents.every(({ accepted }) => accepted) && orders.every(({ holds }) => holds.length === 0);
}

function titleOf({ partner, setId, setControl, kind, businessKey }: Report['documents'][number]): string {
  return [partner, setId, setControl, kind, businessKey].filter((part) => part !== undefined).join(' ');
}

/** Only what was asked for, document by document. */
function showAnswers(io: Io, { documents, outgoing, answered }: Report, asked: string): void {
  for (const document of documents) {
    if (document.why?.length || document.from?.length) io.out(`=== ${titleOf(document)}\n`);
    showReasons(io, document.why ?? []);
    showEffects(io, document.from ?? []);
  }
  for (const { channel, fileName, kind, why: reasons } of outgoing) {
    if (reasons?.length) io.out(`--- would be sent: ${channel ?? ''} ${fileName ?? kind}\n`);
    showReasons(io, reasons ?? []);
  }
  if (!answered) io.out(`nothing has to do with ${asked}: paths are written as lines[0].quantity, elements as BEG03\n`);
}

function showReasons(io: Io, reasons: readonly Reason[]): void {
  for (const { path, value, rule, source } of reasons) io.out(`  ${path} = ${JSON.stringify(value)}\n    rule ${showPlace(rule)}, from ${source}\n`);
}

function showEffects(io: Io, made: readonly Effect[]): void {
  for (const [source, effectsOfOne] of Map.groupBy(made, (each) => each.source)) {
    io.out(`  ${source}\n`);
    for (const { path, value, without, rule } of effectsOfOne) {
      const instead = without === undefined ? '' : `, without it ${JSON.stringify(without)}`;
      io.out(`    ${path} = ${JSON.stringify(value)}${instead}${rule ? `, rule ${showPlace(rule)}` : ''}\n`);
    }
  }
}

function show(io: Io, { file, documents, orders, timeline, outgoing }: Report, hasDatabase: boolean): void {
  const trouble = (what: string, reason: string | undefined, detail: string | undefined): void => {
    if (reason) io.out(`${what}: ${reason}: ${detail ?? ''}\n  ${remedyFor(reason)}\n`);
  };
  io.out(`${file.name}: ${file.format ?? 'unknown format'}, ${file.partner}\n`);
  trouble(`${file.name} would be parked`, file.reason, file.detail);
  for (const document of documents) {
    io.out(`\n=== ${titleOf(document)}${document.mapping ? `, by mapping ${document.mapping}` : ''}: ${document.accepted ? document.status : 'rejected'}\n`);
    for (const { severity, code, message, segment, element, value } of document.findings) {
      const shown = value !== undefined && value !== '' ? ` ${JSON.stringify(value)}` : '';
      io.out(`  ${severity}: ${code} ${element ?? segment ?? ''}${shown}: ${message}\n`);
    }
    trouble('  it', document.reason, document.detail);
    if (document.canonical !== undefined) io.out(`${JSON.stringify(document.canonical, null, 2)}\n`);
  }
  for (const { partner, poNumber, lifecycle, holds } of orders) {
    io.out(`\norder ${poNumber} of ${partner} would be ${lifecycle}\n`);
    for (const hold of holds) trouble('  held', hold.code, hold.detail);
  }
  for (const line of timeline) io.out(`  ${line}\n`);
  if (!hasDatabase) io.out('\nThere is no database yet: no item is known and no stock.\n');
  for (const { channel, fileName, content, kind, reason, detail } of outgoing) {
    io.out(`\n--- would be sent: ${channel ?? ''} ${fileName ?? kind}\n`);
    trouble('it could not be written', reason, detail);
    io.out(content.endsWith('\n') || content === '' ? content : `${content}\n`);
  }
  if (outgoing.length === 0) io.out('\nnothing would be sent\n');
}
