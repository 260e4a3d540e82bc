/**
 * The whole path of an order inside the gateway: a file in the database becomes an order, reservations, warehouse work, and the bytes of 997, 855 and 940.
 * Beside it a bare loop over node:sqlite that commits the same rows, as a yardstick in the same run. Usage: `node bench/path.ts [small orders] [orders of
 * the interchange]`. Each order has 20 lines. Channels are left out: what is measured is from the stored file to the stored answers.
 *
 * Statements do not depend on the machine: an order of 20 lines, 10 items and 3 answers takes 29 from a file of its own and 14 out of a large interchange.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { loadConfig } from '../src/config/load.ts';
import { importItems } from '../src/acts/import-items.ts';
import { importStock } from '../src/acts/import-stock.ts';
import { openRehearsal } from '../src/workbench/rehearse.ts';
import { openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';

const LINES = 20;
const NOW = Date.parse('2026-03-02T15:00:00Z');
const home = join(import.meta.dirname, '..');
const skus = ['HL-MUG-01', 'HL-MUG-02', 'HL-BWL-01', 'HL-PLT-01', 'HL-PLT-02', 'HL-GLS-01', 'HL-VAS-01', 'HL-CND-01', 'HL-TWL-01', 'HL-BRD-01'];

let statements = 0;
for (const name of ['run', 'all', 'get'] as const) {
  const plain = StatementSync.prototype[name] as (this: StatementSync, ...values: unknown[]) => unknown;
  StatementSync.prototype[name] = function (this: StatementSync, ...values: unknown[]) {
    statements += 1;
    return plain.apply(this, values);
  } as never;
}

let commits = 0;
// oxlint-disable-next-line typescript/unbound-method -- it is called with the database that it belongs to
const plainExec = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
  if (sql === 'commit') commits += 1;
  return plainExec.call(this, sql);
};

function transactionSet(at: number, control: number): string {
  const lines = Array.from({ length: LINES }, (_, index) => `PO1*${index + 1}*${1 + ((at + index) % 9)}*EA***VN*${skus[(at + index) % skus.length]!}~\n`);
  const head = `BEG*00*SA*PO${String(at).padStart(8, '0')}**20260302~\nREF*DP*0210~\nDTM*010*20260309~\nN1*ST*Acme Distribution Center 42*92*0042~\n`;
  return `ST*850*${String(control).padStart(4, '0')}~\n${head}${lines.join('')}CTT*${LINES}~\nSE*${LINES + 7}*${String(control).padStart(4, '0')}~\n`;
}

function interchange(control: number, sets: readonly string[]): Buffer {
  const number = String(control).padStart(9, '0');
  const isa = `ISA*00*          *00*          *ZZ*ACME           *ZZ*HARBORLANE     *260302*0915*U*00401*${number}*0*P*>~\n`;
  const group = `GS*PO*ACMESTORES*HARBORLANE*20260302*0915*${control}*X*004010~\n`;
  return Buffer.from(`${isa}${group}${sets.join('')}GE*${sets.length}*${control}~\nIEA*1*${number}~\n`);
}

type Measured = { readonly cpu: number; readonly wall: number; readonly statements: number; readonly commits: number };

async function measure(work: () => Promise<void> | void): Promise<Measured> {
  const [before, started, counted, committed] = [process.cpuUsage(), performance.now(), statements, commits];
  await work();
  const used = process.cpuUsage(before);
  return { cpu: (used.user + used.system) / 1e6, wall: (performance.now() - started) / 1e3, statements: statements - counted, commits: commits - committed };
}

/** The path itself: gives what it took, and the database that it filled. @throws when an order or a unit was lost. */
async function path(folder: string, count: number, files: readonly Buffer[]): Promise<Measured> {
  const loaded = await loadConfig(join(home, 'config', 'gateway.yaml'));
  const config = loaded.config!;
  const rehearsal = await openRehearsal(config, { type: 'sqlite', file: join(folder, 'path.db') }, () => NOW);
  const importing = { db: rehearsal.db, config, now: NOW, file: 'bench' };
  await importItems(importing, readFileSync(join(home, 'samples', 'master', 'items.csv')));
  const stock = skus.flatMap((sku) => [`${sku},NW,90000000`, `${sku},HB,90000000`]);
  await importStock(importing, Buffer.from(`sku,location,on_hand\n${stock.join('\n')}\n`));
  const measured = await measure(async () => {
    await Promise.all(files.map((bytes, index) => rehearsal.give('acme', `${index}.edi`, bytes)));
    await rehearsal.run();
  });
  const sums = await rehearsal.db.read((tx) =>
    tx.one('select count(distinct order_id) as orders, count(*) as lines, sum(base - released) as left_over from {order_line}'),
  );
  const answers = await rehearsal.db.read((tx) =>
    tx.one("select count(*) as n from {outbox} where kind in ('order-response', 'warehouse-order') and size > 0"),
  );
  if (sums?.['orders'] !== count || sums['lines'] !== count * LINES || sums['left_over'] !== 0 || answers?.['n'] !== 2 * count)
    throw new Error(`the path lost something: ${JSON.stringify({ ...sums, answers: answers?.['n'] })}`);
  await rehearsal.close();
  return measured;
}

