import { isUtf8 } from 'node:buffer';
import type { Sources } from '../config/sources.ts';
import type { Config, ConfiguredMapping } from '../config/types.ts';
import type { Node } from '../tree.ts';
import type { Leaf, Leaves } from './guess-mapping.ts';
import { guessOrder, wordsOf, yamlPath } from './guess-mapping.ts';
import type { Fit } from './nearest-mapping.ts';
import { bestFit, fitOf, inboundMappings } from './nearest-mapping.ts';
import type { Proposal, Wanted } from './propose.ts';
import { channels, unreadLines } from './propose-x12.ts';
import { optionsOf, recordFormats } from '../pipeline/translate/record-formats.ts';
import { nameOf, SCHEMA_LINE, yamlMap, yamlText } from './yaml-text.ts';

type RecordFile = { readonly name: string; readonly bytes: Uint8Array; readonly format: 'csv' | 'xml' | 'json' };
type Options = Readonly<Record<string, unknown>>;

/** A mapping that reads less than this share of a sample is for something else. */
const NEAR = 0.5;

/** Proposes a partner who sends CSV, XML or JSON: by the nearest mapping there is, or by one guessed from the names in the sample. */
export async function proposeRecords(config: Config, sources: Sources, wanted: Wanted, file: RecordFile): Promise<Proposal> {
  const options = file.format === 'csv' ? csvOptions(file.bytes) : {};
  const fits = await Promise.all(
    inboundMappings(config, sources, ({ side }) => side.format === file.format).map((mapping) => fitFor(mapping, wanted.id, file, options)),
  );
  const near = bestFit(fits.filter(({ share, documents }) => share >= NEAR && documents.length > 0));
  const [whole] = await treesOf(file, options);
  const { record, sample } = recordOf(file.format, whole);
  const seen = [
    `${file.format.toUpperCase()}${describe(options)}${record ? `, a document each ${record}` : ''}`,
    ...(sample ? [`values: ${namesIn(sample).join(', ')}`] : []),
  ];
  const known = near ? byNearest(wanted.id, near, options) : undefined;
  const guessed = near ? undefined : byGuess(wanted.id, file, { record, sample, options });
  const { mappings, mapping, open } = known ?? guessed!;
  return { partner: `${partnerLines(wanted, file.format, mapping).join('\n')}\n`, mappings, seen, open };
}

type Made = { readonly mapping: string; readonly mappings: Proposal['mappings']; readonly open: readonly string[] };

/** The mapping as it is, or one that extends it where the file is cut differently. */
function byNearest(id: string, { mapping, findings, unread }: Fit, options: Options): Made {
  const open = [
    ...findings.map(({ message }) => `by ${mapping.name}: ${message}`),
    ...unreadLines(unread).map((line) => `${mapping.name} does not read ${line}`),
  ];
  const different = Object.fromEntries(Object.entries(options).filter(([key, value]) => value !== (optionsOf(mapping)[key] ?? usual[key])));
  if (Object.keys(different).length === 0) return { mapping: mapping.name, mappings: [], open };
  const name = `${id}/${mapping.name.split('/').at(-1)}`;
  const text = `# ${mapping.name} for the files of ${id}.\nextends: ${mapping.name}\nsource: ${yamlMap(different as Record<string, string>)}\n`;
  return { mapping: name, mappings: [{ name, text }], open };
}

const usual: Options = { delimiter: ',', encoding: 'utf-8' };

type Found = { readonly record: string | undefined; readonly sample: Node | undefined; readonly options: Options };

