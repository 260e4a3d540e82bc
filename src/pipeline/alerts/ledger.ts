import { addDays } from '../../orders/dates.ts';
import { instantOf, localTime } from '../../orders/windows.ts';
import type { FoundDifferences } from '../../store/balance-checks.ts';
import { insertCheck, lastCheck } from '../../store/balance-checks.ts';
import type { Difference } from '../balance.ts';
import { balanceInParts } from '../balance.ts';
import type { PipelineContext } from '../context.ts';

/** What came in so many days ago and later is balanced. */
const DAYS = 31;
const DAY = 86_400_000;

/**
 * Balances the ledger once a day at the time that the configuration says, where the company is, and gives what was found last. One that was due while the
 * daemon did not run is made up for when it does.
 */
export async function ledgerConditions(
  context: PipelineContext,
): Promise<readonly { readonly kind: 'drift' | 'balance'; readonly subject: string; readonly detail: string }[]> {
  const { db } = context;
  const now = context.now();
  const { alerts, company } = context.config();
  let last = await db.read(lastCheck);
  if (!last || last.at < lastTime(alerts.balanceAt, company.timezone, now)) {
    const found = summed(await balanceInParts(db, context.config(), now - DAYS * DAY));
    await db.transaction((tx) => insertCheck(tx, found, now));
    context.log.debug('the ledger was balanced', { count: found.length });
    last = { at: now, found };
  }
  return last.found.map(({ code, count, first }) => ({
    kind: code === 'STOCK_DRIFT' ? 'drift' : 'balance',
    subject: code,
    detail: `${count} difference${count === 1 ? '' : 's'}, first ${first}`,
  }));
}

function summed(differences: readonly Difference[]): readonly FoundDifferences[] {
  return [...Map.groupBy(differences, ({ code }) => code)].map(([code, list]) => ({
    code,
    count: list.length,
    first: `${list[0]!.id}: ${list[0]!.detail}`.slice(0, 400),
  }));
}

/** The last instant (milliseconds since 1970) at which it was this time of day. */
function lastTime(time: string, timezone: string, now: number): number {
  const { date } = localTime(now, timezone);
  const today = instantOf(date, time, timezone);
  return today <= now ? today : instantOf(addDays(date, -1), time, timezone);
}
