/**
 * Takes names, addresses, identifiers and prices out of X12 without changing anything else: every byte keeps its place, so lengths, delimiters and
 * faults stay. The same value becomes the same replacement everywhere; digits stay digits and letters stay letters.
 */
import { segmentDefinition } from './dictionary.ts';
import { BREAK, elementText, type Segment } from './segment.ts';
import { encode, fromEbcdic, latin1 } from './text.ts';
import { tokenizer } from './tokenize.ts';
import type { Delimiters } from './types.ts';

/** Data elements that say who, where, which or how much money. Quantities, dates, codes and control numbers stay. */
const PRIVATE = new Set(
  (
    '3 19 31 32 55 61 67 76 79 87 93 114 116 118 124 127 142 145 166 174 182 206 207 212 225 234 238 285 310 324 325 326 328 352 359 360 362 ' +
    '364 367 369 386 387 389 394 396 424 427 434 438 443 451 474 475 507 508 509 510 531 539 598 610 614 655 724 742 751 770 782 790 803 817 ' +
    '818 828 933 961 1035 1036 1037 1038 1039 1050 1051 1195 1551 1687 9998'
  ).split(' '),
);

/** Takes a file in pieces and gives it back, in pieces, with its private values replaced. */
export type Anonymiser = { readonly push: (piece: Uint8Array) => Uint8Array; readonly end: () => Uint8Array };

const SEGMENT_BYTES = 1 << 20;

/**
 * An anonymiser for one file. `secret` decides the replacements: the same one gives the same again. What stands in no segment, nobody knows what it is:
 * its letters become x, its digits 0.
 */
export function anonymiser(secret: string, encoding: 'ascii' | 'ebcdic' = 'ascii'): Anonymiser {
  const scramble = scrambler(secret);
  let kept = new Uint8Array(0);
  /** Offsets in the file: of the first byte kept, and of the first that is not looked at yet. */
  let base = 0;
  let done = 0;
  let delimiters: Delimiters;
  const upTo = (at: number): void => {
    if (at > done) blank(kept, done - base, at - base);
    done = Math.max(done, at);
  };
  const tokens = tokenizer(
    {
      isa: (isa, at) => {
        upTo(at);
        delimiters = isa.delimiters;
        const spans = scannedSpans(kept, at - base, at - base + isa.length, delimiters.element);
        for (const [start, end, number] of spans) if ([2, 4, 6, 8].includes(number)) scramble(kept, start, end);
        done = at + isa.length;
      },
      segment: (segment) => {
        upTo(segment.at);
        const id = elementText(segment, 0);
        const hiddenIn = hiddenElements(id);
        const spans = segment.flags & BREAK ? scannedSpans(kept, segment.at - base, segment.next - base, delimiters.element) : markedSpans(segment, base);
        for (const span of spans) for (const [start, end] of hiddenSpans(kept, span, hiddenIn(span[2]), delimiters)) scramble(kept, start, end);
        done = segment.next;
        return id === 'IEA';
      },
      tooLong: nothing,
      junk: nothing,
      remark: nothing,
      brokenOff: nothing,
    },
    { encoding: 'latin1', segmentBytes: SEGMENT_BYTES, keepLineBreaks: false },
  );
  const taken = (): Uint8Array => {
    const out = kept.subarray(0, done - base);
    kept = kept.slice(done - base);
    base = done;
    return encoding === 'ebcdic' ? encode(latin1(out, 0, out.length), 'ebcdic').bytes : out;
  };
  return {
    push: (piece) => {
      const bytes = encoding === 'ebcdic' ? fromEbcdic(piece) : piece;
      kept = Buffer.concat([kept, bytes]);
      tokens.push(bytes);
      // What is further back than the longest segment is in none.
      upTo(base + kept.length - 2 * SEGMENT_BYTES);
      return taken();
    },
    end: () => {
      tokens.end();
      upTo(base + kept.length);
      return taken();
    },
  };
}

/** A copy of the bytes with private values replaced. */
export function anonymise(bytes: Uint8Array, secret: string): Uint8Array {
  const { push, end } = anonymiser(secret);
  return Buffer.concat([push(bytes), end()]);
}

function nothing(): void {}

/** Whether an element is private, or which of its components are. */
type Hidden = boolean | readonly boolean[];

const hidden = new Map<string, (number: number) => Hidden>();

/** What is private in the elements of a segment: all of one that is not known. */
function hiddenElements(id: string): (number: number) => Hidden {
  const known = hidden.get(id);
  if (known) return known;
  const made = decideHidden(id);
  if (hidden.size < 2000) hidden.set(id, made);
  return made;
}

