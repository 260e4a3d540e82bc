import { floorToPack, greatest, least, total } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Ahead, AllocationInput, Commitment, Demand, LocationFacts, Promised, Reason, Room, Substitute } from './allocation.ts';
import { promisable } from './atp.ts';
import type { Eligible } from './eligible.ts';

/** The copy of the stock that an allocation works on, and who took what from it. Locations go by their index in `locations`. */
export type Book = {
  readonly today: string;
  readonly locations: readonly LocationFacts[];
  /** By item and location: its lots, and who relies on how long they live. */
  readonly shelves: ReadonlyMap<string, ReadonlyMap<number, LotShelf>>;
  readonly pools: ReadonlyMap<string, readonly PoolLeft[]>;
  /** What each location still takes for its day. */
  readonly rooms: Room[];
  readonly substitutes: ReadonlyMap<string, readonly Substitute[]>;
  readonly rows: Map<string, Decimal[]>;
  /** `rows` as they were before anybody took anything. */
  readonly opening: ReadonlyMap<string, readonly Decimal[]>;
  readonly inbound: ReadonlyMap<string, readonly Supply[]>;
  /** By item and day: what is promised and holds no stock. */
  readonly promised: Map<string, Map<string, Decimal>>;
  readonly takers: Map<string, Takers>;
  /** The promises that orders had before, until they are decided about anew. */
  readonly owed: Map<number, readonly Commitment[]>;
};

type Supply = { readonly location: number; readonly usableOn: string; readonly whole: Decimal; left: Decimal };
type Dated = { readonly quantity: Decimal; readonly goodUntil: string };
export type LotShelf = { readonly lots: readonly Dated[]; readonly claims: Dated[] };
export type PoolLeft = { readonly name: string; readonly location: number; left: Decimal };
type Takers = { orders: number; quantity: Decimal; last: Ahead[] };

const TOLD = 5;

/** The book at the start of an allocation. Stock below 0 counts as none; stock at locations that are not listed is not there. */
export function openBook(input: AllocationInput): Book {
  const at = new Map(input.locations.map((location, index) => [location.code, index]));
  const rows = new Map<string, Decimal[]>();
  for (const { sku, location, available } of input.stock) {
    const index = at.get(location);
    if (index === undefined) continue;
    let row = rows.get(sku);
    if (!row) rows.set(sku, (row = input.locations.map(() => 0n)));
    row[index] = greatest(0n, available);
  }
  const promised = new Map<string, Map<string, Decimal>>();
  for (const { sku, date, quantity } of input.commitments ?? []) addPromise(promised, sku, date, quantity);
  const owed = Map.groupBy(
    (input.commitments ?? []).filter(({ orderId }) => orderId !== undefined),
    ({ orderId }) => orderId!,
  );
  const inbound = (input.inbound ?? [])
    .filter((supply) => at.has(supply.location))
    .map((supply) => ({ sku: supply.sku, location: at.get(supply.location)!, usableOn: supply.usableOn, whole: supply.quantity, left: supply.quantity }))
    .toSorted((a, b) => (a.usableOn < b.usableOn ? -1 : a.usableOn > b.usableOn ? 1 : a.location - b.location));
  return {
    today: input.today,
    locations: input.locations,
    shelves: shelvesOf(input, at),
    pools: poolsOf(input, at),
    rooms: input.locations.map(({ room }) => room ?? {}),
    substitutes: Map.groupBy(input.substitutes ?? [], (substitute) => substitute.from),
    rows,
    opening: new Map([...rows].map(([sku, row]) => [sku, [...row]])),
    inbound: Map.groupBy(inbound, (supply) => supply.sku),
    promised,
    takers: new Map(),
    owed,
  };
}

function shelvesOf({ lots = [], lotClaims = [] }: AllocationInput, at: ReadonlyMap<string, number>): Book['shelves'] {
  const shelves = new Map<string, Map<number, LotShelf>>();
  const claims = Map.groupBy(lotClaims, (claim) => claim.sku);
  for (const [sku, rows] of Map.groupBy(lots, (row) => row.sku)) {
    const places = new Map<number, LotShelf>();
    for (const [code, own] of Map.groupBy(rows, ({ location }) => location)) {
      const index = at.get(code);
      if (index === undefined) continue;
      places.set(index, { lots: own, claims: (claims.get(sku) ?? []).filter((claim) => claim.location === code) });
    }
    shelves.set(sku, places);
  }
  return shelves;
}

function poolsOf({ pools = [] }: AllocationInput, at: ReadonlyMap<string, number>): Book['pools'] {
  const known = pools.filter(({ location }) => at.has(location));
  const left = known.map(({ sku, name, location, quantity }) => ({ sku, name, location: at.get(location)!, left: greatest(0n, quantity) }));
  return Map.groupBy(left, ({ sku }) => sku);
}

