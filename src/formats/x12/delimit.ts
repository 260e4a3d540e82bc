/** Finds delimiters in bytes. This is the part of the reader that looks at every byte. */
import { BREAK, CONTROL, HIGH, SEPARATOR, TERMINATOR } from './segment.ts';

/** Room for the places of delimiters. It means nothing from one piece of data to the next. */
export type Room = {
  /** Of all segments in the data: the places of their elements, which mark ends each, and what each holds. */
  marks: Int32Array;
  ends: Int32Array;
  flags: Int32Array;
};

/** Bytes, what each byte value means in them, and where its delimiters were found. */
export type Scan = Room & {
  data: Uint8Array;
  /** What each byte value is: 0 for plain text, or one of the flags of a segment. */
  readonly classes: Uint8Array;
  terminator: Uint8Array;
  readonly cursor: { mark: number; count: number; found: number };
};

const WINDOW = 1 << 11;
const FIXED = 1 << 16;
/**
 * Room that one reader after another uses: to make it anew for each small file would cost more than reading the file. It never moves, as the classes
 * of the data at hand do not either: so the loop below knows where everything is and how long, and is a third faster for it.
 */
const MARKS = new Int32Array(2 * FIXED + 4);
const ENDS = new Int32Array(FIXED + 2);
const FLAGS = new Int32Array(FIXED + 2);
const TABLE = new Uint8Array(256);
let free = true;

export const NO_ROOM: Int32Array = new Int32Array(0);

/** Gives room for data of a length. Only one has the fixed room; who comes meanwhile, or has more data, gets room of its own. */
export function takeRoom(room: Room, length: number): void {
  const fixed = free && length <= FIXED;
  if (fixed) free = false;
  room.marks = fixed ? MARKS : new Int32Array(2 * length + 4);
  room.ends = fixed ? ENDS : new Int32Array(length + 2);
  room.flags = fixed ? FLAGS : new Int32Array(length + 2);
}

/** Leaves the room to the next. */
export function leaveRoom(room: Room): void {
  if (room.marks === MARKS) free = true;
  room.marks = NO_ROOM;
  room.ends = NO_ROOM;
  room.flags = NO_ROOM;
}

/** Line ends are counted in the bits above the flags. */
export const ONE_BREAK = 256;

/**
 * Finds every delimiter from `from` to the end of the data, in one pass. A segment is a run of marks: where it begins, where each element begins,
 * and one past its end. Gives the number of segments that are complete; the marks of what is left follow theirs.
 */
export function classify(state: Scan, from: number): number {
  const { data, cursor } = state;
  const { length } = data;
  state.marks[0] = from;
  cursor.mark = 1;
  cursor.count = 0;
  cursor.found = 0;
  if (state.marks === MARKS && state.terminator.length === 1) {
    TABLE.set(state.classes);
    // In windows, so that the loop inside is compiled as a whole before it sees much data.
    for (let at = from; at < length; at += WINDOW) classifyWindow(data, cursor, at, Math.min(length, at + WINDOW));
  } else classifyLong(state, from, length);
  const { mark, count, found } = cursor;
  state.marks[mark] = length + 1;
  state.ends[count] = mark;
  state.flags[count] = found;
  return count;
}

/** The innermost loop of the reader: whatever it does, it does for every byte. Line ends are counted above the flags: one before a segment is no fault. */
function classifyWindow(data: Uint8Array, cursor: Scan['cursor'], from: number, to: number): void {
  let { mark, count, found } = cursor;
  let at = from;
  while (at < to) {
    const kind = TABLE[data[at++]!]!;
    if (kind === 0) continue;
    if (kind === SEPARATOR) MARKS[mark++] = at;
    else if (kind === TERMINATOR) {
      MARKS[mark] = at;
      ENDS[count] = mark++;
      FLAGS[count++] = found;
      found = 0;
      // The line end that most files have here belongs to nobody. (A loop in this place would make the whole slower.)
      if (at < to && TABLE[data[at]!] === BREAK) at++;
      MARKS[mark++] = at;
    } else if (kind === BREAK) found += ONE_BREAK;
    else found |= kind;
  }
  cursor.mark = mark;
  cursor.count = count;
  cursor.found = found;
}

/** The same for a terminator of any length, and in room of any kind. */
function classifyLong(state: Scan, from: number, to: number): void {
  const { data, classes, terminator, marks, ends, flags, cursor } = state;
  for (let at = from; at < to; at++) {
    const kind = classes[data[at]!]!;
    if (kind === 0) continue;
    if (kind === SEPARATOR) marks[cursor.mark++] = at + 1;
    else if (kind === TERMINATOR && isTerminator(data, at, terminator)) {
      marks[cursor.mark] = at + 1;
      ends[cursor.count] = cursor.mark++;
      flags[cursor.count++] = cursor.found;
      cursor.found = 0;
      marks[cursor.mark++] = at + terminator.length;
    } else if (kind === BREAK) cursor.found += ONE_BREAK;
    else if (at >= marks[cursor.mark - 1]!) cursor.found |= kind === TERMINATOR ? HIGH : kind;
  }
}

/** Steps over line ends, blanks and fill bytes before a segment that begins at mark `first`; gives its flags without theirs. */
export function trim(state: Scan, first: number, last: number, found: number): number {
  const { data, classes, marks } = state;
  const end = marks[last]! - 1;
  let start = marks[first]!;
  let breaks = found >> 8;
  let filled = false;
  for (; start < end && isPadding(data[start]!, classes); start++) {
    if (classes[data[start]!] === BREAK) breaks--;
    else filled = true;
  }
  marks[first] = start;
  let flags = found & 0xff;
  if (filled && (flags & CONTROL) !== 0) {
    flags &= ~CONTROL;
    for (let at = start; at < end; at++) flags |= classes[data[at]!]! & CONTROL;
  }
  return breaks > 0 ? flags | BREAK : flags;
}

export function isTerminator(data: Uint8Array, at: number, terminator: Uint8Array): boolean {
  for (let i = 1; i < terminator.length; i++) if (data[at + i] !== terminator[i]) return false;
  return true;
}

/** Line ends, blanks and fill bytes between segments, unless they are delimiters. Where a line end is the terminator, an empty line is padding too. */
export function isPadding(byte: number, classes: Uint8Array): boolean {
  if (byte > 32) return false;
  if (byte === 10 || byte === 13) return classes[byte] !== SEPARATOR;
  return (byte === 32 || byte === 0 || byte === 0x1a || byte === 9) && classes[byte] !== SEPARATOR && classes[byte] !== TERMINATOR;
}
