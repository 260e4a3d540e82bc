/**
 * Bytes in chunks of any size to segments. One pass over the bytes finds every delimiter; text is made once a chunk; nothing is allocated for a
 * segment. Between interchanges it looks for the next ISA and reports what else is there.
 */
import { between, flushJunk } from './between.ts';
import { binaryMarks, markBinary, segmentEndingAt } from './binary.ts';
import { classify, isPadding, isTerminator, leaveRoom, NO_ROOM, ONE_BREAK, takeRoom, trim, type Scan } from './delimit.ts';
import type { Isa } from './isa.ts';
import { BINARY, BREAK, COMPONENT, HIGH, markText, REPETITION, type Segment } from './segment.ts';
import { decode, fromEbcdic, latin1 } from './text.ts';
import type { Delimiters, Encoding } from './types.ts';

export type TokenSink = {
  readonly isa: (isa: Isa, at: number) => void;
  /** A segment inside an interchange. True says that it ended the interchange. */
  readonly segment: (segment: Segment, terminated: boolean) => boolean;
  /** A segment longer than the limit was skipped. */
  readonly tooLong: (at: number) => void;
  /** Bytes outside any interchange. */
  readonly junk: (at: number, length: number) => void;
  readonly remark: (code: 'BOM' | 'WRAPPED-LINES' | 'ENCODING', at: number) => void;
  /** The next ISA was met, or the file ended, inside an interchange. */
  readonly brokenOff: (at: number) => void;
};

export type TokenOptions = {
  readonly encoding: Encoding;
  readonly segmentBytes: number;
  readonly keepLineBreaks: boolean;
  /** Segments come without their text, for who only counts. */ readonly marksOnly?: boolean;
};

export type Tokenizer = {
  readonly push: (chunk: Uint8Array) => void;
  readonly end: () => void;
  /** The first bytes of a file without interchanges, for saying what it looks like. */
  readonly head: () => Uint8Array;
};

const PIECE = 1 << 15;
const HEAD = 4096;
const EMPTY: Uint8Array = new Uint8Array(0);

export type TokenState = Scan & {
  readonly sink: TokenSink;
  readonly options: TokenOptions;
  readonly segment: Segment;
  delimiters: Delimiters | undefined;
  inside: boolean;
  skipping: boolean;
  /** Offset in the file of the first byte of `data`. */
  base: number;
  text: string;
  final: boolean;
  junkFrom: number;
  junkTo: number;
  /** The marks of a segment that has text of its own. */
  own: Int32Array;
  /** Whether an interchange was met. */
  met: boolean;
  /** So many bytes must have come together before it is worth looking again: binary data is being waited for. */
  wanted: number;
};

/** A tokenizer that calls the sink while bytes are pushed. It never throws for bad input. */
export function tokenizer(sink: TokenSink, options: TokenOptions): Tokenizer {
  const segment: Segment = { text: '', marks: NO_ROOM, first: 0, count: 0, flags: 0, at: 0, next: 0, raw: true };
  const state: TokenState = {
    sink,
    options,
    segment,
    classes: new Uint8Array(256),
    delimiters: undefined,
    terminator: EMPTY,
    inside: false,
    skipping: false,
    base: 0,
    data: EMPTY,
    text: '',
    final: false,
    junkFrom: -1,
    junkTo: 0,
    marks: NO_ROOM,
    ends: NO_ROOM,
    flags: NO_ROOM,
    own: NO_ROOM,
    cursor: { mark: 0, count: 0, found: 0 },
    met: false,
    wanted: 0,
  };
  let waiting: Uint8Array[] = [];
  let held = 0;
  let head = EMPTY;
  const take = (chunk: Uint8Array): void => {
    if (chunk.length > 0) waiting.push(chunk);
    held += chunk.length;
    // A chunk that ends no segment is only kept, so that tiny chunks of a long segment cost no more than its length.
    const waits = state.inside && !state.skipping ? !chunk.includes(state.terminator.at(-1)!) && held <= options.segmentBytes : !state.inside && held < 4;
    if (!state.final && (waits || held < state.wanted)) return;
    const left = takeParts(state, waiting, held);
    waiting = left.length > 0 ? [left] : [];
    held = left.length;
  };
  return {
    push: (chunk) => {
      const bytes = options.encoding === 'ebcdic' ? fromEbcdic(chunk) : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      for (let at = 0; at < bytes.length; at += PIECE) take(bytes.subarray(at, at + PIECE));
      if (!state.met && head.length < HEAD) head = join([head, chunk.subarray(0, HEAD - head.length)]);
    },
    end: () => {
      state.final = true;
      take(EMPTY);
      if (state.junkFrom !== -1) flushJunk(state);
    },
    head: () => head,
  };
}

