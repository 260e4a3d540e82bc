import { greatest, least, total } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';

/** Stock of one item at one location that a line holds. Quantities in base units. */
export type StockHold = {
  readonly id: number;
  readonly quantity: Decimal;
  readonly state: 'firm' | 'released';
  /** As in `Demand`: class 0 is protected. */
  readonly class: number;
  readonly tier: number;
  readonly receivedAt: string;
};

export type Shed = {
  /** Firm reservations (or parts) that end; what they held goes back to be decided again. */
  readonly void: readonly { readonly id: number; readonly quantity: Decimal }[];
  /** What a location was told to ship and is asked not to. */
  readonly ask: readonly { readonly id: number; readonly quantity: Decimal }[];
  /** Protected quantities are among them: promises that were never to be taken back. */
  readonly alarm: boolean;
  /** What no reservation covers. */
  readonly uncovered: Decimal;
};

/** How far promises exceed the stock of an item at a location. */
export function shortOf(stock: { readonly onHand: Decimal; readonly onHold: Decimal; readonly allocated: Decimal }): Decimal {
  return greatest(0n, stock.allocated - (stock.onHand - stock.onHold));
}

/**
 * Which reservations give way when stock fell by `short` under its promises: the lowest priority first. Work that a location was told
 * to do is disturbed only when unreleased work is not enough, unless `releasedFirst` lets priority alone decide. Protected quantities
 * come last of all, with an alarm.
 */
export function shed(short: Decimal, holds: readonly StockHold[], options: { readonly releasedFirst?: boolean } = {}): Shed {
  const guarded = (hold: StockHold): number => (hold.class === 0 ? 1 : 0);
  const disturbed = (hold: StockHold): number => (hold.state === 'released' && !options.releasedFirst ? 1 : 0);
  const order = holds.toSorted(
    (a, b) =>
      guarded(a) - guarded(b) ||
      disturbed(a) - disturbed(b) ||
      b.class - a.class ||
      b.tier - a.tier ||
      (a.receivedAt < b.receivedAt ? 1 : a.receivedAt > b.receivedAt ? -1 : b.id - a.id),
  );
  let left = short;
  const taken: { hold: StockHold; quantity: Decimal }[] = [];
  for (const hold of order) {
    if (left <= 0n) break;
    const quantity = least(left, hold.quantity);
    taken.push({ hold, quantity });
    left -= quantity;
  }
  const parts = (state: StockHold['state']): { id: number; quantity: Decimal }[] =>
    taken.filter(({ hold }) => hold.state === state).map(({ hold, quantity }) => ({ id: hold.id, quantity }));
  return {
    void: parts('firm'),
    ask: parts('released'),
    alarm: taken.some(({ hold }) => hold.class === 0),
    uncovered: greatest(0n, short - total(taken.map(({ quantity }) => quantity))),
  };
}
