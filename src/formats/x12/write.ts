/** Writes one interchange (ASC X12.5) from trees. Counts and trailers are right by construction, and the bytes are read again before anyone gets them. */
import { WharfError } from '../../errors.ts';
import type { Node } from '../../tree.ts';
import type { AcknowledgmentStream } from './acknowledge.ts';
import { characterFilter, type CharacterPolicy } from './characters.ts';
import { delimiterBytes } from './isa.ts';
import { defaultLimits, readX12Sync } from './read.ts';
import { encode } from './text.ts';
import type { Delimiters, Encoding, Party } from './types.ts';
import { fillCounts } from './write-counts.ts';
import { segmentWriter, type SegmentWriter } from './write-segments.ts';

export type OutgoingSet = {
  readonly type: string;
  /** ST02, four to nine characters. */
  readonly control: string;
  /** A set's tree, as the reader gives it: its ST fields are made anew. What is under it may also come one after another. */
  readonly tree: Node | AcknowledgmentStream;
  /** ST03, from 005010 on. The third field of the tree when absent. */
  readonly implementationReference?: string;
};

export type OutgoingGroup = {
  readonly type: string;
  readonly sender: string;
  readonly receiver: string;
  readonly control: string;
  readonly date: string;
  readonly time: string;
  /** GS08. */
  readonly version: string;
  /** GS07; X when absent. */
  readonly agency?: string;
  readonly sets: readonly OutgoingSet[];
};

export type OutgoingInterchange = CharacterPolicy & {
  readonly sender: Party;
  readonly receiver: Party;
  /** ISA13; padded with zeros to nine digits. */
  readonly control: string;
  /** ISA09 YYMMDD (or CCYYMMDD, of which the last six digits are taken) and ISA10 HHMM. */
  readonly date: string;
  readonly time: string;
  /** ISA12, five digits. */
  readonly version: string;
  readonly usage: string;
  readonly ackRequested: boolean;
  readonly delimiters: Delimiters;
  readonly groups: readonly OutgoingGroup[];
  /** TA1 segments, written before the first group. */
  readonly ta1s?: readonly Node[];
  /** ISA01 and ISA02, ISA03 and ISA04; `00` and blanks when absent. */
  readonly authorization?: { readonly qualifier: string; readonly value: string };
  readonly security?: { readonly qualifier: string; readonly value: string };
};

/**
 * The bytes of an interchange. Drops empty elements at the ends of segments; fills HL01, HL02 and HL04 of HL nodes without a number, and an empty
 * CTT01. @throws WharfError RENDER_FAILED with the segment, element and value that cannot be written.
 */
export function writeInterchange(given: OutgoingInterchange): Uint8Array {
  const { delimiters } = given;
  const repeats = given.version >= '00402' && delimiters.repetition !== '';
  const own = { ...delimiters, repetition: repeats ? delimiters.repetition : '' };
  checkDelimiters(own);
  const filter = characterFilter([own.element, own.component, own.repetition, own.segment], given);
  const encoding = given.encoding ?? 'utf-8';
  const writer = segmentWriter(own, filter, (text) => encoded(text, encoding));
  writer.raw(isaText(given, own));
  for (const ta1 of given.ta1s ?? []) writer.segment('TA1', ta1.fields ?? []);
  for (const group of given.groups) writeGroup(writer, group);
  writer.segment('IEA', [String(given.groups.length), padControl(given.control)]);
  const bytes = writer.bytes();
  readBack(bytes, encoding, writer.longest());
  return bytes;
}

function encoded(text: string, encoding: Encoding): Uint8Array {
  const { bytes, missing } = encode(text, encoding);
  if (missing !== undefined) throw refused(`the character ${missing} does not exist in ${encoding}`, missing);
  return bytes;
}

function writeGroup(writer: SegmentWriter, group: OutgoingGroup): void {
  const { type, sender, receiver, date, time, control, version } = group;
  writer.segment('GS', [type, sender, receiver, date, time, control, group.agency ?? 'X', version]);
  for (const set of group.sets) {
    const before = writer.count();
    const reference = set.implementationReference ?? (set.tree.fields?.[2] as string | undefined) ?? '';
    writer.segment('ST', [set.type, set.control, reference]);
    const children = set.tree.children ?? [];
    for (const child of isArray(children) ? fillCounts(set.type, children) : children) writer.tree(child);
    writer.segment('SE', [String(writer.count() - before + 1), set.control]);
  }
  writer.segment('GE', [String(group.sets.length), control]);
}