function decideHidden(id: string): (number: number) => Hidden {
  if (id === 'GS') return (number) => number === 2 || number === 3;
  // The length of the data must stay true.
  if (id === 'BIN') return (number) => number !== 1;
  if (id === 'BDS') return (number) => number !== 2;
  if (/^(SE|GE|IEA|TA1)$/.test(id)) return () => false;
  const elements = (segmentDefinition('005010', id)?.elements ?? []).map((element): Hidden =>
    element.components ? element.components.map((component) => PRIVATE.has(component.id)) : PRIVATE.has(element.id),
  );
  return (number) => elements[number - 1] ?? true;
}

type Span = readonly [start: number, end: number, number: number];

function markedSpans({ marks, first, count, at }: Segment, base: number): Span[] {
  const shift = at - base - marks[first]!;
  return Array.from({ length: count }, (_, index) => [shift + marks[first + index + 1]!, shift + marks[first + index + 2]! - 1, index + 1] as const);
}

/** Elements by the separators in the bytes: of an ISA, and of a segment with lines wrapped inside it, whose marks are those of its text without them. */
function scannedSpans(bytes: Uint8Array, start: number, end: number, separator: string): readonly Span[] {
  return parts(bytes, start, end, separator).slice(1);
}

/** The parts of an element that are private: all of it, or those of its components, in each of its repetitions. */
function hiddenSpans(bytes: Uint8Array, span: Span, what: Hidden, { component, repetition }: Delimiters): readonly Span[] {
  if (typeof what === 'boolean') return what ? [span] : [];
  const repetitions = parts(bytes, span[0], span[1], repetition);
  return repetitions.flatMap(([start, end]) => parts(bytes, start, end, component).filter(([, , index]) => what[index] ?? true));
}

/** Bytes between signs, counted from 0. */
function parts(bytes: Uint8Array, start: number, end: number, sign: string): Span[] {
  const spans: Span[] = [];
  let from = start;
  for (let at = start; at <= end; at++) {
    if (at < end && (sign === '' || bytes[at] !== sign.charCodeAt(0))) continue;
    spans.push([from, at, spans.length]);
    from = at + 1;
  }
  return spans;
}

/** Letters and digits that nothing is known of. */
function blank(bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 48 && byte <= 57) bytes[at] = 48;
    else if (byte >= 65 && byte <= 90) bytes[at] = 88;
    else if (byte >= 97 && byte <= 122) bytes[at] = 120;
    else if (byte >= 0x80) at = foreign(bytes, at, end);
  }
}

type Scrambler = (bytes: Uint8Array, start: number, end: number) => void;

/** Replaces letters and digits in place: a value decides what it becomes (FNV-1a, then mulberry32). Zeros in front stay, so that a number keeps its size. */
function scrambler(secret: string): Scrambler {
  const seed = fnv(0x811c9dc5, Buffer.from(`${secret}\0`), 0, Buffer.byteLength(secret) + 1);
  return (bytes, start, end) => {
    let [from, to] = [start, end];
    while (from < to && bytes[from]! <= 32) from++;
    while (to > from && bytes[to - 1]! <= 32) to--;
    let state = fnv(seed, bytes, from, to);
    let leading = true;
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      state = (state + 0x6d2b79f5) | 0;
      const random = mix(state);
      if (byte >= 48 && byte <= 57) {
        if (byte !== 48 || !leading) bytes[at] = leading ? 49 + (random % 9) : 48 + (random % 10);
        if (byte !== 48) leading = false;
      } else if (byte >= 65 && byte <= 90) bytes[at] = 65 + (random % 26);
      else if (byte >= 97 && byte <= 122) bytes[at] = 97 + (random % 26);
      else if (byte >= 0x80) at = foreign(bytes, at, to);
    }
  };
}

/** One letter beyond ASCII becomes another of as many bytes: é, or 一 for those of three. Gives the place of its last byte. */
function foreign(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at]!;
  const more = (count: number): boolean => at + count < end && bytes.subarray(at + 1, at + 1 + count).every((next) => next >> 6 === 2);
  if (byte >= 0xe0 && byte <= 0xef && more(2)) {
    // Signs such as dashes and quotes stay, as does a byte order mark.
    if (byte !== 0xe2 && byte !== 0xef) bytes.set([0xe4, 0xb8, 0x80], at);
    return at + 2;
  }
  if (byte >= 0xc2 && byte <= 0xdf && more(1)) {
    if (byte !== 0xc2) bytes.set([0xc3, 0xa9], at);
    return at + 1;
  }
  if (byte >= 0xc0 && byte < 0xf0) bytes[at] = 0xe9;
  return at;
}

function fnv(seed: number, bytes: Uint8Array, start: number, end: number): number {
  let state = seed;
  for (let at = start; at < end; at++) state = Math.imul(state ^ bytes[at]!, 0x01000193);
  return state;
}

function mix(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return (mixed ^ (mixed >>> 14)) >>> 0;
}
