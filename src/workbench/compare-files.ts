import { isUtf8 } from 'node:buffer';
import type { Difference } from '../canonical/difference.ts';
import { difference } from '../canonical/difference.ts';
import { sniffRecordFormat } from '../formats/sniff.ts';
import { csv } from '../formats/csv.ts';
import type { Format } from '../formats/format.ts';
import { json } from '../formats/json.ts';
import { readX12Sync } from '../formats/x12/read.ts';
import { xml } from '../formats/xml.ts';
import type { Field, Node } from '../tree.ts';
import { toPlain } from '../tree.ts';
import { align } from './align.ts';

/**
 * What two files say differently: X12 by set, segment and element (`855 0001 segment 7 ACK02`), XML and JSON by path, CSV by row and column, anything
 * else by line. Files of other bytes that say the same differ only in how they are written, which is one difference.
 */
export async function compareFiles(before: Uint8Array, after: Uint8Array): Promise<readonly Difference[]> {
  if (Buffer.compare(before, after) === 0) return [];
  const format = sniffRecordFormat(before);
  const found = format === sniffRecordFormat(after) ? await byMeaning(format, before, after) : compareLines(before, after);
  return found.length > 0 ? found : [{ path: 'spaces, line ends or delimiters', before: `${before.length} bytes`, after: `${after.length} bytes` }];
}

async function byMeaning(format: string, before: Uint8Array, after: Uint8Array): Promise<readonly Difference[]> {
  if (format === 'x12') return compareX12(before, after);
  if (format === 'csv') return compareRows(await rowsOf(before), await rowsOf(after));
  if (format === 'xml') return difference(await plainOf(xml, before), await plainOf(xml, after));
  if (format === 'json') return difference(await plainOf(json, before), await plainOf(json, after));
  return compareLines(before, after);
}

type Segment = { readonly place: string; readonly id: string; readonly elements: readonly Field[] };

function compareX12(before: Uint8Array, after: Uint8Array): readonly Difference[] {
  const key = ({ id, elements }: Segment): string => JSON.stringify([id, elements]);
  return align(segmentsOf(before), segmentsOf(after), { key, kind: ({ id }) => id }).flatMap((pair) => {
    const { place } = (pair.after ?? pair.before)!;
    if (!pair.before || !pair.after) return [{ path: place, before: pair.before && showSegment(pair.before), after: pair.after && showSegment(pair.after) }];
    const [one, other] = [pair.before, pair.after];
    const count = Math.max(one.elements.length, other.elements.length);
    return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
      const [was, is] = [showElement(one.elements[index]), showElement(other.elements[index])];
      return was === is ? [] : [{ path: `${place}${String(index + 1).padStart(2, '0')}`, before: was || undefined, after: is || undefined }];
    });
  });
}

/** Every segment of a file but the trailers, which only count the others. */
function segmentsOf(bytes: Uint8Array): readonly Segment[] {
  return readX12Sync(bytes).flatMap((event): readonly Segment[] => {
    if (event.kind === 'interchange') return [{ place: 'ISA', id: 'ISA', elements: event.interchange.isa }];
    if (event.kind === 'ta1') {
      const { control, date, time, code, note } = event.ta1;
      return [{ place: 'TA1', id: 'TA1', elements: [control, date, time, code, note] }];
    }
    if (event.kind === 'group') {
      const { type, sender, receiver, date, time, control, agency, version } = event.group;
      return [{ place: 'GS', id: 'GS', elements: [type, sender, receiver, date, time, control, agency, version] }];
    }
    return event.kind === 'set' ? setSegments(event.set.type, event.set.control, event.set.tree) : [];
  });
}

function setSegments(type: string, control: string, tree: Node): readonly Segment[] {
  return [...below(tree)]
    .map((node, index): Segment => {
      const number = node.at?.segment ?? index + 2;
      return { place: `${type} ${control} segment ${number} ${node.name}`, id: node.name, elements: node.fields ?? [] };
    })
    .toSpliced(0, 0, { place: `${type} ${control} segment 1 ST`, id: 'ST', elements: [type, control] });
}

function* below(node: Node): Generator<Node> {
  for (const each of node.children ?? []) {
    yield each;
    yield* below(each);
  }
}

function showSegment({ id, elements }: Segment): string {
  return [id, ...elements.map(showElement)].join('*');
}

function showElement(field: Field | undefined): string {
  if (field === undefined || typeof field === 'string') return field ?? '';
  return field.map((components) => components.join(':')).join('^');
}

type Cells = Readonly<Record<string, string>>;

function compareRows(before: readonly Cells[], after: readonly Cells[]): readonly Difference[] {
  const numbers = new Map([...before, ...after].map((row) => [row, 0]));
  for (const rows of [before, after]) for (const [index, row] of rows.entries()) numbers.set(row, index + 1);
  return align(before, after, { key: (row) => JSON.stringify(row), kind: () => 'row' }).flatMap((pair) => {
    const place = `row ${numbers.get((pair.after ?? pair.before)!)}`;
    if (!pair.before || !pair.after) return [{ path: place, before: pair.before && showRow(pair.before), after: pair.after && showRow(pair.after) }];
    return difference(pair.before, pair.after).map((each) => ({ ...each, path: `${place} ${each.path}` }));
  });
}

function showRow(row: Cells): string {
  return Object.values(row).join(' | ');
}

async function rowsOf(bytes: Uint8Array): Promise<readonly Cells[]> {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1').split(/\r?\n/)[0]!;
  const delimiter = [',', ';', '\t', '|'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0]!;
  const rows: Cells[] = [];
  for await (const event of csv.read([bytes], { delimiter, encoding: isUtf8(bytes) ? 'utf-8' : 'windows-1252', group: 'row' })) {
    if (event.kind !== 'message') continue;
    for (const row of event.message.tree.children ?? []) rows.push(Object.fromEntries((row.children ?? []).map(({ name, value }) => [name, value ?? ''])));
  }
  return rows;
}

async function plainOf(format: Format<Record<string, never>>, bytes: Uint8Array): Promise<unknown> {
  const messages: unknown[] = [];
  for await (const event of format.read([bytes], {})) {
    if (event.kind === 'message')
      messages.push(format.name === 'xml' ? { [event.message.tree.name]: elementOf(event.message.tree) } : toPlain(event.message.tree));
  }
  return messages.length === 1 ? messages[0] : messages;
}

/** An XML element as plain data: what has attributes or elements inside may have text besides. */
function elementOf(node: Node): unknown {
  if (!node.children?.length) return node.value ?? '';
  const names = Map.groupBy(node.children, ({ name }) => name);
  const members = [...names].map(([name, nodes]) => [name, nodes.length === 1 ? elementOf(nodes[0]!) : nodes.map(elementOf)] as const);
  return Object.fromEntries(node.value ? [['text', node.value] as const, ...members] : members);
}

type Line = { readonly number: number; readonly text: string };

function compareLines(before: Uint8Array, after: Uint8Array): readonly Difference[] {
  const lines = (bytes: Uint8Array): readonly Line[] =>
    Buffer.from(bytes)
      .toString('utf8')
      .split(/\r?\n/)
      .map((text, index) => ({ number: index + 1, text }));
  return align(lines(before), lines(after), { key: ({ text }) => text, kind: () => 'line' })
    .filter((pair) => pair.before?.text !== pair.after?.text)
    .map((pair) => ({ path: `line ${(pair.after ?? pair.before)!.number}`, before: pair.before?.text.trim(), after: pair.after?.text.trim() }));
}