/** Runs over what has waited and the last part. Only a segment that began in an earlier part is copied together, not the whole part. */
function takeParts(state: TokenState, parts: readonly Uint8Array[], length: number): Uint8Array {
  const last = parts.at(-1) ?? EMPTY;
  if (parts.length < 2) return run(state, last);
  const end = state.inside ? last.indexOf(state.terminator.at(-1)!) + 1 : 0;
  if (end === 0 || end === last.length) return run(state, join(parts, length));
  const left = run(state, join([...parts.slice(0, -1), last.subarray(0, end)]), true);
  const rest = last.subarray(end);
  return run(state, left.length === 0 ? rest : join([left, rest]));
}

function join(parts: readonly Uint8Array[], length = parts.reduce((sum, part) => sum + part.length, 0)): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Takes what can be taken from `data` and gives back the rest, copied. */
function run(state: TokenState, data: Uint8Array, more = false): Uint8Array {
  const { final } = state;
  state.final = final && !more;
  state.data = data;
  state.text = state.options.marksOnly && state.inside ? '' : latin1(data, 0, data.length);
  state.wanted = 0;
  takeRoom(state, data.length);
  try {
    const at = interchanges(state);
    state.base += at;
    return at === data.length ? EMPTY : data.slice(at);
  } finally {
    leaveRoom(state);
    state.final = final;
    state.text = '';
  }
}

/** One interchange after another, and what is between them. Gives the place of the first byte not taken. */
function interchanges(state: TokenState): number {
  for (let at = 0; ;) {
    const { inside } = state;
    const next: number = inside ? segments(state, at) : between(state, at);
    if (next === at && state.inside === inside) return at;
    at = next;
  }
}

const LETTER_B = 0x42;
const LETTER_I = 0x49;

/** Segments from `from` on, until the interchange or the data ends. Gives the place of the first byte not taken. */
function segments(state: TokenState, from: number): number {
  const { sink, terminator, options, segment } = state;
  let at = from;
  if (state.skipping) {
    at = skip(state, at);
    if (state.skipping) return at;
  }
  const complete = classify(state, at);
  const { data, base, marks, ends, flags } = state;
  const { segmentBytes } = options;
  const { length } = terminator;
  const lineEnds = terminator[0] === 10 || terminator[0] === 13;
  useChunk(state);
  let first = 0;
  for (let index = 0; index < complete; index++) {
    const last = ends[index]!;
    const end = marks[last]! - 1;
    let found = flags[index]!;
    if (found >= ONE_BREAK || data[marks[first]!]! <= 32) found = trim(state, first, last, found);
    const start = marks[first]!;
    const letter = data[start];
    if (letter === LETTER_I && isIsa(data, start, end)) return breakOff(state, start);
    if (letter === LETTER_B) {
      const ending = binary(state, start, index, complete);
      if (ending === WAIT) return start;
      if (ending !== NONE) {
        sink.segment(segment, true);
        index = ending;
        first = ends[ending]! + 1;
        continue;
      }
    }
    if (end - start > segmentBytes) sink.tooLong(base + start);
    else if (start < end || !lineEnds) {
      if (!segment.raw || segment.marks !== marks) useChunk(state);
      segment.first = first;
      segment.count = last - first - 1;
      segment.flags = found;
      segment.at = base + start;
      segment.next = base + end + length;
      const restart = found === 0 ? -1 : refine(state, start, end);
      if (restart !== -1) return breakOff(state, restart);
      if (sink.segment(segment, true)) {
        state.inside = false;
        return end + length;
      }
    }
    first = last + 1;
  }
  return unfinished(state, first, complete);
}

const NONE = -1;
const WAIT = -2;

/** Makes the segment at `start` one with binary data. Gives which of the segments found it ends with; NONE when it is no such, WAIT when more must come. */
function binary(state: TokenState, start: number, index: number, complete: number): number {
  const { data, segment, terminator, options, final, base, delimiters } = state;
  const marks = binaryMarks(data, start, delimiters!.element.charCodeAt(0));
  if (!marks) return NONE;
  const end = marks.at(-1)! - 1;
  if (end - start > options.segmentBytes) return NONE;
  const ending = segmentEndingAt(state, end, index, complete);
  if (ending === -1) {
    if (final || end + terminator.length <= data.length) return NONE;
    state.wanted = end + terminator.length - start;
    return WAIT;
  }
  useChunk(state);
  markBinary(segment, marks);
  Object.assign(segment, { flags: BINARY, at: base + start, next: base + end + terminator.length });
  return ending;
}

