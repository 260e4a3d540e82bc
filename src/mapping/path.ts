import { asName } from '../tree.ts';
import type { Failure } from './run.ts';

/** `[N101=ST|SO]`, `[@type]`, `[2]`, `[last]` */
export type Test =
  | { readonly kind: 'position'; readonly index: number }
  | { readonly kind: 'equals'; readonly path: Path; readonly values: readonly string[]; readonly not: boolean }
  | { readonly kind: 'exists'; readonly path: Path };

export type Step =
  | { readonly kind: 'child'; readonly name: string; readonly tests: readonly Test[] }
  | { readonly kind: 'any'; readonly tests: readonly Test[] }
  | { readonly kind: 'deep'; readonly tests: readonly Test[] }
  | { readonly kind: 'nth'; readonly index: number; readonly tests: readonly Test[] };

export type Start =
  | { readonly kind: 'here' | 'root' }
  | { readonly kind: 'up'; readonly levels: number }
  | { readonly kind: 'parent'; readonly levels: number }
  | { readonly kind: 'variable'; readonly name: string };

/** An element as guides write it: `PO107`, `SV101-2`; with `to`, the elements `PO106-PO125`. Elements and components count from 1. */
export type ElementRef = { readonly segment: string; readonly element: number; readonly component: number; readonly to?: number };

export type Path = { readonly text: string; readonly start: Start; readonly steps: readonly Step[]; readonly element?: ElementRef };

const ELEMENT = /^([A-Z][A-Z0-9]{1,2})(\d\d)(?:-(\d{1,2}))?$/;
const RANGE = /^([A-Z][A-Z0-9]{1,2})(\d\d)-\1(\d\d)$/;
const MAX_LENGTH = 500;
const MAX_DEPTH = 8;

/** `PO107`, `SV101-2`, `PO106-PO125` as an element of a segment; undefined when the text is something else. */
export function parseElement(text: string): ElementRef | undefined {
  const range = RANGE.exec(text);
  if (range) return { segment: range[1]!, element: Number(range[2]), component: 1, to: Number(range[3]) };
  const match = ELEMENT.exec(text);
  if (!match || match[2] === '00') return undefined;
  return { segment: asName(match[1]!), element: Number(match[2]), component: Number(match[3] ?? 1) };
}

/**
 * A path as mappings write it. `positional` says that names such as `PO107` are elements of a segment (X12) rather than names of children.
 * Gives the reason when the text is not a path.
 */
export function parsePath(text: string, positional: boolean, depth = 0): Path | Failure {
  if (text.length > MAX_LENGTH) return { problem: `a path of more than ${MAX_LENGTH} characters` };
  if (depth > MAX_DEPTH) return { problem: 'brackets nested too deep' };
  const trimmed = text.trim();
  if (trimmed === '') return { problem: 'an empty path' };
  if (trimmed.startsWith('$')) {
    const name = trimmed.slice(1);
    if (!/^[A-Za-z_]\w*$/.test(name)) return { problem: `"${trimmed}" is no variable` };
    return { text: trimmed, start: { kind: 'variable', name }, steps: [] };
  }
  const { start, rest } = parseStart(trimmed);
  if (rest === '' || rest === '.') return { text: trimmed, start, steps: [] };
  return parseSteps(trimmed, start, rest, { positional, depth });
}

