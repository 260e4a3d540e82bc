import type { Request } from 'tedious';
import type { Row, SqlValue } from './transaction.ts';

type Types = (typeof import('tedious'))['TYPES'];
export type Column = { readonly metadata: { readonly colName: string; readonly type: { readonly name: string } }; readonly value: unknown };

/** Gives a value to a request. Types and lengths are few, so that the server keeps one plan for each statement. @throws RangeError for a number that is not whole. */
export function bindValue(types: Types, request: Request, name: string, value: SqlValue): void {
  if (value === null) request.addParameter(name, types.NVarChar, null, { length: 4000 });
  else if (typeof value === 'string') request.addParameter(name, types.NVarChar, value, value.length <= 4000 ? { length: 4000 } : {});
  else if (typeof value === 'bigint') request.addParameter(name, types.BigInt, value);
  else if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`only whole numbers go to the database, not ${value}`);
    request.addParameter(name, types.BigInt, value);
  } else request.addParameter(name, types.VarBinary, Buffer.from(value.buffer, value.byteOffset, value.byteLength), { length: 'max' as unknown as number });
}

/** A row as `store/` reads it: bigints exact, all else as the driver gives it. */
export function toRow(columns: readonly Column[]): Row {
  const row: Record<string, unknown> = {};
  for (const { metadata, value } of columns) row[metadata.colName] = typeof value === 'string' && isBigInt(metadata.type.name) ? exact(value) : value;
  return row;
}

/** tedious gives bigints as text; a nullable bigint has the type of all nullable whole numbers. */
function isBigInt(type: string): boolean {
  return type === 'BigInt' || type === 'IntN';
}

function exact(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}
