import { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { LINES, skus } from './order-data.ts';

export type Taken = { readonly wall: number; readonly cpu: number };

/** Written once for all orders: not part of what an order costs. */
const master = ['item', 'item_unit', 'item_reference', 'price', 'stock', 'lease', 'control_number'];

/**
 * The yardstick: the rows of a database that the path filled, written into another by nothing but prepared statements, `together` orders a commit, with an
 * update of stock for each line. Gives seconds.
 */
export async function bareLoop(filled: string, file: string, orders: number, together: number): Promise<Taken> {
  const db = await openDatabase({ type: 'sqlite', file });
  await migrate(db);
  await db.close();
  const source = new DatabaseSync(filled, { readOnly: true });
  const to = new DatabaseSync(file);
  to.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = off; pragma wal_autocheckpoint = 4000');
  const tables = source
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> 'migration'")
    .all()
    .map((row) => ({ table: String(row['name']), ...rowsOf(source, String(row['name'])) }))
    .filter(({ rows }) => rows.length > 0);
  const insert = new Map(
    tables.map(({ table, columns }) => [table, to.prepare(`insert or replace into ${table} values (${Array(columns).fill('?').join(', ')})`)]),
  );
  for (const { table, rows } of tables) if (master.includes(table)) for (const row of rows) insert.get(table)!.run(...row);
  const take = to.prepare('update stock set allocated = allocated + 1 where sku = ? and location = ? and on_hand - on_hold - allocated - safety >= 1');
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  for (let first = 0; first < orders; first += together) {
    to.exec('begin immediate');
    const [from, until] = [first / orders, Math.min(orders, first + together) / orders];
    for (const { table, rows } of tables) {
      if (master.includes(table)) continue;
      for (let at = Math.ceil(from * rows.length); at < Math.ceil(until * rows.length); at++) insert.get(table)!.run(...rows[at]!);
    }
    for (let line = 0; line < LINES * Math.min(together, orders - first); line++) take.run(skus[line % skus.length]!, 'NW');
    to.exec('commit');
  }
  const used = process.cpuUsage(cpu);
  const taken = { wall: (performance.now() - began) / 1e3, cpu: (used.user + used.system) / 1e6 };
  source.close();
  to.close();
  return taken;
}

function rowsOf(source: DatabaseSync, table: string): { readonly columns: number; readonly rows: readonly (readonly (string | bigint)[])[] } {
  const statement = source.prepare(`select * from ${table}`);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  return { columns: statement.columns().length, rows: statement.all() as unknown as (string | bigint)[][] };
}
