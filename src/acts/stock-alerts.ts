import { locations } from '../config/find-partner.ts';
import type { Config } from '../config/types.ts';
import { formatDecimal } from '../decimal.ts';
import type { AlertedStock } from '../store/stock-alerts.ts';
import { lastCounts, stockToLookAt } from '../store/stock-alerts.ts';
import type { Tx } from '../store/transaction.ts';

export type StockAlert = {
  readonly code: 'OVERSOLD' | 'BELOW_SAFETY' | 'REORDER' | 'FEED_STALE';
  readonly sku: string | undefined;
  readonly location: string;
  readonly detail: string;
};

const DAY = 86_400_000;

/**
 * What is wrong or running out: more promised than there is, less left than the safety stock or the reorder point, and locations that have not said for
 * `days` what they have. `now` is in milliseconds since 1970.
 */
export async function stockAlerts(tx: Tx, config: Config, now: number, days: number): Promise<readonly StockAlert[]> {
  const known = new Set(locations(config).keys());
  const stale = (await lastCounts(tx)).filter(({ location, at }) => known.has(location) && (at ?? 0) < now - days * DAY);
  return [
    ...(await stockToLookAt(tx)).flatMap(alertsOf),
    ...stale.map(({ location, at }): StockAlert => {
      const since = at === undefined ? 'has never said what it has' : `has said nothing of its stock for ${Math.floor((now - at) / DAY)} days`;
      return { code: 'FEED_STALE', sku: undefined, location, detail: since };
    }),
  ];
}

/** The worst that is true of a row, once. */
function alertsOf({ sku, location, onHand, onHold, allocated, safety, reorderPoint }: AlertedStock): readonly StockAlert[] {
  const sellable = onHand - onHold;
  const left = sellable - allocated;
  const alert = (code: StockAlert['code'], detail: string): readonly StockAlert[] => [{ code, sku, location, detail }];
  if (left < 0n) return alert('OVERSOLD', `${formatDecimal(allocated)} promised, ${formatDecimal(sellable)} there`);
  if (left < safety) return alert('BELOW_SAFETY', `${formatDecimal(left)} left, the safety stock is ${formatDecimal(safety)}`);
  return alert('REORDER', `${formatDecimal(left)} left, to be ordered again below ${formatDecimal(reorderPoint)}`);
}
