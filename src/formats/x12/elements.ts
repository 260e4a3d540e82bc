/** Checks the elements of one segment against its definition: requirement, type, length, characters, codes, repetitions, components, syntax notes. */
import { AN, B, DT, ID, N, R, type ElementDefinition, type SegmentDefinition, type SyntaxNote } from './dictionary.ts';
import type { X12FindingCode } from './findings.ts';
import { COMPONENT, CONTROL, BREAK, elementText, isPresent, REPETITION, type Segment } from './segment.ts';
import type { Delimiters } from './types.ts';

/** What is wrong with an element: `number` counts from 1; component and repetition are 0 where they do not matter. */
export type ElementFault = {
  readonly code: X12FindingCode;
  readonly number: number;
  readonly component: number;
  readonly repetition: number;
  readonly definition: ElementDefinition | undefined;
  readonly value: string | undefined;
  readonly severity?: 'error';
  /** The element that calls for this one, or excludes it. */
  readonly trigger?: number;
};

export type ElementContext = {
  readonly delimiters: Delimiters;
  /** Releases before 004010 have dates of six digits. */
  readonly shortDates: boolean;
  readonly elementBytes: number;
  readonly report: (fault: ElementFault) => void;
};

/** Reports everything wrong with the elements of a segment. Costs no allocation where nothing is. */
export function checkElements(segment: Segment, definition: SegmentDefinition, context: ElementContext): void {
  const { marks, first, count, flags } = segment;
  const { elements } = definition;
  const known = count < elements.length ? count : elements.length;
  const structured = (flags & (COMPONENT | REPETITION | CONTROL | BREAK)) !== 0;
  let present = 0;
  for (let number = 1; number <= known; number++) {
    const element = elements[number - 1]!;
    const start = marks[first + number]!;
    const end = marks[first + number + 1]! - 1;
    if (start === end) {
      if (element.mandatory) fault(context, 'AK403-1', number, element);
      continue;
    }
    present |= 1 << number;
    if (structured || element.components !== undefined || element.unused || end - start > context.elementBytes) checkSlowly(segment, number, element, context);
    else checkValue(segment.text, start, end, number, element, context);
  }
  for (let number = count + 1; number <= definition.lastMandatory; number++)
    if (elements[number - 1]!.mandatory) fault(context, 'AK403-1', number, elements[number - 1]);
  if (count > elements.length) checkExtra(segment, elements.length, context);
  else if (count > 0 && !isPresent(segment, count)) fault(context, 'TRAILING-SEPARATORS', count, elements[count - 1]);
  const { notes } = definition;
  for (let index = 0; index < notes.length; index++) if (!holds(notes[index]!, present)) reportNote(segment, notes[index]!, elements, context);
}

function fault(context: ElementContext, code: X12FindingCode, number: number, definition: ElementDefinition | undefined, value?: string): void {
  context.report({ code, number, component: 0, repetition: 0, definition, value });
}

function checkExtra(segment: Segment, known: number, context: ElementContext): void {
  for (let number = known + 1; number <= segment.count; number++) {
    if (!isPresent(segment, number)) continue;
    fault(context, 'AK403-3', number, undefined, elementText(segment, number));
    return;
  }
  fault(context, 'TRAILING-SEPARATORS', segment.count, undefined);
}

/** One value that holds no delimiter and no control character. */
function checkValue(text: string, start: number, end: number, number: number, element: ElementDefinition, context: ElementContext): void {
  const { type } = element;
  let length = end - start;
  if (type === AN || type === ID || type === B) {
    if (length > element.max) length = trimmedLength(text, start, end);
    if (length < element.min) return fault(context, 'AK403-4', number, element, text.substring(start, end));
    if (length > element.max) return fault(context, 'AK403-5', number, element, text.substring(start, end));
    if (element.codes !== undefined) checkCode(text.substring(start, end), number, element, context);
    return;
  }
  const code = checkTyped(text, start, end, element, context.shortDates);
  if (code) fault(context, code, number, element, text.substring(start, end));
}

function checkCode(value: string, number: number, element: ElementDefinition, context: ElementContext): void {
  if (element.codes!.has(value)) return;
  context.report({ code: 'AK403-7', number, component: 0, repetition: 0, definition: element, value, ...(element.codesClosed ? { severity: 'error' } : {}) });
}

/** Trailing blanks do not count in the length of text. */
function trimmedLength(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && text.charCodeAt(last - 1) === 32) last--;
  return last - start;
}

function checkTyped(text: string, start: number, end: number, element: ElementDefinition, shortDates: boolean): X12FindingCode | undefined {
  if (element.type === R || element.type === N) return checkNumber(text, start, end, element);
  const length = end - start;
  for (let at = start; at < end; at++) if (!isDigit(text.charCodeAt(at))) return element.type === DT ? 'AK403-8' : 'AK403-9';
  if (element.type === DT) {
    if (length === 8 || (length === 6 && (shortDates || element.min === 6))) return isDate(text, start, length) ? undefined : 'AK403-8';
    return length < element.min ? 'AK403-4' : length > element.max ? 'AK403-5' : 'AK403-8';
  }
  if (length < element.min) return 'AK403-4';
  if (length > element.max) return 'AK403-5';
  return isTime(text, start, length) ? undefined : 'AK403-9';
}

