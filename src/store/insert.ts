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
export function insertManyStatements(table: string, rows: readonly NewRow[], most: { readonly values: number; readonly rows: number }): readonly Statement[] {
  const alike = Map.groupBy(rows, (row) =>
    Object.keys(row)
      .filter((column) => row[column] !== undefined)
      .join(', '),
  );
  return [...alike].flatMap(([list, group]) => insertAlike(table, list, group, most));
}

function insertAlike(table: string, list: string, rows: readonly NewRow[], most: { readonly values: number; readonly rows: number }): readonly Statement[] {
  const columns = list.split(', ');
  const perStatement = Math.max(1, Math.min(most.rows, Math.floor(most.values / columns.length)));
  const group = `(${columns.map(() => '?').join(', ')})`;
  const statements: Statement[] = [];
  for (let start = 0; start < rows.length; start += perStatement) {
    const part = rows.slice(start, start + perStatement);
    const values = part.flatMap((row) => columns.map((column) => row[column] as SqlValue));
    statements.push({ sql: `insert into {${table}} (${list}) values ${part.map(() => group).join(', ')}`, values });
  }
  return statements;
}
