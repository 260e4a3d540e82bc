import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { FailOrder } from '../fail-point.ts';
import { reportTo, stateOf } from './state.ts';

/** The folder of a program to be tried: its `src/main.ts` is what runs. */
export type Build = { readonly home: string };

/** This program itself. */
export const ownBuild: Build = { home: join(import.meta.dirname, '..', '..') };

/** `wharf run` as a process of its own. */
export type Daemon = {
  readonly process: ChildProcess;
  /** True when it says that it has started, false when it ended before, or did not say so for two minutes. */
  readonly started: Promise<boolean>;
  /** Resolves when it has ended, with its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** How many of the armed fail points were reached. */
  readonly struck: () => number;
  /** What it logged, the last lines. */
  readonly tail: () => string;
  /** What it is doing, for a person to see why it does not come to its end. */
  readonly state: () => Promise<string>;
};

export type LaunchOptions = {
  readonly build: Build;
  readonly config: string;
  readonly fail?: readonly FailOrder[];
  /** The program and its words by which it is run; by nothing unless told. */
  readonly through?: readonly string[];
  /** Words for Node before the program. */
  readonly node?: readonly string[];
  /** The user and the group by whom it is run; ours unless told. */
  readonly uid?: number;
};

/** Those that live: none must outlive who started it. */
const living = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** A start takes a second; on a machine that many use, some more (milliseconds). */
const START = 120_000;
/** After it was asked to stop, in milliseconds: companies give it 5 seconds for what it has in hand. */
const STOP = 60_000;

/** What it logged last is kept, for a person to see why something did not come. */
const KEPT = 20_000;

/** Starts the daemon of a build. */
export function launch({ build, config, fail = [], through = [], node = [], uid }: LaunchOptions): Daemon {
  const armed = { WHARF_FAIL_POINTS: fail.map(({ point, action, visit }) => `${point}:${action}:${visit}`).join() };
  const report = join(dirname(config), 'report.json');
  const [program, ...words] = [...through, process.execPath, ...reportTo(report), ...node, join(build.home, 'src', 'main.ts'), 'run', '--config', config];
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited(), ...armed },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  living.add(child);
  child.once('exit', () => living.delete(child));
  let log = '';
  let struck = 0;
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const saysSo = new Promise<boolean>((resolve) => {
    const read = (data: Buffer): void => {
      log = (log + data.toString()).slice(-KEPT);
      if (log.includes('"msg":"started"')) resolve(true);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', (data: Buffer) => {
      struck += data.toString().match(/^fail point /gm)?.length ?? 0;
      read(data);
    });
  });
  const late = sleep(START, false, { ref: false });
  const started = Promise.race([saysSo, ended.then(() => false), late]);
  return { process: child, started, ended, struck: () => struck, tail: () => log, state: () => stateOf(child, report) };
}

/** Asks it to stop and gives its exit code, or `hung` when it did not end. */
export async function askToStop(daemon: Daemon): Promise<number | null | 'hung'> {
  daemon.process.kill('SIGTERM');
  return Promise.race([daemon.ended, sleep(STOP, 'hung' as const, { ref: false })]);
}

/** Kills with SIGKILL and waits for the end. */
export async function kill(daemon: Daemon): Promise<void> {
  daemon.process.kill('SIGKILL');
  await daemon.ended;
}

/** Whether it is gone. */
export function hasEnded({ process: { exitCode, signalCode } }: Daemon): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Whether SIGSTOP has it standing still. */
export function isFrozen(daemon: Daemon): boolean {
  try {
    return /^\d+ \(.*\) T/u.test(readFileSync(`/proc/${daemon.process.pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const runFile = promisify(execFile);

/** Runs a command of a build to its end and gives what it printed. @throws Error when it fails. */
export async function command(build: Build, config: string, words: readonly string[]): Promise<string> {
  const { stdout } = await runFile(process.execPath, [join(build.home, 'src', 'main.ts'), ...words, '--config', config], { env: inherited(), timeout: START });
  return stdout;
}

/** A start is most of what a cycle costs: compiled code is kept from one to the next. */
function inherited(): Readonly<Record<string, string>> {
  return { PATH: '/usr/bin:/bin', NODE_COMPILE_CACHE: join(tmpdir(), 'wharf-torture-code') };
}
