import { WharfError } from '../errors.ts';
import type { NewRow } from './insert.ts';
import type { Tx } from './transaction.ts';

/** Runs `work` with what an engine gives and `append`, and stores the appended rows when all else is done. They keep their order within a table. */
export async function withAppend<T>(engine: Omit<Tx, 'append'>, work: (tx: Tx) => Promise<T>): Promise<T> {
  const tables = new Map<string, NewRow[]>();
  let ended = false;
  const append: Tx['append'] = (table, row) => {
    if (ended) throw new WharfError('INTERNAL', 'a row was appended after its transaction had ended: something was not awaited');
    const rows = tables.get(table);
    if (rows) rows.push(row);
    else tables.set(table, [row]);
  };
  const value = await work({ ...engine, append });
  ended = true;
  for (const [table, rows] of tables) await engine.insertMany(table, rows);
  return value;
}
