import { parse, type CsvError, type Parser } from 'csv-parse';
import type { Finding } from '../../finding.ts';
import type { Position } from '../../tree.ts';
import { decode } from '../decode.ts';
import type { ReadEvent } from '../format.ts';
import type { CsvSettings } from './options.ts';
import { rowReader, type RowReader } from './rows.ts';

/** A record that was cut into cells, or one that could not be. */
export type Cells = { readonly cells: readonly string[]; readonly at: Position } | { readonly error: Finding; readonly fatal: boolean };

const MAX_RECORD = 1_000_000;
const HINT = /^sep=(.)\r?\n?/;

/** Reads CSV (RFC 4180) in chunks. A row that cannot be read refuses the messages beside it; the others go on. */
export async function* readCsv(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, options: CsvSettings): AsyncGenerator<ReadEvent> {
  const rows = rowReader(options);
  let head: string | undefined = '';
  let cutter: Cutter | undefined;
  let cut = false;
  for await (const piece of decode(chunks, options.encoding)) {
    if ('finding' in piece) {
      yield { kind: 'finding', finding: piece.finding };
      // What came before the bad bytes may be half a message, and ends in half a row.
      rows.cut(piece.finding);
      cut = true;
      break;
    }
    if (head !== undefined) {
      head += piece.text;
      if (head.length < 16 && !head.includes('\n')) continue;
      cutter = startCutter(head, options);
      head = undefined;
    } else cutter!.write(piece.text);
    yield* rowsOf(cutter!, rows);
    if (cutter!.stopped || rows.refused()) break;
  }
  if (head !== undefined && head !== '') cutter = startCutter(head, options);
  if (cutter && !rows.refused()) {
    if (!cutter.stopped && !cut) await cutter.end();
    yield* rowsOf(cutter, rows);
  }
  yield* rows.end();
}

function* rowsOf(cutter: Cutter, rows: RowReader): Generator<ReadEvent> {
  for (const cells of cutter.take()) {
    if (rows.refused()) return;
    yield* rows.push(cells);
  }
}

type Cutter = { readonly write: (text: string) => void; readonly end: () => Promise<void>; readonly take: () => readonly Cells[]; readonly stopped: boolean };

function startCutter(head: string, options: CsvSettings): Cutter {
  const hint = HINT.exec(head);
  const skipped = hint ? hint[0].length : 0;
  const cutter = startParser({ ...options, delimiter: hint?.[1] ?? options.delimiter }, skipped);
  cutter.write(head.slice(skipped));
  return cutter;
}

/** csv-parse, driven by hand: rows are taken as they are cut, and an error skips one record. */
function startParser(options: CsvSettings, skipped: number): Cutter {
  let taken: Cells[] = [];
  let stopped = false;
  let failed = -1;
  const places = tracker(skipped);
  const parser: Parser = parse({
    delimiter: options.delimiter,
    quote: options.quote === 'none' ? false : options.quote,
    escape: options.quote === 'none' ? null : options.quote,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_RECORD,
    on_record: (cells: readonly string[], { bytes }) => {
      taken.push({ cells, at: places.next(bytes) });
      return null;
    },
    on_skip: (error: CsvError | undefined) => {
      const fatal = error?.code === 'CSV_MAX_RECORD_SIZE' || error?.code === 'CSV_QUOTE_NOT_CLOSED';
      if (fatal) stopped = true;
      const at = places.here();
      // One record may have several faults: the first is told, and that its quote is never closed.
      if (fatal || failed !== at.offset) taken.push(faulty(error, at, fatal));
      failed = at.offset;
    },
  });
  parser.on('error', () => void (stopped = true));
  parser.resume();
  return {
    write: (text) => {
      const bytes = Buffer.from(text);
      places.add(bytes);
      parser.write(bytes);
    },
    end: () =>
      new Promise((resolve) => {
        parser.once('close', resolve);
        parser.end();
      }),
    take: () => {
      const result = taken;
      taken = [];
      return result;
    },
    get stopped() {
      return stopped;
    },
  };
}

type Tracker = { readonly add: (bytes: Buffer) => void; readonly here: () => Position; readonly next: (end: number) => Position };

/** Counts lines itself: csv-parse counts a quoted CRLF twice. Keeps the bytes from the end of the last record on. */
function tracker(skipped: number): Tracker {
  let kept: Buffer = Buffer.alloc(0);
  let base = 0;
  let from = 0;
  let line = skipped > 0 ? 2 : 1;
  const walk = (to: number): void => {
    for (; from < to; from++) {
      const byte = kept[from - base];
      if (byte === 10 || (byte === 13 && kept[from - base + 1] !== 10)) line++;
    }
  };
  const here = (): Position => {
    // Blank lines before a record are no part of it.
    while (kept[from - base] === 10 || kept[from - base] === 13) walk(from + 1);
    return { offset: from + skipped, line };
  };
  return {
    add: (bytes) => {
      kept = from - base < kept.length ? Buffer.concat([kept.subarray(from - base), bytes]) : bytes;
      base = from;
    },
    here,
    next: (end) => {
      const at = here();
      walk(end);
      return at;
    },
  };
}

function faulty(error: CsvError | undefined, at: Position, fatal: boolean): Cells {
  const unclosed = error?.code === 'CSV_QUOTE_NOT_CLOSED' || error?.code === 'CSV_MAX_RECORD_SIZE';
  const message = unclosed ? 'a quote is opened and never closed' : `a quote stands where none can: ${(error?.message ?? '').slice(0, 200)}`;
  return { fatal, error: { code: fatal ? 'FILE_MALFORMED' : 'RECORD_INVALID', severity: 'error', message: `line ${at.line}: ${message}`, at } };
}
