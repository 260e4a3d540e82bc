import { greatest, total } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';

/** The counters of one item at one location; quantities in base units. */
export type StockCounters = {
  readonly onHand: Decimal;
  readonly onHold: Decimal;
  readonly allocated: Decimal;
  readonly safety: Decimal;
  /** Unexpired quantities set aside for others. */
  readonly protectedForOthers?: Decimal | undefined;
};

/** What can be promised now: on hand less hold, allocated, safety stock and what is kept for others. Negative when promises exceed the stock. */
export function availableNow(stock: StockCounters): Decimal {
  return stock.onHand - stock.onHold - stock.allocated - stock.safety - (stock.protectedForOthers ?? 0n);
}

/** Supply (above 0) or a promise (below 0) of a day. */
export type StockEvent = { readonly date: string; readonly quantity: Decimal };

/**
 * What can be promised for `date` without breaking a later promise: the smallest running sum from that day on, and never below 0.
 * `onHand` is what can be promised now, before all events; events of one day count together.
 */
export function promisable(onHand: Decimal, events: readonly StockEvent[], date: string): Decimal {
  let running = onHand + total(events.filter((event) => event.date <= date).map((event) => event.quantity));
  let least = running;
  const later = new Map<string, Decimal>();
  for (const event of events) if (event.date > date) later.set(event.date, (later.get(event.date) ?? 0n) + event.quantity);
  for (const day of [...later.keys()].toSorted()) {
    running += later.get(day)!;
    if (running < least) least = running;
  }
  return greatest(0n, least);
}