function byGuess(id: string, file: RecordFile, { record, sample, options }: Found): Made {
  const name = `${id}/orders`;
  const guess = guessOrder(sample ? leavesOf(file.format, sample) : { head: [], lines: [], each: '.' });
  const group = file.format === 'csv' ? /poNumber: \{ from: row\/([^,]+),/.exec(guess.map.join('\n'))?.[1] : undefined;
  const source = { format: file.format, ...(options as Record<string, string>), ...(record && { record }) };
  const shownSource = yamlMap(source).replace(' }', `${group ? `, group: [${group}]` : ''} }`);
  const lines = [
    `# Orders of ${id} → order, guessed from the names in ${file.name}: read every line, then \`wharf try\` the file.`,
    'direction: in',
    'document: order',
    `source: ${shownSource}`,
    'map:',
    ...guess.map,
    ...(guess.lost.length > 0 ? ['# Not read yet:', ...guess.lost.map(({ path, value }) => `#   ${path} ${JSON.stringify(value)}`)] : []),
  ];
  const open = [`no mapping is near; mappings/${name}.yaml is guessed from names`, ...guess.missing.map((path) => `nothing was found for ${path}`)];
  return {
    mapping: name,
    mappings: [{ name, text: `${lines.join('\n')}\n` }],
    open: [...open],
  };
}

function partnerLines({ id, template }: Wanted, format: RecordFile['format'], mapping: string): readonly string[] {
  const pattern = `, pattern: "*.${format}", format: ${format}`;
  const base = template ?? (format === 'csv' ? 'web-shop' : undefined);
  return [
    SCHEMA_LINE,
    `id: ${id}`,
    `name: ${yamlText(nameOf(id))}`,
    ...(base ? [`extends: ${base}`] : ['role: customer', ...channels(id, pattern)]),
    'inbound:',
    `  - { mapping: ${mapping} }`,
    '# What they get from us, each with a mapping of its own:',
    '# outbound:',
    `#   - { mapping: ${id}/confirmations, file: "confirmation_{poNumber}_{id}.${format}" }`,
  ];
}

async function fitFor(mapping: ConfiguredMapping, id: string, file: RecordFile, options: Options): Promise<Fit> {
  return fitOf(mapping, await treesOf(file, { ...optionsOf(mapping), ...options }), { partner: id, file: file.name });
}

async function treesOf({ format, bytes }: RecordFile, options: Options): Promise<readonly Node[]> {
  const trees: Node[] = [];
  for await (const event of recordFormats[format]!.read([bytes], options)) {
    if (event.kind === 'message' && !event.message.findings.some(({ severity }) => severity === 'error')) trees.push(event.message.tree);
  }
  return trees;
}

/** How a CSV is cut and written, where that is not the usual way. */
function csvOptions(bytes: Uint8Array): Options {
  const first = Buffer.from(bytes.subarray(0, 4096))
    .toString('latin1')
    .split(/\r?\n|\r/)[0]!;
  const count = (character: string): number => first.split(character).length - 1;
  const delimiter = [',', ';', '\t', '|'].toSorted((a, b) => count(b) - count(a))[0]!;
  return { ...(delimiter !== ',' && { delimiter: delimiter === '\t' ? 'tab' : delimiter }), ...(!isUtf8(bytes) && { encoding: 'windows-1252' }) };
}

function describe(options: Options): string {
  return Object.entries(options)
    .map(([key, value]) => `, ${key} ${JSON.stringify(value)}`)
    .join('');
}

/** The elements that are documents: the only kind of element inside the root, where that holds something; otherwise the root itself. */
function recordOf(format: RecordFile['format'], whole: Node | undefined): { readonly record: string | undefined; readonly sample: Node | undefined } {
  const inner = whole?.children?.filter(({ name }) => !name.startsWith('@')) ?? [];
  const [first] = inner;
  if (format !== 'xml' || !first?.children?.some(({ children }) => children) || inner.some(({ name }) => name !== first.name))
    return { record: undefined, sample: whole };
  return { record: `/${whole!.name}/${first.name}`, sample: first };
}

function leavesOf(format: RecordFile['format'], sample: Node): Leaves {
  if (format === 'csv') {
    const row = sample.children?.[0];
    const cells = (row?.children ?? []).map(({ name, value }) => ({ id: name, path: yamlPathStep(name), name: wordsOf(name), value: value ?? '' }));
    return { head: cells.map((cell) => ({ ...cell, path: `row/${cell.path}` })), lines: cells, each: 'row' };
  }
  const line = lineOf(sample, '');
  return { head: below(sample, '', line?.node), lines: line ? below(line.node, '') : [], each: line?.path ?? '.' };
}

function yamlPathStep(name: string): string {
  return yamlPath(name) === name ? name : `'${name}'`;
}

/** The first node that stands in a list, or that is called like a line, and has values of its own. */
function lineOf(node: Node, above: string): { readonly node: Node; readonly path: string } | undefined {
  for (const child of node.children ?? []) {
    const path = above === '' ? child.name : `${above}/${child.name}`;
    const repeats = child.repeats || node.children!.filter(({ name }) => name === child.name).length > 1;
    if (child.children && (repeats || /^(order_)?(line|item|detail|position)s?$/.test(wordsOf(child.name))) && child.children.some(({ children }) => !children))
      return { node: child, path };
    const deeper = lineOf(child, path);
    if (deeper) return deeper;
  }
  return undefined;
}

function below(node: Node, above: string, except?: Node): readonly Leaf[] {
  return (node.children ?? []).flatMap((child): readonly Leaf[] => {
    if (child === except || (except && child.name === except.name)) return [];
    const path = above === '' ? child.name : `${above}/${child.name}`;
    const own = (child.value ?? '') === '' ? [] : [{ id: `${child.at?.offset ?? ''} ${path}`, path, name: wordsOf(path), value: child.value! }];
    return [...own, ...below(child, path, except)];
  });
}

function namesIn(sample: Node): readonly string[] {
  const rows = sample.children?.[0]?.name === 'row' ? sample.children[0] : sample;
  return [...new Set(below(rows, '').map(({ path }) => path))];
}
