import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Those that live: none must outlive who started it. */
const living = new Set<ChildProcess>();
process.once('exit', () => {
  for (const tracer of living) tracer.kill('SIGKILL');
});

/** Why no system call can be made to fail here; undefined when one can. It is found by doing it. */
export function straceMissing(): string | undefined {
  try {
    execFileSync('strace', ['-qq', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO', 'true'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'strace is not installed, or may not trace';
  }
}

/** What happens to which system calls of a process, in strace's words: `calls` by name, `inject` such as `error=EIO:when=3` or `signal=KILL:when=7`. */
export type Injection = {
  readonly calls: string;
  readonly inject: string;
  /** Only where one of these is touched; anything unless told. */
  readonly paths?: readonly string[];
};

/** Has the kernel treat a running process so, in all its threads, until the returned function is called. A call is counted by the thread that makes it. */
export async function injectInto(pid: number, { calls, inject, paths = [] }: Injection): Promise<() => Promise<void>> {
  const words = [
    '-f',
    '-o',
    '/dev/null',
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:${inject}`,
    ...paths.flatMap((path) => ['-P', path]),
    '-p',
    String(pid),
  ];
  const tracer = spawn('strace', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  living.add(tracer);
  const ended = once(tracer, 'exit').finally(() => living.delete(tracer));
  // It says so of the last thread when it has them all.
  await Promise.race([once(tracer.stderr, 'data'), ended]);
  return async () => {
    tracer.kill('SIGTERM');
    await ended;
  };
}

/** The words to run a program by, so that the kernel treats it so from its start. The program is the child all the same. */
export function throughInjection({ calls, inject }: Injection): readonly string[] {
  return ['strace', '-D', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${calls}:${inject}`];
}
