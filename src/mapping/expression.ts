import { parseDecimal, type Decimal } from '../decimal.ts';
import { namedFunction } from './functions.ts';
import { closing, parsePath, type Path } from './path.ts';
import type { Failure } from './run.ts';

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '&' | 'and' | 'or';

/** A condition or expression as a tree. */
export type Expression =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: Decimal }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'not' | 'minus'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'in'; readonly value: Expression; readonly list: readonly Expression[] }
  | { readonly kind: 'if'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'count'; readonly path: Path }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

const MAX_LENGTH = 2000;
const MAX_DEPTH = 40;
/** Operators from the loosest to the tightest, by their spellings. */
const LEVELS: readonly ReadonlyMap<string, Operator>[] = [
  new Map([
    ['or', 'or'],
    ['||', 'or'],
  ]),
  new Map([
    ['and', 'and'],
    ['&&', 'and'],
  ]),
  new Map([
    ['=', '='],
    ['==', '='],
    ['!=', '!='],
    ['<', '<'],
    ['<=', '<='],
    ['>', '>'],
    ['>=', '>='],
  ]),
  new Map([
    ['+', '+'],
    ['-', '-'],
    ['&', '&'],
  ]),
  new Map([
    ['*', '*'],
    ['/', '/'],
  ]),
];

type Token =
  | { readonly kind: 'operator' | 'text' | 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'path'; readonly text: string; readonly path: Path; readonly at: number }
  | { readonly kind: 'name'; readonly text: string; readonly at: number };

class SyntaxProblem extends Error {}

/**
 * Parses a condition or expression: `PO102 != '0' and (PO103 in ['EA', 'CS'] or not PO106)`, `PO102 * PO104`, `a ? b : c`, `coalesce(x, 'y')`, `count(PO1)`.
 * A bare word is a path; `-`, `*` and `/` are operators when a space stands before them. Gives the reason when it is none.
 */
export function parseExpression(text: string, positional: boolean): Expression | Failure {
  if (text.length > MAX_LENGTH) return { problem: `an expression of more than ${MAX_LENGTH} characters` };
  try {
    const tokens = tokenize(text, positional);
    const parser = { tokens, next: 0 };
    const result = conditional(parser, 0);
    const rest = tokens[parser.next];
    if (rest) throw new SyntaxProblem(`"${rest.text}" is not expected at character ${rest.at + 1}`);
    return result;
  } catch (error) {
    if (error instanceof SyntaxProblem) return { problem: `${error.message}: ${text}` };
    throw error;
  }
}

function tokenize(text: string, positional: boolean): readonly Token[] {
  const tokens: Token[] = [];
  let i = 0;
  while (i < text.length) {
    const c = text[i]!;
    if (/\s/.test(c)) {
      i++;
      continue;
    }
    const token = literal(text, i) ?? operator(text, i) ?? pathToken(text, i, positional);
    tokens.push(token.token);
    i = token.end;
  }
  return tokens;
}

function literal(text: string, at: number): { token: Token; end: number } | undefined {
  const c = text[at]!;
  if (c === "'" || c === '"') {
    const end = text.indexOf(c, at + 1);
    if (end < 0) throw new SyntaxProblem(`no closing ${c}`);
    return { token: { kind: 'text', text: text.slice(at + 1, end), at }, end: end + 1 };
  }
  const number = /^\d+(\.\d+)?(?![\w.])/.exec(text.slice(at, at + 40));
  return number ? { token: { kind: 'number', text: number[0], at }, end: at + number[0].length } : undefined;
}