/** Segments stand in the chunk itself from here on. */
function useChunk(state: TokenState): void {
  state.segment.text = state.text;
  state.segment.marks = state.marks;
  state.segment.raw = true;
}

/** Whether the segment from `at` to `end` begins the next interchange, although this one has not ended. */
function isIsa(data: Uint8Array, at: number, end: number): boolean {
  return data[at] === LETTER_I && data[at + 1] === 83 && data[at + 2] === 65 && at + 3 < end && /[^A-Za-z0-9\s]/.test(String.fromCharCode(data[at + 3]!));
}

/** What stands after the last terminator of the data. */
function unfinished(state: TokenState, first: number, index: number): number {
  const { data, marks, options, final } = state;
  state.flags[index] = trim(state, first, state.ends[index]!, state.flags[index]!);
  const at = marks[first]!;
  if (isIsa(data, at, data.length)) return breakOff(state, at);
  if (at >= data.length) return final ? breakOff(state, data.length) : data.length;
  if (data.length - at > options.segmentBytes) {
    state.sink.tooLong(state.base + at);
    state.skipping = true;
    return skip(state, at);
  }
  return final ? lastSegment(state, first, index) : at;
}

/** Wrapped lines and characters beyond ASCII: the segment gets text of its own. Gives where a new ISA begins inside it, or -1. */
function refine(state: TokenState, from: number, end: number): number {
  const { segment, options, delimiters, sink } = state;
  if ((segment.flags & (BREAK | HIGH)) === 0) return -1;
  let bytes = state.data.subarray(from, end);
  if (segment.flags & BREAK) {
    const restart = /[\r\n]ISA[^A-Za-z0-9\s][^\r\n]{2}/.exec(state.text.slice(from, end));
    if (restart) return from + restart.index + 1;
    if (!options.keepLineBreaks && !/^B(IN|DS)[^A-Z0-9]/.test(state.text.slice(from, from + 4))) {
      bytes = bytes.filter((byte) => byte !== 10 && byte !== 13);
      sink.remark('WRAPPED-LINES', state.base + from);
    }
  }
  const decoded = segment.flags & HIGH ? decode(bytes, options.encoding) : { text: latin1(bytes, 0, bytes.length), valid: true };
  if (!decoded.valid) sink.remark('ENCODING', state.base + from);
  if (state.own.length < decoded.text.length + 3) state.own = new Int32Array(decoded.text.length + 3);
  markText(segment, decoded.text, delimiters!.element, state.own);
  if (delimiters!.component.charCodeAt(0) >= 0x80 && decoded.text.includes(delimiters!.component)) segment.flags |= COMPONENT;
  if (delimiters!.repetition.charCodeAt(0) >= 0x80 && decoded.text.includes(delimiters!.repetition)) segment.flags |= REPETITION;
  return -1;
}

/** The rest of a segment that is too long, up to and with its terminator. */
function skip(state: TokenState, from: number): number {
  const { data, terminator } = state;
  for (let at = data.indexOf(terminator[0]!, from); at !== -1; at = data.indexOf(terminator[0]!, at + 1)) {
    if (!isTerminator(data, at, terminator)) continue;
    state.skipping = false;
    return at + terminator.length;
  }
  if (!state.final) return Math.max(from, data.length - terminator.length + 1);
  state.skipping = false;
  return data.length;
}

/** The file ends inside a segment: perhaps it is the IEA and only its terminator is missing. */
function lastSegment(state: TokenState, first: number, index: number): number {
  const { segment, sink, data, marks } = state;
  const start = marks[first]!;
  const last = state.ends[index]!;
  let end = data.length;
  while (end > start && isPadding(data[end - 1]!, state.classes)) end--;
  marks[last] = Math.max(end, marks[last - 1]!) + 1;
  Object.assign(segment, {
    text: state.text,
    marks,
    first,
    count: last - first - 1,
    flags: state.flags[index],
    at: state.base + start,
    next: state.base + data.length,
    raw: true,
  });
  const restart = segment.flags === 0 ? -1 : refine(state, start, end);
  if (restart !== -1) return breakOff(state, restart);
  if (sink.segment(segment, false)) {
    state.inside = false;
    return data.length;
  }
  return breakOff(state, data.length);
}

/** The interchange ends without its IEA. Gives back the place. */
function breakOff(state: TokenState, at: number): number {
  state.inside = false;
  state.sink.brokenOff(state.base + at);
  return at;
}