function isArray(children: Iterable<Node>): children is readonly Node[] {
  return Array.isArray(children);
}

function isaText(given: OutgoingInterchange, delimiters: Delimiters): string {
  const { authorization, security, sender, receiver } = given;
  const elements: string[] = [
    fixed('ISA01', authorization?.qualifier ?? '00', 2),
    fixed('ISA02', authorization?.value ?? '', 10),
    fixed('ISA03', security?.qualifier ?? '00', 2),
    fixed('ISA04', security?.value ?? '', 10),
    fixed('ISA05', sender.qualifier, 2),
    fixed('ISA06', sender.id, 15),
    fixed('ISA07', receiver.qualifier, 2),
    fixed('ISA08', receiver.id, 15),
    fixed('ISA09', given.date.slice(-6), 6),
    fixed('ISA10', given.time.slice(0, 4), 4),
    given.version >= '00402' && delimiters.repetition ? delimiters.repetition : 'U',
    fixed('ISA12', given.version, 5),
    padControl(given.control),
    given.ackRequested ? '1' : '0',
    fixed('ISA15', given.usage, 1),
    delimiters.component,
  ];
  const bad = elements.slice(0, 10).findIndex((element) => [delimiters.element, delimiters.segment].some((delimiter) => element.includes(delimiter)));
  if (bad !== -1) throw refused(`ISA${String(bad + 1).padStart(2, '0')} "${elements[bad]!.trim()}" holds a delimiter`, elements[bad]!);
  return ['ISA', ...elements].join(delimiters.element);
}

function fixed(name: string, value: string, width: number): string {
  if (value.length > width) throw refused(`${name} "${value}" is longer than ${width} characters`, value);
  // oxlint-disable-next-line no-control-regex -- the ISA is plain ASCII
  if (/[^\x20-\x7e]/.test(value)) throw refused(`${name} "${value}" holds a character that an ISA cannot`, value);
  return value.padEnd(width);
}

function padControl(control: string): string {
  if (!/^\d{1,9}$/.test(control)) throw refused(`ISA13 "${control}" is not a number of up to nine digits`, control);
  return control.padStart(9, '0');
}

function checkDelimiters(delimiters: Delimiters): void {
  const used = [delimiters.element, delimiters.component, delimiters.repetition, delimiters.segment].filter((delimiter) => delimiter !== '');
  if (new Set(used).size !== used.length) throw refused(`two delimiters are the same: ${used.join(' ')}`, used.join(''));
  const bad = used.find((delimiter) => Array.from(delimiter).length !== 1 || /[A-Za-z0-9 ]/.test(delimiter));
  if (bad !== undefined || used.length < 3) throw refused(`"${bad ?? ''}" cannot be a delimiter`, bad ?? '');
  if (delimiterBytes(delimiters.element).length > 1) throw refused(`the element delimiter ${delimiters.element} is more than one byte`, delimiters.element);
  if (!/^[\r\n]*$/.test(delimiters.newline)) throw refused('what follows a segment terminator can only be a line end', delimiters.newline);
}

/** What a partner would find in the envelope, we find first. */
function readBack(bytes: Uint8Array, encoding: Encoding, longest: number): void {
  const limits = { segmentBytes: Math.max(defaultLimits.segmentBytes, 4 * longest) };
  const findings = readX12Sync(bytes, { validate: false, trees: false, encoding, limits }).flatMap((event) => {
    if (event.kind === 'interchange-end') return event.interchange.findings;
    if (event.kind === 'group-end') return event.group.findings;
    if (event.kind === 'set') return event.set.findings;
    return event.kind === 'finding' ? [event.finding] : [];
  });
  const error = findings.find((item) => item.severity === 'error' || item.code === 'JUNK');
  if (error) throw refused(`the file that was written does not read back: ${error.message}`, error.value ?? '', error.element ?? error.segment);
}

function refused(detail: string, value: string, element?: string): WharfError {
  return new WharfError('RENDER_FAILED', element ? `${element}: ${detail}` : detail, { value });
}
