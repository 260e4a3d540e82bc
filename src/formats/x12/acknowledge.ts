/** Functional acknowledgments of what was received (997, 999) and the interchange acknowledgment (TA1), as trees for the writer. */
import type { Field, Node } from '../../tree.ts';
import { releaseOf } from './definitions.ts';
import { ackCode, type X12Finding } from './findings.ts';
import type { GroupResult, InterchangeResult, SetResult } from './types.ts';

export { detailsOf, readAcknowledgment, readTa1, type AcknowledgedGroup, type AcknowledgedSet, type AcknowledgedInterchange } from './acknowledge-read.ts';

export type AcknowledgmentPolicy = {
  /** 999 for partners that ask for it; default 997. */
  readonly kind?: '997' | '999';
  /** The release of the acknowledgment: by default that of the group it answers. A 999 is always 005010. */
  readonly release?: '004010' | '005010';
  /** An AK2 loop for every set, or only for those with errors. Default `all`. */
  readonly sets?: 'all' | 'faulty';
  /** AK3 and AK4 detail of what is wrong. Default true. */
  readonly details?: boolean;
  /** The most AK3 a set. Default 1000. */
  readonly segmentNotes?: number;
  /** The delimiters of the file that the acknowledgment goes into: bad data that holds one is left out. Default `*`, `>`, `~` and `^`. */
  readonly delimiters?: string;
};

export type Ta1Policy = {
  /** `asked` when ISA14 is 1 (default), `always`, `never`; `errors` also tells of errors that nobody asked for. */
  readonly send?: 'asked' | 'always' | 'never' | 'errors';
};

const MOST_ELEMENT_NOTES = 99;

/** Codes that only one of the forms has: what stands for them elsewhere. */
const SEGMENT_997: Readonly<Record<string, string>> = { I4: '2' };
const ELEMENT_4010: Readonly<Record<string, string>> = { '12': '3', '13': '3', I10: '3' };
const ELEMENT_5010: Readonly<Record<string, string>> = { I10: '3' };
const SET_997: Readonly<Record<string, string>> = { '18': '6' };

type Form = {
  readonly kind: '997' | '999';
  readonly release: '004010' | '005010';
  readonly segmentNotes: number;
  readonly forbidden: string;
  readonly details: boolean;
};

/** An acknowledgment whose segments are made one after another, each time they are gone through: what answers many sets need not stand in memory. */
export type AcknowledgmentStream = { readonly name: Form['kind']; readonly fields: readonly string[]; readonly children: Iterable<Node> };

/**
 * The 997 or 999 that answers a group, as the tree of a set (ST02 is left to the writer); undefined for a group of acknowledgments, which is never
 * acknowledged. Follows ASC X12 997 (004010 and 005010) and 999 (005010).
 */
export function makeAcknowledgment(group: GroupResult, policy: AcknowledgmentPolicy = {}): Node | undefined {
  const stream = streamAcknowledgment(group, policy);
  return stream && { ...stream, children: [...stream.children] };
}

/** The same, for a writer that takes one segment after another. */
export function streamAcknowledgment(group: GroupResult, policy: AcknowledgmentPolicy = {}): AcknowledgmentStream | undefined {
  if (group.group.type === 'FA') return undefined;
  for (const set of group.sets) if (set.type === '997' || set.type === '999') return undefined;
  const kind = policy.kind ?? '997';
  const release = kind === '999' ? '005010' : (policy.release ?? releaseOf(group.group.version).release);
  const form: Form = { kind, release, segmentNotes: policy.segmentNotes ?? 1000, forbidden: policy.delimiters ?? '*>~^', details: policy.details ?? true };
  const fields = [kind, '', ...(kind === '999' ? ['005010X231A1'] : [])];
  return { name: kind, fields, children: { [Symbol.iterator]: () => segmentsOf(group, form, policy.sets === 'faulty') } };
}

function* segmentsOf(group: GroupResult, form: Form, faultyOnly: boolean): Generator<Node> {
  const { type, control, version } = group.group;
  yield segment('AK1', [said(type, form), said(control, form), ...(form.release === '005010' ? [said(version, form)] : [])]);
  // A group that is rejected as a whole accepts none of its sets: none is said to be accepted.
  const unsaid = faultyOnly || (group.acceptance === 'R' && group.codes.length > 0);
  for (const set of group.sets) if (set.acceptance !== 'A' || !unsaid) yield setResponse(set, form);
  const counts = [group.included, group.received, group.accepted].map(String);
  yield segment('AK9', [group.acceptance, ...counts, ...group.codes.slice(0, 5)]);
}

/** What follows the AK2 of a set without errors: the same for all of them. */
const CLEAN: Readonly<Record<Form['kind'], readonly Node[]>> = { '997': [{ name: 'AK5', fields: ['A'] }], '999': [{ name: 'IK5', fields: ['A'] }] };

function setResponse(set: SetResult, form: Form): Node {
  const reference = form.release === '005010' ? set.implementationReference : undefined;
  const [type, control] = [said(set.type, form), said(set.control, form)];
  const fields = reference ? [type, control, said(reference, form)] : [type, control];
  if (set.acceptance === 'A') return { name: 'AK2', fields, children: CLEAN[form.kind] };
  const errors = set.findings.filter((item) => item.severity === 'error');
  const children = form.details ? segmentNotes(errors, form, businessContext(set, form)) : [];
  const codes = [...new Set(set.codes.map((code) => (form.kind === '997' ? (SET_997[code] ?? code) : code)))];
  children.push(segment(form.kind === '999' ? 'IK5' : 'AK5', [set.acceptance, ...codes.slice(0, 5)]));
  return { name: 'AK2', fields, children };
}

