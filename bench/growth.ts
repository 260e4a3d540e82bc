/**
 * Whether the path of an order grows slower as the database grows: the same orders into a database of 1,000 and one of 1,000,000, in turn.
 * Usage: `node bench/growth.ts [stored] [pairs]`. Orders that are over are made by the path itself and then copied in the database, with all their rows
 * under ids and numbers of their own, so that a million takes minutes. Payloads are left out, as retention takes them away,
 * and long texts are short in the copies.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { importItems } from '../src/acts/import-items.ts';
import { importStock } from '../src/acts/import-stock.ts';
import { loadConfig } from '../src/config/load.ts';
import type { Config } from '../src/config/types.ts';
import type { Rehearsal } from '../src/workbench/rehearse.ts';
import { openRehearsal } from '../src/workbench/rehearse.ts';

const SEED = 100;
const SMALL = 1_000;
const BATCH = 100;
const LINES = 4;
/** Ids of one copy are so far from those of the next. */
const STRIDE = 1_000_000;
const NOW = Date.parse('2026-03-02T15:00:00Z');
const home = join(import.meta.dirname, '..');
const skus = ['HL-MUG-01', 'HL-MUG-02', 'HL-BWL-01', 'HL-PLT-01', 'HL-PLT-02', 'HL-GLS-01', 'HL-VAS-01', 'HL-CND-01', 'HL-TWL-01', 'HL-BRD-01'];

function order(number: number): Buffer {
  const control = String(number).padStart(9, '0');
  const lines = Array.from({ length: LINES }, (_, index) => `PO1*${index + 1}*${1 + (number % 9)}*EA***VN*${skus[(number + index) % skus.length]!}~\n`);
  return Buffer.from(
    `ISA*00*          *00*          *ZZ*ACME           *ZZ*HARBORLANE     *260302*0915*U*00401*${control}*0*P*>~\n` +
      `GS*PO*ACMESTORES*HARBORLANE*20260302*0915*${number}*X*004010~\nST*850*0001~\nBEG*00*SA*PO${control}**20260302~\nREF*DP*0210~\n` +
      `N1*ST*Acme Distribution Center 42*92*0042~\n${lines.join('')}CTT*${LINES}~\nSE*${LINES + 6}*0001~\nGE*1*${number}~\nIEA*1*${control}~\n`,
  );
}

async function openAt(config: Config, file: string): Promise<Rehearsal> {
  return openRehearsal(config, { type: 'sqlite', file }, () => NOW);
}

/** A database with the first orders, made by the path. */
async function makeSeed(config: Config, file: string): Promise<void> {
  const rehearsal = await openAt(config, file);
  const importing = { db: rehearsal.db, config, now: NOW, file: 'bench' };
  await importItems(importing, readFileSync(join(home, 'samples', 'master', 'items.csv')));
  await importStock(importing, Buffer.from(`sku,location,on_hand\n${skus.flatMap((sku) => [`${sku},NW,90000000`, `${sku},HB,90000000`]).join('\n')}\n`));
  for (let number = 1; number <= SEED; number++) await rehearsal.give('acme', `${number}.edi`, order(number));
  await rehearsal.run();
  await rehearsal.close();
}

/** Says that all its orders are over: shipped, answered and acknowledged. */
function finish(db: DatabaseSync): void {
  db.exec(`delete from payload; delete from decision_input;
    update sales_order set lifecycle = 'closed', decide_at = null;
    update order_line set shipped = released, invoiced = released, released = 0;
    update allocation set state = 'consumed';
    update fulfilment_order set state = 'shipped';
    update fulfilment_line set shipped = quantity;
    update outbox set status = 'acknowledged', settled_at = created_at;
    update stock set allocated = 0;`);
}

/** The tables that grow with orders. */
const GROWING = [
  'inbound_file',
  'interchange',
  'document',
  'sales_order',
  'order_line',
  'decision',
  'allocation',
  'fulfilment_order',
  'fulfilment_line',
  'stock_movement',
  'outbox',
  'activity',
];
/** Texts that name one thing only, or that are looked up. */
const NAMES = [
  'name',
  'control',
  'sha256',
  'content_hash',
  'po_number',
  'business_key',
  'unique_key',
  'number',
  'group_control',
  'interchange_control',
  'file_name',
];

/** Texts that nothing looks up, and nothing on the path of a new order reads: short in the copies, so that a million fit on a disk. */
const LONG = ['canonical', 'content', 'document', 'text'];

/** Copies all that grows so many times, the indexes being made anew when all is there. */
function multiply(file: string, copies: number): void {
  const db = new DatabaseSync(file);
  db.exec('pragma journal_mode = delete; pragma journal_mode = off; pragma synchronous = off; pragma foreign_keys = off; pragma cache_size = -1000000');
  finish(db);
  const indexes = db.prepare("select name, sql from sqlite_schema where type = 'index' and sql is not null").all() as { name: string; sql: string }[];
  for (const { name } of indexes) db.exec(`drop index ${name}`);
  db.exec('begin');
  for (const table of GROWING) {
    const columns = (db.prepare(`select name from pragma_table_info(?)`).all(table) as { name: string }[]).map(({ name }) => name);
    const copied = columns.map((name) => {
      if (LONG.includes(name)) return "'{}'";
      if (name === 'id' || name.endsWith('_id')) return `s.${name} + n.n * ${STRIDE}`;
      return NAMES.includes(name) && !(table === 'activity' || table === 'decision') ? `s.${name} || '-' || n.n` : `s.${name}`;
    });
    db.exec(`create temp table seed as select * from ${table} order by id`);
    db.exec(`insert into ${table} (${columns.join(', ')}) with recursive n(n) as (select 1 union all select n + 1 from n where n < ${copies - 1})
      select ${copied.join(', ')} from n cross join temp.seed s`);
    db.exec('drop table temp.seed');
  }
  for (const { sql } of indexes) db.exec(sql);
  db.exec('commit');
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
  multiply(small, SMALL / SEED);
  const started = performance.now();
  multiply(large, stored / SEED);
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
