import { existsSync } from 'node:fs';
import { loadWhatIf } from '../config/what-if.ts';
import { formatDecimal, whole } from '../decimal.ts';
import { WharfError } from '../errors.ts';
import type { Outcome } from '../orders/what-if.ts';
import type { AppliedPolicy } from '../orders/explain-policy.ts';
import { explainPolicy } from '../orders/explain-policy.ts';
import { allPolicies } from '../store/policies.ts';
import type { Database } from '../store/transaction.ts';
import { weighPolicy } from '../workbench/what-if.ts';
import type { Command, ExitCode, Given, Io } from './command.ts';
import { exit, printJson } from './command.ts';
import { problemData, showProblem, withDatabase } from './open.ts';
import { showTable } from './show.ts';

const DAY = 86_400_000;

export const route: Command = {
  summary: 'play past decisions again under another policy: the difference in fill, shipments, cost and lateness; nothing is changed',
  usage: '--what-if POLICY.yaml [--days 30] | --policies',
  options: {
    'what-if': { type: 'string', value: 'FILE', help: 'what is different: allocation, partners.<id>, locations.<code>, as in partner files' },
    policies: { type: 'boolean', help: 'list every version of a policy that has decided something, and since when' },
    days: { type: 'string', value: 'N', help: 'decisions of the last N days; 30 unless told' },
  },
  run: async (given, io) => {
    if (given.flag('policies')) return withDatabase(given, io, 'read', (_config, db) => listPolicies(given, io, db));
    const file = given.text('what-if');
    if (file === undefined) throw new WharfError('USAGE', 'name the policy: wharf route --what-if policy.yaml, or list them: wharf route --policies');
    const days = given.text('days') ?? '30';
    if (!/^[1-9]\d{0,4}$/.test(days)) throw new WharfError('USAGE', `--days ${days} is not a number of days`, { value: days });
    if (!existsSync(file)) throw new WharfError('FILE_UNREADABLE', `there is no file ${file}`, { place: { file }, value: file });
    const loaded = await loadWhatIf(file);
    if ('problems' in loaded) {
      if (given.flag('json')) printJson(io, { problems: loaded.problems.map(problemData) });
      else for (const problem of loaded.problems) io.err(showProblem(problem));
      return exit.failed;
    }
    return withDatabase(given, io, 'read', async (_config, db) => {
      const { allocations, before, after } = await weighPolicy(db, loaded.value, Date.now() - Number(days) * DAY);
      const [was, would] = [asData(before), asData(after)];
      if (given.flag('json')) printJson(io, { days: Number(days), allocations, before: was, after: would });
      else show(io, days, was, would);
      return exit.ok;
    });
  },
};

async function listPolicies(given: Given, io: Io, db: Database): Promise<ExitCode> {
  const policies = (await db.read((tx) => allPolicies(tx))).map(({ version, at, content }) => ({
    version,
    since: new Date(at).toISOString().slice(0, 10),
    text: explainPolicy(content as AppliedPolicy),
  }));
  if (given.flag('json')) printJson(io, policies);
  else if (policies.length === 0) io.out('nothing was decided yet\n');
  else for (const { version, since, text } of policies) io.out(`${version}  since ${since}  ${text}\n`);
  return exit.ok;
}

type Shown = ReturnType<typeof asData>;

function asData({ orders, whole: complete, asked, filled, shipments, cost, lateDays }: Outcome) {
  const fill = asked === 0n ? '-' : formatDecimal((filled * whole(100)) / asked, 2);
  return { orders, complete, asked: formatDecimal(asked), filled: formatDecimal(filled), fillPercent: fill, shipments, cost: formatDecimal(cost, 2), lateDays };
}

const TITLES = {
  complete: 'orders filled at once',
  filled: 'units filled',
  fillPercent: 'fill, percent',
  shipments: 'shipments',
  cost: 'cost',
  lateDays: 'days late',
} as const satisfies Partial<Record<keyof Shown, string>>;

function show(io: Io, days: string, before: Shown, after: Shown): void {
  if (before.orders === 0) return io.out(`no decision of the last ${days} days is kept\n`);
  io.out(`${before.orders} orders of ${days} days, ${before.asked} units asked\n`);
  const rows = Object.entries(TITLES).map(([name, title]) => [title, String(before[name as keyof Shown]), String(after[name as keyof Shown])]);
  io.out(showTable([['', 'as decided', 'what if'], ...rows]));
}
