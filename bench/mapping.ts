/**
 * The mapping language against JSONata doing the same work in the same run, as ratios. Usage: `node bench/mapping.ts [pairs]`.
 * Coming in: an 850 of 20 lines → order. Going out: an order response of 20 lines → 855. Every run checks its answer.
 */
import { isDeepStrictEqual } from 'node:util';
import jsonata from 'jsonata';
import { parseYaml } from '../src/config/yaml-whole.ts';
import { compileMapping } from '../src/mapping/compile.ts';
import type { Mapping } from '../src/mapping/types.ts';
import { fromPlain, toPlain, type Node } from '../src/tree.ts';

const LINES = 20;
const IN = `
direction: in
document: order
source: { format: x12, set: "850" }
map:
  poNumber: { from: BEG03, required: true }
  orderDate: { from: BEG05, date: yyyyMMdd }
  department: "REF[REF01=DP].REF02"
  shipTo: { with: "N1[N101=ST]", map: { name: N102, code: N104, address: N3.N301 } }
  lines:
    each: PO1
    map: { lineRef: PO101, quantity: { from: PO102, decimal: true }, unit: PO103, price: PO104, gtin: { qualified: UP, in: PO106-PO125 }, description: "PID[PID01=F].PID05" }
`;
const OUT = `
direction: out
document: order-response
target: { format: x12, set: "855" }
map:
  BAK: { BAK01: { const: "00" }, BAK02: { from: verdict, table: { accepted: AD, changed: AC } }, BAK03: poNumber, BAK04: { from: orderDate, date: yyyyMMdd } }
  N1: { with: shipTo, map: { N101: { const: ST }, N102: name, N103: { const: "92" }, N104: code } }
  PO1:
    each: lines
    map: { PO101: lineRef, PO102: quantity, PO103: unit, PO106-PO125: { each: ids, map: { q: qualifier, v: value } }, ACK: { each: outcomes, map: { ACK01: { from: outcome, table: { accepted: IA, backordered: IB } }, ACK02: quantity, ACK03: unit } } }
  CTT: { CTT01: { count: lines } }
`;

/** The same in JSONata, over segments as arrays: `[id, element 01, …]`, a loop as its segment with what is inside under `in`. */
const JSONATA_IN = `{
  "poNumber": seg[e[0]='BEG'].e[3],
  "orderDate": $substring(seg[e[0]='BEG'].e[5], 0, 4) & '-' & $substring(seg[e[0]='BEG'].e[5], 4, 2) & '-' & $substring(seg[e[0]='BEG'].e[5], 6, 2),
  "department": seg[e[0]='REF' and e[1]='DP'].e[2],
  "shipTo": seg[e[0]='N1' and e[1]='ST'].{ "name": e[2], "code": e[4], "address": in[e[0]='N3'].e[1] },
  "lines": [seg[e[0]='PO1'].{ "lineRef": e[1], "quantity": e[2], "unit": e[3], "price": e[4], "gtin": $lookup({ e[6]: e[7], e[8]: e[9] }, 'UP'), "description": in[e[0]='PID' and e[1]='F'].e[5] }]
}`;
const JSONATA_OUT = `[
  { "e": ['BAK', '00', $lookup({'accepted':'AD','changed':'AC'}, verdict), poNumber, $replace(orderDate, '-', '')] },
  { "e": ['N1', 'ST', shipTo.name, '92', shipTo.code] },
  lines.{ "e": $reduce(ids, function($made, $id) { $append($made, [$id.qualifier, $id.value]) }, ['PO1', lineRef, quantity, unit, '', '']), "in": [outcomes.{ "e": ['ACK', $lookup({'accepted':'IA','backordered':'IB'}, outcome), quantity, unit] }] },
  { "e": ['CTT', $string($count(lines))] }
]`;

/** `shown` is the answer in the form that both are compared in; it is not part of what is measured. */
type Runner = { readonly run: () => unknown; readonly shown: (answer: never) => unknown };

function compiled(yaml: string): Mapping {
  const parsed = parseYaml('bench.yaml', Buffer.from(yaml));
  if (!('yaml' in parsed)) throw new Error('the YAML of the bench is wrong');
  const { content, locate } = parsed.yaml;
  const result = compileMapping({ name: 'bench', file: 'bench.yaml', content, locate: (path) => locate(path) });
  if ('problems' in result) throw new Error(result.problems.map((one) => one.message).join('; '));
  return result.mapping;
}

