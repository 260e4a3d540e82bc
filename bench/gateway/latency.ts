import { closeSync, fdatasyncSync, mkdirSync, openSync, readdirSync, watch, writeSync } from 'node:fs';
import { join } from 'node:path';
import { orderFile } from '../order-data.ts';
import { openStage, quantile, start, today } from './stage.ts';

/**
 * From a drop to its 997 in the partner's folder: at idle, one after the other; and at a given rate, each at its moment whatever became of the others.
 * Beside it what one sync of the disk takes, since a file passes several before its answer may be seen.
 */
export async function benchLatency(drops: number, ratePerSecond: number): Promise<void> {
  const stage = await openStage('poll: 5s, quiet: 0s, idle: 1s');
  try {
    const daemon = await start(stage);
    const out = stage.outbox('acme');
    mkdirSync(out, { recursive: true });
    const answers = watchAnswers(out);
    for (let at = 0; at < 50; at += 1) await dropAndWait(stage, answers, at);
    const idle: number[] = [];
    for (let at = 50; at < 50 + drops; at += 1) {
      // The order itself is still on its way when its 997 is there: idle is when that is done, too.
      await pause(60 + Math.random() * 60);
      idle.push(await dropAndWait(stage, answers, at));
    }
    report('drop to 997, idle', idle, 'goal: p50 15 ms, p99 50 ms');
    const loaded = await steadily(stage, answers, drops, ratePerSecond, 50 + drops);
    report(`drop to 997 at ${ratePerSecond.toFixed(0)} orders/s`, loaded, 'goal at a quarter of the peak: p99 250 ms');
    console.log(`  one sync of this disk: ${syncTime(join(stage.directory, 'sync')).toFixed(2)} ms`);
    answers.close();
    await daemon.stop();
  } finally {
    stage.remove();
  }
}

type Answers = { readonly next: (count: number) => Promise<void>; readonly count: () => number; readonly close: () => void };
type Stage = Awaited<ReturnType<typeof openStage>>;

/** Counts the acknowledgments in a folder as they come. */
function watchAnswers(folder: string): Answers {
  const seen = new Map<string, number>();
  const waiting: { readonly count: number; readonly done: () => void }[] = [];
  const look = (): void => {
    for (const name of readdirSync(folder)) if (name.startsWith('997_') && !seen.has(name)) seen.set(name, performance.now());
    for (const wait of waiting.splice(0)) {
      if (seen.size >= wait.count) wait.done();
      else waiting.push(wait);
    }
  };
  const watcher = watch(folder, (_event, name) => (name?.startsWith('997_') ?? true) && look());
  return { next: (count) => new Promise((done) => waiting.push({ count, done })), count: () => seen.size, close: () => watcher.close() };
}

async function dropAndWait(stage: Stage, answers: Answers, at: number): Promise<number> {
  const came = answers.next(answers.count() + 1);
  const began = performance.now();
  stage.drop('acme', `l${at}.edi`, orderFile(at, today()));
  await came;
  return performance.now() - began;
}

async function steadily(stage: Stage, answers: Answers, drops: number, rate: number, from: number): Promise<readonly number[]> {
  const took: number[] = [];
  const first = answers.count();
  const began = performance.now();
  const running: Promise<void>[] = [];
  for (let at = 0; at < drops; at += 1) {
    const due = began + (at * 1_000) / rate;
    await pause(Math.max(0, due - performance.now()));
    const dropped = performance.now();
    // Answers come in the order of the drops: the nth answer is that to the nth drop.
    running.push(answers.next(first + at + 1).then(() => void took.push(performance.now() - dropped)));
    stage.drop('acme', `r${from + at}.edi`, orderFile(from + at, today()));
  }
  await Promise.all(running);
  return took;
}

function report(what: string, took: readonly number[], goal: string): void {
  console.log(`${what}: p50 ${quantile(took, 0.5).toFixed(1)} ms, p99 ${quantile(took, 0.99).toFixed(1)} ms over ${took.length} drops; ${goal}`);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Milliseconds that a write of 4 KB and its sync take, in the middle of many. */
export function syncTime(file: string): number {
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(4_096, 1);
  const times = Array.from({ length: 100 }, () => {
    const began = performance.now();
    writeSync(descriptor, block);
    fdatasyncSync(descriptor);
    return performance.now() - began;
  });
  closeSync(descriptor);
  return quantile(times, 0.5);
}