/** One AK3 for each segment error, and one with code 8 for each segment whose elements have errors. */
function segmentNotes(errors: readonly X12Finding[], form: Form, context: readonly Node[]): Node[] {
  const notes: Node[] = [];
  const byPosition = new Map<string, X12Finding[]>();
  for (const item of errors) {
    const code = codeOf(item);
    if (!code || item.position === undefined || item.segment === 'SE') continue;
    const key = code[0] === 'AK304' ? `${item.position} ${code[1]} ${item.segment}` : `${item.position} elements`;
    const list = byPosition.get(key);
    if (list) list.push(item);
    else byPosition.set(key, [item]);
  }
  for (const items of byPosition.values()) {
    if (notes.length >= form.segmentNotes) break;
    const code = codeOf(items[0]!)!;
    const own = code[0] === 'AK304' ? code[1] : '8';
    const note = segmentNote(items, form.kind === '997' ? (SEGMENT_997[own] ?? own) : own, form);
    notes.push(context.length > 0 ? { ...note, children: [...context, ...(note.children ?? [])] } : note);
  }
  return notes;
}

/** In a 999, the business document that a fault is in: a CTX after each IK3. */
function businessContext({ businessId }: SetResult, form: Form): readonly Node[] {
  const value = businessId && free(businessId.value.slice(0, 35), form);
  return form.kind === '999' && value ? [segment('CTX', [[[businessId.element, value]]])] : [];
}

/** In a 999, the element that makes a missing one wanted or an excluded one wrong: a CTX after the IK4. */
function triggerContext({ trigger, segment: id, position, loop }: X12Finding, form: Form): readonly Node[] {
  if (form.kind === '997' || !trigger) return [];
  const place = [id!, String(position), free((loop ?? '').slice(0, 4), form), String(trigger.elementNumber)];
  return [segment('CTX', ['SITUATIONAL TRIGGER', ...place, /^\d+$/.test(trigger.reference) ? trigger.reference : ''])];
}

/** What a finding is in an acknowledgment: an HL that names no parent is a code that is not valid; limits have no code of their own. */
function codeOf(item: X12Finding): readonly [string, string] | undefined {
  const code = ackCode(item.code);
  if (code) return code[0] === 'AK502' ? undefined : code;
  if (item.code === 'HL-PARENT' || item.code === 'HL-NUMBER' || item.code === 'LIMIT-DEPTH') return ['AK403', '7'];
  if (item.code === 'LIMIT-ELEMENT') return ['AK403', '5'];
  return item.code === 'SEGMENT-EMPTY' || item.code === 'LIMIT-SEGMENT' ? ['AK304', '1'] : undefined;
}

function segmentNote(items: readonly X12Finding[], code: string, form: Form): Node {
  const first = items[0]!;
  const id = /^[A-Z][A-Z0-9]{1,2}$/.test(first.segment ?? '') ? first.segment! : 'ZZZ';
  const loop = (first.loop ?? '').slice(0, form.release === '005010' ? 4 : 6);
  const note = segment(form.kind === '999' ? 'IK3' : 'AK3', [id, String(first.position), free(loop, form), code]);
  if (code !== '8') return note;
  return { ...note, children: items.slice(0, MOST_ELEMENT_NOTES).map((item) => elementNote(item, form)) };
}

function elementNote(item: X12Finding, form: Form): Node {
  const own = codeOf(item)![1];
  const code = form.kind === '999' ? own : ((form.release === '005010' ? ELEMENT_5010 : ELEMENT_4010)[own] ?? own);
  const later = form.release === '005010';
  const place = [String(item.elementNumber ?? 0), item.component ? String(item.component) : '', later && item.repetition ? String(item.repetition) : ''];
  while (place.length > 1 && place.at(-1) === '') place.pop();
  const position: Field = place.length > 1 ? [place] : place[0]!;
  const note = segment(form.kind === '999' ? 'IK4' : 'AK4', [position, item.reference ?? '', code, free(item.value ?? '', form)]);
  const context = triggerContext(item, form);
  return context.length > 0 ? { ...note, children: context } : note;
}

/** Bad data is copied only when it cannot break the acknowledgment itself. */
function free(value: string, form: Form): string {
  const text = value.slice(0, 99).trimEnd();
  return said(text, form) === text ? text : '';
}

/** A name or number of the partner's, without what cannot be written: an answer to a part of it is better than none. */
function said(value: string, form: Form): string {
  if (/^[A-Za-z0-9]*$/.test(value)) return value;
  const plain = value.replace(/[^\x20-\x7e]/g, '');
  return Array.from(plain)
    .filter((character) => !form.forbidden.includes(character))
    .join('');
}

/** A segment without empty elements at its end. */
function segment(name: string, fields: readonly Field[]): Node {
  let length = fields.length;
  while (length > 0 && fields[length - 1] === '') length--;
  return { name, fields: fields.slice(0, length) };
}

/**
 * The TA1 that answers an interchange, or undefined where none is due: an interchange that holds nothing but a TA1 is never answered.
 * TA101 to TA103 are those of its ISA, also where the IEA differs.
 */
export function makeTa1(result: InterchangeResult, policy: Ta1Policy = {}): Node | undefined {
  const { interchange, verdict, groups, ta1s, truncated } = result;
  const send = policy.send ?? 'asked';
  if (send === 'never' || (groups === 0 && ta1s > 0 && !truncated && verdict.code === 'A')) return undefined;
  if (send !== 'always' && !interchange.ackRequested && (send !== 'errors' || verdict.code === 'A')) return undefined;
  // They are digits, and where they are not they may hold anything.
  const [control, date, time] = [interchange.control, interchange.date, interchange.time].map((text) => text.replace(/[^A-Za-z0-9]/g, ''));
  return { name: 'TA1', fields: [control!, date!, time!, verdict.code, verdict.note] };
}