const seg = (name: string, fields: readonly string[], children: readonly Node[] = []): Node =>
  children.length > 0 ? { name, fields, children } : { name, fields };
const lineNumbers = Array.from({ length: LINES }, (_, i) => String(i + 1));

const order = seg(
  '850',
  ['850', '0001'],
  [
    seg('BEG', ['00', 'SA', 'PO0012', '', '20260305']),
    seg('REF', ['DP', '0042']),
    seg('N1', ['ST', 'STORE 0149', '92', '0149'], [seg('N3', ['1 MAIN STREET']), seg('N4', ['DENVER', 'CO', '80202'])]),
    ...lineNumbers.map((n) => seg('PO1', [n, '12', 'EA', '9.25', '', 'UP', '036000291452', 'VN', `SKU-${n}`], [seg('PID', ['F', '', '', '', 'TRAIL MIX'])])),
  ],
);
const response = {
  verdict: 'changed',
  poNumber: 'PO0012',
  orderDate: '2026-03-05',
  shipTo: { name: 'STORE 0149', code: '0149' },
  lines: lineNumbers.map((n) => ({
    lineRef: n,
    quantity: '12',
    unit: 'EA',
    ids: [
      { qualifier: 'UP', value: '036000291452' },
      { qualifier: 'VN', value: `SKU-${n}` },
    ],
    outcomes: [
      { outcome: 'accepted', quantity: '10', unit: 'EA' },
      { outcome: 'backordered', quantity: '2', unit: 'EA' },
    ],
  })),
};

type Plain = { readonly e: readonly unknown[]; readonly in?: readonly Plain[] };

const asArrays = (node: Node): Plain => ({ e: [node.name, ...(node.fields ?? [])], ...(node.children && { in: node.children.map(asArrays) }) });

/** CPU milliseconds (user and system) of one document. */
async function measure({ run }: Runner, milliseconds: number): Promise<number> {
  const until = performance.now() + milliseconds;
  const before = process.cpuUsage();
  let done = 0;
  while (performance.now() < until) {
    for (let i = 0; i < 20; i++) await run();
    done += 20;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / done;
}

async function answer({ run, shown }: Runner): Promise<unknown> {
  const made: unknown = JSON.parse(JSON.stringify(shown((await run()) as never)));
  return made;
}

async function compare(title: string, ours: Runner, theirs: Runner, pairs: number): Promise<void> {
  if (!isDeepStrictEqual(await answer(ours), await answer(theirs))) throw new Error(`${title}: the answers differ`);
  const ratios: number[] = [];
  let last = [0, 0];
  for (let pair = 0; pair < pairs; pair++) {
    last = [await measure(ours, 400), await measure(theirs, 400)];
    ratios.push(last[1]! / last[0]!);
  }
  const [us, them] = last.map((cost) => Math.round(1000 / cost));
  console.log(
    `${title}: ${us} documents a second of CPU, JSONata ${them}; median of ${pairs} pairs: ${ratios.toSorted((a, b) => a - b)[Math.floor(pairs / 2)]!.toFixed(0)} times`,
  );
}

const context = { variables: {}, table: () => undefined };
const pairs = Number(process.argv[2] ?? 5);
const [orders, answers] = [compiled(IN), compiled(OUT)];
const [ordersThere, answersThere] = [jsonata(JSONATA_IN), jsonata(JSONATA_OUT)];
const segments = { seg: (order.children ?? []).map(asArrays) };
const same = (given: unknown): unknown => given;
await compare(
  'an 850 of 20 lines → order',
  { run: () => orders.run(order, context).tree, shown: (tree: Node) => toPlain(tree) },
  { run: () => ordersThere.evaluate(segments), shown: same },
  pairs,
);
await compare(
  'an order response of 20 lines → 855',
  { run: () => answers.run(fromPlain('order-response', response), context).tree, shown: (tree: Node) => asArrays(tree).in },
  { run: () => answersThere.evaluate(response), shown: same },
  pairs,
);
