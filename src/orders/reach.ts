import { greatest, least } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Demand, LotWish, Reason } from './allocation.ts';
import type { Book, LotShelf, PoolLeft } from './book.ts';
import { rowOf, takeFrom } from './book.ts';
import type { Eligible } from './eligible.ts';
import { mustLastUntil } from './lots.ts';

/** An order that looks at the stock. */
export type Reacher = { readonly book: Book; readonly demand: Demand };

/** What of an item at a location an order may take: nothing where it has declined, not what is kept for others, and only what lives long enough. */
export function stockFor(reacher: Reacher, sku: string, place: Eligible): Decimal {
  const { book, demand } = reacher;
  if (demand.declined?.some((each) => each.sku === sku && each.location === place.facts.code)) return 0n;
  const there = rowOf(book, sku)[place.index] ?? 0n;
  if (there === 0n || isPlain(book, sku)) return there;
  const kept = keptForOthers(reacher, sku, place).reduce((sum, { left }) => sum + left, 0n);
  const lives = longLived(reacher, sku, place);
  return greatest(0n, lives === undefined ? there - kept : least(there - kept, lives));
}

/** Whether an item is kept without lots and without pools, as most are. */
function isPlain({ shelves, pools }: Book, sku: string): boolean {
  return (shelves.size === 0 || !shelves.has(sku)) && (pools.size === 0 || !pools.has(sku));
}

/** Takes what `stockFor` allows; the answer gives it back. */
export function takeStock({ book, demand }: Reacher, sku: string, place: Eligible, quantity: Decimal): () => void {
  takeFrom(book, sku, place.index, quantity);
  const putBack = (): void => takeFrom(book, sku, place.index, -quantity);
  if (isPlain(book, sku)) return putBack;
  const undoes = [putBack];
  const shelf = book.shelves.get(sku)?.get(place.index);
  if (shelf) {
    const claim = { quantity, goodUntil: neededUntil(demand.lots, sku, place) };
    shelf.claims.push(claim);
    undoes.push(() => shelf.claims.splice(shelf.claims.indexOf(claim), 1));
  }
  let left = quantity;
  for (const pool of poolsAt(book, sku, place)) {
    if (!demand.pools?.includes(pool.name)) continue;
    const part = least(left, pool.left);
    pool.left -= part;
    left -= part;
    undoes.push(() => void (pool.left += part));
  }
  return () => undoes.forEach((undo) => undo());
}

/** Why an order may take less than there is. */
export function explainReach(reacher: Reacher, sku: string, place: Eligible): readonly Reason[] {
  const there = rowOf(reacher.book, sku)[place.index] ?? 0n;
  if (there === 0n || isPlain(reacher.book, sku)) return [];
  const location = place.facts.code;
  const pools = keptForOthers(reacher, sku, place);
  const lives = longLived(reacher, sku, place);
  return [
    ...pools.map(({ name, left }): Reason => ({ kind: 'pool', sku, location, pool: name, quantity: left })),
    ...(lives !== undefined && lives < there
      ? [{ kind: 'short-lived' as const, sku, location, quantity: there - lives, needed: neededUntil(reacher.demand.lots, sku, place) }]
      : []),
  ];
}

function keptForOthers({ book, demand }: Reacher, sku: string, place: Eligible): readonly PoolLeft[] {
  return poolsAt(book, sku, place).filter(({ name, left }) => left > 0n && !demand.pools?.includes(name));
}

function poolsAt(book: Book, sku: string, { index }: Eligible): readonly PoolLeft[] {
  return (book.pools.get(sku) ?? []).filter(({ location }) => location === index);
}

function neededUntil(wish: LotWish | undefined, sku: string, { shipDate }: Eligible): string {
  return wish ? mustLastUntil(wish, sku, shipDate) : shipDate;
}

function longLived({ book, demand }: Reacher, sku: string, place: Eligible): Decimal | undefined {
  const shelf = book.shelves.get(sku)?.get(place.index);
  if (!shelf) return undefined;
  const needed = neededUntil(demand.lots, sku, place);
  const free = freeUntil(shelf, needed);
  if (demand.lots?.single !== 'require') return free;
  const largest = shelf.lots.reduce((most, { goodUntil, quantity }) => (goodUntil >= needed ? greatest(most, quantity) : most), 0n);
  return least(free, largest);
}

/**
 * What may be taken of lots that are good until `needed` without taking from those who need as long a life or less what they rely on: whoever asks for less
 * life can be served from shorter lots, so that for every date the lots that last until then must cover the claims that need them.
 */
function freeUntil({ lots, claims }: LotShelf, needed: string): Decimal {
  const dates = new Set([needed, ...claims.flatMap(({ goodUntil }) => (goodUntil < needed ? [goodUntil] : []))]);
  let free: Decimal | undefined;
  for (const date of dates) {
    const sum = (parts: LotShelf['lots']): Decimal => parts.reduce((all, { goodUntil, quantity }) => (goodUntil >= date ? all + quantity : all), 0n);
    const left = sum(lots) - sum(claims);
    if (free === undefined || left < free) free = left;
  }
  return greatest(0n, free ?? 0n);
}
