import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Alias, Document, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { remedyOf } from '../errors.ts';
import type { ErrorCode, Place } from '../errors.ts';
import { memberOf } from './plain.ts';
import type { Problem } from './types.ts';
import { readPlainYaml } from './yaml-plain.ts';
import type { Mark, Marks, PlainYaml } from './yaml-plain.ts';

export type Path = readonly (string | number)[];

/** A YAML file as read: plain data whose scalars are their source text (null stays null), and the way from a path to its line. */
export type YamlFile = {
  /** Absolute. */
  readonly file: string;
  readonly content: unknown;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  /** Where the value at this path stands, or the nearest thing around it that is there. With `key`, where its key stands. */
  readonly locate: (path: Path, key?: 'key') => Place;
};

export type ParsedYaml = { readonly yaml: YamlFile } | { readonly problems: readonly Problem[] };

const MAX_BYTES = 1024 * 1024;
const MAX_NODES = 200_000;
const MAX_DEPTH = 40;
const MAX_ALIASES = 1000;
const TOO_MUCH = 'the file holds too much once its aliases are followed';

/**
 * Reads YAML 1.2 (core schema, no merge keys, no tags of one's own). Numbers stay text, so that `01234` keeps its zero; booleans stay text too,
 * unless `booleans` is set. Broken, oversize and deeply nested files, duplicate keys and alias bombs give problems.
 */
export function parseYaml(file: string, bytes: Uint8Array, booleans = false): ParsedYaml {
  const shown = showFile(file);
  if (bytes.length > MAX_BYTES) return { problems: [problem({ file: shown }, 'CONFIG_YAML', 'the file is larger than 1 MB')] };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { problems: [problem({ file: shown }, 'CONFIG_YAML', 'the file is not UTF-8 text')] };
  }
  const simple = readPlainYaml(text, booleans, { nodes: MAX_NODES, depth: MAX_DEPTH });
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (simple) return { yaml: { file, content: simple.content, hash, locate: locator(simple, placesIn(text, shown)) } };
  return parseWholeYaml(text, { file, hash, booleans });
}

/** By the parser that knows all of YAML, and what is wrong. */
export function parseWholeYaml(
  text: string,
  { file, hash, booleans }: { readonly file: string; readonly hash: string; readonly booleans: boolean },
): ParsedYaml {
  const shown = showFile(file);
  const lines = new LineCounter();
  // Scalars are taken by their source text and keys are compared here: what the library does for them is half of the time it takes.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, schema: 'failsafe', uniqueKeys: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: shown, line, column: col };
  };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) return { problems: faults.map((fault) => problem(placeAt(fault.pos[0]), 'CONFIG_YAML', fault.message)) };
  const problems: Problem[] = [];
  const refuse = (node: Node, message: string): undefined => void problems.push(problem(placeAt(startOf(node)), 'CONFIG_YAML', message));
  const walk: Walk = { anchors: /(^|[\s,[{])&\S/m.test(text) ? anchorsOf(document) : new Map(), marks: new Map(), booleans, refuse, nodes: 0, aliases: 0 };
  const content = plain(document.contents, walk, 0);
  if (problems.length > 0) return { problems: problems.slice(0, 20) };
  return { yaml: { file, content, hash, locate: locator({ content, marks: walk.marks }, placeAt) } };
}

function locator({ content, marks }: PlainYaml, placeAt: (offset: number) => Place): YamlFile['locate'] {
  return (path, key) => placeAt(offsetOf(content, marks, path, key));
}

/** The line and column of an offset. Lines are looked for when the first is asked for: most files are never asked. */
function placesIn(text: string, file: string): (offset: number) => Place {
  let starts: number[] | undefined;
  return (offset) => {
    if (!starts) {
      starts = [0];
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    }
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { file, line: low + 1, column: offset - starts[low]! + 1 };
  };
}

/** A file's path as a person is shown it: relative where that is shorter. */
export function showFile(file: string): string {
  const shorter = relative(process.cwd(), file);
  return shorter === '' || shorter.startsWith('..') ? file : shorter;
}

/** A problem with the remedy of its code, or a better one. */
export function problem(place: Place, code: ErrorCode, message: string, options: { remedy?: string; severity?: 'error' | 'warning' } = {}): Problem {
  return { place, code, message, remedy: options.remedy ?? remedyOf(code), severity: options.severity ?? 'error' };
}

type Walk = {
  readonly anchors: ReadonlyMap<string, readonly Node[]>;
  readonly marks: Marks;
  readonly booleans: boolean;
  readonly refuse: (node: Node, message: string) => undefined;
  nodes: number;
  aliases: number;
};

function plain(given: unknown, walk: Walk, depth: number): unknown {
  if (isAlias(given)) return followed(given, walk, depth);
  if (!isNode(given)) return null;
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES) return walk.nodes === MAX_NODES + 1 ? walk.refuse(given, TOO_MUCH) : undefined;
  if (depth > MAX_DEPTH) return walk.refuse(given, 'is nested too deeply');
  if (isScalar(given)) return scalar(given, walk.booleans);
  const marks = new Map<string | number, Mark>();
  const result = isSeq(given) ? plainList(given, walk, { depth, marks }) : isMap(given) ? plainObject(given, walk, { depth, marks }) : undefined;
  if (!result) return walk.refuse(given, 'is not understood');
  walk.marks.set(result, marks);
  return result;
}

