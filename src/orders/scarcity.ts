import { greatest } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Demand } from './allocation.ts';
import { rowOf } from './book.ts';
import type { Book } from './book.ts';
import { eligibleFor } from './eligible.ts';

/** Expected demand by item and location: each waiting line spreads its quantity evenly over the locations that could serve it. */
export type Rivals = { readonly expected: Map<string, Decimal[]>; readonly shares: Map<Demand, Share[]> };
type Share = { readonly sku: string; readonly locations: readonly number[]; readonly each: Decimal };

/** The expected demand of all orders of an allocation. */
export function expectRivals(book: Book, demands: readonly Demand[]): Rivals {
  const rivals: Rivals = { expected: new Map(), shares: new Map() };
  if (demands.length < 2) return rivals;
  for (const demand of demands) {
    const { eligible } = eligibleFor(demand, book.locations, book.rooms);
    const shares: Share[] = [];
    for (const { sku, quantity } of demand.lines) {
      const row = rowOf(book, sku);
      const locations = eligible.filter(({ index }) => (row[index] ?? 0n) > 0n).map(({ index }) => index);
      if (locations.length === 0) continue;
      const share = { sku, locations, each: quantity / BigInt(locations.length) };
      shares.push(share);
      spread(rivals, book, share, share.each);
    }
    rivals.shares.set(demand, shares);
  }
  return rivals;
}

/** Takes an order out of the expected demand: its turn has come, and it is no rival of itself. */
export function forget(rivals: Rivals, book: Book, demand: Demand): void {
  for (const share of rivals.shares.get(demand) ?? []) spread(rivals, book, share, -share.each);
  rivals.shares.delete(demand);
}

/** For each location, how many units others would go short of there if all of `need` were taken from it. 0 where there is enough for all. */
export function scarcityOf(rivals: Rivals, sku: string, need: Decimal, available: readonly Decimal[]): readonly Decimal[] {
  const expected = rivals.expected.get(sku);
  return available.map((quantity, index) => {
    const rival = expected?.[index] ?? 0n;
    return rival === 0n ? 0n : greatest(0n, rival + need - quantity);
  });
}

function spread(rivals: Rivals, book: Book, share: Share, each: Decimal): void {
  let row = rivals.expected.get(share.sku);
  if (!row) rivals.expected.set(share.sku, (row = book.locations.map(() => 0n)));
  for (const index of share.locations) row[index]! += each;
}
