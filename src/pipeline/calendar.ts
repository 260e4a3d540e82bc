import { locations } from '../config/find-partner.ts';
import type { Config, Partner } from '../config/types.ts';
import { addDays } from '../orders/dates.ts';
import { dayIn } from './work.ts';

type Calendar = NonNullable<Partner['warehouse'] | Partner['vendor']>;

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** The first day on which each location ships what it is told now, by its code. */
export function earliestShipDays(config: Config, now: number): Readonly<Record<string, string>> {
  return Object.fromEntries([...locations(config).values()].map(({ code, partner }) => [code, earliestShipDay(partner, (partner.warehouse ?? partner.vendor)!, now)]));
}

function earliestShipDay(partner: Partner, calendar: Calendar, now: number): string {
  const today = dayIn(partner.timezone, now);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: partner.timezone, hour: '2-digit', minute: '2-digit' }).format(now);
  const late = calendar.cutOff !== undefined && time > calendar.cutOff ? 1 : 0;
  let day = nextWorkday(addDays(today, late), calendar);
  for (let lead = 0; lead < calendar.leadDays; lead++) day = nextWorkday(addDays(day, 1), calendar);
  return day;
}

function nextWorkday(from: string, calendar: Calendar): string {
  let day = from;
  for (let looked = 0; looked < 366; looked++) {
    const weekday = weekdays[new Date(day).getUTCDay()]!;
    if (calendar.workdays.includes(weekday) && !calendar.holidays.includes(day)) return day;
    day = addDays(day, 1);
  }
  return day;
}
