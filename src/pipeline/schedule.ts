import { isClosed } from '../config/find-partner.ts';
import { scheduleOf } from '../config/schedule.ts';
import { addDays } from '../orders/dates.ts';
import { instantOf, localTime } from '../orders/windows.ts';
import { ranAt, setRan } from '../store/channel-state.ts';
import { heldBack } from '../store/switches.ts';
import type { Tx } from '../store/transaction.ts';
import type { OpenChannel, PipelineContext } from './context.ts';

/** What of a channel says when it is used. */
export type Hours = Pick<OpenChannel, 'channel' | 'timezone' | 'holidays'>;

/** Whether a channel may be used now, or why not. */
export type Turn = 'now' | 'held' | 'closed' | 'later';

/** A schedule that has no moment in so many days has none. */
const HORIZON = 400;

/**
 * Whether a channel's turn has come: nobody holds it, it is not closed, and, where it has a schedule, a moment of that has come since it ran last. Moments
 * that were missed, however many, make one turn. A schedule that is new begins now.
 */
export async function turnOf(context: PipelineContext, channel: OpenChannel): Promise<Turn> {
  const now = context.now();
  const turn = await context.db.read((tx) => seenTurn(tx, channel, now));
  if (turn !== 'new') return turn;
  await context.db.transaction((tx) => setRan(tx, channel.key, now));
  return 'later';
}

/** The same within a transaction that writes; `now` is in milliseconds since 1970. */
export async function turnWithin(tx: Tx, channel: OpenChannel, now: number): Promise<Turn> {
  const turn = await seenTurn(tx, channel, now);
  if (turn !== 'new') return turn;
  await setRan(tx, channel.key, now);
  return 'later';
}

async function seenTurn(tx: Tx, channel: OpenChannel, now: number): Promise<Turn | 'new'> {
  if (await heldBack(tx, channel.partner, channel.key)) return 'held';
  if (isClosedAt(channel, now)) return 'closed';
  if (!channel.channel.schedule) return 'now';
  const ran = await ranAt(tx, channel.key);
  if (ran === undefined) return 'new';
  return (lastMoment(channel, now) ?? 0) > ran ? 'now' : 'later';
}

/** Notes that a channel with a schedule did all that its turn asked for, which began at `began` (milliseconds since 1970). */
export async function turnTaken(context: PipelineContext, channel: OpenChannel, began: number): Promise<void> {
  if (channel.channel.schedule) await context.db.transaction((tx) => setRan(tx, channel.key, began));
}

/** Whether a channel rests at an instant, by the hours in which it is closed. */
export function isClosedAt({ channel, timezone }: Hours, now: number): boolean {
  if (!channel.closed || channel.closed.length === 0) return false;
  const { date, time } = localTime(now, timezone);
  return isClosed(channel, weekdayOf(date), time);
}

function weekdayOf(date: string): string {
  return ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][new Date(date).getUTCDay()]!;
}

/** The latest moment of a channel's schedule at or before an instant; undefined when there is none. Instants are milliseconds since 1970. */
export function lastMoment(hours: Hours, now: number): number | undefined {
  const { date } = localTime(now, hours.timezone);
  for (let back = 0; back < HORIZON; back += 1) {
    const past = momentsOn(hours, addDays(date, -back)).filter((moment) => moment <= now);
    if (past.length > 0) return Math.max(...past);
  }
  return undefined;
}

/** The next moment of a channel's schedule after an instant; undefined when there is none. */
export function nextMoment(hours: Hours, now: number): number | undefined {
  const { date } = localTime(now, hours.timezone);
  for (let ahead = 0; ahead < HORIZON; ahead += 1) {
    const coming = momentsOn(hours, addDays(date, ahead)).filter((moment) => moment > now);
    if (coming.length > 0) return Math.min(...coming);
  }
  return undefined;
}

/** Moments of the dates that were asked for last, by whose they are: a schedule may have many a day, and is asked at every poll. */
const remembered = new WeakMap<Hours, Map<string, readonly number[]>>();

function momentsOn(hours: Hours, date: string): readonly number[] {
  const known = remembered.get(hours) ?? new Map<string, readonly number[]>();
  remembered.set(hours, known);
  const moments = known.get(date) ?? momentsOf(hours, date);
  if (known.size > 10) known.clear();
  known.set(date, moments);
  return moments;
}

/** A time that the clock skips comes at the first minute after the gap; one that it repeats comes once. */
function momentsOf({ channel, timezone, holidays }: Hours, date: string): readonly number[] {
  if (holidays.includes(date)) return [];
  return (channel.schedule ?? []).flatMap((expression) => {
    const schedule = scheduleOf(expression);
    return schedule?.isOn(date) ? schedule.times.map((time) => instantOf(date, time, timezone)) : [];
  });
}
