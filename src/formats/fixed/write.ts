import { WharfError } from '../../errors.ts';
import type { Node } from '../../tree.ts';
import { encode } from '../decode.ts';
import type { FixedField, FixedSettings } from './options.ts';

/** The records of a tree in fixed columns. @throws WharfError RENDER_FAILED when a value is too long or a record or field has no columns. */
export function writeFixed(tree: Node, options: FixedSettings): Uint8Array {
  const newline = options.length !== undefined ? '' : options.newline === 'crlf' ? '\r\n' : '\n';
  const text = (tree.children ?? []).map((record) => lineOf(record, options) + newline).join('');
  const bytes = encode(text, options.encoding);
  if (!bytes) throw new WharfError('RENDER_FAILED', `the file has characters that ${options.encoding} does not have`);
  return bytes;
}

function lineOf(record: Node, options: FixedSettings): string {
  const fields = Object.hasOwn(options.records, record.name) ? options.records[record.name] : undefined;
  if (!fields) throw new WharfError('RENDER_FAILED', `there is no record type "${record.name}"`, { value: record.name });
  const last = Math.max(options.type?.last ?? 0, ...Object.values(fields).map((field) => field.at.last));
  let line = ' '.repeat(options.length ?? last);
  if (options.type) line = placed(line, record.name, { at: options.type, align: 'left', pad: ' ' }, 'the type');
  const values = new Map((record.children ?? []).map((child) => [child.name, child.value ?? '']));
  for (const name of values.keys()) if (!Object.hasOwn(fields, name)) throw new WharfError('RENDER_FAILED', `there is no field "${name}"`, { value: name });
  for (const [name, field] of Object.entries(fields)) {
    // The type stands where it is, also when it is a field of its own.
    const own = options.type && field.at.first === options.type.first && !values.has(name);
    if (!own) line = placed(line, values.get(name) ?? '', field, `the field ${name}`);
  }
  return line;
}

function placed(line: string, value: string, { at, align, pad }: FixedField, what: string): string {
  const width = at.last - at.first + 1;
  if (value.length > width)
    throw new WharfError('RENDER_FAILED', `${what} has ${width} columns, and its value ${value.length} characters`, { value: value.slice(0, 99) });
  if (/[\r\n]/.test(value)) throw new WharfError('RENDER_FAILED', `${what} holds a line break`, { value: value.slice(0, 99) });
  const filled = align === 'right' ? value.padStart(width, pad) : value.padEnd(width, pad);
  return line.slice(0, at.first - 1).padEnd(at.first - 1) + filled + line.slice(at.last);
}
