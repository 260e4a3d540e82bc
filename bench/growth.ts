/**
 * Whether the path of an order grows slower as the database grows: the same orders into a database of 1,000 and one of 1,000,000, in turn.
 * Usage: `node bench/growth.ts [stored] [pairs]`. The orders stored are over (`book.ts`).
 */
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/config/load.ts';
import type { Rehearsal } from '../src/workbench/rehearse.ts';
import { finish, GROWING, makeSeed, multiply, openAt, openForCopies, order, SEED } from './book.ts';

const SMALL = 1_000;
const BATCH = 100;
const home = join(import.meta.dirname, '..');

/** The first orders, over, so many times. */
function fill(file: string, orders: number): void {
  const db = openForCopies(file);
  finish(db);
  multiply(db, orders / SEED, GROWING, () => undefined);
  db.exec('pragma optimize');
  db.close();
}

type Measured = { readonly cpu: number; readonly wall: number; readonly each: readonly number[] };

let next = 10_000_000;

/** Orders one after the other, each from its file to its answers, and then as many at once. */
async function measure(rehearsal: Rehearsal): Promise<{ readonly single: Measured; readonly together: Measured }> {
  const single = await timed(async (each) => {
    for (let count = 0; count < BATCH; count++) {
      const before = performance.now();
      await rehearsal.give('acme', `${next}.edi`, order(next++ % 1_000_000_000));
      await rehearsal.run();
      each.push(performance.now() - before);
    }
  });
  const together = await timed(async () => {
    for (let count = 0; count < BATCH; count++) await rehearsal.give('acme', `${next}.edi`, order(next++ % 1_000_000_000));
    await rehearsal.run();
  });
  return { single, together };
}

async function timed(work: (each: number[]) => Promise<void>): Promise<Measured> {
  const each: number[] = [];
  const [before, started] = [process.cpuUsage(), performance.now()];
  await work(each);
  const used = process.cpuUsage(before);
  return { cpu: (used.user + used.system) / 1e3, wall: performance.now() - started, each: each.toSorted((a, b) => a - b) };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const p99 = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)]!;

const stored = Number(process.argv[2] ?? 1_000_000);
const pairs = Number(process.argv[3] ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'wharf-bench-'));
try {
  const { config } = await loadConfig(join(home, 'config', 'gateway.yaml'));
  const [small, large] = [join(folder, 'small.db'), join(folder, 'large.db')];
  await makeSeed(config!, small);
  copyFileSync(small, large);
  fill(small, SMALL);
  const started = performance.now();
  fill(large, stored);
  console.log(`${stored} orders stored in ${Math.round((performance.now() - started) / 1000)} s, ${(statSync(large).size / 1e9).toFixed(2)} GB`);
  const [few, many] = [await openAt(config!, small), await openAt(config!, large)];
  await measure(few);
  await measure(many);
  const ratios = { single: { cpu: [] as number[], wall: [] as number[] }, together: { cpu: [] as number[], wall: [] as number[] } };
  const latencies = { few: [] as number[], many: [] as number[] };
  for (let pair = 0; pair < pairs; pair++) {
    const [a, b] = [await measure(few), await measure(many)];
    for (const kind of ['single', 'together'] as const) {
      ratios[kind].cpu.push(a[kind].cpu / b[kind].cpu);
      ratios[kind].wall.push(a[kind].wall / b[kind].wall);
    }
    latencies.few.push(...a.single.each);
    latencies.many.push(...b.single.each);
    const rate = ({ cpu }: Measured): string => `${Math.round((BATCH / cpu) * 1000)}`;
    console.log(`pair ${pair + 1}: orders a CPU second, singly ${rate(a.single)} and ${rate(b.single)}, together ${rate(a.together)} and ${rate(b.together)}`);
  }
  const lost = await many.db.read((tx) => tx.one(`select count(*) as n from {order_line} where released <> base and shipped <> base`));
  if (Number(lost?.['n']) !== 0) throw new Error('orders were not served in full');
  for (const kind of ['single', 'together'] as const) {
    console.log(
      `${stored} against ${SMALL} stored, ${kind === 'single' ? 'one by one' : `${BATCH} together`}: ${median(ratios[kind].cpu).toFixed(2)} by CPU, ${median(ratios[kind].wall).toFixed(2)} by wall time (goal 0.85)`,
    );
  }
  console.log(
    `p99 of one order: ${p99(latencies.few).toFixed(1)} ms and ${p99(latencies.many).toFixed(1)} ms, ${(p99(latencies.many) / p99(latencies.few)).toFixed(2)} × (goal 1.5)`,
  );
  await few.close();
  await many.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
