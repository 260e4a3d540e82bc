/**
 * A book of many orders: some are made by the path itself, said to be over, and then copied in the database with all their rows under ids and numbers of
 * their own, so that a million takes minutes. Payloads are left out, as retention takes them away, and long texts are short in the copies.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { importItems } from '../src/acts/import-items.ts';
import { importStock } from '../src/acts/import-stock.ts';
import type { Config } from '../src/config/types.ts';
import type { Rehearsal } from '../src/workbench/rehearse.ts';
import { openRehearsal } from '../src/workbench/rehearse.ts';
import { skus, stockFile } from './order-data.ts';

/** Orders that the path makes. */
export const SEED = 100;
const LINES = 4;
/** Ids of one copy are so far from those of the next. */
export const STRIDE = 1_000_000;
export const NOW = Date.parse('2026-03-02T15:00:00Z');
const home = join(import.meta.dirname, '..');

/** An order of four lines in a file of its own. */
export function order(number: number): Buffer {
  const control = String(number).padStart(9, '0');
  const lines = Array.from({ length: LINES }, (_, index) => `PO1*${index + 1}*${1 + (number % 9)}*EA***VN*${skus[(number + index) % skus.length]!}~\n`);
  return Buffer.from(
    `ISA*00*          *00*          *ZZ*ACME           *ZZ*HARBORLANE     *260302*0915*U*00401*${control}*0*P*>~\n` +
      `GS*PO*ACMESTORES*HARBORLANE*20260302*0915*${number}*X*004010~\nST*850*0001~\nBEG*00*SA*PO${control}**20260302~\nREF*DP*0210~\n` +
      `N1*ST*Acme Distribution Center 42*92*0042~\n${lines.join('')}CTT*${LINES}~\nSE*${LINES + 6}*0001~\nGE*1*${number}~\nIEA*1*${control}~\n`,
  );
}

export async function openAt(config: Config, file: string): Promise<Rehearsal> {
  return openRehearsal(config, { type: 'sqlite', file }, () => NOW);
}

/** A database with the first orders, made by the path. */
export async function makeSeed(config: Config, file: string): Promise<void> {
  const rehearsal = await openAt(config, file);
  const importing = { db: rehearsal.db, config, now: NOW, file: 'bench' };
  await importItems(importing, readFileSync(join(home, 'samples', 'master', 'items.csv')));
  await importStock(importing, Buffer.from(stockFile));
  for (let number = 1; number <= SEED; number++) await rehearsal.give('acme', `${number}.edi`, order(number));
  await rehearsal.run();
  await rehearsal.close();
}

/** Says that all its orders are over: shipped, answered and acknowledged. */
export function finish(db: DatabaseSync): void {
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
export const GROWING = [
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

/** Opens a file for `multiply`: nothing of it would survive a crash. */
export function openForCopies(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  db.exec('pragma journal_mode = delete; pragma journal_mode = off; pragma synchronous = off; pragma foreign_keys = off; pragma cache_size = -1000000');
  return db;
}

/**
 * Copies these tables so many times, the indexes being made anew when all is there. `own` gives what a column of copy `n.n` holds (as SQL of the row `s`)
 * where it is not as usual.
 */
export function multiply(db: DatabaseSync, copies: number, tables: readonly string[], own: (table: string, column: string) => string | undefined): void {
  const indexes = db.prepare("select name, sql from sqlite_schema where type = 'index' and sql is not null").all() as { name: string; sql: string }[];
  for (const { name } of indexes) db.exec(`drop index ${name}`);
  db.exec('begin');
  for (const table of tables) {
    const columns = (db.prepare(`select name from pragma_table_info(?)`).all(table) as { name: string }[]).map(({ name }) => name);
    const copied = columns.map((name) => own(table, name) ?? usual(table, name));
    db.exec(`create temp table seed as select * from ${table} order by id`);
    db.exec(`insert into ${table} (${columns.join(', ')}) with recursive n(n) as (select 1 union all select n + 1 from n where n < ${copies - 1})
      select ${copied.join(', ')} from n cross join temp.seed s`);
    db.exec('drop table temp.seed');
  }
  for (const { sql } of indexes) db.exec(sql);
  db.exec('commit');
}

function usual(table: string, name: string): string {
  if (LONG.includes(name)) return "'{}'";
  if (name === 'id' || name.endsWith('_id')) return `s.${name} + n.n * ${STRIDE}`;
  return NAMES.includes(name) && table !== 'activity' && table !== 'decision' ? `s.${name} || '-' || n.n` : `s.${name}`;
}
