/** Segments to text with the delimiters of one interchange. */
import { WharfError } from '../../errors.ts';
import type { Field, Node } from '../../tree.ts';
import { showCharacter, type CharacterFilter } from './characters.ts';
import type { Delimiters } from './types.ts';

export type SegmentWriter = {
  /** Text that is a segment already. */
  readonly raw: (text: string) => void;
  readonly segment: (id: string, fields: readonly Field[]) => void;
  /** A segment with everything under it. One that has no value is left out. */
  readonly tree: (node: Node) => void;
  readonly count: () => number;
  /** The length of the longest segment, in characters. */
  readonly longest: () => number;
  readonly bytes: () => Uint8Array;
};

/** Text is turned into bytes whenever this much has come together, so that a big interchange does not stand in memory as millions of small strings. */
const PORTION = 1 << 15;

const SEGMENT_ID = /^[A-Z][A-Z0-9]{1,2}$/;

/** A writer that checks every value with `filter` and turns text into bytes with `toBytes`. @throws WharfError RENDER_FAILED from its functions. */
export function segmentWriter(delimiters: Delimiters, filter: CharacterFilter, toBytes: (text: string) => Uint8Array): SegmentWriter {
  const portions: Uint8Array[] = [];
  const end = delimiters.segment + delimiters.newline;
  let pending = '';
  let count = 0;
  let longest = 0;
  const flush = (): void => {
    portions.push(toBytes(pending));
    pending = '';
  };
  const raw = (text: string): void => {
    pending += text + end;
    count++;
    longest = Math.max(longest, text.length);
    if (pending.length > PORTION) flush();
  };
  const value = (text: unknown, id: string, index: number, component: number): string => {
    const cleaned = typeof text === 'string' ? filter.clean(text) : undefined;
    if (cleaned !== undefined) return cleaned;
    const place = placeOf(id, index, component);
    if (typeof text !== 'string') throw new WharfError('RENDER_FAILED', `${place} is not text`, { value: String(text) });
    throw new WharfError('RENDER_FAILED', `${place} "${text}" holds ${showCharacter(filter.forbidden(text), delimiters)}, which cannot be written`, {
      value: text,
    });
  };
  const field = (given: Field, id: string, index: number): string => {
    if (typeof given === 'string' || !isList(given)) return value(given, id, index, -1);
    if (given.length > 1 && delimiters.repetition === '') {
      const place = placeOf(id, index, -1);
      throw new WharfError('RENDER_FAILED', `${place} repeats, and this version has no repetition separator`, { value: place });
    }
    const repeats = given.map((components) =>
      joined(
        components.map((text, at) => value(text, id, index, at)),
        delimiters.component,
      ),
    );
    return joined(repeats, delimiters.repetition);
  };
  const line = (id: string, fields: readonly (Field | undefined)[]): string => {
    if (!SEGMENT_ID.test(id)) throw new WharfError('RENDER_FAILED', `"${id}" is not a segment id`, { value: id });
    let text = id;
    let separators = '';
    for (let index = 0; index < fields.length; index++) {
      const given = fields[index];
      separators += delimiters.element;
      const written = given === undefined || given === '' ? '' : field(given, id, index);
      if (written === '') continue;
      // Separators wait until there is something to separate: so none stand at the end.
      text += separators + written;
      separators = '';
    }
    return text;
  };
  const binary = (id: string, before: readonly Field[], data: string): void => {
    pending += line(id, before) + delimiters.element;
    flush();
    portions.push(Buffer.from(data, 'latin1'));
    pending = end;
    count++;
    longest = Math.max(longest, data.length);
  };
  const tree = (node: Node): void => {
    const fields = node.fields ?? [];
    const data = binaryData(node.name, fields);
    const text = data === undefined ? line(node.name, fields) : '';
    if (data !== undefined) binary(node.name, fields.slice(0, -1), data);
    else if (text !== node.name || node.name === 'LE' || node.name === 'LS') raw(text);
    for (const child of node.children ?? []) tree(child);
  };
  const bytes = (): Uint8Array => {
    flush();
    return Buffer.concat(portions);
  };
  return { raw, segment: (id, fields) => raw(line(id, fields)), tree, count: () => count, longest: () => longest, bytes };
}

/** The data of a BIN or BDS, a character a byte, where the element before it says how long it is: then it may hold anything, and is written as it is. */
function binaryData(id: string, fields: readonly Field[]): string | undefined {
  const place = id === 'BIN' ? 1 : id === 'BDS' ? 2 : -1;
  const data = fields[place];
  if (place === -1 || fields.length !== place + 1 || typeof data !== 'string' || fields[place - 1] !== String(data.length)) return undefined;
  // oxlint-disable-next-line no-control-regex -- every byte there is
  return /^[\0-\xff]*$/.test(data) ? data : undefined;
}

/** An element as guides write it; `component` counts from 0, -1 stands for all of them. */
function placeOf(id: string, index: number, component: number): string {
  return `${id}${String(index + 1).padStart(2, '0')}${component === -1 ? '' : `-${component + 1}`}`;
}

/** Joined without the empty ones at the end. */
function joined(texts: readonly string[], separator: string): string {
  let length = texts.length;
  while (length > 0 && texts[length - 1] === '') length--;
  return texts.slice(0, length).join(separator);
}

/** A mapping is checked, but what it gives may still be anything at run time. */
function isList(given: unknown): boolean {
  return Array.isArray(given);
}
