import { dateFormat, isoDate, isoFormat, isoTime, type DateFormat, type Moment } from './dates.ts';
import { keywords } from './keywords.ts';
import { decimalChange, integerChange, unitChange } from './numbers.ts';
import { below, isObject, isTrue, member, onlyKeys, problem, wholeNumber, type Content, type Scope } from './scope.ts';
import { tableChange, type Change } from './tables.ts';

type ChangeKeyword = (typeof keywords.change)[number];
type Compile = (value: unknown, scope: Scope) => Change | undefined;

const compilers: Readonly<Record<Exclude<ChangeKeyword, 'table'>, Compile>> = {
  trim: flag('trim', (value) => value.trim()),
  upper: flag('upper', (value) => value.toUpperCase()),
  lower: flag('lower', (value) => value.toLowerCase()),
  split,
  substring,
  replace,
  unit: unitChange,
  date: (value, scope) => moments(value, scope, 'date'),
  time: (value, scope) => moments(value, scope, 'time'),
  datetime: (value, scope) => moments(value, scope, 'datetime'),
  integer: integerChange,
  decimal: decimalChange,
  pad,
};

/** The changes of a rule, in the order of the keywords, whatever the order they are written in. */
export function compileChanges(content: Content, scope: Scope): readonly Change[] {
  const changes: Change[] = [];
  for (const keyword of keywords.change) {
    const value = member(content, keyword);
    if (value === undefined) continue;
    const change = keyword === 'table' ? tableChange(content, scope) : compilers[keyword](value, below(scope, keyword));
    if (change) changes.push(change);
  }
  return changes;
}

function flag(name: string, apply: (value: string) => string): Compile {
  return (value, scope) => (isTrue(value) ? apply : problem(scope, `${name} takes true`));
}

/** `split: { at: "-", part: 2 }`; parts count from 1, from the end with -1. */
function split(value: unknown, scope: Scope): Change | undefined {
  if (!isObject(value)) return problem(scope, 'split takes at and part');
  onlyKeys(value, ['at', 'part'], scope, 'split');
  const at = member(value, 'at');
  const part = wholeNumber(member(value, 'part'), -1000, 1000);
  if (typeof at !== 'string' || at === '' || !part) return problem(scope, 'split takes at (a text) and part (1, 2 …, or -1 for the last)');
  return (text) => text.split(at, 10_000).at(part > 0 ? part - 1 : part) ?? '';
}

/** `substring: 1-3`, `substring: 4-` or `substring: 2`: characters from 1, both ends included. */
function substring(value: unknown, scope: Scope): Change | undefined {
  const match = typeof value === 'string' ? /^(\d{1,6})(-)?(\d{1,6})?$/.exec(value) : null;
  const from = Number(match?.[1] ?? 0);
  if (!match || from < 1 || (match[3] !== undefined && Number(match[3]) < from))
    return problem(scope, 'substring takes first-last, counted from 1: "1-3", "4-" or "2"');
  const to = match[3] !== undefined ? Number(match[3]) : match[2] ? undefined : from;
  return (text) => text.slice(from - 1, to);
}

/** `replace: { "-": "", "/": " " }`: plain text, every occurrence, in order. */
function replace(value: unknown, scope: Scope): Change | undefined {
  if (!isObject(value)) return problem(scope, 'replace takes pairs of old and new text');
  const pairs: (readonly [string, string])[] = [];
  for (const [old, text] of Object.entries(value)) {
    if (old === '' || typeof text !== 'string' || text.length > 100) return problem(below(scope, old), 'replace takes pairs of old and new text');
    pairs.push([old, text]);
  }
  return (text) => {
    let result = text;
    for (const [old, fresh] of pairs) {
      if (result.length > 100_000) return { problem: 'a text longer than replace may make' };
      result = result.replaceAll(old, () => fresh);
    }
    return result;
  };
}

/** `pad: { left: 10 }`, `pad: { right: 10, with: "0" }` */
function pad(value: unknown, scope: Scope): Change | undefined {
  if (!isObject(value)) return problem(scope, 'pad takes left or right, and with');
  onlyKeys(value, ['left', 'right', 'with'], scope, 'pad');
  const left = wholeNumber(member(value, 'left'), 1, 1000);
  const right = wholeNumber(member(value, 'right'), 1, 1000);
  const fill = member(value, 'with') ?? ' ';
  if (typeof fill !== 'string' || fill.length !== 1) return problem(below(scope, 'with'), 'with is one character');
  if ((left === undefined) === (right === undefined)) return problem(scope, 'pad takes either left or right, a width of 1 to 1000');
  return left === undefined ? (text) => text.padEnd(right!, fill) : (text) => text.padStart(left, fill);
}

type Kind = 'date' | 'time' | 'datetime';

/** `date: yyyyMMdd`, a list of formats to read (the first is written), or `{ read, write }`. ISO 8601 stands on the canonical side. */
function moments(value: unknown, scope: Scope, kind: Kind): Change | undefined {
  const inwards = scope.compilation.direction === 'in';
  const sides = isObject(value) ? value : inwards ? { read: value } : { write: value };
  onlyKeys(sides, ['read', 'write'], scope, kind);
  const read = formats(member(sides, 'read'), isObject(value) ? below(scope, 'read') : scope);
  const write = formats(member(sides, 'write'), isObject(value) ? below(scope, 'write') : scope);
  if (!read || !write) return undefined;
  const give = write[0];
  const names = read.map(({ pattern }) => (pattern === 'iso' ? 'ISO 8601' : pattern)).join(' or ') || 'ISO 8601';
  const readers = read.length > 0 ? read : [isoFormat];
  return (text) => {
    for (const format of readers) {
      const moment = format.read(text.trim());
      if (moment && (kind === 'time' || moment.year !== '')) return give ? give.write(moment) : canonical(moment, kind);
    }
    return { problem: `"${text.slice(0, 40)}" is not a ${kind} like ${names}` };
  };
}

function formats(value: unknown, scope: Scope): readonly DateFormat[] | undefined {
  if (value === undefined) return [];
  const list: DateFormat[] = [];
  for (const pattern of Array.isArray(value) ? value : [value]) {
    const format = typeof pattern === 'string' ? dateFormat(pattern) : { problem: 'a format such as yyyyMMdd is expected' };
    if ('problem' in format) return problem(scope, format.problem);
    list.push(format);
  }
  return list;
}

function canonical(moment: Moment, kind: Kind): string {
  if (kind === 'date') return isoDate(moment);
  return kind === 'time' ? isoTime(moment) : `${isoDate(moment)}T${isoTime(moment)}${moment.zone}`;
}