/** The same rows, written by nothing but prepared statements, `orders` of them a commit, with an update of stock for each line. */
async function bare(folder: string, count: number, orders: number): Promise<Measured> {
  const target = join(folder, 'bare.db');
  const db = await openDatabase({ type: 'sqlite', file: target });
  await migrate(db);
  await db.close();
  const source = new DatabaseSync(join(folder, 'path.db'), { readOnly: true });
  const to = new DatabaseSync(target);
  to.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = off; pragma wal_autocheckpoint = 4000');
  const master = ['item', 'item_unit', 'item_reference', 'price', 'stock', 'lease', 'control_number'];
  const written = source
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> 'migration'")
    .all()
    .map((row) => String(row['name']));
  const rowsOf = (table: string) => {
    const statement = source.prepare(`select * from ${table}`);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return { columns: statement.columns().length, rows: statement.all() as unknown as (string | bigint)[][] };
  };
  const tables = written.map((table) => ({ table, ...rowsOf(table) })).filter(({ rows }) => rows.length > 0);
  const insert = new Map(
    tables.map(({ table, columns }) => [table, to.prepare(`insert or replace into ${table} values (${Array(columns).fill('?').join(', ')})`)]),
  );
  for (const { table, rows } of tables.filter((each) => master.includes(each.table))) for (const row of rows) insert.get(table)!.run(...row);
  const take = to.prepare('update stock set allocated = allocated + 1 where sku = ? and location = ? and on_hand - on_hold - allocated - safety >= 1');
  const measured = await measure(() => {
    for (let first = 0; first < count; first += orders) {
      to.exec('begin immediate');
      const [from, until] = [first / count, Math.min(count, first + orders) / count];
      for (const { table, rows } of tables) {
        if (master.includes(table)) continue;
        for (let at = Math.ceil(from * rows.length); at < Math.ceil(until * rows.length); at++) insert.get(table)!.run(...rows[at]!);
      }
      for (let line = 0; line < LINES * Math.min(orders, count - first); line++) take.run(skus[line % skus.length]!, 'NW');
      to.exec('commit');
    }
  });
  source.close();
  to.close();
  return measured;
}

async function compare(name: string, count: number, files: readonly Buffer[], ordersACommit: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wharf-bench-'));
  try {
    const ours = await path(folder, count, files);
    const theirs = await bare(folder, count, ordersACommit);
    const rate = ({ cpu, wall }: Measured): string => `${Math.round(count / wall)} orders/s, ${Math.round(count / cpu)} a CPU second`;
    const each = (of: Measured): string => `${(of.statements / count).toFixed(1)} statements and ${(of.commits / count).toFixed(2)} commits an order`;
    const megabytes = (files.reduce((sum, file) => sum + file.length, 0) / 1e6).toFixed(1);
    console.log(`${name} (${count} orders, ${files.length} files, ${megabytes} MB): ${rate(ours)}, ${each(ours)}`);
    console.log(`  bare loop, ${ordersACommit} a commit: ${rate(theirs)}, ${each(theirs)}`);
    console.log(`  ratio: ${(theirs.wall / ours.wall).toFixed(2)} of wall time, ${(theirs.cpu / ours.cpu).toFixed(2)} of CPU time`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const small = Number(process.argv[2] ?? 1_000);
const large = Number(process.argv[3] ?? 6_924);
const one = (at: number): Buffer => interchange(at + 1, [transactionSet(at, 1)]);
await compare(
  'warm-up',
  100,
  Array.from({ length: 100 }, (_, at) => one(at)),
  1,
);
await compare(
  'small files',
  small,
  Array.from({ length: small }, (_, at) => one(at)),
  1,
);
await compare(
  'one interchange',
  large,
  [
    interchange(
      1,
      Array.from({ length: large }, (_, at) => transactionSet(at, at + 1)),
    ),
  ],
  50,
);
console.log(`${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most`);
