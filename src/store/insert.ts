import type { SqlValue } from './transaction.ts';

export type NewRow = Readonly<Record<string, SqlValue | undefined>>;
export type Statement = { readonly sql: string; readonly values: readonly SqlValue[] };

/** An insert of one row; `before` stands before its values (`output inserted.id`). Columns that are undefined take their default. */
export function insertStatement(table: string, row: NewRow, before = ''): Statement {
  const columns: string[] = [];
  const values: SqlValue[] = [];
  for (const column in row) {
    const value = row[column];
    if (value === undefined) continue;
    columns.push(column);
    values.push(value);
  }
  return { sql: `insert into {${table}} (${columns.join(', ')}) ${before} values (${columns.map(() => '?').join(', ')})`, values };
}

/** Inserts of many rows with as many rows a statement as `most` allows. Rows that leave out the same columns go together. */
export function insertManyStatements(table: string, rows: readonly NewRow[], most: Most): readonly Statement[] {
  const [first] = rows;
  if (!first) return [];
  const columns = Object.keys(first);
  if (rows.every((row) => isWhole(row, columns))) return insertAlike(table, columns, rows, most);
  const alike = Map.groupBy(rows, (row) => presentIn(row).join(', '));
  return [...alike.values()].flatMap((group) => insertAlike(table, presentIn(group[0]!), group, most));
}

type Most = { readonly values: number; readonly rows: number };

function presentIn(row: NewRow): readonly string[] {
  return Object.keys(row).filter((column) => row[column] !== undefined);
}

/** Whether a row has these columns, all of them and no other: nearly always so, and quicker to see than to list them. */
function isWhole(row: NewRow, columns: readonly string[]): boolean {
  let count = 0;
  for (const _column in row) count += 1;
  return count === columns.length && columns.every((column) => row[column] !== undefined);
}

function insertAlike(table: string, columns: readonly string[], rows: readonly NewRow[], most: Most): readonly Statement[] {
  const perStatement = Math.max(1, Math.min(most.rows, Math.floor(most.values / columns.length)));
  const statements: Statement[] = [];
  for (let start = 0; start < rows.length; start += perStatement) {
    const end = Math.min(rows.length, start + perStatement);
    const values: SqlValue[] = [];
    for (let at = start; at < end; at += 1) for (const column of columns) values.push(rows[at]![column]!);
    statements.push({ sql: textFor(table, columns, end - start), values });
  }
  return statements;
}

/** The texts that were made, since they are the same again and again; the limit guards against a table of endless shapes. */
const texts = new Map<string, string>();

function textFor(table: string, columns: readonly string[], count: number): string {
  const key = `${count} ${table} ${columns.join(' ')}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const group = `(${columns.map(() => '?').join(', ')})`;
  const made = `insert into {${table}} (${columns.join(', ')}) values ${Array.from({ length: count }, () => group).join(', ')}`;
  if (texts.size >= 1_000) texts.clear();
  texts.set(key, made);
  return made;
}
