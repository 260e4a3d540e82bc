import type { Finding } from '../../finding.ts';
import { leaf, type Node, type Position } from '../../tree.ts';
import type { Message, ReadEvent } from '../format.ts';
import { collector, type Grouping } from '../messages.ts';
import type { CsvSettings } from './options.ts';
import type { Cells } from './read.ts';

/** Makes messages of rows that were cut into cells. */
export type RowReader = {
  readonly push: (cells: Cells) => Iterable<ReadEvent>;
  /** Nothing more can be read after this. */
  readonly cut: (finding: Finding) => void;
  /** Whether the header was refused, so that nothing more can be read. */
  readonly refused: () => boolean;
  readonly end: () => Iterable<ReadEvent>;
};

const DAMAGED = /^\d(?:[.,]\d+)?E\+\d{2}$/i;

/** Reads rows as the options say: their header first, where there is one. */
export function rowReader(options: CsvSettings): RowReader {
  const rows = collector(options.records ? 'records' : 'rows', groupingOf(options));
  let columns = options.header && !options.records ? undefined : (options.columns ?? []);
  let refused = false;
  let previous = '';

  const takeHeader = (cells: readonly string[], at: Position): readonly ReadEvent[] => {
    const names = cells.map((cell, i) => cell.trim() || String(i + 1));
    const wrong = headerFault(names, options);
    if (wrong !== undefined) {
      refused = true;
      return [{ kind: 'finding', finding: { code: 'HEADER_INVALID', severity: 'error', message: `line ${at.line}: ${wrong}`, at } }];
    }
    columns = names;
    return [];
  };

  const refuse = (finding: Finding, key?: string): readonly ReadEvent[] => events(rows.broken(finding, key));

  const takeRow = (cells: readonly string[], at: Position, names: readonly string[]): readonly ReadEvent[] => {
    const found = options.records ? typed(cells, options.records) : { type: 'row', names };
    const row = { ...found, cells };
    const key = keyOf(row, options, previous);
    if ('fault' in row) return refuse(fault(at, row.fault));
    const ragged = row.names.length > 0 && cells.length !== row.names.length ? fault(at, `${cells.length} columns, not ${row.names.length}`) : undefined;
    if (ragged) return refuse(ragged, key);
    previous = key;
    const node: Node = { name: row.type, children: cells.map((cell, i) => leaf(row.names[i] ?? String(i + 1), cell)), repeats: true, at };
    return events(rows.push({ node, key, type: row.type, findings: damage(cells, row.names, at) }));
  };

  return {
    push: (given) => {
      if ('error' in given) {
        if (columns && !given.fatal) return refuse(given.error);
        if (columns) rows.cut(given.error);
        else refused = true;
        return [{ kind: 'finding', finding: given.error }];
      }
      if (given.cells.every((cell) => cell.trim() === '')) return [];
      return columns ? takeRow(given.cells, given.at, columns) : takeHeader(given.cells, given.at);
    },
    cut: rows.cut,
    refused: () => refused,
    end: () => (refused ? [] : events(rows.end())),
  };
}

function events(message: Message | undefined): readonly ReadEvent[] {
  return message ? [{ kind: 'message', message }] : [];
}

function groupingOf({ group, records }: CsvSettings): Grouping {
  if (records) return { by: 'type', start: records.start ?? '', end: records.end, ignore: records.ignore };
  return { by: group === 'row' ? 'row' : group ? 'key' : 'file' };
}

function headerFault(names: readonly string[], { columns, group }: CsvSettings): string | undefined {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return `the column "${twice}" is there twice`;
  const wanted = new Set([...(columns ?? []), ...(Array.isArray(group) ? group : [])]);
  const missing = [...wanted].filter((name) => !names.includes(name));
  return missing.length > 0 ? `the columns ${missing.join(', ')} are missing; there are ${names.join(', ').slice(0, 500)}` : undefined;
}

function typed(cells: readonly string[], records: NonNullable<CsvSettings['records']>): { type: string; names: readonly string[]; fault?: string } {
  const type = (cells[Number(records.type) - 1] ?? '').trim();
  if (records.ignore.includes(type)) return { type, names: [] };
  const names = Object.hasOwn(records.columns, type) ? records.columns[type]! : undefined;
  return names ? { type, names } : { type, names: [], fault: `there is no record type "${type.slice(0, 40)}"` };
}

function keyOf(row: { readonly cells: readonly string[]; readonly names: readonly string[] }, { group, continuation }: CsvSettings, previous: string): string {
  if (!Array.isArray(group)) return '';
  const values = group.map((name) => row.cells[row.names.length > 0 ? row.names.indexOf(name) : Number(name) - 1] ?? '');
  return continuation === 'blank' && values.every((value) => value.trim() === '') ? previous : JSON.stringify(values);
}

function fault(at: Position, message: string): Finding {
  return { code: 'RECORD_INVALID', severity: 'error', message: `line ${at.line}: ${message}`, at };
}

/** Cells that look like a long number that a spreadsheet has shortened. */
function damage(cells: readonly string[], names: readonly string[], at: Position): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [i, cell] of cells.entries()) {
    if (!DAMAGED.test(cell)) continue;
    const column = names[i] ?? String(i + 1);
    const message = `line ${at.line}, column ${column}: "${cell}" looks like a number that a spreadsheet has shortened`;
    findings.push({ code: 'VALUE_DAMAGED', severity: 'warning', message, at: { ...at, column: i + 1 }, value: cell.slice(0, 99) });
  }
  return findings;
}
