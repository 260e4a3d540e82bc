import { parseDecimal } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Inspection } from '../orders/returns.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { inOrder, readImport, refuse } from './import-rows.ts';
import type { ActContext } from './replay.ts';
import { inspectReturn } from './inspect-return.ts';

export type InspectionImport = {
  readonly rows: number;
  readonly inspected: readonly string[];
  readonly refused: readonly RefusedRow[];
  readonly ignoredColumns: readonly string[];
};

const COLUMNS = { required: ['return', 'line'], optional: ['restock', 'quarantine', 'scrap'] } as const;
type Row = { readonly row: ImportRow; readonly number: string; readonly lineRef: string; readonly found: Inspection };

/**
 * Takes what inspection found of returned goods from a CSV file, a row a line; a return is taken as a whole or not at all.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export async function importInspections(context: ActContext, file: string, bytes: Uint8Array): Promise<InspectionImport> {
  const read = await readImport(file, bytes, COLUMNS);
  const refused = [...read.refused];
  const rows: Row[] = [];
  for (const row of read.rows) {
    const entry = readRow(row);
    if ('found' in entry) rows.push(entry);
    else refused.push(...entry);
  }
  const inspected: string[] = [];
  const bad = new Set(read.rows.filter(({ row }) => refused.some((each) => each.row === row)).map((row) => row.cell('return') ?? ''));
  for (const [number, lines] of Map.groupBy(rows, (entry) => entry.number)) {
    if (bad.has(number)) continue;
    const acted = await inspectReturn(context, number, new Map(lines.map(({ lineRef, found }) => [lineRef, found])));
    if (acted.done) inspected.push(number);
    else refused.push(refuse(lines[0]!.row, 'return', acted.text));
  }
  return { rows: read.rows.length, inspected, refused: inOrder(refused), ignoredColumns: read.ignored };
}

function readRow(row: ImportRow): Row | readonly RefusedRow[] {
  const refused: RefusedRow[] = [];
  const quantity = (column: string): Decimal => {
    const value = parseDecimal(row.cell(column) || '0');
    if (value === undefined || value < 0n) refused.push(refuse(row, column, 'is not a number of base units'));
    return value ?? 0n;
  };
  const found = { restock: quantity('restock'), quarantine: quantity('quarantine'), scrap: quantity('scrap') };
  const number = row.cell('return') ?? '';
  const lineRef = row.cell('line') ?? '';
  if (number === '') refused.push(refuse(row, 'return', 'is missing'));
  if (lineRef === '') refused.push(refuse(row, 'line', 'is missing'));
  return refused.length > 0 ? refused : { row, number, lineRef, found };
}
