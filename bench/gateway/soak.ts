import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../src/simulate/random.ts';
import { makeCompany } from '../../src/torture/company.ts';
import { launch, ownBuild as build } from '../../src/torture/daemon.ts';
import { bringToEnd } from '../../src/torture/ending.ts';
import { openOutside } from '../../src/torture/outside.ts';
import { liveHeap } from './live-heap.ts';
import { cpuOf, memoryOf, quantile, sizeOf } from './stage.ts';

/** Twice what the demonstration does: 6 orders in 10.4 s, of which each is answered, shipped and billed. */
const ORDERS_A_SECOND = 1.2;
const SAMPLE_SECONDS = 15;
/** Everything was done once by then: what is alive is what it needs (minutes). */
const WARM = 5;

type Sample = { readonly minute: number; readonly memory: number; readonly descriptors: number; readonly log: number };

/**
 * A daemon that works steadily for so many minutes with partners who drop, collect and answer: whether its memory, its descriptors and the log of its
 * database grow. In the end every promise that `wharf torture` knows is checked.
 */
export async function benchSoak(minutes: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'wharf-soak-'));
  const company = await makeCompany({ directory: join(directory, 'company'), poll: 1_000 });
  const outside = openOutside({ company });
  const random = seededRandom(1);
  const daemon = launch({ build, config: company.configFile, node: ['--inspect=127.0.0.1:0'] });
  if (!(await daemon.started)) throw new Error(daemon.tail());
  const pid = daemon.process.pid!;
  const inspector = /ws:\S+/.exec(daemon.tail())![0];
  const began = performance.now();
  const passed = (): number => (performance.now() - began) / 60_000;
  const samples: Sample[] = [];
  let ordered = 0;
  let warm: number | undefined;
  while (passed() < minutes) {
    for (; ordered < passed() * 60 * ORDERS_A_SECOND; ordered += 1) outside.order(1, random);
    outside.collect();
    if (passed() * 60 > samples.length * SAMPLE_SECONDS) samples.push(sample(pid, company.database, passed(), samples));
    if (warm === undefined && passed() > Math.min(WARM, minutes / 2)) warm = await liveHeap(inspector);
    await sleep(100);
  }
  const live = await liveHeap(inspector);
  const cpu = cpuOf(pid);
  const breaches = await bringToEnd({ company, outside, daemon });
  for (const { promise, what } of breaches) console.log(`  ${promise}: ${what}`);
  const documents = outside.collected.length + outside.dropped.length;
  console.log(
    `${minutes} minutes, ${ordered} orders, ${documents} files, ${((cpu / 60 / minutes) * 100).toFixed(0)} % of a CPU, ${breaches.length} broken promises`,
  );
  report(samples, minutes);
  console.log(`  live objects ${warm?.toFixed(1)} MB when it was warm, ${live.toFixed(1)} MB in the end`);
  if (breaches.length === 0) rmSync(directory, { recursive: true, force: true });
}

function sample(pid: number, database: string, minute: number, before: readonly Sample[]): Sample {
  const taken = { minute, memory: memoryOf(pid), descriptors: readdirSync(`/proc/${pid}/fd`).length, log: sizeOf(`${database}-wal`) / 1e6 };
  const { memory, descriptors, log } = taken;
  if (before.length % 20 === 0) console.log(`  ${minute.toFixed(0)} min: ${memory.toFixed(0)} MB, ${descriptors} descriptors, log ${log.toFixed(1)} MB`);
  return taken;
}

/** The last half against itself: what is still filling in the first is no leak. */
function report(samples: readonly Sample[], minutes: number): void {
  const late = samples.filter(({ minute }) => minute > minutes / 2);
  const of = (key: 'memory' | 'descriptors' | 'log', part: number): string =>
    quantile(
      late.map((each) => each[key]),
      part,
    ).toFixed(key === 'descriptors' ? 0 : 1);
  console.log(
    `  memory in the second half: ${of('memory', 0)} to ${of('memory', 1)} MB, median ${of('memory', 0.5)}, slope ${slope(late).toFixed(1)} MB an hour`,
  );
  console.log(`  descriptors ${of('descriptors', 0)} to ${of('descriptors', 1)}, log of the database at most ${of('log', 1)} MB`);
}

/** Megabytes an hour, by least squares. */
function slope(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [at, level] = [mean(samples.map(({ minute }) => minute)), mean(samples.map(({ memory }) => memory))];
  let [both, square] = [0, 0];
  for (const { minute, memory } of samples) {
    both += (minute - at) * (memory - level);
    square += (minute - at) ** 2;
  }
  return square === 0 ? 0 : (both / square) * 60;
}
