/** One functional group: its header, its sets' results, its trailer and verdict. */
import { releaseOf } from './definitions.ts';
import { ackCode, finding, type X12Finding, type X12FindingCode } from './findings.ts';
import { severityOf } from './leniency.ts';
import { elementOffset, elementText, type Segment } from './segment.ts';
import { setResults, type GrowingResults } from './set-results.ts';
import type { GroupHeader, GroupResult, TransactionSet, X12ReadOptions } from './types.ts';

export type OpenGroup = {
  readonly header: GroupHeader;
  readonly sets: GrowingResults;
  /** Sets that were not rejected, and whether one of them has errors. */
  taken: number;
  noted: boolean;
  /** ST02 of the last set; all of them once they no longer ascend. */
  lastControl: string;
  controls: Set<string> | undefined;
  readonly findings: X12Finding[];
  /** Sets met, also those that did not end. */
  received: number;
};

/** What a GS says. */
export function groupHeader(gs: Segment): GroupHeader {
  const element = (number: number): string => elementText(gs, number).trim();
  return {
    type: element(1),
    sender: element(2),
    receiver: element(3),
    date: element(4),
    time: element(5),
    control: element(6),
    agency: element(7),
    version: element(8),
    at: { offset: gs.at },
  };
}

/** A group that begins with this GS. `used` says whether its number, with its type, was there before in the interchange. */
export function openGroup(gs: Segment, used: boolean, options: X12ReadOptions): OpenGroup {
  const header = groupHeader(gs);
  const group: OpenGroup = { header, sets: setResults(), taken: 0, noted: false, lastControl: '', controls: undefined, findings: [], received: 0 };
  const say = (code: X12FindingCode, element: number, value: string, detail?: string): void =>
    note(group, options, finding(code, { ...place(gs, element), value, ...(detail ? { detail } : {}) }));
  if (!/^[A-Z0-9]{2}$/.test(header.type)) say('AK905-1', 1, header.type);
  if (!/^\d{1,9}$/.test(header.control)) say('AK905-6', 6, header.control);
  else if (used) say('AK905-19', 6, header.control);
  if (!/^\d{3,6}/.test(header.version)) say('AK905-2', 8, header.version);
  else if (!releaseOf(header.version).exact) say('RELEASE-NEAREST', 8, header.version, `${header.version} is read as ${releaseOf(header.version).release}`);
  return group;
}

/** Whether a set of the group had this ST02 before. As long as they ascend, as they nearly always do, nothing needs to be remembered for it. */
export function isRepeated(group: OpenGroup, control: string): boolean {
  const { lastControl } = group;
  if (!group.controls) {
    group.lastControl = control;
    if (lastControl === '' || (control.length === lastControl.length && control > lastControl)) return false;
    group.controls = new Set(Array.from(group.sets, (set) => set.control));
  }
  const repeated = group.controls.has(control);
  group.controls.add(control);
  return repeated;
}

/** Remembers what the acknowledgment needs of a set. */
export function addSet(group: OpenGroup, set: TransactionSet): void {
  group.sets.add(set);
  if (set.acceptance !== 'R') group.taken++;
  if (set.acceptance === 'E') group.noted = true;
}

/** The verdict on a group at its GE, or where it should have been. */
export function closeGroup(group: OpenGroup, ge: Segment | undefined, at: number, options: X12ReadOptions): GroupResult {
  const trailer = ge && { count: elementText(ge, 1).trim(), control: elementText(ge, 2).trim() };
  const say = (code: X12FindingCode, element: number, value: string, detail: string): void =>
    note(group, options, finding(code, { ...(ge ? place(ge, element) : { at: { offset: at } }), segment: 'GE', value, detail }));
  if (!trailer) note(group, options, finding('AK905-3', { at: { offset: at }, segment: 'GE' }));
  else {
    const { control } = group.header;
    if (!sameNumber(trailer.control, control)) say('AK905-4', 2, trailer.control, `GS06 ${control}, GE02 ${trailer.control}`);
    if (!sameNumber(trailer.count, String(group.received))) say('AK905-5', 1, trailer.count, `GE01 ${trailer.count}, found ${group.received}`);
  }
  return verdict(group, trailer, options);
}

function verdict(group: OpenGroup, trailer: GroupResult['trailer'], options: X12ReadOptions): GroupResult {
  const errors = group.findings.filter((item) => item.severity === 'error');
  const tolerated = (item: X12Finding): boolean => typeof options.acceptErrors === 'object' && options.acceptErrors.includes(item.code);
  const rejected = errors.some((item) => !tolerated(item));
  const { taken } = group;
  const noted = group.noted || errors.length > 0;
  const all = taken === group.received;
  const acceptance = rejected || (taken === 0 && group.received > 0) ? 'R' : !all ? 'P' : noted ? 'E' : 'A';
  const included = trailer && /^\d{1,6}$/.test(trailer.count) ? Number(trailer.count) : group.received;
  return {
    group: group.header,
    ...(trailer ? { trailer } : {}),
    sets: group.sets,
    included,
    received: group.received,
    accepted: rejected ? 0 : taken,
    acceptance,
    codes: [...new Set(errors.map((item) => ackCode(item.code)).filter((code) => code?.[0] === 'AK905'))].map((code) => code![1]).slice(0, 5),
    findings: group.findings,
  };
}

function note(group: OpenGroup, options: X12ReadOptions, item: X12Finding): void {
  const severity = severityOf(options.leniency, item);
  if (severity !== 'ignore') group.findings.push({ ...item, severity });
}

function place(segment: Segment, element: number): { at: { offset: number }; segment: string; element: string; elementNumber: number } {
  const id = elementText(segment, 0);
  return { at: { offset: elementOffset(segment, element) }, segment: id, element: `${id}${String(element).padStart(2, '0')}`, elementNumber: element };
}

/** Control numbers of groups and counts are compared as numbers: leading zeros vary. */
export function sameNumber(a: string, b: string): boolean {
  return a.trim() !== '' && strip(a) === strip(b);
}

function strip(text: string): string {
  return text.trim().replace(/^0+(?=.)/, '');
}
