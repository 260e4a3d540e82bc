/** What a 997, 999 or TA1 of a partner says of documents of ours, in plain words. */
import { fieldText, type Node } from '../../tree.ts';
import { segmentDefinition } from './dictionary.ts';
import { findingList, type X12FindingCode } from './findings.ts';
import type { Ta1 } from './types.ts';

export type Verdict = 'accepted' | 'accepted-with-errors' | 'partly-accepted' | 'rejected';

export type AcknowledgedSet = {
  readonly type: string;
  readonly control: string;
  readonly verdict: Verdict;
  readonly code: string;
  readonly codes: readonly string[];
  /** One line for each thing that is wrong, such as `PO107 in segment 12: The code is not in the list (value "X")`. */
  readonly details: readonly string[];
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
  const details = children.filter((node) => node.name === 'AK3' || node.name === 'IK3').flatMap(readNote);
  const own = codes.filter((item) => item !== '5' || details.length === 0).map((item) => meaning('AK502', item));
  return { type: text(response, 1), control: text(response, 2), verdict: verdictOf(code), code, codes, details: [...own, ...details] };
}

function readNote(note: Node): string[] {
  const id = text(note, 1);
  const loop = text(note, 3);
  const place = `segment ${text(note, 2)}${loop ? ` (loop ${loop})` : ''}`;
  const code = text(note, 4);
  const elements = (note.children ?? []).filter((node) => node.name === 'AK4' || node.name === 'IK4').map((node) => readElementNote(node, id, place));
  return code === '8' || code === ''
    ? elements.length > 0
      ? elements
      : [`${id} in ${place}: ${meaning('AK304', '8')}`]
    : [`${id} in ${place}: ${meaning('AK304', code)}`, ...elements];
}

function readElementNote(note: Node, id: string, place: string): string {
  const position = note.fields?.[0];
  const number = Number(fieldText(position, 1) || 0);
  const component = fieldText(position, 2);
  const name = segmentDefinition('005010', id)?.elements[number - 1]?.name;
  const value = text(note, 4);
  const element = `${id}${String(number).padStart(2, '0')}${component ? `-${component}` : ''}${name ? ` (${name})` : ''}`;
  return `${element} in ${place}: ${meaning('AK403', text(note, 3))}${value ? ` (value "${value}")` : ''}`;
}

function meaning(element: string, code: string): string {
  const entry = findingList[`${element}-${code}` as X12FindingCode];
  return entry ? entry[1] : `code ${code}`;
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
