import { createRequire } from 'node:module';
import type * as NodeCron from 'node-cron';

/** When something happens, as its expression says, in no time zone yet. */
export type Schedule = {
  /** Times of day in order, `06:00`. */
  readonly times: readonly string[];
  /** Whether it happens on a date, `2026-03-05`. */
  readonly isOn: (date: string) => boolean;
};

const schedules = new Map<string, Schedule | undefined>();
let cron: typeof NodeCron | undefined;

/**
 * What an expression of five fields (minute, hour, day of month, month, day of week) means: `0 6,18 * * mon-fri`, `30 17 L * *`. A day must fit all of
 * its fields. Undefined when it is none.
 */
export function scheduleOf(expression: string): Schedule | undefined {
  const known = schedules.get(expression);
  if (known || schedules.has(expression)) return known;
  const schedule = parse(expression.trim());
  schedules.set(expression, schedule);
  return schedule;
}

function parse(expression: string): Schedule | undefined {
  const [minute, hour, ...days] = expression.split(/\s+/);
  if (minute === undefined || hour === undefined || days.length !== 3) return undefined;
  // Loaded when it is used: few configurations have a schedule, and every command reads them.
  cron ??= createRequire(import.meta.url)('node-cron') as typeof NodeCron;
  const { valid, fields } = cron.validateDetailed(expression);
  if (!valid || !fields) return undefined;
  const times = fields.hour.flatMap((hours) => fields.minute.map((minutes) => `${two(hours)}:${two(minutes)}`)).toSorted();
  // Days are its own to tell, in UTC, where a day has one noon; times of day are told by the zone, whose clock may skip or repeat them.
  const noon = cron.createTask(`0 0 12 ${days.join(' ')}`, () => undefined, { timezone: 'UTC' });
  return { times, isOn: (date) => noon.match(new Date(`${date}T12:00:00Z`)) };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
