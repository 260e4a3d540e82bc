/** Between interchanges: looks for the next ISA and reports what else is there. */
import { delimiterBytes, ISA_LOOKAHEAD, readIsa, type Isa } from './isa.ts';
import { BREAK, COMPONENT, CONTROL, HIGH, REPETITION, SEPARATOR, TERMINATOR } from './segment.ts';
import { latin1 } from './text.ts';
import type { TokenState } from './tokenize.ts';

/** What each byte is where it is no delimiter. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 ? HIGH : byte === 10 || byte === 13 ? BREAK : byte < 0x20 || byte === 0x7f ? CONTROL : 0,
);

/** From `at`, outside any interchange: skips white space, notes junk, and enters the next interchange when all of its ISA is there. */
export function between(state: TokenState, from: number): number {
  const { data } = state;
  const text = state.text === '' ? latin1(data, 0, data.length) : state.text;
  let at = from;
  if (state.base + at === 0 && data.length >= 3 && text.startsWith('\xef\xbb\xbf')) {
    state.sink.remark('BOM', 0);
    at = 3;
  }
  while (at < data.length) {
    if (isBlank(data[at]!)) {
      at++;
      continue;
    }
    const found = text.indexOf('ISA', at);
    const isaAt = found === -1 ? Math.max(at, state.final ? data.length : data.length - 2) : found;
    if (isaAt > at) {
      noteJunk(state, at, isaAt);
      at = isaAt;
      continue;
    }
    if (data.length - at < ISA_LOOKAHEAD && !state.final) break;
    const isa = found === -1 ? undefined : readIsa(data.subarray(at, at + ISA_LOOKAHEAD));
    if (isa) return enter(state, isa, at);
    const end = Math.min(data.length, at + 3);
    noteJunk(state, at, end);
    at = end;
  }
  return at;
}

/** White space and fill bytes, which mean nothing outside interchanges. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 9 && byte <= 13) || byte === 0 || byte === 0x1a;
}

function noteJunk(state: TokenState, from: number, upTo: number): void {
  let to = upTo;
  while (to > from && isBlank(state.data[to - 1]!)) to--;
  if (to === from) return;
  if (state.junkFrom === -1) state.junkFrom = state.base + from;
  state.junkTo = state.base + to;
}

export function flushJunk(state: TokenState): void {
  state.sink.junk(state.junkFrom, state.junkTo - state.junkFrom);
  state.junkFrom = -1;
}

function enter(state: TokenState, isa: Isa, at: number): number {
  if (state.junkFrom !== -1) flushJunk(state);
  const { classes } = state;
  classes.set(CLASSES);
  const { element, component, repetition, segment } = isa.delimiters;
  state.delimiters = isa.delimiters;
  state.terminator = delimiterBytes(segment);
  if (component && component.charCodeAt(0) < 0x80) classes[component.charCodeAt(0)] = COMPONENT;
  if (repetition && repetition.charCodeAt(0) < 0x80) classes[repetition.charCodeAt(0)] = REPETITION;
  classes[element.charCodeAt(0)] = SEPARATOR;
  classes[state.terminator[0]!] = TERMINATOR;
  state.inside = true;
  state.met = true;
  state.skipping = false;
  state.sink.isa(isa, state.base + at);
  return at + isa.length;
}
