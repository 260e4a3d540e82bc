import type { SqlValue, Tx } from './transaction.ts';

/** As many rows as one statement takes; few sizes, so that the engine keeps few statements prepared. */
const SIZES = [64, 16, 4, 1] as const;

/** Parts of a list as large as one statement takes, the large ones first. */
export function inSizes<T>(items: readonly T[]): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let start = 0; start < items.length;) {
    const size = SIZES.find((each) => each <= items.length - start)!;
    parts.push(items.slice(start, start + size));
    start += size;
  }
  return parts;
}

/** Texts of `valueTable` by their columns and number of rows: few, and long to write. */
const tables = new Map<string, string>();

/** Rows as a table to read from: `(select ? as a, ? as b union all select ?, ?)`. Names must differ from those of the table that is changed. */
function valueTable(columns: readonly string[], count: number): string {
  const key = `${count} ${columns.join(' ')}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const first = `select ${columns.map((column) => `? as ${column}`).join(', ')}`;
  const next = ` union all select ${columns.map(() => '?').join(', ')}`;
  const made = `(${first}${next.repeat(count - 1)})`;
  tables.set(key, made);
  return made;
}

/** Changes many rows of a table, each by values of its own, in few statements; `values` are those of `where`. Gives how many were changed. */
export async function updateFrom(
  tx: Tx,
  table: string,
  rows: readonly Readonly<Record<string, SqlValue>>[],
  { set, where, values = [] }: { readonly set: string; readonly where: string; readonly values?: readonly SqlValue[] },
): Promise<number> {
  const columns = Object.keys(rows[0] ?? {});
  const parts = inSizes(rows).map((part) => {
    const given = part.flatMap((row) => columns.map((column) => row[column]!));
    return tx.run(`update {${table}} set ${set} from ${valueTable(columns, part.length)} given where ${where}`, [...given, ...values]);
  });
  return (await Promise.all(parts)).reduce((sum, changed) => sum + changed, 0);
}
