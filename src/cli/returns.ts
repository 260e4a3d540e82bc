import { readFile } from 'node:fs/promises';
import { formatDecimal, parseDecimal } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { remedyOf, WharfError } from '../errors.ts';
import { importInspections } from '../acts/import-inspections.ts';
import type { ActContext } from '../acts/replay.ts';
import { inspectReturn } from '../acts/inspect-return.ts';
import type { ReturnState, StoredReturn } from '../store/returns.ts';
import { listReturns } from '../store/returns.ts';
import type { Command, ExitCode, Given, Io } from './command.ts';
import { withActs } from './act.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';
import { showInstant } from './show.ts';

const OPEN: readonly ReturnState[] = ['authorised', 'received', 'inspected'];
const ALL: readonly ReturnState[] = [...OPEN, 'denied', 'credited'];
const MOST = 200;

export const returns: Command = {
  summary: 'goods that come back: what was authorised, received, inspected and credited',
  usage: '[--all]',
  options: { all: { type: 'boolean', help: 'those that are over too' } },
  run: (given, io) =>
    withDatabase(given, io, 'read', async (_config, db) => {
      const found = await db.read((tx) => listReturns(tx, given.flag('all') ? ALL : OPEN, MOST));
      if (given.flag('json')) printJson(io, found.map(asData));
      else if (found.length === 0) io.out('no goods are coming back\n');
      else for (const entry of found) show(io, entry);
      return exit.ok;
    }),
};

export const returnsInspect: Command = {
  summary: 'record what inspection found of returned goods: what is sold again, held or scrapped; the buyer gets their credit',
  usage: 'FILE.csv | NUMBER --line REF [--restock N] [--quarantine N] [--scrap N]',
  acts: true,
  options: {
    line: { type: 'string', value: 'REF', help: 'the line of the order, where the return has but one' },
    restock: { type: 'string', value: 'N', help: 'base units that are sold again' },
    quarantine: { type: 'string', value: 'N', help: 'base units that go into stock on hold' },
    scrap: { type: 'string', value: 'N', help: 'base units that are thrown away' },
  },
  run: (given, io) =>
    withActs(given, io, { access: 'read', target: given.words[0] }, async (_config, context) => {
      const [name, ...others] = given.words;
      if (name === undefined || others.length > 0) throw new WharfError('USAGE', 'name one return, or one file of what was found');
      const lineRef = given.text('line');
      return lineRef === undefined ? takeFile(context, given, io, name) : takeLine(context, given, io, { number: name, lineRef });
    }),
};

async function takeLine(
  context: ActContext,
  given: Given,
  io: Io,
  { number, lineRef }: { readonly number: string; readonly lineRef: string },
): Promise<ExitCode> {
  const quantity = (option: string): Decimal => {
    const text = given.text(option) ?? '0';
    const value = parseDecimal(text);
    if (value === undefined) throw new WharfError('USAGE', `--${option} ${text} is not a number`, { value: text });
    return value;
  };
  const found = { restock: quantity('restock'), quarantine: quantity('quarantine'), scrap: quantity('scrap') };
  const acted = await inspectReturn(context, number, new Map([[lineRef, found]]));
  if (given.flag('json')) printJson(io, { return: number, ...acted });
  else io.out(`${acted.text}\n`);
  return acted.done ? exit.ok : exit.findings;
}

async function takeFile(context: ActContext, given: Given, io: Io, file: string): Promise<ExitCode> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new WharfError('FILE_UNREADABLE', `${file} cannot be read: ${(error as Error).message}`, { place: { file }, cause: error });
  });
  const report = await importInspections(context, file, bytes);
  if (given.flag('json')) printJson(io, report);
  else {
    for (const { row, field, value, code, message } of report.refused)
      io.out(`${file}:${row}: ${code}: ${field ? `${field} ${JSON.stringify(value)} ` : ''}${message}\n`);
    if (report.refused.length > 0) io.out(`  ${remedyOf('IMPORT_ROW')}\n`);
    io.out(`inspected: ${report.inspected.join(', ') || 'none'}\n`);
  }
  return report.refused.length > 0 ? exit.findings : exit.ok;
}

function asData({ id: _id, orderId, document, lines, requestedAt, ...rest }: StoredReturn) {
  return {
    ...rest,
    order: `order:${orderId}`,
    poNumber: document.poNumber,
    requestedAt: showInstant(requestedAt),
    lines: lines.map((line) => ({
      lineRef: line.lineRef,
      sku: line.sku,
      reason: line.reason,
      because: line.deniedBecause,
      location: line.location,
      ...Object.fromEntries(quantities.map((name) => [name, formatDecimal(line[name])])),
    })),
  };
}

const quantities = ['requested', 'authorised', 'received', 'restocked', 'quarantined', 'scrapped', 'credited', 'amount'] as const;

function show(io: Io, { number, partner, document, state, lines }: StoredReturn): void {
  io.out(`${number}  ${partner} ${document.poNumber}, their ${document.reference}: ${state}\n`);
  for (const line of lines) {
    const parts = quantities.filter((name) => line[name] !== 0n).map((name) => `${formatDecimal(line[name], name === 'amount' ? 2 : undefined)} ${name}`);
    io.out(`  ${line.lineRef} ${line.sku}: ${parts.join(', ')}${line.deniedBecause === undefined ? '' : ` (${line.deniedBecause})`}\n`);
  }
}
