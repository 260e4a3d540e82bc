/** What a 997, 999 or TA1 of a partner says of documents of ours, in plain words. */
import { fieldText, type Node } from '../../tree.ts';
import { placeIn } from './acknowledge-place.ts';
import { codeMeaning, segmentDefinition } from './dictionary.ts';
import { findingList, type X12FindingCode } from './findings.ts';
import type { Ta1 } from './types.ts';

export type Verdict = 'accepted' | 'accepted-with-errors' | 'partly-accepted' | 'rejected';

export type AcknowledgedSet = {
  readonly type: string;
  readonly control: string;
  readonly verdict: Verdict;
  readonly code: string;
  readonly codes: readonly string[];
  /** What is wrong with the set as a whole, in words. */
  readonly details: readonly string[];
  readonly notes: readonly SegmentNote[];
};

/** What is wrong with one segment or element of a set of ours. */
export type SegmentNote = {
  /** Such as `PO107 (Product/Service ID)`. */
  readonly what: string;
  /** The number of the segment in the set, and the loop, as the partner gives them. */
  readonly segment: string;
  readonly loop: string;
  readonly missing: boolean;
  /** Such as `The code is not in the list (value "X")`. */
  readonly meaning: string;
};

export type AcknowledgedGroup = {
  /** GS01 and GS06 of the group of ours that is meant. */
  readonly type: string;
  readonly control: string;
  readonly verdict: Verdict;
  readonly code: string;
  readonly codes: readonly string[];
  readonly details: readonly string[];
  /** AK902 to AK904 as text. */
  readonly included: string;
  readonly received: string;
  readonly accepted: string;
  readonly sets: readonly AcknowledgedSet[];
};

export type AcknowledgedInterchange = {
  readonly control: string;
  readonly date: string;
  readonly time: string;
  readonly verdict: Verdict;
  readonly note: string;
  readonly detail: string;
};

/** What a received 997 or 999 says. A set that it does not name shares the fate of its group. */
export function readAcknowledgment(tree: Node): AcknowledgedGroup {
  const children = tree.children ?? [];
  const header = children.find((node) => node.name === 'AK1');
  const trailer = children.find((node) => node.name === 'AK9');
  const code = text(trailer, 1);
  const codes = list(trailer, 5);
  return {
    type: text(header, 1),
    control: text(header, 2),
    verdict: verdictOf(code),
    code,
    codes,
    details: codes.map((item) => meaning('AK905', item)),
    included: text(trailer, 2),
    received: text(trailer, 3),
    accepted: text(trailer, 4),
    sets: children.filter((node) => node.name === 'AK2').map(readSet),
  };
}

/** What a received TA1 says. */
export function readTa1(ta1: Ta1): AcknowledgedInterchange {
  const { control, date, time, code, note } = ta1;
  return { control, date, time, verdict: verdictOf(code), note, detail: note === '000' || note === '' ? 'no error' : meaning('TA105', note) };
}

function readSet(response: Node): AcknowledgedSet {
  const children = response.children ?? [];
  const trailer = children.find((node) => node.name === 'AK5' || node.name === 'IK5');
  const code = text(trailer, 1);
  const codes = list(trailer, 2);
  const notes = children.filter((node) => node.name === 'AK3' || node.name === 'IK3').flatMap(readNote);
  const details = codes.filter((item) => item !== '5' || notes.length === 0).map((item) => meaning('AK502', item));
  return { type: text(response, 1), control: text(response, 2), verdict: verdictOf(code), code, codes, details, notes };
}

/**
 * Everything a partner says is wrong with a set, a line for each thing: `PO107 (Product/Service ID) in segment 12: The code is not in the list (value "X")`.
 * With the tree of the set as we sent it, `PO107 (Product/Service ID) of the 3rd line, in segment 12: …`.
 */
export function detailsOf(set: AcknowledgedSet, ours?: Node): readonly string[] {
  return [...set.details, ...set.notes.map((note) => sayNote(note, ours))];
}

function sayNote({ what, segment, loop, missing, meaning: said }: SegmentNote, ours: Node | undefined): string {
  // Where a segment is missing, partners name its place or the one after: that may be another line already.
  const line = ours && !missing ? placeIn(ours, Number(segment)) : '';
  return `${what}${line ? ` of ${line},` : ''} in segment ${segment}${loop ? ` (loop ${loop})` : ''}: ${said}`;
}

function readNote(note: Node): SegmentNote[] {
  const id = text(note, 1);
  const code = text(note, 4);
  const place = { segment: text(note, 2), loop: text(note, 3), missing: code === '3' };
  const elements = (note.children ?? [])
    .filter((node) => node.name === 'AK4' || node.name === 'IK4')
    .map((node) => ({ ...place, ...readElementNote(node, id) }));
  if ((code === '8' || code === '') && elements.length > 0) return elements;
  return [{ ...place, what: id, meaning: meaning('AK304', code || '8') }, ...elements];
}

function readElementNote(note: Node, id: string): Pick<SegmentNote, 'what' | 'meaning'> {
  const position = note.fields?.[0];
  const number = Number(fieldText(position, 1) || 0);
  const component = fieldText(position, 2);
  const name = segmentDefinition('005010', id)?.elements[number - 1]?.name;
  const value = text(note, 4);
  const what = `${id}${String(number).padStart(2, '0')}${component ? `-${component}` : ''}${name ? ` (${name})` : ''}`;
  return { what, meaning: `${meaning('AK403', text(note, 3))}${value ? ` (value "${value}")` : ''}${reasonOf(note)}` };
}

/** The element that a 999 names as the reason: in a CTX under its IK4. */
function reasonOf(note: Node): string {
  const trigger = note.children?.find((node) => node.name === 'CTX' && fieldText(node.fields?.[0]).startsWith('SITUATIONAL'));
  const [id, number] = [text(trigger, 2), fieldText(trigger?.fields?.[4], 1)];
  return id && number ? `, because of ${id}${number.padStart(2, '0')}` : '';
}

/** The lists with the codes that we never give ourselves. */
const LISTS: Readonly<Record<string, string>> = { AK304: '620', AK403: '621', AK502: '618', AK905: '716' };

function meaning(element: string, code: string): string {
  const entry = findingList[`${element}-${code}` as X12FindingCode];
  return entry ? entry[1] : (codeMeaning(LISTS[element] ?? '', code) ?? `code ${code}`);
}

function verdictOf(code: string): Verdict {
  if (code === 'A') return 'accepted';
  if (code === 'E') return 'accepted-with-errors';
  return code === 'P' ? 'partly-accepted' : 'rejected';
}

function text(node: Node | undefined, number: number): string {
  return fieldText(node?.fields?.[number - 1]).trim();
}

function list(node: Node | undefined, from: number): string[] {
  return (node?.fields ?? [])
    .slice(from - 1)
    .map((field) => fieldText(field).trim())
    .filter((code) => code !== '');
}
