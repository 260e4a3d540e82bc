import { outboundFor } from '../config/find-partner.ts';
import type { Partner } from '../config/types.ts';
import { addDays } from '../orders/dates.ts';
import { localTime } from '../orders/windows.ts';
import { note } from '../store/activity.ts';
import { lastRun, markRun } from '../store/report-runs.ts';
import type { PipelineContext } from './context.ts';
import { tellOpenOrders } from './reports/order-status.ts';
import { tellStock } from './reports/stock-status.ts';
import type { Work } from './work.ts';

/** What is told at a time of the day. */
type Report = 'order-status' | 'stock-report';

/**
 * Queues the reports whose time of the day has come since the last one, once each. What was due while the gateway did not run is told once, late; where a
 * partner was never told, the first goes out at the next such time. Gives how many went out.
 */
export async function queueReports(context: PipelineContext): Promise<number> {
  const config = context.config();
  const due = [...config.partners.values()].flatMap((partner) =>
    timesOf(partner).flatMap(([report, at]) => {
      if (at === undefined || outboundFor(config, partner, report).length === 0) return [];
      return [{ partner, report, period: lastTime(partner, at, context.now()) }];
    }),
  );
  if (due.length === 0) return 0;
  const before = await context.db.read((tx) => Promise.all(due.map(({ partner, report }) => lastRun(tx, partner.id, report))));
  let count = 0;
  for (const [index, { partner, report, period }] of due.entries()) {
    if ((before[index] ?? '') >= period) continue;
    count += await context.db.transaction((tx) => tell({ tx, config, now: context.now() }, partner, report, period));
  }
  return count;
}

function timesOf({ orderStatus, stockStatus }: Partner): readonly (readonly [Report, string | undefined])[] {
  return [
    ['order-status', orderStatus.at],
    ['stock-report', stockStatus.at],
  ];
}

/** The latest instant, in the partner's time, at which it was that time of the day. */
function lastTime({ timezone }: Partner, at: string, now: number): string {
  const { date, time } = localTime(now, timezone);
  return `${time >= at ? date : addDays(date, -1)}T${at}`;
}

async function tell(work: Work, partner: Partner, report: Report, period: string): Promise<number> {
  const before = await lastRun(work.tx, partner.id, report);
  if (before !== undefined && before >= period) return 0;
  if (!(await markRun(work.tx, partner.id, report, { before, period })) || before === undefined) return 0;
  const about = { key: `${partner.id}:${period}`, reference: period.replaceAll(/[-:]/g, '').replace('T', '-') };
  const told = report === 'order-status' ? await tellOpenOrders(work, partner, { cause: 'scheduled', ...about }) : await tellStock(work, partner, about);
  const what = report === 'order-status' ? 'open orders' : 'items';
  await note(work.tx, { at: work.now, verb: 'render', partner: partner.id, text: `told ${told} ${what} as of ${period}` });
  return told > 0 ? 1 : 0;
}
