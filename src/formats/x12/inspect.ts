/** What a file holds, for a person and as plain data. */
import { fieldText, type Field, type Node } from '../../tree.ts';
import { detailsOf, readAcknowledgment, readTa1 } from './acknowledge-read.ts';
import { releaseOf, setNames } from './definitions.ts';
import { codeMeaning, segmentDefinition, type ElementDefinition, type Release } from './dictionary.ts';
import type { X12Finding } from './findings.ts';
import type { GroupResult, InterchangeResult, Ta1, TransactionSet, X12Event } from './types.ts';

export type InspectedSet = {
  readonly type: string;
  readonly name: string;
  readonly control: string;
  /** Whether it is taken in the end: a set is rejected with its group or interchange too. */
  readonly accepted: boolean;
  readonly acceptance: string;
  readonly codes: readonly string[];
  readonly segments: number;
  readonly offset: number;
  readonly findings: readonly X12Finding[];
};

export type InspectedGroup = {
  readonly type: string;
  readonly sender: string;
  readonly receiver: string;
  readonly control: string;
  readonly version: string;
  readonly acceptance: string;
  readonly codes: readonly string[];
  readonly received: number;
  readonly accepted: number;
  readonly sets: readonly InspectedSet[];
  readonly findings: readonly X12Finding[];
};

export type InspectedInterchange = {
  /** As partner files write it: `ZZ/ACME`. */
  readonly sender: string;
  readonly receiver: string;
  readonly control: string;
  readonly date: string;
  readonly time: string;
  readonly version: string;
  readonly usage: string;
  readonly ackRequested: boolean;
  readonly delimiters: object;
  readonly offset: number;
  readonly verdict: InterchangeResult['verdict'];
  readonly truncated: boolean;
  readonly ta1s: readonly Ta1[];
  readonly groups: readonly InspectedGroup[];
  readonly findings: readonly X12Finding[];
};

export type Inspection = { readonly interchanges: readonly InspectedInterchange[]; readonly findings: readonly X12Finding[] };

/** Collects events into one report: give it every event, then ask for the result. Trees are not kept. */
export function inspector(): { readonly take: (event: X12Event) => void; readonly result: () => Inspection } {
  const interchanges: InspectedInterchange[] = [];
  const findings: X12Finding[] = [];
  let ta1s: Ta1[] = [];
  let groups: InspectedGroup[] = [];
  let sets: InspectedSet[] = [];
  const take = (event: X12Event): void => {
    if (event.kind === 'finding') findings.push(event.finding);
    else if (event.kind === 'ta1') ta1s.push(event.ta1);
    else if (event.kind === 'set') sets.push(inspectSet(event.set));
    else if (event.kind === 'group-end') {
      groups.push(inspectGroup(event.group, sets));
      sets = [];
    } else if (event.kind === 'interchange-end') {
      interchanges.push(inspectInterchange(event.interchange, ta1s, groups));
      ta1s = [];
      groups = [];
    }
  };
  return { take, result: () => ({ interchanges, findings }) };
}

function inspectSet(set: TransactionSet): InspectedSet {
  const { type, control, acceptance, codes, segments, findings } = set;
  return { type, name: setNames(type)?.name ?? '', control, accepted: set.accepted, acceptance, codes, segments, offset: set.at.offset, findings };
}

function inspectGroup(result: GroupResult, sets: readonly InspectedSet[]): InspectedGroup {
  const { type, sender, receiver, control, version } = result.group;
  const { acceptance, codes, received, accepted, findings } = result;
  return { type, sender, receiver, control, version, acceptance, codes, received, accepted, sets: acceptance === 'R' ? sets.map(rejected) : sets, findings };
}

function rejected(set: InspectedSet): InspectedSet {
  return { ...set, accepted: false };
}

function inspectInterchange(result: InterchangeResult, ta1s: readonly Ta1[], groups: readonly InspectedGroup[]): InspectedInterchange {
  const { sender, receiver, control, date, time, version, usage, ackRequested, delimiters, at } = result.interchange;
  const { verdict, truncated, findings } = result;
  const taken = verdict.code === 'R' ? groups.map((group) => ({ ...group, sets: group.sets.map(rejected) })) : groups;
  const parties = { sender: `${sender.qualifier}/${sender.id}`, receiver: `${receiver.qualifier}/${receiver.id}` };
  return { ...parties, control, date, time, version, usage, ackRequested, delimiters, offset: at.offset, verdict, truncated, ta1s, groups: taken, findings };
}

const VERDICTS: Readonly<Record<string, string>> = { A: 'accepted', E: 'accepted with errors', P: 'partly accepted', R: 'rejected' };

