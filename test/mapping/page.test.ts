import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { csv } from '../../src/formats/csv.ts';
import { compileExpression } from '../../src/mapping/evaluate.ts';
import { parseExpression } from '../../src/mapping/expression.ts';
import { functions } from '../../src/mapping/functions.ts';
import { keywords } from '../../src/mapping/keywords.ts';
import { startRun } from '../../src/mapping/run.ts';
import { fieldText, fromPlain, toPlain, type Node } from '../../src/tree.ts';
import { compiled, mapped, noContext } from '../support/mapping.ts';
import { readAll } from '../support/reading.ts';

const page = readFileSync(new URL('../../docs/mapping.md', import.meta.url), 'utf8');

/** The fenced blocks of the page in order, each with what stands behind its fence. */
const blocks = [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({ kind: match[1]!, text: match[2]! }));
const only = (kind: string): string => blocks.find((block) => block.kind === kind)!.text;

/** Segments whose indentation shows their loops. */
function x12(text: string): Node {
  const stack: { node: Node; children: Node[]; depth: number }[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const depth = line.search(/\S/);
    const [name = '', ...fields] = line.slice(depth).split('*');
    const children: Node[] = [];
    const node: Node = { name: name === 'ST' ? '850' : name, fields, children };
    while (stack.length > 0 && stack.at(-1)!.depth >= depth) stack.pop();
    stack.at(-1)?.children.push(node);
    stack.push({ node, children, depth });
    if (stack.length === 1) root = node;
  }
  return root;
}
let root: Node;

function lines(node: Node, depth = 0): string {
  return (node.children ?? [])
    .map((child) => `${'  '.repeat(depth)}${[child.name, ...(child.fields ?? []).map((field) => fieldText(field))].join('*')}\n${lines(child, depth + 1)}`)
    .join('');
}

function head(kind: string): string {
  if (kind === 'yaml out') return 'direction: out\ndocument: order-response\ntarget: { format: x12, set: "855" }';
  return `direction: in\ndocument: order\nsource: { format: ${kind === 'yaml csv' ? 'csv' : 'x12, set: "850"'} }`;
}

async function sourceOf(kind: string, at: number): Promise<Node> {
  if (kind === 'yaml out') return fromPlain('order-response', JSON.parse(only('canonical')));
  if (kind === 'yaml in') return x12(only('x12'));
  const { messages } = await readAll(csv.read([Buffer.from(blocks[at - 1]!.text)], {}));
  return messages[0]!.tree;
}

describe('docs/mapping.md', () => {
  const examples = blocks.flatMap((block, at) => (block.kind.startsWith('yaml ') ? [{ ...block, at, expected: blocks[at + 1]! }] : []));

  test.each(examples)('the example gives what stands below it: $text', async ({ kind, text, at, expected }) => {
    const mapping = compiled(`${head(kind)}\nmap:\n${text.replace(/^/gm, '  ')}`);
    const { tree, findings } = mapped(mapping, await sourceOf(kind, at), { variables: { partner: 'acme' } });
    expect(findings).toEqual([]);
    if (kind === 'yaml out') expect(lines(tree!)).toBe(expected.text);
    else expect(toPlain(tree!)).toEqual(JSON.parse(expected.text));
  });

  test('every keyword has a heading, and every heading of a keyword is one', () => {
    const headings = [...page.matchAll(/^### (.*)$/gm)].flatMap((match) => [...match[1]!.matchAll(/`(\w+)`/g)].map((name) => name[1]!));
    expect(headings.toSorted()).toEqual(Object.values(keywords).flat().toSorted());
  });

  test('the changes stand in the order in which they happen', () => {
    const chapter = page.slice(page.indexOf('## How a value is changed'), page.indexOf('## When there is none'));
    const named = [...chapter.matchAll(/^### (.*)$/gm)].flatMap((match) => [...match[1]!.matchAll(/`(\w+)`/g)].map((name) => name[1]!));
    expect(named.filter((name) => (keywords.change as readonly string[]).includes(name))).toEqual(keywords.change);
  });

  const rows = [...page.matchAll(/^\| (\w+)[^|]*\| `([^`]+)` \| (\S+) \|$/gm)].map((match) => ({ name: match[1]!, example: match[2]!, gives: match[3]! }));

  test('every function is in the table', () => {
    expect(rows.map((row) => row.name).toSorted()).toEqual(Object.keys(functions).toSorted());
  });

  test.each(rows)('$example gives $gives', ({ example, gives }) => {
    const parsed = parseExpression(example, false);
    if ('problem' in parsed) throw new Error(parsed.problem);
    const node: Node = { name: 'x' };
    expect(compileExpression(parsed)({ node, up: undefined, run: startRun(node, noContext), label: '', index: -1 })).toBe(gives);
  });
});
