import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeScratch, type Scratch } from '../../src/cli/demo/scratch.ts';
import { main } from '../../src/main.ts';
import { stockFile } from '../order-data.ts';

const home = join(import.meta.dirname, '..', '..');
const TICKS = 100;

/** The sample company on a directory of its own, with stock that never ends; what partners have to do is done with `drop` and `sent`. */
export type Stage = Scratch & {
  /** Puts files into a partner's folder by renaming, as fast as it goes. */
  readonly dropAll: (partner: string, files: readonly Buffer[], prefix: string) => void;
  /** The two halves of that: writes files where nobody looks, and puts so many of them in place. */
  readonly prepare: (files: readonly Buffer[], prefix: string) => void;
  readonly release: (partner: string, count: number, prefix: string) => void;
  /** How many files lie in the folder that a partner collects from. */
  readonly sent: (partner: string) => number;
  readonly database: string;
  readonly remove: () => void;
};

export type Running = {
  readonly child: ChildProcess;
  /** Milliseconds from the start of the process to its word that it has started. */
  readonly startedIn: number;
  readonly stop: () => Promise<void>;
  readonly kill: () => Promise<void>;
};

/** Makes the stage; `settings` are the intervals of the gateway. */
export async function openStage(settings = 'poll: 1s, quiet: 0s, idle: 1s'): Promise<Stage> {
  const scratch = makeScratch(mkdtempSync(join(tmpdir(), 'wharf-bench-')));
  const text = readFileSync(scratch.config, 'utf8').replace(/^intervals:.*$/m, `intervals: { ${settings} }`);
  writeFileSync(scratch.config, text);
  writeFileSync(join(scratch.directory, 'stock.csv'), stockFile);
  const quiet = { out: () => undefined, err: (line: string) => console.error(line) };
  for (const [what, file] of [
    ['items', join(home, 'samples', 'master', 'items.csv')],
    ['stock', join(scratch.directory, 'stock.csv')],
  ] as const)
    if ((await main([what, 'import', file, '--config', scratch.config], quiet)) !== 0) throw new Error(`${what} could not be imported`);
  return {
    ...scratch,
    database: join(scratch.directory, 'var', 'wharf.db'),
    dropAll: (partner, files, prefix) => {
      prepare(scratch, files, prefix);
      release(scratch, partner, files.length, prefix);
    },
    prepare: (files, prefix) => prepare(scratch, files, prefix),
    release: (partner, count, prefix) => release(scratch, partner, count, prefix),
    sent: (partner) => countIn(scratch.outbox(partner)),
    remove: () => rmSync(scratch.directory, { recursive: true, force: true }),
  };
}

function prepare({ directory }: Scratch, files: readonly Buffer[], prefix: string): void {
  mkdirSync(join(directory, 'waiting'), { recursive: true });
  for (const [index, bytes] of files.entries()) writeFileSync(join(directory, 'waiting', `${prefix}${index}.edi`), bytes);
}

function release({ directory }: Scratch, partner: string, count: number, prefix: string): void {
  const target = join(directory, 'var', 'partners', partner, 'in');
  mkdirSync(target, { recursive: true });
  for (let index = 0; index < count; index += 1) renameSync(join(directory, 'waiting', `${prefix}${index}.edi`), join(target, `${prefix}${index}.edi`));
}

function countIn(folder: string): number {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.')).length;
  } catch {
    return 0;
  }
}

/** Starts the daemon as a process of its own; `counters` names the file into which it writes its counts at its end. */
export async function start(stage: Stage, counters?: string): Promise<Running> {
  const began = performance.now();
  const counting = counters === undefined ? [] : ['--import', join(import.meta.dirname, 'count.ts')];
  const child = spawn(process.execPath, [...counting, '--max-semi-space-size=4', join(home, 'src', 'start.js'), 'run', '--config', stage.config], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, WHARF_BENCH_COUNTS: counters ?? '' },
  });
  const ended = once(child, 'exit');
  // A benchmark that fails leaves no daemon behind.
  process.once('exit', () => child.kill('SIGKILL'));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => data.includes('"msg":"started"') && resolve());
    child.once('exit', (code) => reject(new Error(`the daemon ended with ${code} before it had started`)));
  });
  const finish = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return { child, startedIn: performance.now() - began, stop: () => finish('SIGTERM'), kill: () => finish('SIGKILL') };
}

/** Waits until `true` is given, looking every `pause` milliseconds. @throws after `most` milliseconds. */
export async function until(done: () => boolean, most: number, pause = 20): Promise<void> {
  const end = performance.now() + most;
  while (!done()) {
    if (performance.now() > end) throw new Error(`not done after ${most} ms`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** CPU seconds that a process has used, of its own and of the kernel for it. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Megabytes of memory that a process has in use. */
export function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

/** `20261122` */
export function today(): string {
  return new Date().toISOString().slice(0, 10).replaceAll('-', '');
}

/** The value below which this part of the values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
}

export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
