/** The ISA: by position where it is the 106 characters it should be, by its separators where it is not. */
import { latin1 } from './text.ts';
import type { Delimiters } from './types.ts';

/** How many bytes from `ISA` on are needed to read one that is wrapped, shifted or has long delimiters. */
export const ISA_LOOKAHEAD = 240;

const PLACES = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103] as const;

export type Isa = {
  /** ISA01 to ISA16 as they stand. */
  readonly elements: readonly string[];
  readonly delimiters: Delimiters;
  /** Bytes from `ISA` to the byte after the terminator. */
  readonly length: number;
  /** Fixed widths, or at least all the elements. */
  readonly fixed: boolean;
  readonly wrapped: boolean;
};

/** The ISA at the start of `head`; undefined when its delimiters cannot be told. */
export function readIsa(head: Uint8Array): Isa | undefined {
  const text = latin1(head, 0, Math.min(head.length, ISA_LOOKAHEAD));
  if (!/^ISA[^A-Za-z0-9\s]/.test(text)) return undefined;
  if (isFixed(text)) return finish(text, fixedElements(text), 105, { fixed: true, wrapped: false });
  const places: number[] = [];
  for (let i = 0; i < text.length && places.length < 105; i++) if (text[i] !== '\r' && text[i] !== '\n') places.push(i);
  const joined = places.map((place) => text[place]).join('');
  if (isFixed(joined)) return finish(text, fixedElements(joined), places[104]! + 1, { fixed: true, wrapped: true });
  return shifted(text);
}

function isFixed(text: string): boolean {
  if (text.length < 105) return false;
  const separator = text.charCodeAt(3);
  let count = 0;
  for (let at = 3; at < 104; at++) if (text.charCodeAt(at) === separator && at !== PLACES[count++]) return false;
  return count === PLACES.length;
}

function fixedElements(text: string): string[] {
  return text.slice(4, 105).split(text[3]!);
}

/** An ISA whose elements have other widths: sixteen separators, then the component separator, then the terminator. */
function shifted(text: string): Isa | undefined {
  const separator = text[3]!;
  let place = 3;
  for (let n = 1; n < 16; n++) {
    place = text.indexOf(separator, place + 1);
    if (place === -1) return undefined;
  }
  const elements = text.slice(4, place).split(separator);
  if (elements.some((element) => /[\r\n]/.test(element)) || place + 1 >= text.length) return undefined;
  const component = characterAt(text, place + 1);
  const next = place + 1 + component.length;
  const missing = /[\r\n]/.test(component) || /^(GS|TA1|IEA)/.test(text.slice(next).trimStart());
  const decoded = elements.map(utf8);
  const fixed = isFixed(`ISA${separator}${decoded.join(separator)}${separator}`.padEnd(105));
  return finish(text, [...decoded, missing ? '' : component], missing ? place + 1 : next, { fixed, wrapped: false });
}

function finish(text: string, elements: string[], at: number, how: { fixed: boolean; wrapped: boolean }): Isa | undefined {
  const component = elements[15] === '' ? '' : characterAt(text, at - elements[15]!.length);
  const start = at - elements[15]!.length + component.length;
  const segment = characterAt(text, start);
  const after = start + segment.length;
  const newline = /^(\r\n|\n|\r)?/.exec(text.slice(after, after + 2))![0];
  const repetition = repetitionOf(elements[10]!, elements[11]!);
  const delimiters = { element: text[3]!, component: utf8(component), repetition: utf8(repetition), segment: utf8(segment), newline };
  return { elements: elements.with(15, component), delimiters, length: after, ...how };
}

/** ISA11 separates repetitions from 00402 on, and where an older interchange has `^` there by mistake. */
function repetitionOf(isa11: string, version: string): string {
  if (isa11.length !== 1 || /[A-Za-z0-9\s]/.test(isa11)) return '';
  return version >= '00402' || isa11 === '^' ? isa11 : '';
}

/** One character that may be several bytes of UTF-8, as those bytes. */
function characterAt(text: string, at: number): string {
  const byte = text.charCodeAt(at);
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
  const character = text.slice(at, at + length);
  return length > 1 && /^.[\x80-\xbf]+$/.test(character) && character.length === length ? character : text.slice(at, at + 1);
}

function utf8(bytes: string): string {
  // oxlint-disable-next-line no-control-regex -- ASCII and nothing else
  if (bytes.length < 2 || /^[\x00-\x7f]*$/.test(bytes)) return bytes;
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? bytes : text;
}

/** A delimiter as the bytes it is in a file: one byte as latin1, several as UTF-8. */
export function delimiterBytes(delimiter: string): Uint8Array {
  const code = delimiter.length === 1 ? delimiter.charCodeAt(0) : 0x100;
  return code < 0x100 ? Uint8Array.of(code) : new TextEncoder().encode(delimiter);
}
