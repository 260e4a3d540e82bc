/** What the two engines say differently, and how the one text that the rest of `store/` writes becomes theirs. */
export type Dialect = {
  readonly engine: 'sqlite' | 'mssql';
  /** The full name of a table or view. */
  readonly nameOf: (table: string) => string;
  readonly types: { readonly id: string; readonly text: string; readonly blob: string };
  /** A short text column: compared by its code points on every engine, whatever the database's collation. */
  readonly short: (type: string) => string;
  /** A column of milliseconds since 1970 as the engine's own date and time, in UTC. */
  readonly utc: (column: string) => string;
  /** The same as a text of its day in UTC, `2026-03-05`. */
  readonly day: (column: string) => string;
  /** Millionths as a decimal. */
  readonly units: (column: string) => string;
  /** Now, to be compared with `utc`. */
  readonly clock: string;
  /** How value number `index`, counted from 0, is written. */
  readonly placeholder: (index: number) => string;
  readonly limit: (count: number) => string;
  /** After a table whose rows are found by their ids (`id`) or by an index of this name, whatever else is asked of them. */
  readonly by: (way: string) => string;
};

export const sqliteDialect: Dialect = {
  engine: 'sqlite',
  nameOf: (table) => table,
  types: { id: 'integer primary key', text: 'text', blob: 'blob' },
  short: (type) => type,
  utc: (column) => `strftime('%Y-%m-%d %H:%M:%f', ${column} / 1000.0, 'unixepoch')`,
  day: (column) => `date(${column} / 1000, 'unixepoch')`,
  // SQLite has no decimals: the nearest number that it has.
  units: (column) => `(${column} / 1000000.0)`,
  clock: `strftime('%Y-%m-%d %H:%M:%f', 'now')`,
  placeholder: () => '?',
  limit: (count) => `limit ${wholeNumber(count)}`,
  // Without figures of what a table holds SQLite takes any index for better than a list of ids, and would read all that has the same status.
  by: (way) => (way === 'id' ? 'not indexed' : `indexed by ${way}`),
};

/** By code point, as SQLite and JavaScript compare: `a1` and `A1` are two items, and `A1` followed by a blank is refused before it gets here. */
const COLLATION = 'Latin1_General_100_BIN2';

/** SQL Server with all tables in one schema. @throws RangeError when the schema's name would need quoting. */
export function mssqlDialect(schema: string): Dialect {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(schema)) throw new RangeError(`schema name ${schema}`);
  return {
    engine: 'mssql',
    nameOf: (table) => `${schema}.${table}`,
    types: { id: 'bigint identity(1,1) primary key', text: 'nvarchar(max)', blob: 'varbinary(max)' },
    short: (type) => `${type} collate ${COLLATION}`,
    utc: instant,
    day: (column) => `convert(nvarchar(10), ${instant(column)}, 23)`,
    units: (column) => `cast(${column} / 1000000.0 as decimal(19, 6))`,
    clock: 'sysutcdatetime()',
    placeholder: (index) => `@p${index}`,
    limit: (count) => `offset 0 rows fetch next ${wholeNumber(count)} rows only`,
    by: () => '',
  };
}

/** Minutes first: milliseconds since 1970 are more than the function takes. */
function instant(column: string): string {
  return `dateadd(millisecond, ${column} % 60000, dateadd(minute, ${column} / 60000, cast('1970-01-01' as datetime2(3))))`;
}

/** Only columns have a collation of their own. */
const TABLE = /^\s*(create|alter) table\b/;

/** A function that turns a text of `store/` into the engine's own: `{name}`, `<type>`, `<utc column>` and its like, `<by index>`, `nvarchar(n)` and `?`. Texts are kept, they are few. */
export function makeTranslator(dialect: Dialect): (sql: string) => string {
  const known = new Map<string, string>();
  return (sql) => {
    const translated = known.get(sql);
    if (translated !== undefined) return translated;
    let index = 0;
    const made = sql
      .replace(/\{(\w+)\}/g, (_match, table: string) => dialect.nameOf(table))
      .replace(/<(id|text|blob)>/g, (_match, type: 'id' | 'text' | 'blob') => dialect.types[type])
      .replace(/\bnvarchar\(\d+\)/g, (type) => (TABLE.test(sql) ? dialect.short(type) : type))
      .replace(/<(utc|day|units) ([^<>]+)>/g, (_match, form: 'utc' | 'day' | 'units', column: string) => dialect[form](column))
      .replace(/<clock>/g, () => dialect.clock)
      .replace(/<by (\w+)>/g, (_match, way: string) => dialect.by(way))
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
