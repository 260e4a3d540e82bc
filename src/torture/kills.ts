import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../simulate/random.ts';
import type { Breach } from './check.ts';
import type { Company } from './company.ts';
import type { Build } from './daemon.ts';
import { kill, launch } from './daemon.ts';
import { openOutside } from './outside.ts';
import { restartToEnd } from './ending.ts';

/** How a round of kills goes: how often the daemon is killed before all that it was given must come to its end. */
export type KillOptions = { readonly company: Company; readonly build: Build; readonly random: Random; readonly kills: number };

/** Longest time that a daemon is left alone after it started, in milliseconds. */
const LIFE = 350;

/**
 * Kills the daemon (-9) at random moments while partners drop and collect: one in eight times while it starts. Then lets it come to its end and checks
 * every promise.
 */
export async function killRound({ company, build, random, kills }: KillOptions): Promise<readonly Breach[]> {
  const outside = openOutside({ company });
  for (let count = 0; count < kills; count += 1) {
    const daemon = launch({ build, config: company.configFile });
    if (random() < 0.5) outside.order(1, random);
    if (random() < 0.125) await Promise.race([daemon.started, sleep(random() * 600)]);
    else await daemon.started;
    const until = performance.now() + random() ** 2 * LIFE;
    if (random() < 0.7) outside.order(1 + Math.floor(random() * 2), random);
    while (performance.now() < until) {
      outside.collect();
      await sleep(4);
    }
    await kill(daemon);
    outside.collect();
  }
  return restartToEnd(company, build, outside);
}
