import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Alias, Document, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Place } from '../errors.ts';
import type { Problem } from './types.ts';
import { locator, MAX_DEPTH, MAX_NODES, parsePlainYaml, problem, showFile, yamlText } from './yaml.ts';
import type { ParsedYaml, YamlText } from './yaml.ts';
import type { Mark, Marks } from './yaml-plain.ts';

// Apart from `yaml.ts`, since the parser of this package is large and a start seldom needs it.

const MAX_ALIASES = 1000;
const TOO_MUCH = 'the file holds too much once its aliases are followed';

/**
 * Reads YAML 1.2 (core schema, no merge keys, no tags of one's own). Numbers stay text, so that `01234` keeps its zero; booleans stay text too,
 * unless `booleans` is set. Broken, oversize and deeply nested files, duplicate keys and alias bombs give problems.
 */
export function parseYaml(file: string, bytes: Uint8Array, booleans = false): ParsedYaml {
  const given = yamlText(file, bytes, booleans);
  return 'problems' in given ? given : (parsePlainYaml(given) ?? parseWholeYaml(given));
}

/** By the parser that knows all of YAML, and what is wrong. */
export function parseWholeYaml({ file, text, hash, booleans }: YamlText): ParsedYaml {
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

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
