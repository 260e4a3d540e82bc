/**
 * Bulk load beside inserts of many rows, on SQL Server: stock movements in one transaction each, of as many rows as a step stores at once and of more. Bulk
 * load has a connection of its own, which is part of its time. Usage: `WHARF_TEST_MSSQL_URL=mssql://user:password@host:port/database node bench/bulk.ts [rows]`.
 */
import { openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { beginBulk } from '../src/store/mssql-bulk.ts';
import type { TableShape } from '../src/store/table-shapes.ts';
import { testServer } from '../test/support/test-server.ts';

const settings = testServer();
if (!settings) throw new Error('WHARF_TEST_MSSQL_URL names no server');
const sizes = process.argv[2] === undefined ? [100, 500, 2_000, 20_000] : [Number(process.argv[2])];
const db = await openDatabase(settings);
await migrate(db);
const names = ['sku', 'location', 'on_hand', 'allocated', 'cause', 'unique_key', 'at', 'on_hold'] as const;
const texts = new Map<string, number>([
  ['sku', 60],
  ['location', 60],
  ['cause', 30],
  ['unique_key', 200],
]);
const shape: TableShape = {
  name: 'stock_movement',
  columns: names.map((name) => ({ name, kind: texts.has(name) ? 'short' : 'whole', length: texts.get(name) ?? 0, nullable: false })),
  key: ['id'],
  hasId: false,
};
const rowsOf = (run: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    sku: `SKU-${at % 1000}`,
    location: 'NW',
    on_hand: at,
    allocated: 0,
    cause: 'import',
    unique_key: `${run}:${at}`,
    at: 0,
    on_hold: 0,
  }));

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

for (const count of sizes) {
  const gains: number[] = [];
  let [inserts, bulk] = [0, 0];
  for (let pair = 1; pair <= 5; pair += 1) {
    inserts = await timed(() => db.transaction((tx) => tx.insertMany('stock_movement', rowsOf(`insert ${count} ${pair}`, count))));
    bulk = await timed(async () => {
      const load = await beginBulk(settings);
      const rows = rowsOf(`bulk ${count} ${pair}`, count);
      for (let start = 0; start < rows.length; start += 5_000) await load.load(shape, rows.slice(start, start + 5_000));
      await load.commit();
      await load.close();
    });
    gains.push(inserts / bulk);
  }
  const gain = gains.toSorted((a, b) => a - b)[2]!;
  console.log(
    `${count} rows: inserts ${Math.round(count / inserts)}/s, bulk load ${Math.round(count / bulk)}/s at last; gain ${gain.toFixed(1)}, the middle of five pairs`,
  );
}
await db.close();
