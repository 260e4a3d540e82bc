/**
 * Takes names, addresses, identifiers and prices out of X12 without changing anything else: every byte keeps its place, so lengths, delimiters and
 * faults stay. The same value becomes the same replacement everywhere; digits stay digits and letters stay letters.
 */
import { segmentDefinition } from './dictionary.ts';
import { elementText, type Segment } from './segment.ts';
import { latin1 } from './text.ts';
import { tokenizer } from './tokenize.ts';
import type { Delimiters } from './types.ts';

/** Data elements that say who, where, which or how much money. Quantities, dates, codes and control numbers stay. */
const PRIVATE = new Set(
  (
    '3 19 31 32 67 76 93 116 127 142 124 145 166 206 207 212 225 234 285 310 324 325 326 328 352 364 367 386 394 396 424 434 438 451 474 475 507 508 509 ' +
    '510 531 539 598 610 614 770 782 818 933 1035 1036 1037 1038 1039 1195'
  ).split(' '),
);

/** A copy of the bytes with private values replaced. `secret` decides the replacements: the same one gives the same again. */
export function anonymise(bytes: Uint8Array, secret: string): Uint8Array {
  const copy = bytes.slice();
  let delimiters: Delimiters | undefined;
  const replace = (segment: Segment): boolean => {
    const id = elementText(segment, 0);
    for (const [start, end, number] of elementSpans(copy, segment, delimiters!)) if (isPrivate(id, number)) scramble(copy, start, end, secret);
    return id === 'IEA';
  };
  const tokens = tokenizer(
    {
      isa: (isa, at) => {
        delimiters = isa.delimiters;
        anonymiseIsa(copy, at, isa.length, { delimiters, secret });
      },
      segment: replace,
      tooLong: nothing,
      junk: nothing,
      remark: nothing,
      brokenOff: nothing,
    },
    { encoding: 'auto', segmentBytes: 1 << 20, keepLineBreaks: false },
  );
  tokens.push(bytes);
  tokens.end();
  return copy;
}

function nothing(): void {}

function isPrivate(id: string, number: number): boolean {
  if (id === 'GS') return number === 2 || number === 3;
  // How long the binary data is that follows.
  if (id === 'BIN' || id === 'BDS') return number !== (id === 'BIN' ? 1 : 2);
  if (/^(ST|SE|GE|IEA|TA1|AK\d|IK\d)$/.test(id)) return false;
  const definition = segmentDefinition('005010', id);
  if (!definition) return true;
  const element = definition.elements[number - 1];
  return element === undefined || PRIVATE.has(element.id);
}

/** Where each element of a segment stands in the bytes. */
function elementSpans(bytes: Uint8Array, segment: Segment, delimiters: Delimiters): (readonly [number, number, number])[] {
  const separator = delimiters.element.charCodeAt(0);
  const spans: (readonly [number, number, number])[] = [];
  const end = Math.min(segment.next, bytes.length);
  let start = segment.at;
  let number = 0;
  for (let at = segment.at; at <= end; at++) {
    if (at < end && bytes[at] !== separator) continue;
    if (number > 0) spans.push([start, at, number]);
    start = at + 1;
    number++;
  }
  return spans;
}

/** ISA02, ISA04, ISA06 and ISA08. */
function anonymiseIsa(bytes: Uint8Array, at: number, length: number, how: { readonly delimiters: Delimiters; readonly secret: string }): void {
  const segment = { at, next: at + length } as Segment;
  for (const [start, end, number] of elementSpans(bytes, segment, how.delimiters)) if ([2, 4, 6, 8].includes(number)) scramble(bytes, start, end, how.secret);
}

/** Replaces letters and digits in place. Zeros in front stay, so that a number keeps its size. */
function scramble(bytes: Uint8Array, start: number, end: number, secret: string): void {
  const next = generator(`${secret}\0${latin1(bytes, start, end).trim()}`);
  let leading = true;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    const random = next();
    if (byte >= 48 && byte <= 57) {
      if (byte !== 48 || !leading) bytes[at] = leading ? 49 + (random % 9) : 48 + (random % 10);
      if (byte !== 48) leading = false;
    } else if (byte >= 65 && byte <= 90) bytes[at] = 65 + (random % 26);
    else if (byte >= 97 && byte <= 122) bytes[at] = 97 + (random % 26);
    else if (byte >= 0xc3 && byte <= 0xc5 && (bytes[at + 1] ?? 0) >> 6 === 2 && at + 1 < end) bytes.set([0xc3, 0xa9], at++);
  }
}

/** A stream of numbers that a text decides: FNV-1a to begin, then mulberry32. */
function generator(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
