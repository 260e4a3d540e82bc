import type { Finding } from '../../finding.ts';
import { leaf, type Node, type Position } from '../../tree.ts';
import { decode } from '../decode.ts';
import type { ReadEvent } from '../format.ts';
import { collector, type Collector } from '../messages.ts';
import { lineCutter, type Line, type LineCutter } from './lines.ts';
import type { FixedField, FixedSettings } from './options.ts';

/** Reads records of fixed columns in chunks. A record that cannot be read refuses the messages beside it; the others go on. */
export async function* readFixed(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, options: FixedSettings): AsyncGenerator<ReadEvent> {
  const { start, end, ignore } = options;
  const rows = collector('records', start === undefined ? { by: options.group ?? 'file' } : { by: 'type', start, end, ignore });
  let lines: LineCutter | undefined;
  for await (const piece of decode(chunks, options.encoding)) {
    if ('finding' in piece) {
      yield { kind: 'finding', finding: piece.finding };
      rows.cut(piece.finding);
      lines = undefined;
      break;
    }
    lines ??= lineCutter(options.encoding, options.length, piece.offset);
    yield* taken(lines.push(piece.text), rows, options);
    if (!lines.overlong()) continue;
    const finding: Finding = { code: 'FORMAT_LIMIT', severity: 'error', message: 'a record without end', at: { offset: piece.offset } };
    yield { kind: 'finding', finding };
    rows.cut(finding);
    lines = undefined;
    break;
  }
  if (lines) yield* taken(lines.end(), rows, options);
  const last = rows.end();
  if (last) yield { kind: 'message', message: last };
}

function* taken(lines: readonly Line[], rows: Collector, options: FixedSettings): Generator<ReadEvent> {
  for (const { text, at } of lines) {
    if (text.trim() === '' && options.length === undefined) continue;
    const type = options.type ? text.slice(options.type.first - 1, options.type.last).trim() : Object.keys(options.records)[0]!;
    if (options.ignore.includes(type)) continue;
    const fields = Object.hasOwn(options.records, type) ? options.records[type] : undefined;
    const problem = fields ? faultOf(text, fields, options) : `there is no record type "${type.slice(0, 40)}"`;
    if (!fields || problem !== undefined) {
      const refused = rows.broken(fault(at, problem ?? ''));
      if (refused) yield { kind: 'message', message: refused };
      continue;
    }
    const node: Node = { name: type, children: Object.entries(fields).map(([name, field]) => leaf(name, valueOf(text, field), at)), repeats: true, at };
    const message = rows.push({ node, key: '', type, findings: [] });
    if (message) yield { kind: 'message', message };
  }
}

function fault(at: Position, message: string): Finding {
  return { code: 'RECORD_INVALID', severity: 'error', message: `line ${at.line}: ${message}`, at };
}

/** A record may lack the spaces at its end, but not be cut inside a field that is filled from the left, nor hold more than its fields. */
function faultOf(text: string, fields: Readonly<Record<string, FixedField>>, { length, type }: FixedSettings): string | undefined {
  if (length !== undefined) return text.length < length ? `${text.length} characters, not ${length}` : undefined;
  const ends = Object.values(fields).map((field) => field.at.last);
  const last = Math.max(...ends, type?.last ?? 0);
  if (text.slice(last).trim() !== '') return `something stands after column ${last}, where the last field ends`;
  const cut = Object.entries(fields).find(([, { at, align }]) => align === 'right' && text.length >= at.first && text.length < at.last);
  return cut && `the record ends inside the field ${cut[0]}`;
}

/** The text of a field without its padding; a field of nothing but zeros keeps one. */
function valueOf(text: string, { at, align, pad }: FixedField): string {
  const raw = text.slice(at.first - 1, at.last);
  let from = 0;
  let to = raw.length;
  if (align === 'right') while (from < to && raw[from] === pad) from++;
  else while (to > from && raw[to - 1] === pad) to--;
  if (from === to) return pad === '0' && raw !== '' ? '0' : '';
  return raw.slice(from, to).trim();
}
