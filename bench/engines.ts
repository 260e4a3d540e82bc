/**
 * The whole path of an order on both engines in one run: orders a second with one daemon and with two, and round trips an order. Each order has 20 lines;
 * what is measured is from the stored file to the stored answers. Usage: `WHARF_TEST_MSSQL_URL=mssql://user:password@host:port/database node bench/engines.ts
 * [orders]`. Without the variable only the embedded engine is measured.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importItems } from '../src/acts/import-items.ts';
import { importStock } from '../src/acts/import-stock.ts';
import { loadConfig } from '../src/config/load.ts';
import type { Config } from '../src/config/types.ts';
import type { DatabaseSettings } from '../src/store/database.ts';
import { MssqlClient } from '../src/store/mssql-client.ts';
import { openRehearsal } from '../src/workbench/rehearse.ts';
import { testServer } from '../test/support/test-server.ts';

const LINES = 20;
const NOW = Date.parse('2026-03-02T15:00:00Z');
const home = join(import.meta.dirname, '..');
const skus = ['HL-MUG-01', 'HL-MUG-02', 'HL-BWL-01', 'HL-PLT-01', 'HL-PLT-02', 'HL-GLS-01', 'HL-VAS-01', 'HL-CND-01', 'HL-TWL-01', 'HL-BRD-01'];

let trips = 0;
type Send = (this: MssqlClient, ...trip: Parameters<MssqlClient['send']>) => void;
const plain = Object.getOwnPropertyDescriptor(MssqlClient.prototype, 'send')!.value as Send;
MssqlClient.prototype.send = function (this: MssqlClient, ...trip: Parameters<Send>) {
  trips += 1;
  plain.apply(this, trip);
};

function transactionSet(at: number, control: number): string {
  const lines = Array.from({ length: LINES }, (_, index) => `PO1*${index + 1}*${1 + ((at + index) % 9)}*EA***VN*${skus[(at + index) % skus.length]!}~\n`);
  const number = String(control).padStart(4, '0');
  const head = `BEG*00*SA*PO${String(at).padStart(8, '0')}**20260302~\nREF*DP*0210~\nDTM*010*20260309~\nN1*ST*Acme Distribution Center 42*92*0042~\n`;
  return `ST*850*${number}~\n${head}${lines.join('')}CTT*${LINES}~\nSE*${LINES + 7}*${number}~\n`;
}

function interchange(control: number, sets: readonly string[]): Buffer {
  const number = String(control).padStart(9, '0');
  const isa = `ISA*00*          *00*          *ZZ*ACME           *ZZ*HARBORLANE     *260302*0915*U*00401*${number}*0*P*>~\n`;
  const group = `GS*PO*ACMESTORES*HARBORLANE*20260302*0915*${control}*X*004010~\n`;
  return Buffer.from(`${isa}${group}${sets.join('')}GE*${sets.length}*${control}~\nIEA*1*${number}~\n`);
}

/** Orders of a file each, or all in one interchange. */
function filesOf(orders: number, together: boolean): readonly Buffer[] {
  const sets = Array.from({ length: orders }, (_, at) => transactionSet(at, together ? at + 1 : 1));
  return together ? [interchange(1, sets)] : sets.map((set, at) => interchange(at + 1, [set]));
}

async function fill(config: Config, settings: DatabaseSettings, files: readonly Buffer[]): Promise<void> {
  const rehearsal = await openRehearsal(config, settings, () => NOW);
  const importing = { db: rehearsal.db, config, now: NOW, file: 'bench' };
  await importItems(importing, readFileSync(join(home, 'samples', 'master', 'items.csv')));
  const stock = skus.flatMap((sku) => [`${sku},NW,90000000`, `${sku},HB,90000000`]);
  await importStock(importing, Buffer.from(`sku,location,on_hand\n${stock.join('\n')}\n`));
  for (let start = 0; start < files.length; start += 20)
    await Promise.all(files.slice(start, start + 20).map((bytes, index) => rehearsal.give('acme', `${start + index}.edi`, bytes)));
  await rehearsal.close();
}

async function check(config: Config, settings: DatabaseSettings, orders: number): Promise<void> {
  const rehearsal = await openRehearsal(config, settings, () => NOW);
  const sums = await rehearsal.db.read((tx) =>
    tx.one('select count(distinct order_id) as n, count(*) as lines, sum(base - released) as left_over from {order_line}'),
  );
  const answers = await rehearsal.db.read((tx) =>
    tx.one("select count(*) as n from {outbox} where kind in ('order-response', 'warehouse-order') and size > 0"),
  );
  await rehearsal.close();
  const found = [sums?.['n'], sums?.['lines'], sums?.['left_over'], answers?.['n']].map(Number);
  if (found.join() !== [orders, orders * LINES, 0, 2 * orders].join()) throw new Error(`the path lost something: ${found.join()}`);
}

/** What a daemon of the measurement does: all there is to do. */
async function work(config: Config, settings: DatabaseSettings): Promise<number> {
  const rehearsal = await openRehearsal(config, settings, () => NOW);
  trips = 0;
  // Another daemon may just be making what there is to do next.
  for (let idle = 0; idle < 4;) {
    idle = (await rehearsal.run()).length > 0 ? 0 : idle + 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await rehearsal.close();
  return trips;
}

async function daemons(settings: DatabaseSettings, count: number): Promise<{ readonly seconds: number; readonly trips: number }> {
  const started = performance.now();
  const each = await Promise.all(
    Array.from({ length: count }, async () => {
      const child = spawn(process.execPath, [import.meta.filename, 'daemon', JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] });
      let out = '';
      child.stdout.on('data', (data: Buffer) => (out += data.toString()));
      const [code] = await once(child, 'exit');
      if (code !== 0) throw new Error('a daemon failed');
      return Number(out);
    }),
  );
  return { seconds: (performance.now() - started) / 1000, trips: each.reduce((sum, trip) => sum + trip, 0) };
}

const { config } = await loadConfig(join(home, 'config', 'gateway.yaml'));
if (!config) throw new Error('the sample configuration has errors');
if (process.argv[2] === 'daemon') {
  process.stdout.write(String(await work(config, JSON.parse(process.argv[3]!) as DatabaseSettings)));
} else {
  const orders = Number(process.argv[2] ?? 200);
  const folder = mkdtempSync(join(tmpdir(), 'wharf-engines-'));
  for (const together of [false, true]) {
    for (const [engine, count] of [
      ['sqlite', 1],
      ['mssql', 1],
      ['mssql', 2],
    ] as const) {
      const settings = engine === 'sqlite' ? ({ type: 'sqlite', file: join(folder, `${together}.db`) } as const) : testServer();
      if (!settings) continue;
      await fill(config, settings, filesOf(orders, together));
      const { seconds, trips: made } = await daemons(settings, count);
      await check(config, settings, orders);
      const what = together ? 'one interchange' : 'a file each';
      const rate = `${engine}, ${count} daemon${count > 1 ? 's' : ''}, ${what}: ${(orders / seconds).toFixed(1)} orders/s`;
      console.log(engine === 'sqlite' ? rate : `${rate}, ${(made / orders).toFixed(1)} round trips an order`);
    }
  }
  rmSync(folder, { recursive: true, force: true });
}
