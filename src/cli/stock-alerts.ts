import { WharfError } from '../errors.ts';
import { stockAlerts as alertsOf } from '../acts/stock-alerts.ts';
import type { Command } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';

export const stockAlerts: Command = {
  summary: 'stock that is oversold, below its safety stock or reorder point, and locations that have not said what they have',
  usage: '[--days 7]',
  options: { days: { type: 'string', value: 'N', help: 'how many days a location may be silent; 7 unless told' } },
  run: (given, io) =>
    withDatabase(given, io, 'read', async (config, db) => {
      const days = given.text('days') ?? '7';
      if (!/^[1-9]\d{0,4}$/.test(days)) throw new WharfError('USAGE', `--days ${days} is not a number of days`, { value: days });
      const alerts = await db.read((tx) => alertsOf(tx, config, Date.now(), Number(days)));
      if (given.flag('json')) printJson(io, alerts);
      else if (alerts.length === 0) io.out('nothing to see to\n');
      else for (const { code, sku, location, detail } of alerts) io.out(`${code.padEnd(12)} ${location}${sku === undefined ? '' : ` ${sku}`}: ${detail}\n`);
      return alerts.length > 0 ? exit.findings : exit.ok;
    }),
};
