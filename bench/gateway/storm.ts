import { DatabaseSync } from 'node:sqlite';
import { orderFile } from '../order-data.ts';
import { openStage, type Running, type Stage, start, today, until } from './stage.ts';

/** Many files at once: when the first 997 is there, whether each is answered, and how long all take beside as many that come by and by. */
export async function benchStorm(count: number): Promise<void> {
  const stage = await openStage('poll: 5s, quiet: 0s, idle: 1s');
  try {
    const daemon = await start(stage);
    const steady = await timed(stage, daemon, 0, Math.min(1_000, count));
    const rate = Math.min(1_000, count) / steady.all;
    const storm = await timed(stage, daemon, Math.min(1_000, count), count);
    console.log(`${count} files at once: first 997 after ${(storm.first * 1e3).toFixed(0)} ms (goal 150 ms), none missed`);
    console.log(
      `  all answered in ${storm.all.toFixed(1)} s, ${((storm.all * rate) / count).toFixed(2)} of what ${rate.toFixed(0)} orders/s give; the goal is 1.15`,
    );
    await daemon.stop();
  } finally {
    stage.remove();
  }
}

async function timed(stage: Stage, daemon: Running, from: number, count: number): Promise<{ readonly first: number; readonly all: number }> {
  const before = stage.sent('acme');
  const files = Array.from({ length: count }, (_, at) => orderFile(from + at, today()));
  stage.prepare(files, `s${from}-`);
  const began = performance.now();
  stage.release('acme', files.length, `s${from}-`);
  await until(() => stage.sent('acme') > before, 60_000, 5);
  const first = (performance.now() - began) / 1e3;
  await until(() => stage.sent('acme') === before + 2 * count, 1_200_000, 50);
  if (daemon.child.exitCode !== null) throw new Error('the daemon has ended');
  return { first, all: (performance.now() - began) / 1e3 };
}

/** kill -9 while many files wait, some of them in the database already: how soon the next process is ready, and how long it takes to work all off. */
export async function benchRestart(count: number): Promise<void> {
  const stage = await openStage('poll: 1s, quiet: 0s, idle: 1s');
  try {
    const first = await start(stage);
    const clean = await timed(stage, first, 0, Math.min(1_000, count));
    const rate = Math.min(1_000, count) / clean.all;
    const from = Math.min(1_000, count);
    const before = stage.sent('acme');
    stage.dropAll(
      'acme',
      Array.from({ length: count }, (_, at) => orderFile(from + at, today())),
      'k',
    );
    await until(() => stage.sent('acme') > before + count / 10, 300_000, 5);
    await first.kill();
    const done = (stage.sent('acme') - before) / 2;
    const again = await start(stage);
    const began = performance.now();
    await until(() => stage.sent('acme') === before + 2 * count, 1_200_000, 50);
    const drained = (performance.now() - began) / 1e3;
    console.log(`kill -9 with ${(count - done).toFixed(0)} of ${count} files to go: ready ${again.startedIn.toFixed(0)} ms after its start (goal 500 ms)`);
    console.log(`  worked off in ${drained.toFixed(1)} s, ${((drained * rate) / (count - done)).toFixed(2)} of the clean time; the goal is 1.1`);
    await again.stop();
    check(stage.database, from + count);
  } finally {
    stage.remove();
  }
}

/** @throws when an order is missing or there twice. */
function check(file: string, orders: number): void {
  const db = new DatabaseSync(file, { readOnly: true });
  const found = Number(db.prepare('select count(*) as n from sales_order').get()!['n']);
  db.close();
  if (found !== orders) throw new Error(`${found} orders of ${orders}`);
}
