import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDecimal } from '../decimal.ts';
import { WharfError } from '../errors.ts';
import { evidenceFor } from '../acts/evidence.ts';
import type { StoredDeduction } from '../store/deductions.ts';
import { listDeductions } from '../store/deductions.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';
import { showInstant, showTable } from './show.ts';

const DAY = 86_400_000;
const MOST = 1000;

export const deductions: Command = {
  summary: 'what partners kept back of our invoices or claim, with the invoice, shipment and order that it is about',
  usage: '[--days 90] [--partner ID]',
  options: {
    days: { type: 'string', value: 'N', help: 'of the last N days; 90 unless told' },
    partner: { type: 'string', value: 'ID', help: 'only this partner’s' },
  },
  run: (given, io) =>
    withDatabase(given, io, 'read', async (_config, db) => {
      const days = given.text('days') ?? '90';
      if (!/^[1-9]\d{0,4}$/.test(days)) throw new WharfError('USAGE', `--days ${days} is not a number of days`, { value: days });
      const found = await db.read((tx) => listDeductions(tx, Date.now() - Number(days) * DAY, given.text('partner'), MOST));
      if (given.flag('json')) printJson(io, found.map(asData));
      else if (found.length === 0) io.out('nothing was deducted\n');
      else {
        const heads = ['number', 'partner', 'date', 'source', 'reference', 'code', 'invoice', 'order', 'amount', 'reason'];
        io.out(showTable([heads, ...found.map(rowOf)]));
      }
      return exit.ok;
    }),
};

export const deductionsEvidence: Command = {
  summary: 'write all that speaks for us about a deduction into a folder: order, shipment, notice, invoice, acknowledgments, claim, and a sheet of both sides',
  usage: 'NUMBER DIRECTORY',
  run: (given, io) =>
    withDatabase(given, io, 'read', async (_config, db) => {
      const [id = '', directory, ...more] = given.words;
      if (!/^\d{1,15}$/.test(id) || directory === undefined || more.length > 0) {
        throw new WharfError('USAGE', 'name the number of the deduction, as `wharf deductions` shows it, and a folder', { value: id });
      }
      const files = await evidenceFor(db, Number(id));
      try {
        await mkdir(directory, { recursive: true });
        for (const { name, bytes } of files) await writeFile(join(directory, name), bytes);
      } catch (error) {
        throw new WharfError('FOLDER_UNUSABLE', `${directory} cannot be written: ${(error as Error).message}`, { place: { file: directory }, cause: error });
      }
      if (given.flag('json')) printJson(io, { directory, files: files.map(({ name }) => name) });
      else for (const { name } of files) io.out(`${join(directory, name)}\n`);
      return exit.ok;
    }),
};

function asData({ amount, at, orderId, documentId, ...rest }: StoredDeduction) {
  return {
    ...rest,
    amount: formatDecimal(amount, 2),
    order: orderId === undefined ? null : `order:${orderId}`,
    document: `document:${documentId}`,
    at: showInstant(at),
  };
}

function rowOf({ id, partner, date, source, reference, code, invoiceNumber, orderId, amount, currency, reason }: StoredDeduction): readonly string[] {
  const order = orderId === undefined ? '-' : `order:${orderId}`;
  return [
    String(id),
    partner,
    date,
    source,
    reference,
    code ?? '-',
    invoiceNumber ?? '-',
    order,
    `${formatDecimal(amount, 2)} ${currency ?? ''}`.trim(),
    reason ?? '-',
  ];
}