/** Text for one event after another: an indented tree with names and meanings, and each finding under what it is about. */
export function eventPrinter(): (event: X12Event) => string {
  let release: Release = '004010';
  return (event) => {
    switch (event.kind) {
      case 'interchange': {
        const { sender, receiver, control, date, time, version, usage, delimiters } = event.interchange;
        const signs = [delimiters.element, delimiters.component, delimiters.repetition, delimiters.segment].map((sign) => JSON.stringify(sign)).join(' ');
        return `Interchange ${control} from ${sender.qualifier}/${sender.id} to ${receiver.qualifier}/${receiver.id}, ${date} ${time}, version ${version}, usage ${usage}, delimiters ${signs}\n`;
      }
      case 'ta1':
        return `  TA1 for interchange ${event.ta1.control}: ${VERDICTS[event.ta1.code] ?? event.ta1.code}, note ${event.ta1.note}: ${readTa1(event.ta1).detail}\n`;
      case 'group': {
        const { type, sender, receiver, control, version } = event.group;
        release = releaseOf(version).release;
        return `  Group ${control} ${type} from ${sender} to ${receiver}, version ${version}\n`;
      }
      case 'set':
        return printSet(event.set, release);
      case 'group-end': {
        const { group, acceptance, received, accepted, codes, findings } = event.group;
        const why = codes.length > 0 ? `, codes ${codes.join(' ')}` : '';
        return `${printFindings(findings, '    ')}  End of group ${group.control}: ${VERDICTS[acceptance]}, ${accepted} of ${received} sets accepted${why}\n`;
      }
      case 'interchange-end': {
        const { interchange, verdict, truncated, findings } = event.interchange;
        const note = verdict.note === '000' ? '' : `, note ${verdict.note}`;
        return `${printFindings(findings, '  ')}End of interchange ${interchange.control}: ${VERDICTS[verdict.code]}${note}${truncated ? ', truncated' : ''}\n`;
      }
      case 'finding':
        return printFindings([event.finding], '');
    }
  };
}

function printFindings(findings: readonly X12Finding[], indent: string): string {
  return findings
    .map((item) => `${indent}${item.severity === 'error' ? '!!' : '! '} ${item.code} at byte ${item.at?.offset ?? 0}: ${item.message}${shown(item.value)}\n`)
    .join('');
}

function shown(value: string | undefined): string {
  return value ? ` (value ${JSON.stringify(value)})` : '';
}

function printSet(set: TransactionSet, release: Release): string {
  const name = setNames(set.type)?.name ?? 'unknown set';
  const codes = set.codes.length > 0 ? `, codes ${set.codes.join(' ')}` : '';
  const byPosition = new Map<number, X12Finding[]>();
  const others: X12Finding[] = [];
  for (const item of set.findings) {
    if (item.position === undefined || item.position > set.segments) others.push(item);
    else byPosition.set(item.position, [...(byPosition.get(item.position) ?? []), item]);
  }
  const lines = [`    ${set.type} ${name} ${set.control}: ${VERDICTS[set.acceptance]}${codes}, ${set.segments} segments\n`];
  const print = (node: Node, indent: string): void => {
    lines.push(printSegment(node, indent, release));
    const position = node.at?.segment ?? 0;
    lines.push(printFindings(byPosition.get(position) ?? [], `${indent}   `));
    byPosition.delete(position);
    for (const inner of node.children ?? []) print(inner, `${indent}  `);
  };
  lines.push(printFindings(byPosition.get(1) ?? [], '      '));
  byPosition.delete(1);
  for (const node of set.tree.children ?? []) print(node, '      ');
  for (const rest of [...byPosition.values(), others]) lines.push(printFindings(rest, '      '));
  if (set.type === '997' || set.type === '999') lines.push(printAcknowledgment(set.tree));
  return lines.join('');
}

/** What a 997 or 999 says of our documents, in plain words. */
function printAcknowledgment(tree: Node): string {
  const said = readAcknowledgment(tree);
  const lines = [`Our group ${said.type} ${said.control}: ${VERDICTS[said.code] ?? said.code}, ${said.accepted || 0} of ${said.received || 0} sets accepted`];
  lines.push(...said.details.map((detail) => `  ${detail}`));
  for (const set of said.sets)
    lines.push(`  Our ${set.type} ${set.control}: ${VERDICTS[set.code] ?? set.code}`, ...detailsOf(set).map((detail) => `    ${detail}`));
  return lines.map((line) => `      => ${line}\n`).join('');
}

function printSegment(node: Node, indent: string, release: Release): string {
  const definition = segmentDefinition(release, node.name);
  const lines = [`${indent}${node.name}${definition ? `  ${definition.name}` : ''}\n`];
  (node.fields ?? []).forEach((field, index) => {
    const text = fieldValue(field);
    if (text === '') return;
    const element = definition?.elements[index];
    const meaning = element && meaningOf(element, field);
    const name = `${node.name}${String(index + 1).padStart(2, '0')}`;
    lines.push(`${indent}   ${name} ${text}${meaning ? ` = ${meaning}` : ''}${element ? `   ${element.name}` : ''}\n`);
  });
  return lines.join('');
}

function meaningOf(element: ElementDefinition, field: Field): string | undefined {
  return codeMeaning(element.id, fieldText(field));
}

function fieldValue(field: Field): string {
  return typeof field === 'string' ? field : field.map((components) => components.join(' : ')).join(' ^ ');
}
