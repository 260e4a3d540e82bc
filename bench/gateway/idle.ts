import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuOf, memoryOf, openStage, start, until } from './stage.ts';

const PARTNERS = 20;
const SECONDS = 20;
/** By then what a start has left was collected (seconds). */
const SETTLED = 30;
const IDLE = 60;

/** What a daemon with twenty partners costs while nothing happens. */
export async function benchIdle(): Promise<void> {
  const stage = await openStage('poll: 5s, quiet: 2s, idle: 1s');
  try {
    const folder = join(stage.directory, 'partners');
    const acme = readFileSync(join(folder, 'acme.yaml'), 'utf8');
    for (let at = 1; at <= PARTNERS - 7; at += 1) {
      writeFileSync(join(folder, `store${at}.yaml`), acme.replace('id: acme', `id: store${at}`).replaceAll('ACME', `STORE${at}`));
      for (const direction of ['in', 'out']) mkdirSync(join(stage.directory, 'var', 'partners', `store${at}`, direction), { recursive: true });
    }
    const daemon = await start(stage);
    const pid = daemon.child.pid!;
    await pause(SETTLED);
    const before = cpuOf(pid);
    await pause(IDLE);
    const share = ((cpuOf(pid) - before) / IDLE) * 100;
    console.log(`idle with ${PARTNERS} partners: ${share.toFixed(2)} % of one CPU over ${IDLE} s (goal 0.5), ${memoryOf(pid).toFixed(0)} MB (goal 90)`);
    await daemon.stop();
  } finally {
    stage.remove();
  }
}

/** Many files that wait in a folder: what the daemon holds in memory while it works on the first of them, beside what it holds with a thousand. */
export async function benchMany(count: number): Promise<void> {
  const few = await peakWith(1_000);
  const many = await peakWith(count);
  console.log(`${count} files waiting: ${many.toFixed(0)} MB at most in ${SECONDS} s, ${few.toFixed(0)} MB with 1,000`);
}

async function peakWith(count: number): Promise<number> {
  const stage = await openStage('poll: 1s, quiet: 0s, idle: 1s');
  try {
    const folder = join(stage.directory, 'var', 'partners', 'acme', 'in');
    mkdirSync(folder, { recursive: true });
    for (let at = 0; at < count; at += 1) writeFileSync(join(folder, `${at}.edi`), 'ISA');
    const daemon = await start(stage);
    let peak = 0;
    const end = performance.now() + SECONDS * 1_000;
    await until(
      () => {
        peak = Math.max(peak, memoryOf(daemon.child.pid!));
        return performance.now() > end;
      },
      2 * SECONDS * 1_000,
      100,
    );
    if (existsSync(join(folder, '0.edi')) && existsSync(join(folder, '1.edi')) && count > 1_000) console.log('  (the first of them were not taken yet)');
    await daemon.stop();
    return peak;
  } finally {
    stage.remove();
  }
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
