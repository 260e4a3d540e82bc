/** Calendar dates as text, `2026-03-05`: they compare as text does, and have no zone. */

const DAY = 86_400_000;

/** The date `days` after `date` (before it, where negative). */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

/** The dates of an order or of its change. */
type Dates = {
  readonly shipNotBefore?: string | undefined;
  readonly requestedShip?: string | undefined;
  readonly shipNoLater?: string | undefined;
  readonly cancelAfter?: string | undefined;
  readonly deliverNotBefore?: string | undefined;
  readonly requestedDelivery?: string | undefined;
  readonly deliverBy?: string | undefined;
};

/**
 * A document with the days on which it may ship, where it only names those on which it may arrive: as many days before as goods are on their way. Its last
 * day of shipping comes before what follows from its last day of arrival.
 */
export function withShipDays<T extends Dates>(document: T, transitDays: number): T {
  const { shipNotBefore, requestedShip, shipNoLater, cancelAfter, deliverNotBefore, requestedDelivery, deliverBy } = document;
  const ends = shipNoLater !== undefined || cancelAfter !== undefined;
  const found: readonly (readonly [name: keyof Dates, arrival: string | undefined, told: boolean])[] = [
    ['shipNotBefore', deliverNotBefore, shipNotBefore !== undefined],
    ['requestedShip', requestedDelivery, requestedShip !== undefined || ends || deliverBy !== undefined],
    ['shipNoLater', deliverBy, ends],
  ];
  const days = found.flatMap(([name, arrival, told]) => (arrival === undefined || told ? [] : [[name, addDays(arrival, -transitDays)] as const]));
  return days.length === 0 ? document : { ...document, ...Object.fromEntries(days) };
}

/** How many days `to` is after `from`; negative when it is before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

/** The later of two dates; one that is undefined does not count. */
export function laterOf(a: string, b: string | undefined): string {
  return b !== undefined && b > a ? b : a;
}

/** The last day on which an order may ship: the first of its last ship date and its cancel date, or the day asked for where it names neither. */
export function lastShipDay({ shipNoLater, cancelAfter, requestedShip }: Pick<Dates, 'shipNoLater' | 'cancelAfter' | 'requestedShip'>): string | undefined {
  return firstOf([shipNoLater, cancelAfter]) ?? requestedShip;
}

/** The last of some dates, undefined when there is none. */
export function lastOf(dates: Iterable<string>): string | undefined {
  let last: string | undefined;
  for (const date of dates) if (last === undefined || date > last) last = date;
  return last;
}

/** The first of some dates; those that are undefined do not count. Undefined when there is none. */
export function firstOf(dates: Iterable<string | undefined>): string | undefined {
  let first: string | undefined;
  for (const date of dates) if (date !== undefined && (first === undefined || date < first)) first = date;
  return first;
}
