import type { Position } from '../../tree.ts';
import { byteLength, type Encoding } from '../decode.ts';

export type Line = { readonly text: string; readonly at: Position };

/** Cuts text that comes in pieces into lines, or into records of a length. */
export type LineCutter = { readonly push: (text: string) => readonly Line[]; readonly end: () => readonly Line[]; readonly overlong: () => boolean };

const MAX_LINE = 1_000_000;

export function lineCutter(encoding: Encoding, length: number | undefined, start: number): LineCutter {
  let rest = '';
  let offset = start;
  let line = 1;
  const take = (size: number, breakSize: number, into: Line[]): void => {
    into.push({ text: rest.slice(0, size), at: { offset, line } });
    offset += byteLength(rest.slice(0, size + breakSize), encoding);
    rest = rest.slice(size + breakSize);
    line++;
  };
  const cut = (end: boolean): readonly Line[] => {
    const lines: Line[] = [];
    if (length !== undefined) {
      while (rest.length >= length) take(length, 0, lines);
      return lines;
    }
    let scanned = 0;
    const at = /\r\n|\n|\r/g;
    let consumed = 0;
    for (let match = at.exec(rest); match; match = at.exec(rest)) {
      // A line feed may follow in the next piece.
      if (match[0] === '\r' && match.index + 1 === rest.length && !end) break;
      const text = rest.slice(consumed, match.index);
      lines.push({ text, at: { offset, line } });
      offset += byteLength(text, encoding) + byteLength(match[0], encoding);
      line++;
      consumed = match.index + match[0].length;
      scanned = consumed;
    }
    rest = rest.slice(scanned);
    return lines;
  };
  return {
    push: (text) => {
      rest += text;
      return cut(false);
    },
    end: () => {
      const lines = [...cut(true)];
      if (rest !== '') take(rest.length, 0, lines);
      return lines;
    },
    overlong: () => rest.length > MAX_LINE,
  };
}