/** Sign, decimal point and exponent do not count in the length. */
function checkNumber(text: string, start: number, end: number, element: ElementDefinition): X12FindingCode | undefined {
  let at = start;
  let digits = 0;
  let points = 0;
  if (text.charCodeAt(at) === 45) at++;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) digits++;
    else if (code === 46 && element.type === R && points === 0) points++;
    else if ((code === 69 || code === 101) && element.type === R && digits > 0 && /^[Ee][-]?\d{1,3}$/.test(text.substring(at, end))) break;
    else return 'AK403-6';
  }
  if (digits === 0) return 'AK403-6';
  if (digits < element.min) return 'AK403-4';
  return digits > element.max ? 'AK403-5' : undefined;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function two(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether digits are a day of the calendar: YYMMDD or CCYYMMDD. */
export function isDate(text: string, start: number, length: number): boolean {
  const month = two(text, start + length - 4);
  const day = two(text, start + length - 2);
  if (month < 1 || month > 12 || day < 1 || day > DAYS[month - 1]!) return false;
  if (month !== 2 || day !== 29 || length === 6) return true;
  const year = two(text, start) * 100 + two(text, start + 2);
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Whether digits are a time of day: HHMM, HHMMSS, HHMMSSD or HHMMSSDD. */
export function isTime(text: string, start: number, length: number): boolean {
  if (length < 4 || length === 5 || length > 8) return false;
  return two(text, start) < 24 && two(text, start + 2) < 60 && (length < 6 || two(text, start + 4) < 60);
}

/** A value that may hold repetitions, components or characters that no element may have. */
function checkSlowly(segment: Segment, number: number, element: ElementDefinition, context: ElementContext): void {
  const whole = elementText(segment, number);
  if (element.unused) return fault(context, 'AK403-I10', number, element, whole);
  if (whole.length > context.elementBytes) return fault(context, 'LIMIT-ELEMENT', number, element, whole);
  const { component, repetition } = context.delimiters;
  const repetitions = repetition && (segment.flags & REPETITION) !== 0 ? whole.split(repetition) : [whole];
  if (repetitions.length > element.repeats) context.report({ ...blame(number, element, 0, 0), code: 'AK403-12', value: whole });
  repetitions.forEach((text, index) => {
    const parts = component ? text.split(component) : [text];
    const inner: ElementContext = { ...context, report: (found) => context.report({ ...found, repetition: repetitions.length > 1 ? index + 1 : 0 }) };
    if (element.components) checkComposite(parts, number, element, inner);
    else if (parts.length > 1) inner.report({ ...blame(number, element, 2, 0), code: 'AK403-13', value: text });
    else checkPlain(text, number, element, inner);
  });
}

function blame(number: number, definition: ElementDefinition, component: number, repetition: number): Omit<ElementFault, 'code'> {
  return { number, component, repetition, definition, value: undefined };
}

function checkComposite(parts: readonly string[], number: number, element: ElementDefinition, context: ElementContext): void {
  const definitions = element.components!;
  definitions.forEach((definition, index) => {
    const value = parts[index] ?? '';
    const inner: ElementContext = { ...context, report: (found) => context.report({ ...found, component: index + 1 }) };
    if (value !== '') checkPlain(value, number, definition, inner);
    else if (definition.mandatory) inner.report({ ...blame(number, definition, index + 1, 0), code: 'AK403-1' });
  });
  if (parts.length > definitions.length) {
    const component = definitions.length + 1;
    context.report({ ...blame(number, element, component, 0), code: 'AK403-13', value: parts[component - 1]! });
  }
}

function checkPlain(value: string, number: number, element: ElementDefinition, context: ElementContext): void {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (element.type !== B && /[\0-\x1f\x7f]/.test(value)) return fault(context, 'AK403-6', number, element, value);
  checkValue(value, 0, value.length, number, element, context);
}

/** P all or none, R at least one, E at most one, C the first calls for all, L the first calls for at least one. `present` has a bit for each element. */
function holds(note: SyntaxNote, present: number): boolean {
  const { kind, first, rest } = note;
  const all = first | rest;
  switch (kind) {
    case 'P':
      return (present & all) === 0 || (present & all) === all;
    case 'R':
      return (present & all) !== 0;
    case 'E':
      return (present & all & ((present & all) - 1)) === 0;
    case 'C':
      return (present & first) === 0 || (present & rest) === rest;
    case 'L':
      return (present & first) === 0 || (present & rest) !== 0;
    default:
      return true;
  }
}

function reportNote(segment: Segment, note: SyntaxNote, elements: readonly ElementDefinition[], context: ElementContext): void {
  const { kind, elements: numbers } = note;
  if (kind === 'E') {
    const [trigger, second] = numbers.filter((number) => isPresent(segment, number));
    const value = elementText(segment, second!);
    return context.report({ ...blame(second!, elements[second! - 1]!, 0, 0), code: 'AK403-10', value, trigger: trigger! });
  }
  const absent = numbers.filter((number) => !isPresent(segment, number));
  const trigger = numbers.find((number) => isPresent(segment, number));
  for (const number of kind === 'R' || kind === 'L' ? absent.slice(0, 1) : absent)
    context.report({ ...blame(number, elements[number - 1]!, 0, 0), code: 'AK403-2', ...(trigger ? { trigger } : {}) });
}
