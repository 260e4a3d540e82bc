import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';

/** Has Node write what it is doing into the file when it gets SIGUSR2. */
export function reportTo(file: string): readonly string[] {
  return ['--report-on-signal', '--report-signal=SIGUSR2', '--report-compact', '--report-exclude-env', '--report-exclude-network', `--report-filename=${file}`];
}

/** How long the report may take, in milliseconds: an idle process writes it at once, one that computes at its next function call. */
const REPORT = 5_000;

type Report = {
  readonly javascriptStack?: { readonly stack?: readonly string[] };
  readonly libuv?: readonly { readonly type: string; readonly is_active?: boolean; readonly is_referenced?: boolean }[];
};

/** What a process that does not come to its end is doing: its state for the kernel, where it is in the program, and what keeps it alive. */
export async function stateOf({ pid, exitCode, signalCode }: ChildProcess, file: string): Promise<string> {
  if (pid === undefined || exitCode !== null || signalCode !== null) return 'it has ended';
  const kernel = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] ?? '?';
  if (kernel === 'T') return 'it is frozen';
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  const until = performance.now() + REPORT;
  while (performance.now() < until) {
    await sleep(50);
    const report = readReport(file);
    if (report === undefined) continue;
    const alive = (report.libuv ?? []).filter((handle) => handle.is_active === true && handle.is_referenced === true).map(({ type }) => type);
    return `state ${kernel}, at ${report.javascriptStack?.stack?.slice(0, 5).join(' ') ?? 'nothing'}, kept alive by ${alive.join() || 'nothing'}`;
  }
  return `state ${kernel}, it gives no report`;
}

/** Undefined until it is written whole. */
function readReport(file: string): Report | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
