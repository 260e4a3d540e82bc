/** Segments to text with the delimiters of one interchange. */
import { WharfError } from '../../errors.ts';
import type { Field, Node } from '../../tree.ts';
import { showCharacter } from './characters.ts';
import type { Delimiters } from './types.ts';

export type SegmentWriter = {
  /** Text that is a segment already. */
  readonly raw: (text: string) => void;
  readonly segment: (id: string, fields: readonly Field[]) => void;
  /** A segment with everything under it. One that has no value is left out. */
  readonly tree: (node: Node) => void;
  readonly count: () => number;
  readonly text: () => string;
};

type Clean = (value: string) => { readonly text: string } | { readonly forbidden: string };

/** A writer that checks every value with `clean`. @throws WharfError RENDER_FAILED from its functions. */
export function segmentWriter(delimiters: Delimiters, clean: Clean): SegmentWriter {
  const parts: string[] = [];
  const end = delimiters.segment + delimiters.newline;
  let count = 0;
  const raw = (text: string): void => {
    parts.push(text, end);
    count++;
  };
  const value = (text: unknown, place: string): string => {
    if (typeof text !== 'string') throw new WharfError('RENDER_FAILED', `${place} is not text`, { value: String(text) });
    const cleaned = clean(text);
    if ('text' in cleaned) return cleaned.text;
    throw new WharfError('RENDER_FAILED', `${place} "${text}" holds ${showCharacter(cleaned.forbidden, delimiters)}, which cannot be written`, { value: text });
  };
  const field = (given: Field | undefined, place: string): string => {
    if (given === undefined || given === '') return '';
    if (typeof given === 'string') return value(given, place);
    if (!isList(given)) throw new WharfError('RENDER_FAILED', `${place} is not text`, { value: String(given) });
    if (given.length > 1 && delimiters.repetition === '')
      throw new WharfError('RENDER_FAILED', `${place} repeats, and this version has no repetition separator`, { value: place });
    const repeats = given.map((components) =>
      joined(
        components.map((text, index) => value(text, `${place}-${index + 1}`)),
        delimiters.component,
      ),
    );
    return joined(repeats, delimiters.repetition);
  };
  const line = (id: string, fields: readonly Field[]): string => {
    if (!/^[A-Z][A-Z0-9]{1,2}$/.test(id)) throw new WharfError('RENDER_FAILED', `"${id}" is not a segment id`, { value: id });
    return joined([id, ...fields.map((given, index) => field(given, `${id}${String(index + 1).padStart(2, '0')}`))], delimiters.element);
  };
  const tree = (node: Node): void => {
    const text = line(node.name, node.fields ?? []);
    if (text !== node.name || node.name === 'LE' || node.name === 'LS') raw(text);
    for (const child of node.children ?? []) tree(child);
  };
  return { raw, segment: (id, fields) => raw(line(id, fields)), tree, count: () => count, text: () => parts.join('') };
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
