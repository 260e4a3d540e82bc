import type { Failure } from './run.ts';

/** The parts of a date and time as text, each at its full width. */
export type Moment = {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly millisecond: string;
  /** `Z`, `+02:00` or '' when unknown. */
  readonly zone: string;
};

export type DateFormat = {
  readonly pattern: string;
  readonly read: (text: string) => Moment | undefined;
  readonly write: (moment: Moment) => string;
};

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const EMPTY: Moment = { year: '', month: '01', day: '01', hour: '00', minute: '00', second: '00', millisecond: '000', zone: '' };
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const ISO_TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?$/;

type Part = { readonly source: string; readonly take: (text: string, into: Record<string, string>) => void; readonly give: (m: Moment) => string };

const PARTS: Readonly<Record<string, Part>> = {
  yyyy: part('\\d{4}', 'year', (m) => m.year),
  yy: { source: '\\d{2}', take: (text, into) => (into['year'] = (Number(text) >= 70 ? '19' : '20') + text), give: (m) => m.year.slice(2) },
  MMM: {
    source: '[A-Za-z]{3}',
    take: (text, into) => (into['month'] = String(MONTHS.indexOf(text.toUpperCase()) + 1).padStart(2, '0')),
    give: (m) => MONTHS[Number(m.month) - 1] ?? '',
  },
  MM: part('\\d{2}', 'month', (m) => m.month),
  M: part('\\d{1,2}', 'month', (m) => String(Number(m.month))),
  dd: part('\\d{2}', 'day', (m) => m.day),
  d: part('\\d{1,2}', 'day', (m) => String(Number(m.day))),
  HH: part('\\d{2}', 'hour', (m) => m.hour),
  H: part('\\d{1,2}', 'hour', (m) => String(Number(m.hour))),
  mm: part('\\d{2}', 'minute', (m) => m.minute),
  ss: part('\\d{2}', 'second', (m) => m.second),
  SSS: { source: '\\d{3}', take: (text, into) => (into['millisecond'] = text), give: (m) => m.millisecond },
  SS: { source: '\\d{2}', take: (text, into) => (into['millisecond'] = `${text}0`), give: (m) => m.millisecond.slice(0, 2) },
  XXX: { source: 'Z|[+-]\\d{2}:?\\d{2}', take: (text, into) => (into['zone'] = zone(text)), give: (m) => m.zone },
};

function part(source: string, name: keyof Moment, give: (m: Moment) => string): Part {
  return { source, take: (text, into) => (into[name] = text.padStart(2, '0')), give };
}

/**
 * A format of dates or times: `yyyy yy MM M MMM dd d HH H mm ss SS SSS XXX`, other characters for themselves, letters in quotes (`yyyy-MM-dd'T'HH:mm`).
 * A part in brackets may be missing: `HHmm[ss]`. `iso` is ISO 8601. Two-digit years from 70 are of the last century.
 */
export function dateFormat(pattern: string): DateFormat | Failure {
  if (pattern === 'iso') return isoFormat;
  const known = formats.get(pattern);
  if (known) return known;
  const made = makeFormat(pattern);
  if (formats.size < MOST_FORMATS) formats.set(pattern, made);
  return made;
}

/** A company's mappings say the same few formats thousands of times. */
const formats = new Map<string, DateFormat | Failure>();
const MOST_FORMATS = 200;

function makeFormat(pattern: string): DateFormat | Failure {
  if (pattern.length > 60) return { problem: 'a date format of more than 60 characters' };
  const parts: Part[] = [];
  let expression = '';
  let writers: ((m: Moment) => string)[] = [];
  for (const token of pattern.match(/y+|M+|d+|H+|m+|s+|S+|X+|'[^']*'|\[|\]|[^\]]/g) ?? []) {
    const known = Object.hasOwn(PARTS, token) ? PARTS[token] : undefined;
    if (known) {
      parts.push(known);
      expression += `(${known.source})`;
      writers = [...writers, known.give];
    } else if (token === '[') expression += '(?:';
    else if (token === ']') expression += ')?';
    else {
      const literal = token.startsWith("'") && token.length > 1 ? token.slice(1, -1) : token;
      if (literal === token && /[A-Za-z]/.test(token)) return { problem: `"${token}" is no part of a date format` };
      expression += literal.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
      writers = [...writers, () => literal];
    }
  }
  if (parts.length === 0) return { problem: `"${pattern}" has no part of a date or time` };
  return fromExpression(pattern, expression, parts, writers);
}

function fromExpression(pattern: string, expression: string, parts: readonly Part[], writers: readonly ((m: Moment) => string)[]): DateFormat | Failure {
  let compiled: RegExp;
  try {
    compiled = new RegExp(`^${expression}$`);
  } catch {
    return { problem: `"${pattern}" is no date format` };
  }
  return {
    pattern,
    read: (text) => {
      const match = text.length > 60 ? null : compiled.exec(text);
      if (!match) return undefined;
      const into: Record<string, string> = {};
      parts.forEach((p, i) => {
        const found = match[i + 1];
        if (found !== undefined) p.take(found, into);
      });
      return valid({ ...EMPTY, ...into });
    },
    write: (moment) => writers.map((write) => write(moment)).join(''),
  };
}

/** ISO 8601: a date, a time or both. */
export const isoFormat: DateFormat = {
  pattern: 'iso',
  read: (text) => {
    const date = ISO.exec(text);
    const time = date ? undefined : ISO_TIME.exec(text);
    const clock = date ? date.slice(4) : time?.slice(1);
    if (!clock) return undefined;
    return valid({
      ...EMPTY,
      ...(date && { year: date[1]!, month: date[2]!, day: date[3]! }),
      hour: clock[0] ?? '00',
      minute: clock[1] ?? '00',
      second: clock[2] ?? '00',
      millisecond: (clock[3] ?? '').padEnd(3, '0').slice(0, 3),
      zone: zone(clock[4] ?? ''),
    });
  },
  write: (m) => `${isoDate(m)}T${isoTime(m)}${m.zone}`,
};

/** `2026-02-28` */
export function isoDate(m: Moment): string {
  return `${m.year}-${m.month}-${m.day}`;
}

/** `23:59`, or `23:59:30` when there are seconds. */
export function isoTime(m: Moment): string {
  const fraction = m.millisecond === '000' ? '' : `.${m.millisecond}`;
  return m.second === '00' && fraction === '' ? `${m.hour}:${m.minute}` : `${m.hour}:${m.minute}:${m.second}${fraction}`;
}

function zone(text: string): string {
  return /^[+-]\d{4}$/.test(text) ? `${text.slice(0, 3)}:${text.slice(3)}` : text;
}

/** The moment when the calendar and the clock have it. */
function valid(m: Moment): Moment | undefined {
  const month = Number(m.month);
  const day = Number(m.day);
  const year = m.year === '' ? 2000 : Number(m.year);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (Number(m.hour) > 23 || Number(m.minute) > 59 || Number(m.second) > 59) return undefined;
  return m;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The ISO date `days` after an ISO date; undefined when it is none. */
export function addDays(text: string, days: number): string | undefined {
  const moment = isoFormat.read(text);
  if (!moment || moment.year === '' || !Number.isSafeInteger(days) || Math.abs(days) > 100_000) return undefined;
  const shifted = new Date(Date.UTC(Number(moment.year), Number(moment.month) - 1, Number(moment.day) + days));
  return Number.isNaN(shifted.getTime()) || shifted.getUTCFullYear() > 9999 || shifted.getUTCFullYear() < 1000 ? undefined : shifted.toISOString().slice(0, 10);
}
