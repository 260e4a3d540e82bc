import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { remedyOf, WharfError } from '../errors.ts';
import type { ImportContext } from '../acts/import-items.ts';
import { importItems } from '../acts/import-items.ts';
import { importCredit } from '../acts/import-credit.ts';
import { importInbound } from '../acts/import-inbound.ts';
import { importLots } from '../acts/import-lots.ts';
import type { RefusedRow } from '../acts/import-rows.ts';
import { importPools } from '../acts/import-pools.ts';
import { importSubstitutes } from '../acts/import-substitutes.ts';
import { importOrders } from '../acts/import-orders.ts';
import { importPrices } from '../acts/import-prices.ts';
import { importShipTos } from '../acts/import-ship-tos.ts';
import { importReferences } from '../acts/import-references.ts';
import { importStock } from '../acts/import-stock.ts';
import { importUnits } from '../acts/import-units.ts';
import type { TableImport } from '../acts/import-table.ts';
import { withActs } from './act.ts';
import type { Command, ExitCode, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';

type Report = { readonly refused: readonly RefusedRow[]; readonly ignoredColumns: readonly string[] };

export const itemsImport: Command = {
  summary: 'add and change items, their units, prices and cross-references from a CSV file; orders that waited for them go on',
  usage: 'FILE',
  acts: true,
  run: (given, io) =>
    run(given, io, async (context, bytes) => {
      const report = await importItems(context, bytes);
      const { created, updated, healed } = report;
      const went = healed.holds > 0 ? `; ${healed.holds} holds are over, orders ${healed.orders.join(', ')} go on` : '';
      return { report, text: `${created} items new, ${updated} updated${went}` };
    }),
};

export const stockImport: Command = {
  summary: 'set what is on hand at each location from a CSV file of counts; orders that waited for stock are decided again',
  usage: 'FILE',
  acts: true,
  run: (given, io) =>
    run(given, io, async (context, bytes) => {
      const report = await importStock(context, bytes);
      const { changed, unchanged, woken } = report;
      return { report, text: `${changed} counts changed, ${unchanged} unchanged${woken > 0 ? `; ${woken} waiting orders are decided again` : ''}` };
    }),
};

export const ordersImport: Command = {
  summary: 'take orders that are open in another system from a CSV file, with what is still to be shipped',
  usage: 'FILE',
  acts: true,
  run: (given, io) =>
    run(given, io, async (context, bytes) => {
      const report = await importOrders(context, bytes);
      return { report, text: `${report.orders} orders taken; those that are here already turn out to be duplicates` };
    }),
};

export const shipTosImport: Command = {
  summary: 'add and change the places that partners let us ship to from a CSV file; orders that waited for them go on',
  usage: 'FILE',
  acts: true,
  run: (given, io) => run(given, io, async (context, bytes) => tableReport('ship-tos', await importShipTos(context, bytes))),
};

export const pricesImport: Command = {
  summary: 'add and change prices, of everybody or of a partner, from a CSV file; orders that waited for them go on',
  usage: 'FILE',
  acts: true,
  run: (given, io) => run(given, io, async (context, bytes) => tableReport('prices', await importPrices(context, bytes))),
};

export const unitsImport: Command = {
  summary: 'add and change units of items from a CSV file; orders that waited for them go on',
  usage: 'FILE',
  acts: true,
  run: (given, io) => run(given, io, async (context, bytes) => tableReport('units', await importUnits(context, bytes))),
};

export const referencesImport: Command = {
  summary: 'add numbers by which partners know items from a CSV file; orders that waited for them go on',
  usage: 'FILE',
  acts: true,
  run: (given, io) => run(given, io, async (context, bytes) => tableReport('item numbers', await importReferences(context, bytes))),
};

export const substitutesImport: Command = {
  summary: 'add and change which items may stand in for others, from a CSV file',
  usage: 'FILE',
  acts: true,
  run: (given, io) => run(given, io, async (context, bytes) => tableReport('substitutes', await importSubstitutes(context, bytes))),
};

export const inboundImport: Command = {
  summary: 'add and change goods on their way to a location, from a CSV file; orders that wait for them are promised a day',
  usage: 'FILE',
  acts: true,
  run: (given, io) => run(given, io, async (context, bytes) => tableReport('expected receipts', await importInbound(context, bytes))),
};

export const lotsImport: Command = {
  summary: 'set what is on hand of lots and when they expire, from a CSV file',
  usage: 'FILE',
  acts: true,
  run: (given, io) => run(given, io, async (context, bytes) => tableReport('lots', await importLots(context, bytes))),
};

export const poolsImport: Command = {
  summary: 'set what is kept of items at a location for the partners of a pool, from a CSV file',
  usage: 'FILE',
  acts: true,
  run: (given, io) => run(given, io, async (context, bytes) => tableReport('pools', await importPools(context, bytes))),
};

export const creditImport: Command = {
  summary: 'set which partners may be shipped to, from a CSV file of a credit system; orders of those who are cleared go on',
  usage: 'FILE',
  acts: true,
  run: (given, io) => run(given, io, async (context, bytes) => tableReport('credit statuses', await importCredit(context, bytes))),
};

function tableReport(what: string, report: TableImport): { readonly report: Report; readonly text: string } {
  const { created, updated, unchanged, healed } = report;
  const went = healed.holds > 0 ? `; ${healed.holds} holds are over, orders ${healed.orders.join(', ')} go on` : '';
  return { report, text: `${created} ${what} new, ${updated} updated, ${unchanged} unchanged${went}` };
}

async function run(
  given: Given,
  io: Io,
  work: (context: ImportContext, bytes: Uint8Array) => Promise<{ readonly report: Report; readonly text: string }>,
): Promise<ExitCode> {
  const [file] = given.words;
  if (file === undefined || given.words.length > 1) throw new WharfError('USAGE', 'name the one file to import');
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new WharfError('FILE_UNREADABLE', `${file} cannot be read: ${(error as Error).message}`, { place: { file }, cause: error });
  });
  const target = `${basename(file).slice(0, 100)} sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return withActs(given, io, { access: 'write', target }, async (config, { db, now }) => {
    const { report, text } = await work({ db, config, now, file: basename(file) }, bytes);
    if (given.flag('json')) printJson(io, report);
    else show(io, file, report, text);
    return report.refused.length > 0 ? exit.findings : exit.ok;
  });
}

function show(io: Io, file: string, { refused, ignoredColumns }: Report, text: string): void {
  for (const { row, field, value, code, message } of refused) {
    io.out(`${file}:${row}: ${code}: ${field ? `${field} ${JSON.stringify(value)} ` : ''}${message}\n`);
  }
  const rows = new Set(refused.map(({ row }) => row)).size;
  if (rows > 0) io.out(`  ${remedyOf('IMPORT_ROW')}\n`);
  if (ignoredColumns.length > 0) io.out(`columns that nobody reads: ${ignoredColumns.join(', ')}\n`);
  io.out(`${text}${rows > 0 ? `; ${rows} row${rows === 1 ? '' : 's'} refused` : ''}\n`);
}