/** Takes back what was promised to an order before: it is decided about anew, and its promise was kept for it until now. */
export function withdrawPromises(book: Book, orderId: number): void {
  for (const { sku, date, quantity } of book.owed.get(orderId) ?? []) addPromise(book.promised, sku, date, -quantity);
  book.owed.delete(orderId);
}

/** Keeps stock that is there today for a promise of a later day. */
export function keepFor(book: Book, sku: string, date: string, quantity: Decimal): void {
  if (quantity > 0n) addPromise(book.promised, sku, date, quantity);
}

/** What each location has of an item. */
export function rowOf(book: Book, sku: string): readonly Decimal[] {
  return book.rows.get(sku) ?? [];
}

/** Takes from a location; a negative quantity gives it back. */
export function takeFrom(book: Book, sku: string, location: number, quantity: Decimal): void {
  const row = book.rows.get(sku);
  if (!row || row[location]! < quantity) throw new RangeError(`took ${quantity} of ${sku} where ${row?.[location] ?? 0n} is`);
  row[location]! -= quantity;
}

/** How much of an item may be taken today without breaking promises already given for later days; undefined when nothing is promised. */
export function headroom(book: Book, sku: string): Decimal | undefined {
  return book.promised.has(sku) ? promisable(total(rowOf(book, sku)), eventsOf(book, sku), book.today) : undefined;
}

/** Takes an order's lines and units out of what a location still takes for its day. The last that it takes may be more than there was room for. */
export function takeRoom(book: Book, location: number, lines: number, units: Decimal): void {
  const room = book.rooms[location]!;
  book.rooms[location] = {
    orders: room.orders === undefined ? undefined : room.orders - 1,
    lines: room.lines === undefined ? undefined : room.lines - lines,
    units: room.units === undefined ? undefined : room.units - units,
  };
}

/** Notes who took stock, so that later orders can be told who stood ahead of them. */
export function noteTaker(book: Book, demand: Demand, sku: string, location: number, quantity: Decimal): void {
  const { orderId, poNumber, tier } = demand;
  let takers = book.takers.get(sku);
  if (!takers) book.takers.set(sku, (takers = { orders: 0, quantity: 0n, last: [] }));
  if (takers.last.at(-1)?.orderId !== orderId) takers.orders++;
  takers.quantity += quantity;
  takers.last.push({ orderId, poNumber, class: demand.class, tier, location: book.locations[location]!.code, quantity });
  if (takers.last.length > TOLD) takers.last.shift();
}

/** Who stood ahead for an item, as a reason; undefined when nobody did. */
export function aheadFor(book: Book, sku: string): Reason | undefined {
  const takers = book.takers.get(sku);
  return takers && { kind: 'ahead', sku, orders: takers.orders, quantity: takers.quantity, last: [...takers.last] };
}

/**
 * Promises up to `quantity` of an item out of supply on its way to one of the eligible locations, the earliest first and not after
 * `until`, in whole packs and never so that another promise breaks. The promises are noted in the book.
 */
export function promise(
  book: Book,
  want: { readonly sku: string; readonly quantity: Decimal; readonly pack: Decimal },
  eligible: readonly Eligible[],
  until: string | undefined,
): { readonly promises: readonly Promised[]; readonly undo: () => void } {
  const promises: Promised[] = [];
  const undoes: (() => void)[] = [];
  let left = want.quantity;
  for (const supply of book.inbound.get(want.sku) ?? []) {
    const place = eligible.find((candidate) => candidate.index === supply.location);
    const date = place && (place.shipDate > supply.usableOn ? place.shipDate : supply.usableOn);
    if (date === undefined || (until !== undefined && date > until)) continue;
    const possible = least(least(left, supply.left), promisable(total(rowOf(book, want.sku)), eventsOf(book, want.sku), date));
    const quantity = floorToPack(possible, want.pack);
    if (quantity === 0n) continue;
    supply.left -= quantity;
    left -= quantity;
    addPromise(book.promised, want.sku, date, quantity);
    promises.push({ date, quantity });
    undoes.push(() => {
      supply.left += quantity;
      addPromise(book.promised, want.sku, date, -quantity);
    });
  }
  return { promises, undo: () => undoes.forEach((undo) => undo()) };
}

function addPromise(promised: Map<string, Map<string, Decimal>>, sku: string, date: string, quantity: Decimal): void {
  let days = promised.get(sku);
  if (!days) promised.set(sku, (days = new Map()));
  const sum = (days.get(date) ?? 0n) + quantity;
  if (sum !== 0n) days.set(date, sum);
  else if (days.delete(date) && days.size === 0) promised.delete(sku);
}

/** All that comes, and all that is promised. Supply that was promised away still comes: its promise stands beside it. */
function eventsOf(book: Book, sku: string): { date: string; quantity: Decimal }[] {
  const events = (book.inbound.get(sku) ?? []).map((supply) => ({ date: supply.usableOn, quantity: supply.whole }));
  for (const [date, quantity] of book.promised.get(sku) ?? []) events.push({ date, quantity: -quantity });
  return events;
}
