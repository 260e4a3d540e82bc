/** What the two engines say differently, and how the one text that the rest of `store/` writes becomes theirs. */
export type Dialect = {
  readonly engine: 'sqlite' | 'mssql';
  /** The full name of a table or view. */
  readonly nameOf: (table: string) => string;
  readonly types: { readonly id: string; readonly text: string; readonly blob: string };
  /** How value number `index`, counted from 0, is written. */
  readonly placeholder: (index: number) => string;
  readonly limit: (count: number) => string;
};

export const sqliteDialect: Dialect = {
  engine: 'sqlite',
  nameOf: (table) => table,
  types: { id: 'integer primary key', text: 'text', blob: 'blob' },
  placeholder: () => '?',
  limit: (count) => `limit ${wholeNumber(count)}`,
};

/** SQL Server with all tables in one schema. @throws RangeError when the schema's name would need quoting. */
export function mssqlDialect(schema: string): Dialect {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(schema)) throw new RangeError(`schema name ${schema}`);
  return {
    engine: 'mssql',
    nameOf: (table) => `${schema}.${table}`,
    types: { id: 'bigint identity(1,1) primary key', text: 'nvarchar(max)', blob: 'varbinary(max)' },
    placeholder: (index) => `@p${index}`,
    limit: (count) => `offset 0 rows fetch next ${wholeNumber(count)} rows only`,
  };
}

/** A function that turns a text of `store/` into the engine's own: `{name}`, `<type>` and `?`. Texts are kept, they are few. */
export function makeTranslator(dialect: Dialect): (sql: string) => string {
  const known = new Map<string, string>();
  return (sql) => {
    const translated = known.get(sql);
    if (translated !== undefined) return translated;
    let index = 0;
    const made = sql
      .replace(/\{(\w+)\}/g, (_match, table: string) => dialect.nameOf(table))
      .replace(/<(id|text|blob)>/g, (_match, type: 'id' | 'text' | 'blob') => dialect.types[type])
      .replace(/\?/g, () => dialect.placeholder(index++));
    if (known.size >= 2_000) known.clear();
    known.set(sql, made);
    return made;
  };
}

function wholeNumber(count: number): number {
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`limit ${count}`);
  return count;
}
