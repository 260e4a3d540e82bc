/** An 850 made into a checked canonical order: by the mapping that Wharf ships with, and by hand from what x12-parser groups. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toDocument, type CanonicalDocument } from '../src/canonical/document.ts';
import { parseYaml } from '../src/config/yaml-whole.ts';
import { compileMapping } from '../src/mapping/compile.ts';
import type { Node } from '../src/tree.ts';

type Order = Extract<CanonicalDocument, { kind: 'order' }>;

/** What makes the tree of an 850 an order. @throws Error when the mapping finds a fault in it. */
export function orderMaker(): (tree: Node) => Order {
  const file = join(import.meta.dirname, '..', 'mappings', 'x12', '850.yaml');
  const parsed = parseYaml(file, readFileSync(file));
  if (!('yaml' in parsed)) throw new Error('mappings/x12/850.yaml is no YAML');
  const { content, locate } = parsed.yaml;
  const compiled = compileMapping({ name: 'x12/850', file, content, locate: (path) => locate(path) });
  if ('problems' in compiled) throw new Error(compiled.problems.map((one) => one.message).join('; '));
  const context = { variables: { partner: 'bench' }, table: () => undefined };
  return (tree) => {
    const { tree: mapped, findings } = compiled.mapping.run(tree, context);
    if (!mapped || findings.length > 0) throw new Error(`the order is not mapped: ${JSON.stringify(findings)}`);
    const made = toDocument('order', mapped);
    if (!('document' in made) || made.document.kind !== 'order') throw new Error('the order is not what an order must be');
    return made.document;
  };
}

/** The sum of the quantities of an order. */
export function quantityOfOrder(order: Order): number {
  return order.lines.reduce((sum, line) => sum + Number(line.quantity), 0);
}

type Segment = { readonly name: string } & Readonly<Record<string, string>>;
/** What x12-parser's grouper gives: segments, and loops that hold more of both. */
export type Loop = { readonly name: string; readonly data: readonly (Segment | Loop)[] };

/** The loops of an 850 by which x12-parser groups it. */
export const LOOPS = {
  start: 'ST',
  end: 'SE',
  name: 'order',
  groups: [
    { start: 'N1', terminators: ['PO1', 'FOB', 'TD5'], name: 'party' },
    { start: 'PO1', terminators: ['CTT'], name: 'line' },
  ],
};

const isLoop = (one: Segment | Loop): one is Loop => 'data' in one;

/** The same order as JSON, without any check: each value read from its segment by hand. */
export function peerJson(loop: Loop): { readonly json: string; readonly segments: number; readonly quantity: number } {
  const segments = loop.data.filter((one): one is Segment => !isLoop(one));
  const loops = loop.data.filter(isLoop);
  const first = (name: string): Segment | undefined => segments.find((segment) => segment.name === name);
  const dated = (code: string): string | undefined => segments.find((segment) => segment.name === 'DTM' && segment['1'] === code)?.['2'];
  const lines = loops
    .filter(({ name }) => name === 'line')
    .map(({ data }) => {
      const [po1, ...rest] = data as readonly Segment[];
      const gtin = po1!['6'] === 'UP' ? po1!['7'] : undefined;
      return {
        ref: po1!['1'],
        quantity: po1!['2'],
        unit: po1!['3'],
        price: po1!['4'],
        gtin,
        sku: po1!['9'],
        text: rest.find(({ name }) => name === 'PID')?.['5'],
      };
    });
  const parties = loops
    .filter(({ name }) => name === 'party')
    .map(({ data }) => {
      const [n1, n3, n4] = data as readonly Segment[];
      return { role: n1!['1'], name: n1!['2'], code: n1!['4'], street: n3?.['1'], city: n4?.['1'], state: n4?.['2'], zip: n4?.['3'] };
    });
  const beg = first('BEG');
  const order = { poNumber: beg?.['3'], orderDate: beg?.['5'], shipBy: dated('010'), cancelAfter: dated('001'), parties, lines };
  const count = loops.reduce((sum, { data }) => sum + data.length, segments.length);
  return { json: JSON.stringify(order), segments: count, quantity: lines.reduce((sum, line) => sum + Number(line.quantity), 0) };
}