function operator(text: string, at: number): { token: Token; end: number } | undefined {
  const word = /^(and|or|not|in)\b(?![.\w])/.exec(text.slice(at, at + 5));
  if (word) return { token: { kind: 'operator', text: word[0], at }, end: at + word[0].length };
  const two = text.slice(at, at + 2);
  if (['==', '!=', '<=', '>=', '&&', '||'].includes(two)) return { token: { kind: 'operator', text: two, at }, end: at + 2 };
  const c = text[at]!;
  const rooted = c === '/' && /^\/[A-Za-z@#`*]/.test(text.slice(at, at + 2)) && !endsOperand(text, at);
  if (!rooted && '=<>+-*/&!()[],?:'.includes(c)) return { token: { kind: 'operator', text: c, at }, end: at + 1 };
  return undefined;
}

/** Whether what stands before `at` is a value, so that a slash there divides. */
function endsOperand(text: string, at: number): boolean {
  const before = text.slice(0, at).trimEnd();
  return /[\w'")\]`]$/.test(before) && !/\b(and|or|not|in)$/.test(before);
}

function pathToken(text: string, from: number, positional: boolean): { token: Token; end: number } {
  let end = from;
  while (end < text.length) {
    const c = text[end]!;
    if (c === '[') {
      const close = closing(text, end);
      if (close < 0) throw new SyntaxProblem('no ] for a [');
      end = close + 1;
    } else if (c === '`') {
      const close = text.indexOf('`', end + 1);
      if (close < 0) throw new SyntaxProblem('no closing `');
      end = close + 1;
    } else if (c === '*' && (text[end - 1] === '/' || text[end - 1] === '.' || end === from)) end++;
    else if (/[\s()=<>!,?+*&|'"\]]/.test(c) || (c === ':' && /\s/.test(text[end + 1] ?? ' '))) break;
    else end++;
  }
  if (end === from) throw new SyntaxProblem(`"${text[from]}" is not expected at character ${from + 1}`);
  const word = text.slice(from, end);
  if (/^\s*\(/.test(text.slice(end)) && /^[A-Za-z]\w*$/.test(word)) return { token: { kind: 'name', text: word, at: from }, end };
  const path = parsePath(word, positional);
  if ('problem' in path) throw new SyntaxProblem(path.problem);
  return { token: { kind: 'path', text: word, path, at: from }, end };
}

type Parser = { readonly tokens: readonly Token[]; next: number };

function accept(parser: Parser, ...texts: readonly string[]): string | undefined {
  const token = parser.tokens[parser.next];
  if (token?.kind !== 'operator' || !texts.includes(token.text)) return undefined;
  parser.next++;
  return token.text;
}

function expect(parser: Parser, text: string): void {
  if (accept(parser, text) === undefined) throw new SyntaxProblem(`"${text}" is missing`);
}

function conditional(parser: Parser, depth: number): Expression {
  if (depth > MAX_DEPTH) throw new SyntaxProblem('an expression nested too deep');
  const test = level(parser, 0, depth + 1);
  if (accept(parser, '?') === undefined) return test;
  const yes = conditional(parser, depth + 1);
  expect(parser, ':');
  return { kind: 'if', test, yes, no: conditional(parser, depth + 1) };
}

function level(parser: Parser, index: number, depth: number): Expression {
  const operators = LEVELS[index];
  if (!operators) return unary(parser, depth);
  let left = level(parser, index + 1, depth);
  for (let length = 0; ; length++) {
    if (index === 2 && accept(parser, 'in') !== undefined) left = { kind: 'in', value: left, list: list(parser, depth) };
    const found = operators.get(accept(parser, ...operators.keys()) ?? '');
    if (found === undefined) return left;
    if (length > 100) throw new SyntaxProblem('more than 100 operators in a row');
    left = { kind: 'binary', operator: found, left, right: level(parser, index + 1, depth) };
  }
}

function list(parser: Parser, depth: number): readonly Expression[] {
  expect(parser, '[');
  const items: Expression[] = [];
  if (accept(parser, ']') !== undefined) return items;
  do items.push(conditional(parser, depth + 1));
  while (accept(parser, ',') !== undefined);
  expect(parser, ']');
  return items;
}

function unary(parser: Parser, depth: number): Expression {
  if (depth > MAX_DEPTH) throw new SyntaxProblem('an expression nested too deep');
  if (accept(parser, 'not', '!') !== undefined) return { kind: 'not', of: unary(parser, depth + 1) };
  if (accept(parser, '-') !== undefined) return { kind: 'minus', of: unary(parser, depth + 1) };
  return primary(parser, depth);
}

function primary(parser: Parser, depth: number): Expression {
  if (accept(parser, '(') !== undefined) {
    const inner = conditional(parser, depth + 1);
    expect(parser, ')');
    return inner;
  }
  const token = parser.tokens[parser.next];
  if (!token) throw new SyntaxProblem('something is missing at the end');
  parser.next++;
  if (token.kind === 'text') return { kind: 'text', value: token.text };
  if (token.kind === 'path') return { kind: 'path', path: token.path };
  if (token.kind === 'name') return call(parser, token.text, depth);
  const value = token.kind === 'number' ? parseDecimal(token.text) : undefined;
  if (value === undefined) throw new SyntaxProblem(`"${token.text}" is not expected at character ${token.at + 1}`);
  return { kind: 'number', value };
}

function call(parser: Parser, name: string, depth: number): Expression {
  expect(parser, '(');
  const args: Expression[] = [];
  if (accept(parser, ')') === undefined) {
    do args.push(conditional(parser, depth + 1));
    while (accept(parser, ',') !== undefined);
    expect(parser, ')');
  }
  if (name === 'count') {
    const [only] = args;
    if (args.length !== 1 || only?.kind !== 'path') throw new SyntaxProblem('count takes one path');
    return { kind: 'count', path: only.path };
  }
  const known = namedFunction(name);
  if (!known) throw new SyntaxProblem(`no function is called "${name}"`);
  if (args.length < known.least || args.length > known.most)
    throw new SyntaxProblem(`${name} takes ${known.least} to ${known.most} values, not ${args.length}`);
  return { kind: 'call', name, args };
}