function parseStart(text: string): { start: Start; rest: string } {
  if (text.startsWith('/')) return { start: { kind: 'root' }, rest: text.slice(1) };
  const leap = /^(?:(?:\.\.(?:\/|$))+|(?:\^(?:\/|$))+)/.exec(text)?.[0] ?? '';
  const rest = text.slice(leap.length).replace(/^\.\//, '');
  if (leap.startsWith('^')) return { start: { kind: 'parent', levels: leap.replaceAll('/', '').length }, rest };
  return { start: leap === '' ? { kind: 'here' } : { kind: 'up', levels: leap.replaceAll('/', '').length / 2 }, rest };
}

function parseSteps(text: string, start: Start, rest: string, scope: { positional: boolean; depth: number }): Path | Failure {
  const steps: Step[] = [];
  let i = 0;
  while (i < rest.length) {
    const name = readName(rest, i);
    if ('problem' in name) return { problem: `${name.problem} in "${text}"` };
    i = name.end;
    const tests: Test[] = [];
    while (rest[i] === '[') {
      const end = closing(rest, i);
      if (end < 0) return { problem: `no ] for the [ in "${text}"` };
      const test = parseTest(rest.slice(i + 1, end), scope);
      if ('problem' in test) return test;
      tests.push(test);
      i = end + 1;
    }
    const last = i >= rest.length;
    if (!last && rest[i] !== '.' && rest[i] !== '/') return { problem: `"${rest[i]}" is not expected in "${text}"` };
    if (last && !name.quoted && scope.positional && tests.length === 0) {
      const element = parseElement(name.text);
      if (element) return { text, start, steps, element };
    }
    steps.push(toStep(name, tests));
    if (!last && i + 1 >= rest.length) return { problem: `"${text}" ends in a separator` };
    i++;
  }
  return { text, start, steps };
}

function toStep(name: { text: string; quoted: boolean }, tests: readonly Test[]): Step {
  if (name.quoted) return { kind: 'child', name: name.text, tests };
  if (name.text === '*') return { kind: 'any', tests };
  if (name.text === '**') return { kind: 'deep', tests };
  if (/^#[1-9]\d{0,4}$/.test(name.text)) return { kind: 'nth', index: Number(name.text.slice(1)), tests };
  return { kind: 'child', name: name.text, tests };
}

function readName(text: string, from: number): { text: string; quoted: boolean; end: number } | Failure {
  const quote = text[from];
  if (quote === "'" || quote === '"' || quote === '`') {
    const end = text.indexOf(quote, from + 1);
    return end < 0 ? { problem: `no closing ${quote}` } : { text: text.slice(from + 1, end), quoted: true, end: end + 1 };
  }
  let end = from;
  while (end < text.length && !'./[]\'"`=<>|,'.includes(text[end]!)) end++;
  const name = text.slice(from, end).trim();
  return name === '' ? { problem: 'a step without a name' } : { text: asName(name), quoted: false, end };
}

/** Where the bracket that opens at `from` closes, past nested brackets and quotes; -1 when nowhere. */
export function closing(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text[i]!;
    if (c === "'" || c === '"' || c === '`') {
      i = text.indexOf(c, i + 1);
      if (i < 0) return -1;
    } else if (c === '[') depth++;
    else if (c === ']' && --depth === 0) return i;
  }
  return -1;
}

function parseTest(text: string, scope: { positional: boolean; depth: number }): Test | Failure {
  const inner = text.trim();
  if (inner === 'last') return { kind: 'position', index: -1 };
  if (/^[1-9]\d{0,5}$/.test(inner)) return { kind: 'position', index: Number(inner) };
  const at = comparison(inner);
  const left = parsePath(at < 0 ? inner : inner.slice(0, inner[at - 1] === '!' ? at - 1 : at), scope.positional, scope.depth + 1);
  if ('problem' in left) return left;
  if (at < 0) return { kind: 'exists', path: left };
  const right = inner[at + 1] === '=' ? inner.slice(at + 2) : inner.slice(at + 1);
  return { kind: 'equals', path: left, values: right.split('|').map(unquote), not: inner[at - 1] === '!' };
}

function comparison(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '[') depth++;
    else if (text[i] === ']') depth--;
    else if (text[i] === '=' && depth === 0) return i;
  }
  return -1;
}

function unquote(text: string): string {
  const t = text.trim();
  const quote = t[0];
  return t.length >= 2 && (quote === "'" || quote === '"') && t.endsWith(quote) ? t.slice(1, -1) : t;
}
