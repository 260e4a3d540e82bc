import { setTimeout as sleep } from 'node:timers/promises';
import { between, oneOf, type Random } from '../simulate/random.ts';
import type { Breach } from './check.ts';
import type { Company } from './company.ts';
import type { Build } from './daemon.ts';
import { hasEnded, kill, launch } from './daemon.ts';
import { restartToEnd } from './ending.ts';
import { openOutside } from './outside.ts';
import { injectInto } from './strace.ts';

/** By which a file changes, its name or its bytes, or is made to last. */
const families = {
  sync: 'fsync,fdatasync',
  rename: 'rename,renameat,renameat2',
  link: 'link,linkat,unlink,unlinkat',
  write: 'write,pwrite64,pwritev,ftruncate',
} as const;
type Family = keyof typeof families;

export type SyscallOptions = { readonly company: Company; readonly build: Build; readonly random: Random; readonly kills: number };
export type SyscallResult = { readonly done: number; readonly details: Readonly<Record<string, number>>; readonly breaches: readonly Breach[] };

/** Which call of a thread it is at the latest, and how long it may take to come, in milliseconds. */
const MOST = 30;
const REACH = 4_000;

/**
 * Kills the daemon when a thread of it enters its nth system call of a kind, the call undone, while partners drop and collect. Then lets everything come to
 * its end and checks every promise. `done` counts the calls that came, `details` of which kind they were.
 */
export async function killAtSyscalls({ company, build, random, kills }: SyscallOptions): Promise<SyscallResult> {
  const outside = openOutside({ company });
  const details: Record<string, number> = {};
  let done = 0;
  for (let count = 0; count < kills; count += 1) {
    const daemon = launch({ build, config: company.configFile });
    if (!(await daemon.started)) return { done, details, breaches: [{ promise: 'hung', what: `the daemon does not start: ${daemon.tail().slice(-500)}` }] };
    const family = oneOf(random, Object.keys(families) as Family[]);
    const release = await injectInto(daemon.process.pid!, { calls: families[family], inject: `signal=KILL:when=${between(random, 1, MOST)}` });
    const until = performance.now() + REACH;
    for (let next = 0; !hasEnded(daemon) && performance.now() < until;) {
      if (performance.now() > next) {
        outside.order(1, random);
        next = performance.now() + 700;
      }
      outside.collect();
      await sleep(5);
    }
    if (hasEnded(daemon)) {
      done += 1;
      details[family] = (details[family] ?? 0) + 1;
    }
    await release();
    await kill(daemon);
  }
  return { done, details, breaches: await restartToEnd(company, build, outside) };
}
