import type { Failure, Frame } from './run.ts';
import { below, isObject, isTrue, member, problem, wholeNumber, type Content, type Scope } from './scope.ts';

export type Change = (value: string, frame: Frame) => string | Failure;

/** The code behind a code; undefined when there is none; a failure when there is no such table. */
type LookUp = (code: string, frame: Frame) => string | undefined | Failure;

/** The entries of an inline table; every entry must be text. */
export function tableEntries(content: Content, scope: Scope): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const [key, value] of Object.entries(content)) {
    if (typeof value === 'string') entries.set(key, value);
    else if (typeof value === 'boolean') entries.set(key, String(value));
    else problem(below(scope, key), 'an entry of a code table is a text');
  }
  return entries;
}

/** `table:` inline or by name, with `inverse:` to read it backwards: the way to a code. */
export function lookUpOf(content: unknown, inverse: boolean, scope: Scope): LookUp | undefined {
  if (isObject(content)) {
    const entries = inverse ? inverted(tableEntries(content, scope)) : tableEntries(content, scope);
    return (code) => entries.get(code);
  }
  if (typeof content !== 'string' || content === '') return problem(scope, 'a code table is a name or entries');
  const own = scope.compilation.tables.get(content);
  const entries = own && inverse ? inverted(own) : own;
  return (code, frame) => {
    const partners = frame.run.context.table(content);
    if (!partners && !entries) return { problem: `there is no code table "${content}"` };
    const found = partners && (inverse ? keyOf(partners, code, frame) : Object.hasOwn(partners, code) ? partners[code] : undefined);
    return found ?? entries?.get(code);
  };
}

function inverted(entries: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  for (const [key, value] of entries) if (!result.has(value)) result.set(value, key);
  return result;
}

function keyOf(table: Readonly<Record<string, string>>, value: string, frame: Frame): string | undefined {
  const entries = Object.entries(table);
  frame.run.steps -= entries.length;
  return entries.find((entry) => entry[1] === value)?.[0];
}

/** The change that `table:` makes, with `otherwise:` for codes that are not in it: `error` (so without it), `keep`, `drop` or `{ const: … }`. */
export function tableChange(content: Content, scope: Scope): Change | undefined {
  const inverse = isTrue(member(content, 'inverse'));
  const lookUp = lookUpOf(content['table'], inverse, below(scope, 'table'));
  const miss = otherwiseOf(content, scope);
  if (!lookUp) return undefined;
  return (value, frame) => lookUp(value, frame) ?? miss(value);
}

function unknownCode(value: string): Failure {
  return { problem: `"${value.slice(0, 40)}" is not in the code table` };
}

function otherwiseOf(content: Content, scope: Scope): (value: string) => string | Failure {
  const otherwise = member(content, 'otherwise');
  if (otherwise === undefined || otherwise === 'error') return unknownCode;
  if (otherwise === 'keep') return (value) => value;
  if (otherwise === 'drop') return () => '';
  const constant = isObject(otherwise) ? member(otherwise, 'const') : undefined;
  if (typeof constant === 'string') return () => constant;
  problem(below(scope, 'otherwise'), 'otherwise is error, keep, drop or { const: text }');
  return unknownCode;
}

/** A whole number of places from 0 to 6, or a problem. */
export function placesOf(value: unknown, scope: Scope): number | undefined {
  const places = wholeNumber(value, 0, 6);
  return places ?? problem(scope, 'places are 0 to 6');
}
