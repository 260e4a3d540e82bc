/** One segment under the reader's eye: a window on text, with the places of its elements. It is reused: whoever wants to keep something copies it. */
export type Segment = {
  /** Text that holds the segment: a whole chunk, one character a byte, or the decoded segment alone. */
  text: string;
  /** `marks[first + i]` is where element i begins (0 is the id); `marks[first + count + 1] - 1` is where the segment ends. */
  marks: Int32Array;
  first: number;
  /** The number of elements after the id. */
  count: number;
  /** What the bytes hold beside plain text: the flags below. */
  flags: number;
  /** Offset in the file of the first byte, and of the byte after the terminator. */
  at: number;
  next: number;
  /** `text` is the chunk itself, not a decoded copy. */
  raw: boolean;
};

export const SEPARATOR = 1;
export const TERMINATOR = 2;
/** As a flag of a segment, where the terminator has no place: its last element is binary data, which may hold any byte. */
export const BINARY = 2;
export const COMPONENT = 4;
export const REPETITION = 8;
export const BREAK = 16;
export const CONTROL = 32;
export const HIGH = 64;

/** The text of element `number` (0 is the id); '' when it is not there. */
export function elementText(segment: Segment, number: number): string {
  if (number > segment.count) return '';
  return segment.text.substring(segment.marks[segment.first + number]!, segment.marks[segment.first + number + 1]! - 1);
}

/** Whether element `number` has a value. */
export function isPresent(segment: Segment, number: number): boolean {
  return number <= segment.count && segment.marks[segment.first + number + 1]! - 1 > segment.marks[segment.first + number]!;
}

/** The id packed into a number as `packId` does, 0 when there is none, -1 when it is longer than three characters. */
export function packedId(segment: Segment): number {
  const { text, marks, first } = segment;
  const start = marks[first]!;
  const length = marks[first + 1]! - 1 - start;
  if (length === 3) return (text.charCodeAt(start) << 16) | (text.charCodeAt(start + 1) << 8) | text.charCodeAt(start + 2);
  if (length === 2) return (text.charCodeAt(start) << 8) | text.charCodeAt(start + 1);
  return length === 1 ? text.charCodeAt(start) : length === 0 ? 0 : -1;
}

/** The offset in the file of element `number`. In a segment with line breaks inside it is that of the segment. */
export function elementOffset(segment: Segment, number: number): number {
  const mark = segment.marks[segment.first + Math.min(number, segment.count)]!;
  if (segment.raw) return segment.at + mark - segment.marks[segment.first]!;
  if (segment.flags & BREAK) return segment.at;
  return segment.at + Buffer.byteLength(segment.text.slice(0, mark), 'utf8');
}

/** Gives a segment text of its own, and marks in `marks`. */
export function markText(segment: Segment, text: string, separator: string, marks: Int32Array): void {
  let count = 0;
  marks[0] = 0;
  for (let at = text.indexOf(separator); at !== -1; at = text.indexOf(separator, at + 1)) marks[++count] = at + 1;
  marks[count + 1] = text.length + 1;
  segment.text = text;
  segment.marks = marks;
  segment.first = 0;
  segment.count = count;
  segment.raw = false;
}
