import { greatest, parseDecimal, scaleExactly, total, whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { distribute } from './distribute.ts';
import type { Destination } from './distribute.ts';
import type { OrderState, Reservation } from './model.ts';

/** What stores were given of order lines before: base units by line and store. */
export type Given = ReadonlyMap<number, ReadonlyMap<string, Decimal>>;

/** Reservations for one store; `store` is undefined for what no line says a store for. */
export type ForStore = { readonly store: string | undefined; readonly held: readonly Reservation[] };

/** What the stores of a line asked in base units, in the order of the document; empty where it is for one place. */
export function destinationsOf(state: Pick<OrderState, 'document'>, line: OrderState['lines'][number]): readonly Destination[] {
  const { numerator, denominator } = line.conversion;
  return (state.document.lines[line.lineNo - 1]?.destinations ?? []).map(({ code, quantity }) => ({
    store: code,
    quantity: scaleExactly(parseDecimal(quantity) ?? 0n, numerator, denominator) ?? 0n,
  }));
}

/**
 * Divides reservations among the stores that their lines are for (SDQ). What is there goes to what the stores still miss; where it is less, each
 * gets its fair share of it in whole packs. Stores come in the order of the document, and nothing is left over.
 */
export function byStore(state: OrderState, held: readonly Reservation[], given: Given): readonly ForStore[] {
  const stores = new Map<string | undefined, Reservation[]>();
  const put = (store: string | undefined, reservation: Reservation): void => {
    const group = stores.get(store);
    if (group) group.push(reservation);
    else stores.set(store, [reservation]);
  };
  for (const line of state.lines) {
    const own = held.filter(({ lineId }) => lineId === line.id);
    const asked = destinationsOf(state, line);
    if (asked.length === 0) for (const reservation of own) put(undefined, reservation);
    else divideLine(own, missingOf(asked, given.get(line.id)), line.pack, put);
  }
  return [...stores].map(([store, reservations]) => ({ store, held: reservations }));
}

function missingOf(asked: readonly Destination[], given: ReadonlyMap<string, Decimal> | undefined): readonly Destination[] {
  return asked.map(({ store, quantity }) => ({ store, quantity: greatest(0n, quantity - (given?.get(store) ?? 0n)) }));
}

function divideLine(
  held: readonly Reservation[],
  missing: readonly Destination[],
  pack: Decimal,
  put: (store: string, reservation: Reservation) => void,
): void {
  const amount = total(held.map((each) => each.covers ?? each.quantity));
  // A store that asked for part of a pack can only be given loose units.
  const unit = missing.every(({ quantity }) => quantity % pack === 0n) ? pack : whole(1);
  const { shares, left } = distribute(amount, missing, unit);
  const wanted = shares.map(({ store, quantity }, at) => ({ store, quantity: at === 0 ? quantity + left : quantity }));
  let at = 0;
  let open = wanted[0]?.quantity ?? 0n;
  for (const reservation of held) {
    const covers = reservation.covers ?? reservation.quantity;
    let taken = 0n;
    while (taken < covers) {
      while (open === 0n) open = wanted[++at]!.quantity;
      const part = open < covers - taken ? open : covers - taken;
      const quantity = ((taken + part) * reservation.quantity) / covers - (taken * reservation.quantity) / covers;
      put(wanted[at]!.store, { ...reservation, quantity, ...(reservation.covers === undefined ? {} : { covers: part }) });
      taken += part;
      open -= part;
    }
  }
}
