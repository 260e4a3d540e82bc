import { expect } from 'vitest';
import { toDocument } from '../../src/canonical/document.ts';
import type { CanonicalDocument, Kind } from '../../src/canonical/document.ts';
import { loadMappings } from '../../src/config/load-mappings.ts';
import { readSources } from '../../src/config/sources.ts';
import type { ConfiguredMapping } from '../../src/config/types.ts';
import type { Finding } from '../../src/finding.ts';
import { csv } from '../../src/formats/csv.ts';
import type { Message } from '../../src/formats/format.ts';
import { readX12 } from '../../src/formats/x12/read.ts';
import type { TransactionSet } from '../../src/formats/x12/types.ts';
import { writeInterchange } from '../../src/formats/x12/write.ts';
import { xml } from '../../src/formats/xml.ts';
import type { RunContext } from '../../src/mapping/types.ts';
import { fromPlain } from '../../src/tree.ts';
import type { Node } from '../../src/tree.ts';

/** The mappings of this repository, compiled as the daemon compiles them. */
export async function allMappings(): Promise<ReadonlyMap<string, ConfiguredMapping>> {
  const sources = await readSources('config/gateway.yaml');
  if (!sources.gateway) throw new Error('config/gateway.yaml cannot be read');
  const { values, problems } = loadMappings(sources);
  expect(problems).toEqual([]);
  return values;
}

const mappings = await allMappings();

export function mappingNamed(name: string): ConfiguredMapping {
  const found = mappings.get(name);
  if (!found) throw new Error(`there is no mapping ${name}`);
  return found;
}

export type Given = { readonly variables?: Record<string, string>; readonly tables?: Record<string, Record<string, string>> };

function contextOf({ variables, tables }: Given): RunContext {
  return { variables: { partner: 'acme', groupDate: '20260302', ...variables }, table: (name) => tables?.[name] };
}

/** What an inbound mapping makes of a tree; fails the test unless it is a whole document. */
export function documentOf<K extends Kind>(kind: K, name: string, tree: Node, given: Given = {}): Extract<CanonicalDocument, { kind: K }> {
  const { tree: made, findings } = mappingNamed(name).run(tree, contextOf(given));
  expect(findings).toEqual([]);
  const result = toDocument(kind, made!);
  if ('findings' in result) throw new Error(result.findings.map(({ message }) => message).join('; '));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- toDocument gives a document of the kind it is asked for
  return result.document as Extract<CanonicalDocument, { kind: K }>;
}

/** What an inbound mapping has to say of a tree it cannot take: its own findings, or those of the document it made. */
export function findingsOf(kind: Kind, name: string, tree: Node): readonly Finding[] {
  const { tree: made, findings } = mappingNamed(name).run(tree, contextOf({}));
  if (findings.length > 0) return findings;
  const result = toDocument(kind, made!);
  return 'findings' in result ? result.findings : [];
}

/** The tree that an outbound mapping makes of a canonical document, which must itself be one. */
export function treeOf(name: string, document: CanonicalDocument, given: Given = {}): Node {
  const checked = toDocument(document.kind, fromPlain(document.kind, document));
  expect('findings' in checked ? checked.findings : []).toEqual([]);
  const { tree, findings } = mappingNamed(name).run(fromPlain(document.kind, document), contextOf(given));
  expect(findings).toEqual([]);
  return tree!;
}

const GROUPS: Readonly<Record<string, string>> = { '865': 'CA', '850': 'PO', '855': 'PR', '856': 'SH', '810': 'IN', '940': 'OW', '945': 'SW' };

/** A file with one set of these segments (without ST and SE), one a line. */
export function interchange(set: string, segments: string, version: string): string {
  const body = segments
    .trim()
    .split(/\s*\n\s*/)
    .map((line) => `${line}~`);
  const isa = ['ISA', '00', ' '.repeat(10), '00', ' '.repeat(10), 'ZZ', 'ACME'.padEnd(15), 'ZZ', 'HARBORLANE'.padEnd(15), '260302', '0915', 'U', '00401'];
  return [
    `${[...isa, '000000001', '0', 'P', '>'].join('*')}~`,
    `GS*${GROUPS[set]}*ACMESTORES*HARBORLANE*20260302*0915*1*X*${version}~`,
    `ST*${set}*0001~`,
    ...body,
    `SE*${body.length + 2}*0001~`,
    'GE*1*1~',
    'IEA*1*000000001~',
  ].join('\n');
}

/** The sets of a file, none of which may have anything against it. */
export async function acceptedSets(bytes: Uint8Array): Promise<readonly TransactionSet[]> {
  const sets: TransactionSet[] = [];
  for await (const event of readX12([bytes])) {
    if (event.kind === 'set') sets.push(event.set);
    if (event.kind === 'finding') expect(event.finding).toBeUndefined();
    if (event.kind === 'group-end') expect(event.group.findings).toEqual([]);
    if (event.kind === 'interchange-end') expect(event.interchange.findings).toEqual([]);
  }
  for (const set of sets) expect(set.findings).toEqual([]);
  return sets;
}

/** The tree of the one set that these segments make. */
export async function setOf(set: string, segments: string, version = '004010'): Promise<Node> {
  const [only] = await acceptedSets(Buffer.from(interchange(set, segments, version)));
  expect(only?.accepted).toBe(true);
  return only!.tree;
}

/** A file with this one set, as we write it to a partner. */
export function bytesOf(set: string, tree: Node): Uint8Array {
  const delimiters = { element: '*', component: '>', repetition: '^', segment: '~', newline: '\n' };
  const [date, time] = ['20260302', '0930'];
  const group = { type: GROUPS[set]!, sender: 'HARBORLANE', receiver: 'ACMESTORES', control: '7', date, time, version: '004010' };
  return writeInterchange({
    sender: { qualifier: 'ZZ', id: 'HARBORLANE' },
    receiver: { qualifier: 'ZZ', id: 'ACME' },
    control: '7',
    date,
    time,
    version: '00401',
    usage: 'P',
    ackRequested: false,
    delimiters,
    characters: 'extended',
    onForbidden: 'refuse',
    groups: [{ ...group, sets: [{ type: set, control: '0001', tree }] }],
  });
}

/** The segments between ST and SE, one text each. */
export function segmentsOf(bytes: Uint8Array): readonly string[] {
  const all = new TextDecoder().decode(bytes).split(/~\n/);
  return all.slice(3, -4);
}

/** The format of a mapping's file. */
function formatOf({ side }: ConfiguredMapping): typeof csv | typeof xml {
  return side.format === 'csv' ? csv : xml;
}

/** The messages of a file without envelope, read as the mapping's source says. */
export async function messagesOf(name: string, bytes: Uint8Array): Promise<readonly Message[]> {
  const mapping = mappingNamed(name);
  const messages: Message[] = [];
  for await (const event of formatOf(mapping).read([bytes], mapping.side.options)) {
    if (event.kind === 'finding') expect(event.finding).toBeUndefined();
    else messages.push(event.message);
  }
  return messages;
}

/** The text of the file that an outbound mapping makes of a document. */
export function fileOf(name: string, document: CanonicalDocument): string {
  const mapping = mappingNamed(name);
  return new TextDecoder().decode(formatOf(mapping).write(treeOf(name, document), mapping.side.options));
}
