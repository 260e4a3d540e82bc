import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../simulate/random.ts';
import type { Breach } from './check.ts';
import { makeCompany } from './company.ts';
import type { Build } from './daemon.ts';
import { kill, launch } from './daemon.ts';
import { bringToEnd, restartToEnd } from './ending.ts';
import type { Hardship } from './hardships.ts';
import type { Outside } from './outside.ts';
import { openOutside } from './outside.ts';

export type EndureOptions = { readonly directory: string; readonly build: Build; readonly random: Random; readonly hardship: Hardship };

/** A daemon works before, during and after a hardship; only where it may end by it another is started. Checks every promise. */
export async function endure({ directory, build, random, hardship }: EndureOptions): Promise<readonly Breach[]> {
  mkdirSync(directory, { recursive: true });
  const place = hardship.place?.(directory);
  try {
    const company = await makeCompany({ directory: join(directory, 'company'), ...hardship.options, ...place?.options });
    place?.sync?.();
    const outside = openOutside({ company });
    outside.order(2, random);
    const daemon = launch({ build, config: company.configFile, ...hardship.launch?.(company) });
    if (await daemon.started) {
      await play(outside, random, random() * 400);
      const end = await hardship.begin({ company, daemon });
      await play(outside, random, hardship.lasts);
      const { ends } = hardship;
      const { exitCode, signalCode } = daemon.process;
      if (ends !== undefined) await kill(daemon);
      await end();
      if (ends !== undefined) {
        place?.remount?.();
        const breaches = await restartToEnd(company, build, outside);
        return ends === 'somehow' || ends === exitCode || ends === signalCode ? breaches : [...breaches, unmoved(ends, exitCode ?? signalCode)];
      }
      outside.order(1, random);
    }
    return await bringToEnd({ company, outside, daemon });
  } finally {
    place?.remove();
  }
}

function unmoved(ends: string | number, ended: string | number | null): Breach {
  return { promise: 'hung', what: `it should have ended with ${ends}, and ${ended === null ? 'lived on' : `ended with ${ended}`}` };
}

/** Partners drop and collect for so many milliseconds. */
async function play(outside: Outside, random: Random, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  for (let next = 0; performance.now() < until;) {
    if (performance.now() > next) {
      outside.order(1, random);
      next = performance.now() + 600;
    }
    outside.collect();
    await sleep(5);
  }
}
