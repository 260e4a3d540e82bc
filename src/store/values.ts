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

/** Rows as a table to read from: `(select ? as a, ? as b union all select ?, ?)`. Names must differ from those of the table that is changed. */
function valueTable(rows: readonly Readonly<Record<string, SqlValue>>[]): { readonly sql: string; readonly values: readonly SqlValue[] } {
  const columns = Object.keys(rows[0]!);
  const first = `select ${columns.map((column) => `? as ${column}`).join(', ')}`;
  const next = ` union all select ${columns.map(() => '?').join(', ')}`;
  return { sql: `(${first}${next.repeat(rows.length - 1)})`, values: rows.flatMap((row) => columns.map((column) => row[column]!)) };
}

/** Changes many rows of a table, each by values of its own, in few statements. Gives how many were changed. */
export async function updateFrom(
  tx: Tx,
  table: string,
  rows: readonly Readonly<Record<string, SqlValue>>[],
  { set, where }: { readonly set: string; readonly where: string },
): Promise<number> {
  let changed = 0;
  for (const part of inSizes(rows)) {
    const { sql, values } = valueTable(part);
    changed += await tx.run(`update {${table}} set ${set} from ${sql} given where ${where}`, values);
  }
  return changed;
}
