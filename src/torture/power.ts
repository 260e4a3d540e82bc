import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailPoint } from '../fail-point.ts';
import { oneOf, type Random } from '../simulate/random.ts';
import type { Breach } from './check.ts';
import { makeCompany } from './company.ts';
import type { Build, Daemon } from './daemon.ts';
import { hasEnded, isFrozen, kill, launch } from './daemon.ts';
import { restartToEnd } from './ending.ts';
import type { Outside } from './outside.ts';
import { openOutside } from './outside.ts';
import { makeVolume, volumeKinds } from './volume.ts';
import { standstills } from './zombies.ts';

export type PowerOptions = {
  readonly directory: string;
  readonly build: Build;
  readonly random: Random;
  readonly cuts: number;
  /** Where the daemon stands when the power is cut; every second time anywhere and otherwise at a place by chance, unless it is named. */
  readonly at?: FailPoint;
};

const MEGABYTES = 96;

/**
 * Cuts the power again and again while partners drop and collect. The database lies on a volume of its own and the folders of the partners on another,
 * so that what one syncs does not save the other; a cut stops both, with the daemon, in the same instant. Partners sync what they do. Then lets
 * everything come to its end and checks every promise.
 */
export async function cutPower({ directory, build, random, cuts, at }: PowerOptions): Promise<readonly Breach[]> {
  const kind = oneOf(random, volumeKinds());
  const data = makeVolume(join(directory, 'data'), MEGABYTES, kind);
  const exchange = makeVolume(join(directory, 'exchange'), MEGABYTES, kind);
  try {
    const company = await makeCompany({ directory: join(directory, 'company'), data: data.directory, exchange: exchange.directory });
    for (const volume of [data, exchange]) volume.sync();
    const outside = openOutside({ company, synced: true });
    for (let count = 0; count < cuts; count += 1) {
      const point = at ?? (random() < 0.5 ? oneOf(random, standstills) : undefined);
      const daemon = launch({ build, config: company.configFile, fail: point === undefined ? [] : [{ point, action: 'freeze', visit: 1 }] });
      outside.order(1 + Math.floor(random() * 2), random);
      if (random() > 0.1) await Promise.race([daemon.started, frozen(daemon)]);
      await play(outside, random);
      if (at !== undefined) await frozen(daemon);
      await freeze(daemon);
      for (const volume of random() < 0.5 ? [data, exchange] : [exchange, data]) volume.cut();
      await kill(daemon);
      for (const volume of [data, exchange]) volume.remount();
    }
    return await restartToEnd(company, build, outside);
  } finally {
    for (const volume of [data, exchange]) volume.remove();
  }
}

/** Partners collect for a while; then they look away, so that no sync of theirs saves what the daemon did not sync itself. */
async function play(outside: Outside, random: Random): Promise<void> {
  const until = performance.now() + random() * 500;
  while (performance.now() < until) {
    outside.collect();
    await sleep(10);
  }
  await sleep(random() ** 2 * 400);
}

async function frozen(daemon: Daemon): Promise<void> {
  while (!isFrozen(daemon) && !hasEnded(daemon)) await sleep(5);
}

/** Nothing of the daemon runs while its disks are cut off one after the other: what it does between the two would not be what a power cut does. */
async function freeze(daemon: Daemon): Promise<void> {
  daemon.process.kill('SIGSTOP');
  await sleep(1);
}
