import { createRequire } from 'node:module';
import type { ISqlType, Transaction } from 'mssql';
import { mssqlDialect } from './dialect.ts';
import type { TableShape } from './table-shapes.ts';
import { connectionOf, type MssqlSettings } from './mssql-login.ts';
import type { Row, SqlValue } from './transaction.ts';

type Mssql = typeof import('mssql');

/** One transaction on SQL Server that loads whole tables by the protocol's bulk load, several times as fast as inserts. */
export type BulkLoad = {
  /** Adds rows as they are, ids included. */
  readonly load: (shape: TableShape, rows: readonly Row[]) => Promise<void>;
  readonly many: (sql: string, values?: readonly SqlValue[]) => Promise<readonly Row[]>;
  readonly run: (sql: string) => Promise<void>;
  readonly commit: () => Promise<void>;
  /** Takes everything back that was not committed, and closes the connection. */
  readonly close: () => Promise<void>;
  readonly nameOf: (table: string) => string;
};

/** The package takes half a second to load and is needed for copies and large imports only. */
function driver(): Mssql {
  return createRequire(import.meta.url)('mssql') as Mssql;
}

/** Begins a bulk load. */
export async function beginBulk(settings: MssqlSettings): Promise<BulkLoad> {
  const sql = driver();
  const pool = await new sql.ConnectionPool(poolOf(settings)).connect();
  const transaction = new sql.Transaction(pool);
  await transaction.begin();
  let open = true;
  const { nameOf, placeholder } = mssqlDialect(settings.schema ?? 'wharf');
  return {
    nameOf,
    load: async (shape, rows) => {
      if (rows.length > 0) await loadRows(sql, transaction, nameOf(shape.name), shape, rows);
    },
    many: async (text, values = []) => {
      const request = new sql.Request(transaction);
      values.forEach((value, index) => request.input(placeholder(index).slice(1), ...typed(sql, value)));
      return (await request.query<Row>(text)).recordset;
    },
    run: async (text) => void (await new sql.Request(transaction).batch(text)),
    commit: async () => {
      await transaction.commit();
      open = false;
    },
    close: async () => {
      if (open) await transaction.rollback().catch(() => undefined);
      await pool.close();
    },
  };
}

function poolOf(settings: MssqlSettings): ConstructorParameters<Mssql['ConnectionPool']>[0] & object {
  const { type, ...rest } = connectionOf(settings) as { readonly type: string } & Record<string, unknown>;
  const { user, password, domain, clientId, clientSecret, tenantId, options, server, port, database, encrypt } = rest;
  const authentication = { type, options: { userName: user, password, domain, clientId, clientSecret, tenantId } };
  const limits = { requestTimeout: 600_000, pool: { min: 0, max: 1 } };
  return { server, port, database, authentication, options: { ...(options as object), encrypt }, ...limits } as never;
}

async function loadRows(sql: Mssql, transaction: Transaction, name: string, shape: TableShape, rows: readonly Row[]): Promise<void> {
  const table = new sql.Table(name);
  for (const { name: column, kind, length, nullable } of shape.columns) {
    const type: Record<typeof kind, () => ISqlType | (() => ISqlType)> = {
      whole: () => sql.BigInt,
      int: () => sql.Int,
      short: () => sql.NVarChar(length),
      text: () => sql.NVarChar(sql.MAX),
      bytes: () => sql.VarBinary(sql.MAX),
    };
    table.columns.add(column, type[kind](), { nullable });
  }
  for (const row of rows) table.rows.add(...shape.columns.map(({ name: column, kind }) => loadable(row[column], kind) as never));
  // Without the check SQL Server would no longer trust the constraints of the table.
  await new sql.Request(transaction).bulk(table, { checkConstraints: true, keepNulls: true });
}

/** A value as the bulk load takes it: whole numbers beyond what a number holds as text. */
function loadable(value: unknown, kind: TableShape['columns'][number]['kind']): unknown {
  if (value === null || value === undefined) return null;
  if (kind === 'whole') return typeof value === 'bigint' ? value.toString() : value;
  return kind === 'bytes' ? Buffer.from(value as Uint8Array) : value;
}

function typed(sql: Mssql, value: SqlValue): [ISqlType, unknown] {
  if (typeof value === 'string') return [sql.NVarChar(4000), value];
  return [sql.BigInt as unknown as ISqlType, typeof value === 'bigint' ? value.toString() : value];
}
