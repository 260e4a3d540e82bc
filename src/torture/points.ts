import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailAction, FailOrder } from '../fail-point.ts';
import { failActions, failPoints } from '../fail-point.ts';
import { oneOf, type Random } from '../simulate/random.ts';
import type { Breach } from './check.ts';
import type { Company } from './company.ts';
import type { Build, Daemon } from './daemon.ts';
import { askToStop, hasEnded, isFrozen, kill, launch } from './daemon.ts';
import { bringToEnd, restartToEnd } from './ending.ts';
import type { Outside } from './outside.ts';
import { openOutside } from './outside.ts';

/** The first transactions are those of the start, which is tried at places of its own. */
const AFTER_START = 30;

/** Every fail point with every action. */
export const everyStrike: readonly FailOrder[] = failActions.flatMap((action) =>
  failPoints.map((point): FailOrder => ({ point, action, visit: point.startsWith('store.') ? AFTER_START : 1 })),
);

/** By which a delivery is resumed by the daemon that began it. */
const toResume: FailOrder = { point: 'folder.renaming', action: 'EIO', visit: 1 };

export type StrikeOptions = { readonly company: Company; readonly build: Build; readonly random: Random; readonly orders: readonly FailOrder[] };

/** How long points may take to be reached, in milliseconds; after it, they count as missed. */
const REACH = 120_000;
/** Strikes between two checks. */
const A_COMPANY = 8;

/** What a company can be given at once: strikes of one action that a daemon lives through together, or one after the other where it ends by each. */
export function groupsOf(orders: readonly FailOrder[]): readonly (readonly FailOrder[])[] {
  const kinds = Map.groupBy(orders, ({ point, action }) => {
    if (point === 'start.migrating' || (point === 'deliver.resumed' && action !== 'kill')) return `${point} ${action}`;
    return `${action} ${point.startsWith('sftp.') ? 'served' : endsDaemon({ point, action }) ? 'ending' : 'living'}`;
  });
  return [...kinds.values()].flatMap((kind) =>
    Array.from({ length: Math.ceil(kind.length / A_COMPANY) }, (_, at) => kind.slice(at * A_COMPANY, (at + 1) * A_COMPANY)),
  );
}

/** Whether the daemon is gone after it, or has to be started or stopped for it. */
function endsDaemon({ point, action }: Pick<FailOrder, 'point' | 'action'>): boolean {
  return action === 'kill' || point.startsWith('start.') || point.startsWith('stop.');
}

/**
 * Has daemons fail at these places while partners drop and collect, starts another where one ended, has a person replay what a mistake of ours parked,
 * and checks every promise. A place that was not reached is a breach, too.
 */
export async function strike({ company, build, random, orders: asked }: StrikeOptions): Promise<readonly Breach[]> {
  const [first] = asked;
  const orders = first?.point === 'deliver.resumed' && first.action !== 'kill' ? [toResume, ...asked] : asked;
  if (first?.point === 'start.migrating') return strikeMigration(company, build, first);
  const outside = openOutside({ company });
  const attended = first?.action === 'error';
  if (orders.every(endsDaemon)) {
    const missed: Breach[] = [];
    for (const order of orders) if (!(await strikeOnce({ company, build, random, order, outside }))) missed.push(notReached(show(order)));
    return [...missed, ...(await restartToEnd(company, build, outside, attended))];
  }
  const daemon = launch({ build, config: company.configFile, fail: orders });
  await goOn(daemon, outside, orders, random);
  const missed = orders.length - daemon.struck();
  return [...(missed > 0 ? [notReached(`${missed} of ${orders.map(show).join()}`)] : []), ...(await bringToEnd({ company, outside, daemon, attended }))];
}

/** `deliver.staged:kill:1` as the environment has it. */
export function show({ point, action, visit }: FailOrder): string {
  return `${point}:${action}:${visit}`;
}

function notReached(what: string): Breach {
  return { promise: 'hung', what: `not reached: ${what}` };
}

/**
 * Partners drop and collect until all these points were reached; where it froze, the daemon stands for a moment and goes on. It says that it freezes before
 * it does: each time must be waited for, and it must not be waited for twice.
 */
async function goOn(daemon: Daemon, outside: Outside, orders: readonly FailOrder[], random: Random): Promise<void> {
  const until = performance.now() + REACH;
  let toWake = orders.filter(({ action }) => action === 'freeze').length;
  for (let next = 0; (daemon.struck() < orders.length || toWake > 0) && !hasEnded(daemon) && performance.now() < until;) {
    if (performance.now() > next) {
      outside.order(1, random);
      next = performance.now() + 1_500;
    }
    outside.collect();
    await sleep(5);
    if (!isFrozen(daemon)) continue;
    await sleep(30);
    daemon.process.kill('SIGCONT');
    toWake -= 1;
  }
}

/** One daemon that fails at one place and is gone afterwards, by itself or by our hand. Whether the place was reached. */
async function strikeOnce({
  company,
  build,
  random,
  order,
  outside,
}: Omit<StrikeOptions, 'orders'> & { readonly order: FailOrder; readonly outside: Outside }) {
  if (order.point === 'deliver.resumed') await strikeOnce({ company, build, random, order: { point: 'deliver.marked', action: 'kill', visit: 1 }, outside });
  const daemon = launch({ build, config: company.configFile, fail: [order] });
  outside.order(1, random);
  if (order.point.startsWith('stop.')) {
    await daemon.started;
    daemon.process.kill('SIGTERM');
  }
  await goOn(daemon, outside, [order], random);
  // What it was told to stop for it ends by itself; what lives on after a start that failed half is killed.
  if (order.point.startsWith('stop.') && order.action !== 'kill') await Promise.race([daemon.ended, sleep(10_000)]);
  await kill(daemon);
  return daemon.struck() > 0;
}

/** A new database is cut off in the middle of its making; the next daemon must bring it to its end. */
async function strikeMigration(company: Company, build: Build, order: FailOrder): Promise<readonly Breach[]> {
  for (const end of ['', '-wal', '-shm']) rmSync(`${company.database}${end}`, { force: true });
  const first = launch({ build, config: company.configFile, fail: [order] });
  const until = performance.now() + REACH;
  const reached = (): boolean => (order.action === 'freeze' ? isFrozen(first) : first.struck() > 0);
  while (!reached() && !hasEnded(first) && performance.now() < until) await sleep(5);
  await sleep(50);
  if (order.action === 'freeze') first.process.kill('SIGCONT');
  else await kill(first);
  const next = order.action === 'freeze' ? first : launch({ build, config: company.configFile });
  const started = await next.started;
  const code = await askToStop(next);
  const state = await next.state();
  await kill(next);
  const well = first.struck() > 0 && started && code === 0;
  return well ? [] : [{ promise: 'hung', what: `the database is not brought up to date after ${show(order)}: ${state}; ${next.tail().slice(-300)}` }];
}

/** Some of them, no two alike, all of one action. */
export function someOf(orders: readonly FailOrder[], count: number, random: Random): readonly FailOrder[] {
  const action: FailAction = oneOf(random, failActions);
  const alike = orders.filter((order) => order.action === action);
  const chosen = new Set<FailOrder>();
  while (chosen.size < Math.min(count, alike.length)) chosen.add(oneOf(random, alike));
  return alike.filter((order) => chosen.has(order));
}
