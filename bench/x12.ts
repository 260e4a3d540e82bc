/**
 * The X12 engine against a bare `indexOf` splitter and against the peers that npm has: `node bench/x12.ts [megabytes] [pairs]`.
 *
 * Each figure is the median of the ratios of CPU time of pairs of runs, one right after the other (A B A B …), each in a process of its own. Every run
 * checks its answers: segments, sets and the sum of the quantities are known from how the data was made.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFile, type Answer, type Made } from './x12-data.ts';
import { parts } from './x12-parts.ts';
import { smallFiles } from './x12-small.ts';

/** Seconds of CPU, megabytes. */
type Measure = { readonly cpu: number; readonly rss: number; readonly answer: Answer };
type File = { readonly path: string; readonly made: Made };

const OURS = ['tokenize', 'validate, 997', 'validate, all AK2', 'validate, 997, tree', 'validate, 997, order'];
/** Peers, what of ours does at least as much, and the megabytes that each gets: some are too slow, or take too much memory, for more. */
const PEERS = [
  ['x12-parser, segments', 'validate, 997, tree', 20],
  ['x12-parser, JSON', 'validate, 997, order', 20],
  ['node-x12, segments', 'validate, 997, tree', 20],
  ['node-x12, tree', 'validate, 997, tree', 10],
] as const;

/** One part in a process of its own: its CPU time and the most memory it had. @throws Error when its answer is wrong. */
function measure(part: string, { path, made }: File): Measure {
  const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--part', part, path], { encoding: 'utf8', timeout: 300_000 });
  if (run.status !== 0) throw new Error(`${part} failed: ${run.stderr}`);
  const measured = JSON.parse(run.stdout) as Measure;
  for (const key of ['segments', 'sets', 'quantity'] as const)
    if (measured.answer[key] !== undefined && measured.answer[key] !== made[key]) throw new Error(`${part}: ${measured.answer[key]} ${key}, not ${made[key]}`);
  return measured;
}

function median(list: readonly number[]): number {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

const spread = (list: readonly number[]): string => `${Math.min(...list).toFixed(2)}–${Math.max(...list).toFixed(2)}`;

function reportOurs(part: string, big: File, small: File, pairs: number): void {
  const ratios: number[] = [];
  const speeds: number[] = [];
  const memory: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const yardstick = measure('split', big);
    const run = measure(part, big);
    ratios.push(yardstick.cpu / run.cpu);
    speeds.push(big.made.bytes / 1e6 / run.cpu);
    memory.push(run.rss);
  }
  const above = median(memory) - median([1, 2, 3].map(() => measure(part, small).rss));
  console.log(
    `${part.padEnd(20)} ${median(ratios).toFixed(2)} × the splitter (${spread(ratios)}), ${median(speeds).toFixed(0)} MB/s of CPU, ${median(memory).toFixed(0)} MB, ${above.toFixed(0)} above 1 MB of data`,
  );
}

/** Ratios of what is above a process that only splits. */
function reportPeer(part: string, against: string, file: File, pairs: number): void {
  const ratios: number[] = [];
  const speeds: number[] = [];
  const memory: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const idle = measure('split', file).cpu;
    const [own, other] = [measure(against, file), measure(part, file)];
    ratios.push((other.cpu - idle) / Math.max(own.cpu - idle, 0.001));
    speeds.push(file.made.bytes / 1e6 / (other.cpu - idle));
    memory.push(other.rss);
  }
  console.log(
    `${part.padEnd(20)} on ${(file.made.bytes / 1e6).toFixed(0)} MB takes ${median(ratios).toFixed(1)} × as long as ours (${against}; ${spread(ratios)}); ${median(speeds).toFixed(1)} MB/s, ${median(memory).toFixed(0)} MB`,
  );
}

async function main(): Promise<void> {
  const [first, second, third] = process.argv.slice(2);
  if (first === '--part') {
    const answer = await parts[second!]!(third!);
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    process.stdout.write(JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, rss: maxRSS / 1024, answer }));
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'x12-bench-'));
  const make = (name: string, megabytes: number): File => ({ path: join(folder, name), made: makeFile(join(folder, name), megabytes * 1e6) });
  try {
    const pairs = Number(second ?? 5);
    const big = make('big.edi', Number(first ?? 200));
    console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() || process.arch}; median of ${pairs} pairs, and the least and greatest`);
    console.log(`${(big.made.bytes / 1e6).toFixed(0)} MB, ${big.made.sets} orders, ${big.made.segments} segments`);
    for (const part of OURS) reportOurs(part, big, make('small.edi', 1), pairs);
    for (const [part, against, megabytes] of PEERS) reportPeer(part, against, make(`${megabytes}.edi`, megabytes), pairs);
    const { ratios, read, write, theirs } = await smallFiles(Math.max(pairs, 5));
    console.log('files of one order, warm');
    console.log(
      `node-x12's parse alone takes ${median(ratios).toFixed(1)} × as long as our reading with validation, tree and canonical order (${spread(ratios)})`,
    );
    console.log(`µs of CPU a file: read ${median(read).toFixed(0)}, write and read again ${median(write).toFixed(0)}, node-x12 ${median(theirs).toFixed(0)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();
