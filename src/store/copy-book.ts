import { createHash } from 'node:crypto';
import { WharfError } from '../errors.ts';
import { openDatabase } from './database.ts';
import { requireSchema } from './migrate.ts';
import { beginBulk, type BulkLoad } from './mssql-bulk.ts';
import type { MssqlSettings } from './mssql-login.ts';
import { type TableShape, tableShapes } from './table-shapes.ts';
import type { Database, Row, SqlValue } from './transaction.ts';

/** A table that was copied, how many rows, and the hash that both sides have of them. */
export type CopiedTable = { readonly table: string; readonly rows: number; readonly hash: string };

/** Rows, and bytes of stored files, that are read and loaded at once. */
const PAGE = { rows: 5_000, payloads: 100 };

/**
 * Copies the whole book of an embedded database into an empty one on SQL Server, in one transaction. Before it is committed every table is read back and
 * compared by count and hash. @throws WharfError COPY_REFUSED when the target is not empty, COPY_DIFFERS when what was read back is not what was copied.
 */
export async function copyBook(from: Database, to: MssqlSettings, told: (table: string, rows: number) => void): Promise<readonly CopiedTable[]> {
  await requireTarget(to);
  const shapes = await from.read(tableShapes);
  const target = await beginBulk(to);
  try {
    await clearFresh(target, shapes);
    const copied: CopiedTable[] = [];
    for (const shape of shapes) {
      const source = await load(from, target, shape);
      const found = await digest(
        shape,
        pages(shape, target.nameOf(shape.name), limitOnServer, (sql, values) => target.many(asParameters(sql), values)),
      );
      if (found.rows !== source.rows || found.hash !== source.hash)
        throw new WharfError('COPY_DIFFERS', `${shape.name}: ${source.rows} rows ${source.hash} became ${found.rows} rows ${found.hash}`, {
          value: shape.name,
        });
      told(shape.name, source.rows);
      copied.push({ table: shape.name, ...source });
    }
    await target.commit();
    return copied;
  } finally {
    await target.close();
  }
}

async function requireTarget(to: MssqlSettings): Promise<void> {
  const db = await openDatabase(to);
  try {
    await requireSchema(db);
  } finally {
    await db.close();
  }
}

/** What the migrations put into a new database gives way; anything else is somebody's book. */
async function clearFresh(target: BulkLoad, shapes: readonly TableShape[]): Promise<void> {
  await target.run(`delete from ${target.nameOf('audit_head')} where seq = 0`);
  for (const { name } of shapes) {
    const [row] = await target.many(`select count(*) as n from ${target.nameOf(name)}`);
    if (Number(row?.['n']) > 0) throw new WharfError('COPY_REFUSED', `${target.nameOf(name)} holds ${Number(row?.['n'])} rows already`, { value: name });
  }
}

async function load(from: Database, target: BulkLoad, shape: TableShape): Promise<{ readonly rows: number; readonly hash: string }> {
  const read = pages(shape, shape.name, limitInFile, (sql, values) => from.read((tx) => tx.many(sql, values)));
  if (shape.hasId) await target.run(`set identity_insert ${target.nameOf(shape.name)} on`);
  const loading = async function* (): AsyncGenerator<readonly Row[]> {
    for await (const page of read) {
      await target.load(shape, page);
      yield page;
    }
  };
  const digested = await digest(shape, loading());
  if (shape.hasId) {
    await target.run(`set identity_insert ${target.nameOf(shape.name)} off`);
    if (digested.rows > 0) await goOnCounting(target, target.nameOf(shape.name));
  }
  return digested;
}

/** New rows get ids after those that were copied; not every server sees to it by itself. Whether the next is one or two more than the last does not matter. */
async function goOnCounting(target: BulkLoad, name: string): Promise<void> {
  const [row] = await target.many(`select max(id) as last from ${name}`);
  await target.run(`dbcc checkident('${name}', reseed, ${BigInt(String(row?.['last'])) + 1n}) with no_infomsgs`);
}

const limitInFile = (count: number): string => `limit ${count}`;
const limitOnServer = (count: number): string => `offset 0 rows fetch next ${count} rows only`;

/** `?` as SQL Server has it. */
function asParameters(sql: string): string {
  let index = 0;
  return sql.replace(/\?/g, () => `@p${index++}`);
}

/** All rows of a table in the order of its key, a page at a time. */
async function* pages(
  shape: TableShape,
  name: string,
  limit: (count: number) => string,
  read: (sql: string, values: readonly SqlValue[]) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  const { key, columns } = shape;
  const most = columns.some(({ kind }) => kind === 'bytes') ? PAGE.payloads : PAGE.rows;
  const after = key.map((column, index) => `(${[...key.slice(0, index).map((each) => `${each} = ?`), `${column} > ?`].join(' and ')})`).join(' or ');
  let last: Row | undefined;
  for (;;) {
    const values = last ? key.flatMap((_column, index) => key.slice(0, index + 1).map((each) => last![each] as SqlValue)) : [];
    const where = last ? ` where ${after}` : '';
    const rows = await read(
      `select ${columns.map(({ name: column }) => column).join(', ')} from ${name}${where} order by ${key.join(', ')} ${limit(most)}`,
      values,
    );
    if (rows.length > 0) yield rows;
    if (rows.length < most) return;
    last = rows.at(-1);
  }
}

/** Counts rows and hashes them one after the other. */
async function digest(shape: TableShape, read: AsyncIterable<readonly Row[]>): Promise<{ readonly rows: number; readonly hash: string }> {
  const hash = createHash('sha256');
  let rows = 0;
  for await (const page of read) {
    for (const row of page) {
      rows += 1;
      for (const { name } of shape.columns) {
        const value = row[name];
        const bytes = value === null || value === undefined ? undefined : value instanceof Uint8Array ? value : Buffer.from(String(value));
        hash.update(`${bytes === undefined ? 'null' : bytes.length}:`);
        if (bytes !== undefined) hash.update(bytes);
      }
    }
  }
  return { rows, hash: hash.digest('hex').slice(0, 16) };
}
