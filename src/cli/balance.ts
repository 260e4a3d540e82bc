import { formatDecimal } from '../decimal.ts';
import { WharfError } from '../errors.ts';
import { addDays } from '../orders/dates.ts';
import { startOfDay } from '../orders/windows.ts';
import type { Balance, Difference } from '../pipeline/balance.ts';
import { balance as balanceOf } from '../pipeline/balance.ts';
import { repairDrifts } from '../acts/repair-stock.ts';
import type { Counts, LedgerScope } from '../store/balance.ts';
import type { Command, Given, Io } from './command.ts';
import { withActs } from './act.ts';
import { exit, givenDate, printJson } from './command.ts';

export const balance: Command = {
  summary: 'set what came in beside what became of it: files, documents, orders, units, stock; name every difference',
  usage: '[--date 2026-03-02] [--partner ID] [--repair-stock]',
  acts: true,
  options: {
    date: { type: 'string', value: 'DATE', help: 'only what came in on this day, in the company’s time zone' },
    partner: { type: 'string', value: 'ID', help: 'only this partner’s' },
    'repair-stock': { type: 'boolean', help: 'make the stock counters what their movements and the orders say' },
  },
  run: (given, io) =>
    withActs(given, io, { access: 'read', target: 'stock' }, async (config, { db, now, by }) => {
      const partner = given.text('partner');
      if (partner !== undefined && !config.partners.has(partner)) throw new WharfError('NOT_FOUND', `no partner is called ${partner}`, { value: partner });
      const repaired = given.flag('repair-stock') ? await repairDrifts(db, now, by) : [];
      const scope = { ...dayOf(given, config.company.timezone), partner };
      const found = await db.read((tx) => balanceOf(tx, config, scope));
      if (given.flag('json')) printJson(io, { ...found, units: shown(found.units), repaired });
      else show(io, found, repaired);
      return found.differences.length > 0 ? exit.findings : exit.ok;
    }),
};

function dayOf(given: Given, timezone: string): Pick<LedgerScope, 'from' | 'to'> {
  const date = givenDate(given);
  if (date === undefined) return {};
  return { from: startOfDay(date, timezone), to: startOfDay(addDays(date, 1), timezone) };
}

function shown(units: Balance['units']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(units).map(([name, value]) => [name, formatDecimal(value)]));
}

function show(io: Io, { files, interchanges, documents, orderDocuments, orders, units, differences }: Balance, repaired: readonly Difference[]): void {
  for (const { id, detail } of repaired) io.out(`repaired ${id}: ${detail}\n`);
  equation(io, 'files', files);
  equation(io, 'interchanges', interchanges);
  equation(io, 'documents', documents);
  equation(io, 'of them orders', orderDocuments);
  equation(io, 'orders', orders);
  const { base, still_open: open, shipped, overshipped, cancelled, rejected, invoiced } = shown(units);
  io.out(`${'units'.padEnd(15)} ${base} ordered = ${shipped} shipped + ${open} open + ${cancelled} cancelled + ${rejected} rejected\n`);
  io.out(`${''.padEnd(15)} ${shipped} shipped and ${overshipped} above the orders, ${invoiced} invoiced\n`);
  if (differences.length === 0) return io.out('everything balances\n');
  io.out(`\n${differences.length} difference${differences.length === 1 ? '' : 's'}:\n`);
  for (const { code, id, partner, about, detail } of differences)
    io.out(`  ${code} ${id} ${[partner, about].filter((text) => text !== '').join(' ')}: ${detail}\n`);
}

function equation(io: Io, name: string, counts: Counts): void {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  io.out(`${name.padEnd(15)} ${all}${parts.length > 0 ? ` = ${parts.join(' + ')}` : ''}\n`);
}
