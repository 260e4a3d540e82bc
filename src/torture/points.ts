import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailOrder } from '../fail-point.ts';
import { failActions, failPoints } from '../fail-point.ts';
import { oneOf, type Random } from '../simulate/random.ts';
import type { Breach } from './check.ts';
import type { Company } from './company.ts';
import type { Build, Daemon } from './daemon.ts';
import { hasEnded, isFrozen, launch } from './daemon.ts';
import { bringToEnd } from './ending.ts';
import type { Outside } from './outside.ts';
import { openOutside } from './outside.ts';

/** Every fail point with every action. */
export const everyStrike: readonly FailOrder[] = failPoints.flatMap((point) => failActions.map((action): FailOrder => ({ point, action, visit: 1 })));

export type Struck = { readonly reached: boolean; readonly breaches: readonly Breach[] };
export type StrikeOptions = { readonly company: Company; readonly build: Build; readonly random: Random; readonly order: FailOrder };

/** How long a point may take to be reached, in milliseconds; after it, it counts as not reached. */
const REACH = 60_000;

/**
 * Runs a daemon that fails at one place while partners drop and collect, starts another where it ended, has a person replay what a mistake of ours
 * parked, and checks every promise.
 */
export async function strike({ company, build, random, order }: StrikeOptions): Promise<Struck> {
  const outside = openOutside({ company });
  if (order.point === 'start.migrating') return strikeMigration(company, build, order);
  if (order.point === 'deliver.resumed') await leaveStaged(company, build, outside, random);
  outside.order(2, random);
  const first = launch({ build, config: company.configFile, fail: order });
  const reached = await untilStruck(first, outside, order, random);
  const daemon = await alive(first, company, build);
  if (daemon === undefined) return { reached, breaches: [{ promise: 'hung', what: `the daemon does not start again after ${show(order)}` }] };
  const breaches = await bringToEnd({ company, outside, daemon, attended: order.action === 'error' });
  return { reached: reached || first.struck(), breaches };
}

/** `deliver.staged:kill:1` as the environment has it. */
export function show({ point, action, visit }: FailOrder): string {
  return `${point}:${action}:${visit}`;
}

/** Partners go on until the point was reached; a frozen daemon stands for a moment and then either goes on or is killed. */
async function untilStruck(daemon: Daemon, outside: Outside, { point, action }: FailOrder, random: Random): Promise<boolean> {
  const until = performance.now() + REACH;
  let ended = false;
  void daemon.ended.then(() => (ended = true));
  if (point.startsWith('stop.')) {
    await daemon.started;
    daemon.process.kill('SIGTERM');
  }
  while (!ended && !daemon.struck() && performance.now() < until) {
    outside.collect();
    await sleep(5);
  }
  if (action === 'freeze' && daemon.struck()) {
    while (!ended && !isFrozen(daemon)) await sleep(5);
    outside.collect();
    await sleep(50);
    daemon.process.kill(random() < 0.5 ? 'SIGCONT' : 'SIGKILL');
  }
  // What was told to stop, or dies, is waited for: what comes next begins when it is gone.
  if (point.startsWith('stop.') || (action === 'kill' && daemon.struck())) await daemon.ended;
  return daemon.struck();
}

/** The same daemon where it lives on, another where it ended. */
async function alive(first: Daemon, company: Company, build: Build): Promise<Daemon | undefined> {
  if (await first.started) {
    // A daemon that was killed, or ends because of its error, is gone within moments.
    await Promise.race([first.ended, sleep(100)]);
    if (!hasEnded(first)) return first;
  }
  await first.ended;
  const next = launch({ build, config: company.configFile });
  return (await next.started) ? next : undefined;
}

/** A daemon dies between the commit of a temporary name and the rename, so that the next has something to resume. */
async function leaveStaged(company: Company, build: Build, outside: Outside, random: Random): Promise<void> {
  outside.order(1, random);
  const order: FailOrder = { point: 'deliver.marked', action: 'kill', visit: 1 };
  await untilStruck(launch({ build, config: company.configFile, fail: order }), outside, order, random);
}

/** A new database is cut off in the middle of its making; the next daemon must bring it to its end. */
async function strikeMigration(company: Company, build: Build, order: FailOrder): Promise<Struck> {
  for (const end of ['', '-wal', '-shm']) rmSync(`${company.database}${end}`, { force: true });
  const first = launch({ build, config: company.configFile, fail: order });
  while (!first.struck() && !hasEnded(first)) await sleep(5);
  await sleep(50);
  if (order.action === 'freeze') first.process.kill('SIGCONT');
  else first.process.kill('SIGKILL');
  const reached = first.struck();
  const next = order.action === 'freeze' ? first : launch({ build, config: company.configFile });
  if (next !== first) await first.ended;
  const started = await next.started;
  next.process.kill('SIGTERM');
  const code = await next.ended;
  const well = started && code === 0;
  return {
    reached,
    breaches: well ? [] : [{ promise: 'hung', what: `the database is not brought up to date after ${show(order)}: ${next.tail().slice(-300)}` }],
  };
}

/** Some of them, no two alike. */
export function someOf<T>(list: readonly T[], count: number, random: Random): readonly T[] {
  const chosen = new Set<T>();
  while (chosen.size < Math.min(count, list.length)) chosen.add(oneOf(random, list));
  return [...chosen];
}
