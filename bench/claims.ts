/**
 * What a claim costs where the queue has 1,000 rows and where it has 1,000,000, half of them waiting, on both engines in one run. Usage:
 * `WHARF_TEST_MSSQL_URL=mssql://user:password@host:port/database node bench/claims.ts [rows]`. Without the variable only the embedded engine is measured.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseSettings, openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { claim, queues } from '../src/store/queue.ts';
import type { Database } from '../src/store/transaction.ts';
import { testServer } from '../test/support/test-server.ts';

const CLAIMS = 41;
const NOW = Date.parse('2026-03-02T15:00:00Z');
const COPIED = ['partner', 'channel', 'name', 'size', 'modified_at', 'source_id', 'sha256', 'status', 'received_at', 'due_at'].join(', ');

/** Doubles what is there until there are so many: whatever the engine, a statement each time. */
async function grow(db: Database, rows: number): Promise<number> {
  const count = async (): Promise<number> => Number((await db.read((tx) => tx.one('select count(*) as n from {inbound_file}')))?.['n']);
  for (let there = await count(); there < rows; there = await count()) {
    const limit = Math.min(there, 65_536);
    await db.transaction((tx) => tx.run(`insert into {inbound_file} (${COPIED}) select ${COPIED} from {inbound_file} where id <= ${limit}`));
  }
  return count();
}

async function seed(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    for (let at = 0; at < 16; at += 1) {
      const partner = `p${at % 8}`;
      const file = { partner, channel: `${partner}/in`, name: 'order.edi', size: 2_000, modified_at: NOW, source_id: '', sha256: 'x'.repeat(64) };
      await tx.insert('inbound_file', { ...file, status: at < 8 ? 'done' : 'pending', received_at: NOW, due_at: 0 });
    }
  });
}

/** Milliseconds of the middle one of several claims of 50 rows, each committed. */
async function cost(db: Database, owner: string): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < CLAIMS; at += 1) {
    const started = performance.now();
    await db.transaction((tx) => claim(tx, queues.translate, { owner, now: NOW, leaseMs: 60_000, count: 50 }));
    times.push(performance.now() - started);
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
  await seed(db);
  const few = await grow(db, 5_000);
  const small = await cost(db, 'few');
  const many = await grow(db, most);
  const large = await cost(db, 'many');
  console.log(
    `${settings.type}: a claim of 50 takes ${small.toFixed(1)} ms among ${few} rows, ${large.toFixed(1)} ms among ${many}: ${(large / small).toFixed(2)} times as long`,
  );
  await db.close();
}
rmSync(folder, { recursive: true, force: true });
