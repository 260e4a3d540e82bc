import type { Config } from '../../config/types.ts';
import { locations } from '../../config/find-partner.ts';
import type { LowStock } from '../../store/stock-alerts.ts';
import { lastCounts, lowStock } from '../../store/stock-alerts.ts';
import type { Tx } from '../../store/transaction.ts';

const DAY = 86_400_000;

type StockCondition = { readonly kind: 'oversold' | 'reorder' | 'stock-feed'; readonly subject: string; readonly detail: string };

/** Locations that have promised more than they have, that run out, or that have not said for long what they have. `now` is in milliseconds since 1970. */
export async function stockConditions(tx: Tx, config: Config, now: number): Promise<readonly StockCondition[]> {
  const known = locations(config);
  const silent = (await lastCounts(tx)).filter(({ location, at }) => known.has(location) && (at ?? 0) < now - config.alerts.stockSilence);
  const low = (kind: 'oversold' | 'reorder', rows: readonly LowStock[], how: string): readonly StockCondition[] =>
    rows.map(({ location, count, first }) => ({ kind, subject: location, detail: `${count} item${count === 1 ? '' : 's'} ${how}, first ${first}` }));
  return [
    ...low('oversold', await lowStock(tx, 'oversold'), 'promised above what is there'),
    ...low('reorder', await lowStock(tx, 'reorder'), 'below the reorder point'),
    ...silent.map(({ location, at }): StockCondition => {
      const detail = at === undefined ? 'has never said what it has' : `has not said for ${Math.floor((now - at) / DAY)} days what it has`;
      return { kind: 'stock-feed', subject: location, detail };
    }),
  ];
}
