import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cpSync, createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { once } from 'node:events';

/** A copy of the sample configuration to play with, and the daemon that runs on it. */
export type Scratch = {
  readonly directory: string;
  readonly config: string;
  /** Drops a file into a partner's inbound folder as a well-behaved partner does: under a temporary name first. */
  readonly drop: (partner: string, name: string, bytes: Uint8Array) => void;
  /** The folder that a partner collects from. */
  readonly outbox: (partner: string) => string;
};

/** The folder of the program: samples and sample configuration lie in it. */
export const home = join(import.meta.dirname, '..', '..', '..');

/** Makes the directory anew, with the sample configuration; channels are looked at more often than a real gateway would. */
export function makeScratch(directory: string): Scratch {
  rmSync(directory, { recursive: true, force: true });
  for (const folder of ['config', 'partners', 'mappings']) cpSync(join(home, folder), join(directory, folder), { recursive: true });
  const config = join(directory, 'config', 'gateway.yaml');
  const settings = readFileSync(config, 'utf8').replace(/^intervals:.*$/m, 'intervals: { poll: 250ms, quiet: 100ms, idle: 250ms }');
  writeFileSync(config, settings);
  const folder = (partner: string, direction: 'in' | 'out') => join(directory, 'var', 'partners', partner, direction);
  return {
    directory,
    config,
    outbox: (partner) => folder(partner, 'out'),
    drop: (partner, name, bytes) => {
      const target = join(folder(partner, 'in'), name);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(`${target}.tmp`, bytes);
      renameSync(`${target}.tmp`, target);
    },
  };
}

/** The daemon as its own process, its log in a file. `stop` ends it as a service manager does and gives its exit code. */
export type Daemon = { readonly process: ChildProcess; readonly stop: () => Promise<number | null> };

/** Starts `wharf run` on a scratch directory. */
export function startDaemon(scratch: Scratch): Daemon {
  const log = createWriteStream(join(scratch.directory, 'daemon.log'));
  const child = spawn(process.execPath, [join(home, 'src', 'start.js'), 'run', '--config', scratch.config], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  return {
    process: child,
    stop: async () => {
      if (child.exitCode === null) child.kill('SIGTERM');
      const [code] = await ended;
      log.end();
      return code;
    },
  };
}

/** The end of the daemon's log, for a person to see why something did not come. */
export function logTail(scratch: Scratch, lines: number): string {
  const file = join(scratch.directory, 'daemon.log');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';
}

/** The day that the samples take for today. */
const SAMPLE_DAY = Date.UTC(2026, 2, 2);
const DAY = 86_400_000;

/** A sample with its dates moved so that it was written today: `2026-03-02`, `20260302` and `260302` alike. */
export function bringUpToDate(sample: string, now: number): Uint8Array {
  const moved = sample.replaceAll(/(?<!\d)(20)?26(-?)03\2(\d\d)(?!\d)/g, (_whole, century: string | undefined, dash: string, day: string) => {
    const date = new Date(now + Date.UTC(2026, 2, Number(day)) - SAMPLE_DAY - (now % DAY)).toISOString().slice(0, 10);
    return date.slice(century ? 0 : 2).replaceAll('-', dash);
  });
  return Buffer.from(moved);
}
