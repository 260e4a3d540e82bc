import type { Tx } from './transaction.ts';

export type Column = {
  readonly name: string;
  /** `whole`: 64 bits; `short`: a text of at most `length` characters; `text` and `bytes`: of any length. */
  readonly kind: 'whole' | 'int' | 'short' | 'text' | 'bytes';
  readonly length: number;
  readonly nullable: boolean;
};
/** A table as the migrations made it. */
export type TableShape = { readonly name: string; readonly columns: readonly Column[]; readonly key: readonly string[]; readonly hasId: boolean };

/** Tables that belong to one database and are never copied: how far its schema is, and what was committed on its server. */
const OWN = new Set(['migration', 'commit_mark']);

/** Every table of an embedded database that holds something of the book, one that is referred to before those that do. */
export async function tableShapes(tx: Tx): Promise<readonly TableShape[]> {
  const tables = await tx.many(`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by rowid`);
  const shapes: TableShape[] = [];
  for (const { name } of tables) if (!OWN.has(String(name))) shapes.push(await shapeOf(tx, String(name)));
  return shapes;
}

async function shapeOf(tx: Tx, name: string): Promise<TableShape> {
  const rows = await tx.many(`select name, type, "notnull" as required, pk from pragma_table_info('${name}') order by cid`);
  const columns = rows.map((row): Column => {
    const type = String(row['type']).toLowerCase();
    const length = Number(/^nvarchar\((\d+)\)/.exec(type)?.[1] ?? 0);
    const kind = length > 0 ? 'short' : type === 'text' ? 'text' : type === 'blob' ? 'bytes' : type === 'int' ? 'int' : 'whole';
    return { name: String(row['name']), kind, length, nullable: Number(row['required']) === 0 && Number(row['pk']) === 0 };
  });
  const key = rows.filter((row) => Number(row['pk']) > 0).toSorted((a, b) => Number(a['pk']) - Number(b['pk']));
  const hasId = rows.some((row) => row['name'] === 'id' && String(row['type']).toLowerCase() === 'integer');
  return { name, columns, key: key.map((row) => String(row['name'])), hasId };
}
