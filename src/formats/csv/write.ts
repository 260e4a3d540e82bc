import { WharfError } from '../../errors.ts';
import type { Node } from '../../tree.ts';
import { encode } from '../decode.ts';
import type { CsvSettings } from './options.ts';

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** The rows of a tree as CSV (RFC 4180). The columns are those of `columns`, otherwise those of the rows in the order they first come. @throws WharfError RENDER_FAILED */
export function writeCsv(tree: Node, options: CsvSettings): Uint8Array {
  const rows = tree.children ?? [];
  const lines: string[] = [];
  if (options.records) {
    for (const row of rows) lines.push(lineOf(cellsOf(row, columnsOfType(row.name, options)), options));
  } else {
    const columns = options.columns ?? columnsOf(rows);
    if (options.header) lines.push(lineOf(columns, options));
    for (const row of rows) lines.push(lineOf(cellsOf(row, columns), options));
  }
  const newline = options.newline === 'crlf' ? '\r\n' : '\n';
  const bytes = encode(lines.map((line) => line + newline).join(''), options.encoding);
  if (!bytes) throw new WharfError('RENDER_FAILED', `the file has characters that ${options.encoding} does not have`);
  return bytes;
}

function columnsOf(rows: readonly Node[]): readonly string[] {
  const names = new Set<string>();
  for (const row of rows) for (const cell of row.children ?? []) names.add(cell.name);
  return [...names];
}

function columnsOfType(type: string, { records }: CsvSettings): readonly string[] {
  const columns = records && Object.hasOwn(records.columns, type) ? records.columns[type] : undefined;
  if (!columns) throw new WharfError('RENDER_FAILED', `there is no record type "${type}"`, { value: type });
  return columns;
}

function cellsOf(row: Node, columns: readonly string[]): readonly string[] {
  const cells = new Map((row.children ?? []).map((cell) => [cell.name, cell.value ?? '']));
  const stray = [...cells.keys()].find((name) => !columns.includes(name));
  if (stray !== undefined) throw new WharfError('RENDER_FAILED', `there is no column "${stray}"`, { value: stray });
  return columns.map((name) => cells.get(name) ?? '');
}

function lineOf(cells: readonly string[], options: CsvSettings): string {
  // A lone empty cell would read back as a blank line.
  if (cells.length === 1 && cells[0] === '' && options.quote !== 'none') return options.quote + options.quote;
  return cells.map((cell) => quoted(safe(cell, options), options)).join(options.delimiter);
}

function safe(cell: string, { formula }: CsvSettings): string {
  if (formula === 'keep' || !FORMULA.test(cell) || NUMBER.test(cell)) return cell;
  if (formula === 'escape') return `'${cell}`;
  throw new WharfError('RENDER_FAILED', 'a cell that a spreadsheet would run as a formula', { value: cell.slice(0, 99) });
}

function quoted(cell: string, { quote, delimiter, quoting }: CsvSettings): string {
  const special = cell.includes(delimiter) || /[\r\n]/.test(cell) || (quote !== 'none' && cell.includes(quote));
  if (quote === 'none') {
    if (special) throw new WharfError('RENDER_FAILED', 'a cell holds the delimiter or a line break, and the file has no quotes', { value: cell.slice(0, 99) });
    return cell;
  }
  return special || quoting === 'all' ? quote + cell.replaceAll(quote, quote + quote) + quote : cell;
}
