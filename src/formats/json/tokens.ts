import type { Position } from '../../tree.ts';

/** A token of JSON (RFC 8259). `text` of a string is its value; of a number its source text, so that no digit is lost. */
export type Token =
  | { readonly kind: '{' | '}' | '[' | ']' | ':' | ',' | 'null'; readonly at: Position }
  | { readonly kind: 'string' | 'number' | 'boolean'; readonly text: string; readonly at: Position };

/** Bytes that are no JSON, or more of it than may be. */
export class Unreadable extends Error {
  readonly code: 'FILE_MALFORMED' | 'FILE_TRUNCATED' | 'FORMAT_LIMIT' | 'HEADER_INVALID';
  readonly at: Position;

  constructor(code: Unreadable['code'], message: string, at: Position) {
    super(message);
    this.code = code;
    this.at = at;
  }
}

/** Cuts text that comes in pieces into tokens, which `take` is given one by one. */
export type Tokenizer = {
  /** @throws Unreadable */
  readonly push: (text: string) => void;
  /** @throws Unreadable when the text ends inside a token. */
  readonly end: () => void;
  readonly here: () => Position;
};

const MAX_TEXT = 16_000_000;
const WORD = /[A-Za-z0-9+.-]*/y;
const PLAIN = /^"[ !#-[\]-\u{10ffff}]*"$/u;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

type State = { text: string; at: number; offset: number; line: number; lineStart: number; bytesAt: number };

export function tokenizer(take: (token: Token) => void): Tokenizer {
  const state: State = { text: '', at: 0, offset: 0, line: 1, lineStart: 0, bytesAt: 0 };
  const run = (end: boolean): void => {
    for (let token = next(state, end); token; token = next(state, end)) take(token);
  };
  return {
    push: (text) => {
      const rest = state.text.slice(state.at);
      here(state);
      state.lineStart -= state.at;
      state.bytesAt = 0;
      state.text = rest + text;
      state.at = 0;
      if (rest.length > MAX_TEXT) throw new Unreadable('FORMAT_LIMIT', `a text of more than ${MAX_TEXT} characters`, here(state));
      run(false);
    },
    end: () => {
      run(true);
      if (state.at < state.text.length) throw new Unreadable('FILE_TRUNCATED', 'the file ends inside a text', here(state));
    },
    here: () => here(state),
  };
}

function here(state: State): Position {
  state.offset += Buffer.byteLength(state.text.slice(state.bytesAt, state.at));
  state.bytesAt = state.at;
  return { offset: state.offset, line: state.line, column: state.at - state.lineStart + 1 };
}

function next(state: State, end: boolean): Token | undefined {
  const { text } = state;
  for (; state.at < text.length; state.at++) {
    const code = text.charCodeAt(state.at);
    if (code === 10) {
      state.line++;
      state.lineStart = state.at + 1;
    } else if (code !== 32 && code !== 9 && code !== 13) break;
  }
  if (state.at >= text.length) return undefined;
  const c = text[state.at]!;
  if (c === '{' || c === '}' || c === '[' || c === ']' || c === ':' || c === ',') {
    const at = here(state);
    state.at++;
    return { kind: c, at };
  }
  return c === '"' ? stringToken(state) : wordToken(state, end);
}

function stringToken(state: State): Token | undefined {
  const { text } = state;
  let close = state.at;
  do close = text.indexOf('"', close + 1);
  while (close > 0 && escapes(text, close));
  if (close < 0) return undefined;
  const at = here(state);
  const source = text.slice(state.at, close + 1);
  state.at = close + 1;
  if (PLAIN.test(source)) return { kind: 'string', text: source.slice(1, -1), at };
  try {
    return { kind: 'string', text: String(JSON.parse(source)), at };
  } catch {
    throw new Unreadable('FILE_MALFORMED', `${source.slice(0, 40)} is not a text of JSON`, at);
  }
}

/** Whether the quote at `at` is behind an odd number of backslashes. */
function escapes(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}

function wordToken(state: State, end: boolean): Token | undefined {
  WORD.lastIndex = state.at;
  const word = WORD.exec(state.text)![0];
  // A number may go on in the next piece.
  if (!end && state.at + word.length === state.text.length && word.length < 1000) return undefined;
  const at = here(state);
  state.at += word.length;
  if (word === 'null') return { kind: 'null', at };
  if (word === 'true' || word === 'false') return { kind: 'boolean', text: word, at };
  if (NUMBER.test(word) && word.length < 1000) return { kind: 'number', text: word, at };
  throw new Unreadable('FILE_MALFORMED', `"${word.slice(0, 40) || state.text[state.at]!}" is not expected`, at);
}
