import { existsSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../simulate/random.ts';
import type { Breach } from './check.ts';
import { makeCompany } from './company.ts';
import type { Build } from './daemon.ts';
import { launch } from './daemon.ts';
import { bringToEnd } from './ending.ts';
import { openOutside } from './outside.ts';
import { makeSmallVolume } from './volume.ts';

export type FullOptions = { readonly directory: string; readonly build: Build; readonly random: Random; readonly of: 'data' | 'exchange' };

/**
 * Fills the volume of the database, or that of the partners' folders, while the daemon works, and makes room again. Nothing may be seen in part while
 * it is full, and everything must come to its end afterwards without anybody's help.
 */
export async function fillDisk({ directory, build, random, of }: FullOptions): Promise<readonly Breach[]> {
  const volume = makeSmallVolume(join(directory, of), 'size=24m');
  try {
    const company = await makeCompany({ directory: join(directory, 'company'), [of]: volume.directory });
    const outside = openOutside({ company });
    const daemon = launch({ build, config: company.configFile });
    if (!(await daemon.started)) return [{ promise: 'hung', what: `the daemon does not start: ${daemon.tail().slice(-300)}` }];
    for (let round = 0; round < 3; round += 1) {
      outside.order(3, random);
      const ballast = join(volume.directory, 'ballast');
      await sleep(random() * 300);
      fill(volume.directory, ballast);
      const until = performance.now() + 1_500;
      while (performance.now() < until) {
        outside.collect();
        await sleep(10);
      }
      if (existsSync(ballast)) rmSync(ballast);
    }
    return await bringToEnd({ company, daemon, outside });
  } finally {
    volume.remove();
  }
}

/** Takes all the room that there is. */
function fill(directory: string, ballast: string): void {
  const { bavail, bsize } = statfsSync(directory);
  try {
    writeFileSync(ballast, Buffer.alloc(bavail * bsize));
  } catch {
    // Somebody else took the last of it: it is full all the same.
  }
  if (readdirSync(directory).length === 0) throw new Error(`${directory} is empty`);
}
