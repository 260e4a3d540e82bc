import { formatDecimal, whole } from '../decimal.ts';
import { WharfError } from '../errors.ts';
import type { Metrics, Share } from '../acts/metrics.ts';
import { measure } from '../acts/metrics.ts';
import type { Command, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';

const DAY = 86_400_000;

/** The shares in the order in which they are shown. */
const SHARES = {
  touchless: 'orders without a person',
  answersInTime: 'answers (855) in time',
  noticesInTime: 'ship notices (856) in time',
  unitFill: 'units shipped of those ordered',
  lineFill: 'lines shipped in full',
  onTime: 'shipped orders on time',
  inFull: 'shipped orders in full',
  onTimeInFull: 'on time and in full',
  accurate: 'exactly what was ordered',
  returned: 'units returned',
} as const satisfies Partial<Record<keyof Metrics, string>>;

export const metrics: Command = {
  summary: 'how orders fared: without a person, in time, in full, returned, and why demand was not filled',
  usage: '[--days 30] [--partner ID]',
  options: {
    days: { type: 'string', value: 'N', help: 'of the orders received in the last N days; 30 unless told' },
    partner: { type: 'string', value: 'ID', help: 'only this partner’s' },
  },
  run: (given, io) =>
    withDatabase(given, io, 'read', async (config, db) => {
      const days = given.text('days') ?? '30';
      if (!/^[1-9]\d{0,4}$/.test(days)) throw new WharfError('USAGE', `--days ${days} is not a number of days`, { value: days });
      const partner = given.text('partner');
      if (partner !== undefined && !config.partners.has(partner)) throw new WharfError('NOT_FOUND', `no partner is called ${partner}`, { value: partner });
      const now = Date.now();
      const found = await measure(db, now - Number(days) * DAY, now, partner);
      if (given.flag('json')) printJson(io, asData(found));
      else show(io, found, days);
      return exit.ok;
    }),
};

/** A share in percent to one place, or nothing when there is nothing to share. */
function percent({ part, whole: all }: Share): string | undefined {
  return all === 0n ? undefined : formatDecimal((whole(part) * 100n) / all, 1);
}

function asData(found: Metrics) {
  const shares = Object.fromEntries(Object.keys(SHARES).map((name) => [name, percent(found[name as keyof typeof SHARES]) ?? null]));
  const hours = (milliseconds: number) => Math.round(milliseconds / 36_000) / 100;
  return {
    orders: found.orders,
    percent: shares,
    fulfilmentHours: found.fulfilment ? { median: hours(found.fulfilment.median), longest: hours(found.fulfilment.longest) } : null,
    deductions: found.deductions.map((each) => ({ ...each, amount: formatDecimal(each.amount, 2) })),
    unfilled: found.unfilled.map((each) => ({ ...each, units: formatDecimal(each.units) })),
  };
}

function show(io: Io, found: Metrics, days: string): void {
  const { orders, percent: shares, fulfilmentHours, deductions, unfilled } = asData(found);
  io.out(`orders received in ${days} days: ${orders}\n`);
  for (const [name, title] of Object.entries(SHARES)) io.out(`${title.padEnd(32)} ${shares[name] === null ? '-' : `${shares[name]} %`}\n`);
  if (fulfilmentHours) io.out(`${'hours from order to shipment'.padEnd(32)} median ${fulfilmentHours.median}, longest ${fulfilmentHours.longest}\n`);
  for (const { currency, count, amount } of deductions) io.out(`${'deductions'.padEnd(32)} ${count}: ${amount} ${currency}\n`);
  if (unfilled.length > 0) io.out('demand not filled:\n');
  for (const { reason, lines, units } of unfilled) io.out(`  ${reason.padEnd(30)} ${units} units on ${lines} line${lines === 1 ? '' : 's'}\n`);
}
