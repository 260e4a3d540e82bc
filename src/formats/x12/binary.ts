/** Segments with binary data (BIN, BDS): the element before the data says how many bytes it has, and any byte may be among them, delimiters too. */
import type { Room } from './delimit.ts';
import type { Segment } from './segment.ts';

/** The binary data of a segment whose bytes are all there, as marks: its id and elements, and one past its end. */
export type BinaryMarks = readonly number[];

const LETTER_B = 0x42;
const LONGEST_LENGTH = 15;

/** Where the id and the elements of a BIN or BDS that begins at `start` stand; undefined for any other segment, and for one that has no length. */
export function binaryMarks(data: Uint8Array, start: number, separator: number): BinaryMarks | undefined {
  if (data[start] !== LETTER_B) return undefined;
  const id = String.fromCharCode(data[start + 1] ?? 0, data[start + 2] ?? 0);
  if ((id !== 'IN' && id !== 'DS') || data[start + 3] !== separator) return undefined;
  const marks = [start, start + 4];
  if (id === 'DS') {
    const filter = data.subarray(start + 4, start + 4 + LONGEST_LENGTH).indexOf(separator);
    if (filter === -1) return undefined;
    marks.push(start + 4 + filter + 1);
  }
  const at = marks.at(-1)!;
  const digits = data.subarray(at, at + LONGEST_LENGTH).indexOf(separator);
  const length = digits < 1 ? '' : String.fromCharCode(...data.subarray(at, at + digits));
  if (!/^\d+$/.test(length)) return undefined;
  const from = at + digits + 1;
  return [...marks, from, from + Number(length) + 1];
}

/** Which of the segments found ends where the binary data does; -1 when none does, as where the length is wrong. */
export function segmentEndingAt(room: Room, end: number, index: number, complete: number): number {
  for (let next = index; next < complete; next++) {
    const found = room.marks[room.ends[next]!]! - 1;
    if (found >= end) return found === end ? next : -1;
  }
  return -1;
}

/** Sets the marks of a segment with binary data. */
export function markBinary(segment: Segment, marks: BinaryMarks): void {
  segment.marks = Int32Array.from(marks);
  segment.first = 0;
  segment.count = marks.length - 2;
}
