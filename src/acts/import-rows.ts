import { createHash } from 'node:crypto';
import { isDate } from '../canonical/common.ts';
import { WharfError } from '../errors.ts';
import type { Finding } from '../finding.ts';
import { csv } from '../formats/csv.ts';

/** A value of an import file that was not taken, and why. Its whole row is left out. */
export type RefusedRow = {
  /** The line of the file on which the row begins, from 1. */
  readonly row: number;
  /** The column; undefined when the row as a whole cannot be read. */
  readonly field: string | undefined;
  readonly value: string;
  readonly code: 'IMPORT_ROW';
  readonly message: string;
};

/** A row of an import file: its cells by column, trimmed. A column that the file does not have gives undefined. */
export type ImportRow = { readonly row: number; readonly cell: (column: string) => string | undefined };

export type ImportRows = {
  readonly rows: readonly ImportRow[];
  readonly refused: readonly RefusedRow[];
  /** How many rows the file has, those that cannot be read among them. */
  readonly total: number;
  /** Columns of the file that nobody reads. */
  readonly ignored: readonly string[];
};

export type Columns = { readonly required: readonly string[]; readonly optional: readonly string[] };

/**
 * Reads a CSV file whose first row names its columns. A row that cannot be read is refused and the others are taken.
 * @throws WharfError HEADER_INVALID when a required column is missing, FILE_EMPTY or FILE_MALFORMED when there is nothing to read.
 */
export async function readImport(file: string, bytes: Uint8Array, columns: Columns): Promise<ImportRows> {
  const known = [...columns.required, ...columns.optional];
  const rows: ImportRow[] = [];
  const refused: RefusedRow[] = [];
  const names = new Set<string>();
  for await (const event of csv.read([bytes], { columns: [...columns.required] })) {
    if (event.kind === 'finding') throw unreadable(file, event.finding);
    const damaged = new Set(event.message.findings.flatMap(({ at }) => at?.line ?? []));
    refused.push(...event.message.findings.map(refusalOf));
    for (const node of event.message.tree.children ?? []) {
      const cells = new Map((node.children ?? []).map(({ name, value }) => [name.toLowerCase(), (value ?? '').trim()]));
      for (const name of cells.keys()) names.add(name);
      const row = node.at?.line ?? 0;
      if (!damaged.has(row)) rows.push({ row, cell: (column) => cells.get(column) });
    }
  }
  if (rows.length + refused.length === 0) throw new WharfError('FILE_EMPTY', 'there is no row in it', { place: { file } });
  const total = rows.length + new Set(refused.map(({ row }) => row)).size;
  return { rows, refused, total, ignored: [...names].filter((name) => !known.includes(name)) };
}

/** Says that a value is not taken. */
export function refuse(row: ImportRow, field: string, message: string): RefusedRow {
  return { row: row.row, field, value: (row.cell(field) ?? '').slice(0, 99), code: 'IMPORT_ROW', message };
}

/** Refusals by row. */
export function inOrder(refused: readonly RefusedRow[]): readonly RefusedRow[] {
  return refused.toSorted((a, b) => a.row - b.row);
}

/** Where the movements of an import come from: another time or other bytes are another import. */
export function importKey(bytes: Uint8Array, now: number): string {
  return `import:${now}:${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
}

/** What is wrong with the place of a row, `location`; nothing where it is a warehouse or vendor. */
export function refusePlace(row: ImportRow, places: ReadonlySet<string>): readonly RefusedRow[] {
  if (places.has(row.cell('location') ?? '')) return [];
  return [refuse(row, 'location', `is no warehouse or vendor; there are ${[...places].join(', ') || 'none'}`)];
}

/** What is wrong with dates of a row, where they are told. */
export function refuseDates(row: ImportRow, columns: readonly string[]): readonly RefusedRow[] {
  return columns.flatMap((column) => (row.cell(column) && !isDate(row.cell(column)!) ? [refuse(row, column, 'is not a date such as 2026-03-05')] : []));
}

function refusalOf({ at, message, value }: Finding): RefusedRow {
  return { row: at?.line ?? 0, field: at?.column === undefined ? undefined : `column ${at.column}`, value: value ?? '', code: 'IMPORT_ROW', message };
}

function unreadable(file: string, { code, message, at }: Finding): WharfError {
  const place = at?.line === undefined ? { file } : { file, line: at.line };
  return new WharfError(code === 'HEADER_INVALID' ? 'HEADER_INVALID' : 'FILE_MALFORMED', message, { place });
}
