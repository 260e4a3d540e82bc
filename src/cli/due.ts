import { duration } from '../config/scalars.ts';
import type { Decimal } from '../decimal.ts';
import { formatDecimal } from '../decimal.ts';
import { WharfError } from '../errors.ts';
import type { Due } from '../acts/due.ts';
import { dueClocks } from '../acts/due.ts';
import type { Command, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { withDatabase } from './open.ts';
import { showInstant, showTable } from './show.ts';

const WEEK = '7d';

/** What a person calls each clock. */
const NAMES: Readonly<Record<Due['clock'], string>> = {
  answer: 'order to be answered',
  'ship-notice': 'shipment to be told',
  acknowledgment: 'acknowledgment to come',
  ship: 'order to be shipped',
  location: 'shipment to be reported',
  routing: 'routing to come',
  order: 'order to come',
};

export const due: Command = {
  summary: 'what has to happen until when, the most urgent first, and what it costs when it does not',
  usage: '[--within 24h] [--partner ID]',
  options: {
    within: { type: 'string', value: 'DURATION', help: `how far to look ahead; ${WEEK} unless told` },
    partner: { type: 'string', value: 'ID', help: 'only what is about this partner' },
  },
  run: (given, io) =>
    withDatabase(given, io, 'read', async (config, db) => {
      const now = Date.now();
      const until = now + withinOf(given);
      const partner = given.text('partner');
      if (partner !== undefined && !config.partners.has(partner)) throw new WharfError('NOT_FOUND', `no partner is called ${partner}`, { value: partner });
      const all = await db.read((tx) => dueClocks(tx, config));
      const clocks = all.filter((each) => each.dueAt <= until && (partner === undefined || each.partner === partner));
      if (given.flag('json'))
        printJson(
          io,
          clocks.map((each) => toData(each, now)),
        );
      else show(io, clocks, now);
      return clocks.some(({ dueAt }) => dueAt <= now) ? exit.findings : exit.ok;
    }),
};

function withinOf(given: Given): number {
  const text = given.text('within') ?? WEEK;
  const parsed = duration.safeParse(text);
  if (!parsed.success) throw new WharfError('USAGE', `--within ${text} is not a duration such as 24h`, { value: text });
  return parsed.data;
}

function toData({ atRisk, dueAt, ...rest }: Due, now: number) {
  return { ...rest, dueAt: showInstant(dueAt), late: dueAt <= now, minutesLeft: Math.floor((dueAt - now) / 60_000), atRisk: money(atRisk) };
}

function show(io: Io, clocks: readonly Due[], now: number): void {
  if (clocks.length === 0) return io.out('nothing is due\n');
  const heads = ['what', 'partner', 'about', 'id', 'due', 'left', 'at risk'];
  const rows = clocks.map((each) => {
    const risk = each.atRisk === undefined ? '-' : `${money(each.atRisk)} ${each.currency ?? ''}`;
    return [NAMES[each.clock], each.partner, each.about, each.id, showInstant(each.dueAt), left(each.dueAt - now), risk];
  });
  io.out(showTable([heads, ...rows]));
  for (const [currency, some] of Map.groupBy(
    clocks.filter(({ atRisk }) => atRisk !== undefined),
    ({ currency: code }) => code ?? '',
  )) {
    io.out(`at risk: ${money(some.reduce((sum, { atRisk }) => sum + (atRisk ?? 0n), 0n))} ${currency}\n`);
  }
}

function money(amount: Decimal | undefined): string | undefined {
  return amount === undefined ? undefined : formatDecimal(amount, 2);
}

/** `3 d 4 h`, `2 h 10 min`, and with a word before it where it is over. */
function left(milliseconds: number): string {
  const minutes = Math.floor(Math.abs(milliseconds) / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const text = days > 0 ? `${days} d ${hours} h` : hours > 0 ? `${hours} h ${rest} min` : `${rest} min`;
  return milliseconds <= 0 ? `late ${text}` : text;
}
