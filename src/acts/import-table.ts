import { note } from '../store/activity.ts';
import type { Tx } from '../store/transaction.ts';
import { inParts } from '../pipeline/work.ts';
import type { Healed } from './heal.ts';
import { heal } from './heal.ts';
import type { ImportContext } from './import-items.ts';
import type { Columns, ImportRow, RefusedRow } from './import-rows.ts';
import { inOrder, readImport, refuse } from './import-rows.ts';

export type TableImport = {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: readonly RefusedRow[];
  readonly ignoredColumns: readonly string[];
  readonly healed: Healed;
};

/** How the rows of one kind of file are read and stored. */
export type Table<T> = {
  /** What the rows are, in the plural: `prices`. */
  readonly what: string;
  readonly columns: Columns;
  /** One row, or all that is wrong with it. */
  readonly read: (row: ImportRow) => T | readonly RefusedRow[];
  /** What no two rows of a file may share, and the column that says so. */
  readonly key: (entry: T) => string;
  readonly keyColumn: string;
  readonly store: (tx: Tx, entry: T, row: ImportRow) => Promise<Stored>;
};

export type Stored = 'created' | 'updated' | 'unchanged' | RefusedRow;

const BATCH = 500;

/**
 * Takes a CSV file row by row: what is right is stored, what is not is refused with its reason. The same file again changes nothing. Orders that were
 * held for something that is known now go on.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export async function importTable<T extends object>(context: ImportContext, bytes: Uint8Array, table: Table<T>): Promise<TableImport> {
  const { db, config, now, file } = context;
  const read = await readImport(file, bytes, table.columns);
  const refused = [...read.refused];
  const seen = new Set<string>();
  const accepted: { readonly row: ImportRow; readonly entry: T }[] = [];
  for (const row of read.rows) {
    const entry = table.read(row);
    if (Array.isArray(entry)) refused.push(...(entry as readonly RefusedRow[]));
    else if (seen.has(table.key(entry as T))) refused.push(refuse(row, table.keyColumn, 'stands in this file twice'));
    else {
      seen.add(table.key(entry as T));
      accepted.push({ row, entry: entry as T });
    }
  }
  const counts = { created: 0, updated: 0, unchanged: 0 };
  for (const batch of inParts(accepted, BATCH)) {
    const results = await db.transaction(async (tx) => {
      const done: Stored[] = [];
      for (const { row, entry } of batch) done.push(await table.store(tx, entry, row));
      return done;
    });
    for (const result of results) {
      if (typeof result === 'string') counts[result] += 1;
      else refused.push(result);
    }
  }
  const text = `${counts.created + counts.updated} ${table.what} from ${file}, ${counts.unchanged} unchanged, ${refused.length} values refused`;
  await db.transaction((tx) => note(tx, { at: now, verb: 'import', text }));
  const healed = await heal({ db, config, now }, `${table.what} import of ${file}`);
  return { rows: read.total, ...counts, refused: inOrder(refused), ignoredColumns: read.ignored, healed };
}
