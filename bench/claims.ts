/**
 * What a claim costs where a queue table has 10,000 rows and where it has 1,000,000, half of them waiting, for each queue and on both engines in one run. Usage:
 * `WHARF_TEST_MSSQL_URL=mssql://user:password@host:port/database node bench/claims.ts [rows]`. Without the variable only the embedded engine is measured.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseSettings, openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { claim, type Queue, queues } from '../src/store/queue.ts';
import type { Database, SqlValue } from '../src/store/transaction.ts';
import { testServer } from '../test/support/test-server.ts';

const FEW = 10_000;
const SEED = 16;
const CLAIMS = 41;
const NOW = Date.parse('2026-03-02T15:00:00Z');

/** What the first rows of a table hold besides their queue, and the column that is another in each row, with how a copy comes to its own. */
type Filling = { readonly row: (at: number) => Readonly<Record<string, SqlValue>>; readonly apart?: { readonly column: string; readonly sql: string } };

const partnerOf = (at: number): string => `p${at % 8}`;
const fillings: Readonly<Record<Queue['table'], Filling>> = {
  inbound_file: {
    row: (at) => ({
      partner: partnerOf(at),
      channel: `${partnerOf(at)}/in`,
      name: 'order.edi',
      size: 2_000,
      modified_at: NOW,
      source_id: '',
      sha256: '',
      received_at: NOW,
    }),
  },
  document: {
    row: (at) => ({ inbound_file_id: 1, position: at, partner: partnerOf(at), kind: 'order', business_key: 'PO1', accepted: 1, received_at: NOW }),
    apart: { column: 'position', sql: 'id + ?' },
  },
  outbox: {
    row: (at) => ({
      partner: partnerOf(at),
      kind: 'order-response',
      unique_key: String(at),
      channel: `${partnerOf(at)}/out`,
      canonical: '{}',
      created_at: NOW,
    }),
    apart: { column: 'unique_key', sql: `concat(id, '.', ?)` },
  },
};

async function seed(db: Database, { table, waiting }: Queue): Promise<void> {
  const rows = Array.from({ length: SEED }, (_, at) => ({ ...fillings[table].row(at), status: at < SEED / 2 ? 'done' : waiting, due_at: 0 }));
  await db.transaction((tx) => tx.insertMany(table, rows));
}

/** Copies what is there until there are so many: whatever the engine, a statement each time. */
async function grow(db: Database, { table }: Queue, rows: number): Promise<number> {
  const { row, apart } = fillings[table];
  const columns = [...Object.keys(row(0)), 'status', 'due_at'];
  const copied = columns.map((column) => (column === apart?.column ? apart.sql : column));
  for (;;) {
    const [there, last] = await filled(db, table);
    if (there >= rows) return there;
    const most = Math.min(there, 65_536, rows - there);
    const sql = `insert into {${table}} (${columns.join(', ')}) select ${copied.join(', ')} from {${table}} where id <= ${most}`;
    await db.transaction((tx) => tx.run(sql, apart ? [last] : []));
  }
}

/** How many rows a table has, and the last id. */
async function filled(db: Database, table: string): Promise<readonly [number, number]> {
  const row = await db.read((tx) => tx.one(`select count(*) as n, max(id) as last from {${table}}`));
  return [Number(row?.['n']), Number(row?.['last'])];
}

/** Milliseconds of the middle one of several claims of 50 rows, each committed: of the processor where the engine is embedded, which others at work do not change. */
async function cost(db: Database, queue: Queue, owner: string): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < CLAIMS; at += 1) {
    const [started, before] = [performance.now(), process.cpuUsage()];
    const claimed = await db.transaction((tx) => claim(tx, queue, { owner, now: NOW, leaseMs: 60_000, count: 50 }));
    const { user, system } = process.cpuUsage(before);
    times.push(db.engine === 'sqlite' ? (user + system) / 1e3 : performance.now() - started);
    if (claimed.length !== 50) throw new Error(`${claimed.length} rows were claimed`);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(CLAIMS / 2)]!;
}

const most = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'wharf-claims-'));
const server = testServer();
const engines: readonly DatabaseSettings[] = [{ type: 'sqlite', file: join(folder, 'claims.db') }, ...(server ? [server] : [])];
for (const settings of engines) {
  const db = await openDatabase(settings);
  await migrate(db);
  for (const [name, queue] of Object.entries({ translate: queues.translate, apply: queues.apply, deliver: queues.deliver })) {
    await seed(db, queue);
    const few = await grow(db, queue, FEW);
    const small = await cost(db, queue, 'few');
    const many = await grow(db, queue, most);
    const large = await cost(db, queue, 'many');
    const figures = `${small.toFixed(1)} ms among ${few} rows, ${large.toFixed(1)} ms among ${many}: ${(large / small).toFixed(2)} times as long`;
    console.log(`${settings.type}, ${name}: a claim of 50 takes ${figures}`);
  }
  await db.close();
}
rmSync(folder, { recursive: true, force: true });