type Level = { readonly depth: number; readonly marks: Map<string | number, Mark> };

function plainList(node: YAMLSeq, walk: Walk, { depth, marks }: Level): readonly unknown[] {
  return node.items.map((item, index) => {
    const start = startOf(item);
    marks.set(index, { key: start, shown: start });
    return plain(item, walk, depth + 1);
  });
}

function plainObject(node: YAMLMap, walk: Walk, { depth, marks }: Level): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const pair of node.items) {
    const name = keyOf(pair);
    if (name === undefined || name === '__proto__') {
      walk.refuse(isNode(pair.key) ? pair.key : node, 'cannot be a key');
      continue;
    }
    const key = startOf(pair.key);
    if (marks.has(name)) {
      walk.refuse(isNode(pair.key) ? pair.key : node, 'Map keys must be unique');
      continue;
    }
    marks.set(name, { key, shown: isScalar(pair.value) && !isNull(pair.value) ? startOf(pair.value) : key });
    result[name] = plain(pair.value, walk, depth + 1);
  }
  return result;
}

function followed(alias: Alias, walk: Walk, depth: number): unknown {
  walk.aliases += 1;
  if (walk.aliases > MAX_ALIASES) return walk.aliases === MAX_ALIASES + 1 ? walk.refuse(alias, TOO_MUCH) : undefined;
  const target = walk.anchors.get(alias.source)?.findLast((node) => startOf(node) < startOf(alias));
  return target ? plain(target, walk, depth + 1) : walk.refuse(alias, `there is no anchor &${alias.source} before this`);
}

/** Every node that has an anchor, by its name, in the order of the text. */
function anchorsOf(document: Document.Parsed): ReadonlyMap<string, readonly Node[]> {
  const found: { readonly anchor: string; readonly node: Node }[] = [];
  visit(document, {
    Value: (_key, node) => {
      if (node.anchor !== undefined) found.push({ anchor: node.anchor, node });
    },
  });
  return new Map([...Map.groupBy(found, ({ anchor }) => anchor)].map(([anchor, list]) => [anchor, list.map(({ node }) => node)]));
}

/** The text of a scalar; null and, where they are wanted, booleans by the core schema of YAML 1.2. */
function scalar(node: Scalar, booleans: boolean): unknown {
  const text = typeof node.value === 'string' ? node.value : '';
  if (node.type !== 'PLAIN') return text;
  if (isNull(node)) return null;
  return booleans && /^(true|True|TRUE|false|False|FALSE)$/.test(text) ? text.toLowerCase() === 'true' : text;
}

function isNull({ type, value }: Scalar): boolean {
  return value === null || (type === 'PLAIN' && typeof value === 'string' && /^(null|Null|NULL|~|)$/.test(value));
}

function keyOf(pair: Pair): string | undefined {
  const key = isScalar(pair.key) ? scalar(pair.key, false) : undefined;
  return typeof key === 'string' ? key : undefined;
}

function offsetOf(content: unknown, marks: Marks, path: Path, want: 'key' | undefined): number {
  let value = content;
  let offset = 0;
  for (const [index, part] of path.entries()) {
    const mark = typeof value === 'object' && value !== null ? marks.get(value)?.get(part) : undefined;
    if (!mark) return offset;
    offset = want && index === path.length - 1 ? mark.key : mark.shown;
    value = memberOf(value, part);
  }
  return offset;
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
