import { addDays } from './dates.ts';

/** When a location ships, in its own time zone. */
export type ShippingCalendar = {
  /** IANA name, such as America/Chicago. */
  readonly timezone: string;
  /** An order given after this time of day (`14:00`) counts as the next day's; absent: any time will do. */
  readonly cutOff?: string | undefined;
  readonly workdays: readonly Weekday[];
  /** Dates on which it does not work. */
  readonly holidays: readonly string[];
  /** Working days from an order to its shipment. */
  readonly leadDays: number;
};

export type Weekday = 'sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat';

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const MINUTE = 60_000;
/** A calendar that has no workday in so many days has none at all. */
const HORIZON = 400;

/** The date and the time of day (`14:05`) at an instant (milliseconds since 1970) in a time zone. */
export function localTime(instant: number, timezone: string): LocalTime {
  const minute = Math.floor(instant / MINUTE);
  const last = latest.get(timezone);
  if (last?.minute === minute) return last.local;
  const parts = formatOf(timezone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((entry) => entry.type === type)?.value ?? '';
  const local = { date: `${part('year')}-${part('month')}-${part('day')}`, time: `${part('hour')}:${part('minute')}` };
  latest.set(timezone, { minute, local });
  return local;
}

export type LocalTime = { readonly date: string; readonly time: string };

/** The last answer for each zone: the same minute is asked for again and again, and formatting is slow. */
const latest = new Map<string, { readonly minute: number; readonly local: LocalTime }>();

/**
 * The first day on which a location ships an order that it is given at `instant`, and the working day after that, for when its
 * capacity is used up. Undefined when it never works. Exactly at the cut-off is in time.
 */
export function shipDays(calendar: ShippingCalendar, instant: number): { readonly earliestShip: string; readonly nextShip: string } | undefined {
  const { date, time } = localTime(instant, calendar.timezone);
  const late = calendar.cutOff !== undefined && time > calendar.cutOff;
  let day = workdayFrom(calendar, late ? addDays(date, 1) : date);
  for (let lead = 0; lead < calendar.leadDays && day !== undefined; lead++) day = workdayFrom(calendar, addDays(day, 1));
  const next = day === undefined ? undefined : workdayFrom(calendar, addDays(day, 1));
  return day === undefined || next === undefined ? undefined : { earliestShip: day, nextShip: next };
}

/**
 * The instant (milliseconds since 1970) since which a location accepts orders for the day that it accepts them for at `instant`: its last cut-off on a
 * working day, or the end of that day where it has none.
 */
export function acceptingSince(calendar: ShippingCalendar, instant: number): number {
  const { date, time } = localTime(instant, calendar.timezone);
  const closed = calendar.cutOff !== undefined && time > calendar.cutOff && isWorkday(calendar, date);
  const day = closed ? date : workdayUntil(calendar, addDays(date, -1));
  return calendar.cutOff === undefined ? endOfDay(day, calendar.timezone) : instantOf(day, calendar.cutOff, calendar.timezone);
}

/** The day on which a location must be told, at the latest, for it to ship on `shipDate` (or the last working day before that). */
export function releaseBy(calendar: Omit<ShippingCalendar, 'cutOff' | 'timezone'>, shipDate: string): string {
  let day = workdayUntil(calendar, shipDate);
  for (let lead = 0; lead < calendar.leadDays; lead++) day = workdayUntil(calendar, addDays(day, -1));
  return day;
}

/** Whether it works on that date. */
export function isWorkday(calendar: Pick<ShippingCalendar, 'workdays' | 'holidays'>, date: string): boolean {
  return calendar.workdays.includes(WEEKDAYS[new Date(date).getUTCDay()]!) && !calendar.holidays.includes(date);
}

function workdayFrom(calendar: ShippingCalendar, from: string): string | undefined {
  let day = from;
  for (let looked = 0; looked < HORIZON; looked++, day = addDays(day, 1)) if (isWorkday(calendar, day)) return day;
  return undefined;
}

function workdayUntil(calendar: Pick<ShippingCalendar, 'workdays' | 'holidays'>, until: string): string {
  let day = until;
  for (let looked = 0; looked < HORIZON; looked++, day = addDays(day, -1)) if (isWorkday(calendar, day)) return day;
  return until;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What the clocks of a time zone show at an instant: `2026-03-08T14:30`. */
function clockAt(instant: number, timezone: string): string {
  const { date, time } = localTime(instant, timezone);
  return `${date}T${time}`;
}

/** An instant at which the clocks of a time zone show what is wanted (`2026-03-08T14:30`); on days on which they change, one near to it. */
function nearestTo(wanted: string, timezone: string): number {
  const guess = Date.parse(`${wanted}:00Z`);
  let instant = guess;
  // The zone's distance from UTC at the guess, and once more at what came of it.
  for (let round = 0; round < 2; round++) instant = guess - (Date.parse(`${clockAt(instant, timezone)}:00Z`) - instant);
  return instant;
}

/** The instant (milliseconds since 1970) at which a date begins in a time zone, also on the days on which its clocks change. */
export function startOfDay(date: string, timezone: string): number {
  let instant = nearestTo(`${date}T00:00`, timezone);
  // Where midnight does not exist, the day begins at the first minute that is in it.
  while (localTime(instant, timezone).date < date) instant += 30 * MINUTE;
  return instant;
}

/** The instant at which a date is over in a time zone. */
export function endOfDay(date: string, timezone: string): number {
  return startOfDay(addDays(date, 1), timezone);
}

/**
 * The instant (milliseconds since 1970) of a time of day (`14:30`) on a date in a time zone. A time that its clocks skip is the first minute after the
 * gap; one that they repeat is the first of the two.
 */
export function instantOf(date: string, time: string, timezone: string): number {
  const wanted = `${date}T${time}`;
  const shown = (at: number): string => clockAt(at, timezone);
  let instant = nearestTo(wanted, timezone);
  // Clocks go forward and back by two hours at most.
  const earlier = Array.from({ length: 8 }, (_, step) => instant - (8 - step) * 15 * MINUTE).find((each) => shown(each) === wanted);
  if (earlier !== undefined) return earlier;
  if (shown(instant) === wanted) return instant;
  // In a gap: its end is the first minute that is not before what is wanted.
  for (let step = 0; step < 180 && shown(instant) < wanted; step++) instant += MINUTE;
  for (let step = 0; step < 180 && shown(instant - MINUTE) > wanted; step++) instant -= MINUTE;
  return instant;
}
