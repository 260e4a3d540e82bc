import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailPoint } from '../fail-point.ts';
import { oneOf, type Random } from '../simulate/random.ts';
import { isBeingWritten } from '../store/proof.ts';
import type { Breach } from './check.ts';
import { makeCompany } from './company.ts';
import type { Build, Daemon } from './daemon.ts';
import { hasEnded, isFrozen, kill, launch } from './daemon.ts';
import { bringToEnd } from './ending.ts';
import { openOutside } from './outside.ts';

/** Where a daemon may stand still without holding the database: between two transactions. */
export const standstills = [
  'receive.listed',
  'receive.read',
  'receive.stored',
  'receive.taken',
  'receive.noted',
  'translate.claimed',
  'translate.finished',
  'apply.claimed',
  'render.claimed',
  'deliver.claimed',
  'deliver.staged',
  'deliver.marked',
  'deliver.published',
  'folder.listing',
  'folder.created',
  'folder.synced',
  'folder.renaming',
  'folder.renamed',
  'folder.taken',
] as const satisfies readonly FailPoint[];

/** How long a place may take to be reached, in milliseconds. */
const REACH = 120_000;

export type ZombieOptions = {
  /** Where the company is made. */
  readonly directory: string;
  readonly build: Build;
  readonly random: Random;
  readonly at?: (typeof standstills)[number];
};

/** Where it froze in the middle of a transaction, nobody can start: it comes to itself for moments until it has let go of the database. */
async function letGo(zombie: Daemon, database: string): Promise<void> {
  for (let tries = 0; tries < 50 && isBeingWritten(database); tries += 1) {
    zombie.process.kill('SIGCONT');
    await sleep(5);
    zombie.process.kill('SIGSTOP');
    await sleep(5);
  }
}

/** The first wakes in the middle of a look at a folder while the second stands in the middle of taking a file away from it, and has time to find that out. */
async function meet(zombie: Daemon, heir: Daemon): Promise<void> {
  const until = performance.now() + REACH;
  while (!isFrozen(heir) && !hasEnded(heir) && performance.now() < until) await sleep(5);
  zombie.process.kill('SIGCONT');
  await Promise.race([zombie.ended, sleep(3_000)]);
  heir.process.kill('SIGCONT');
}

/**
 * A daemon freezes in the middle of its work, a person takes its lock away and starts another, which does the work, and then the first wakes up and goes
 * on where it was. Checks every promise.
 */
export async function takeOver({ directory, build, random, at = oneOf(random, standstills) }: ZombieOptions): Promise<readonly Breach[]> {
  const meets = at === 'folder.listing';
  // It must have time for its look before it asks whether it was taken over.
  const company = await makeCompany({ directory, ...(meets ? { claim: 30 } : {}) });
  const outside = openOutside({ company });
  const { configFile: config, database } = company;
  outside.order(2, random);
  const zombie = launch({ build, config, fail: [{ point: at, action: 'freeze', visit: 1 }] });
  const until = performance.now() + REACH;
  while (!isFrozen(zombie) && !hasEnded(zombie) && performance.now() < until) {
    outside.collect();
    await sleep(5);
  }
  if (!isFrozen(zombie)) {
    const state = await zombie.state();
    await kill(zombie);
    return [{ promise: 'hung', what: `${at} was not reached: ${state}; ${zombie.tail().slice(-300)}` }];
  }
  await letGo(zombie, database);
  for (const end of ['', '-wal', '-shm']) rmSync(`${database}-daemon${end}`, { force: true });
  const heir = launch({ build, config, fail: meets ? [{ point: 'folder.taken', action: 'freeze', visit: 1 }] : [] });
  try {
    if (!(await heir.started)) return [{ promise: 'hung', what: `no daemon starts beside one that is frozen at ${at}: ${heir.tail().slice(-300)}` }];
    if (meets) await meet(zombie, heir);
    else {
      const wakesAt = performance.now() + random() * 600;
      while (performance.now() < wakesAt) {
        outside.collect();
        await sleep(5);
      }
      zombie.process.kill('SIGCONT');
    }
    outside.order(1, random);
    const breaches = await bringToEnd({ company, outside, daemon: heir });
    return breaches.map(({ promise, what }) => ({ promise, what: `${at}: ${what}` }));
  } finally {
    await Promise.all([kill(zombie), kill(heir)]);
  }
}
