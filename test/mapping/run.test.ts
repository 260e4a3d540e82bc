import { expect, test } from 'vitest';
import type { Rule } from '../../src/mapping/types.ts';
import { fromPlain, toPlain, type Node } from '../../src/tree.ts';
import { compiled, mapped, seg } from '../support/mapping.ts';

const IN = 'direction: in\ndocument: order\nsource: { format: x12, set: "850" }\n';
const run = (map: string, tree: Node, context = {}) => mapped(compiled(`${IN}map:\n  ${map}\n`), tree, context);
const beg = (...fields: readonly string[]): Node => seg('850', '850').under(seg('BEG', ...fields));

test.each([
  ['decimal: true', '1,5'],
  ['decimal: true', '1.23E+12'],
  ['decimal: true', '0.1234567'],
  ['decimal: { point: ",", group: "." }', '1.23,5'],
  ['decimal: { point: ",", group: "." }', '1,234.56'],
  ['decimal: { group: "," }', '1.234,56'],
  ['decimal: { group: "," }', '1.2,34'],
  ['decimal: { point: "," }', '1.5'],
  ['integer: true', '1.5'],
  ['date: yyyyMMdd', '20260229'],
  ['date: [yyyyMMdd, yyMMdd]', '261301'],
  ['time: HHmm', '2460'],
  ['table: { a: b }', 'x'],
  ['table: nowhere', 'x'],
  ['unit: { code: BEG02, table: { CS: 12 } }', '5'],
])('a value that cannot be changed by %s is a finding: %s', (change, value) => {
  const { findings, tree } = run(`a: { from: BEG01, ${change}, default: no, required: true }`, beg(value));
  expect(findings).toMatchObject([{ code: 'MAPPING_FAILED', severity: 'error', value, element: 'BEG01', segment: 'BEG' }]);
  expect(tree!.children).toEqual([]);
});

test('functions and expressions that fail are findings too', () => {
  for (const rule of [
    'expr: "BEG01 * 2"',
    'expr: "1 / 0"',
    'call: { function: gtin, args: [BEG01] }',
    'sum: BEG01',
    'expr: "addDays(BEG01, 1)"',
    'expr: "999999999999 * 999999999999"',
  ]) {
    expect(run(`a: { ${rule} }`, beg('036000291453')).findings.length + run(`a: { ${rule} }`, beg('x')).findings.length, rule).toBeGreaterThan(0);
  }
  expect(run('a: { from: BEG01, when: "BEG01 / 0 > 1" }', beg('5')).findings).toMatchObject([
    { code: 'MAPPING_FAILED', message: expect.stringContaining('division by zero') as unknown },
  ]);
});

test('a required list or record without any is a finding', () => {
  const { findings } = run('lines: { each: PO1, required: true, map: { a: PO101 } }\n  to: { with: N1, required: true, map: { a: N101 } }', beg('1'));
  expect(findings.map((one) => [one.code, one.message.split(':')[0]])).toEqual([
    ['DOCUMENT_INVALID', 'lines'],
    ['DOCUMENT_INVALID', 'to'],
  ]);
});

test('the tables of the partner win, entry by entry', () => {
  const mapping = compiled(`${IN}tables: { t: { a: own, b: own } }\nmap: { x: { from: BEG01, table: t }, y: { from: BEG02, table: t } }`);
  const { tree } = mapped(mapping, beg('a', 'b'), { table: (name) => (name === 't' ? { a: 'partner' } : undefined) });
  expect(toPlain(tree!)).toEqual({ x: 'partner', y: 'own' });
  const proto = mapped(mapping, beg('constructor', '__proto__'), { table: () => ({}) });
  expect(proto.findings.length).toBe(2);
});

test('a trace tells the rule, the source, the output path and the value', () => {
  const seen: unknown[] = [];
  const trace = (rule: Rule, source: unknown, path: string, value: string): void => void seen.push([rule.path, rule.place.line, source, path, value]);
  const tree: Node = {
    name: '850',
    children: [
      { name: 'PO1', fields: ['1'], at: { offset: 9 } },
      { name: 'PO1', fields: ['2'], at: { offset: 19 } },
    ],
  };
  run('lines: { each: PO1, map: { ref: PO101 } }', tree, { trace });
  expect(seen).toEqual([
    ['lines[].ref', 5, { offset: 9 }, 'lines[0].ref', '1'],
    ['lines[]', 5, { offset: 9 }, 'lines[0]', ''],
    ['lines[].ref', 5, { offset: 19 }, 'lines[1].ref', '2'],
    ['lines[]', 5, { offset: 19 }, 'lines[1]', ''],
  ]);
});

test('a mapping that looks at too much or makes too much is stopped with a finding', () => {
  const rows = Array.from({ length: 300 }, (_, i) => ({ name: 'row', children: [{ name: 'a', value: String(i) }] }));
  const tree: Node = { name: 'rows', children: rows };
  const csv = 'direction: in\ndocument: order\nsource: { format: csv }\n';
  const squared = compiled(`${csv}map: { x: { each: row, map: { y: { each: ../row, from: a } } } }`);
  expect(mapped(squared, tree, { limits: { steps: 20_000, output: 1e9 } })).toMatchObject({
    tree: undefined,
    findings: [{ code: 'MAPPING_FAILED', message: expect.stringContaining('more steps') as unknown }],
  });
  expect(mapped(squared, tree, { limits: { steps: 1e9, output: 10_000 } }).findings[0]!.message).toContain('more output');
  const deep = compiled(`${csv}map: { x: { count: "**/**/**/**/**" } }`);
  expect(mapped(deep, tree, { limits: { steps: 3000, output: 1e9 } }).findings).toHaveLength(1);
  const failing = compiled(`${csv}map: { x: { each: row, from: { from: a, date: yyyyMMdd } } }`);
  const many: Node = { name: 'rows', children: [...rows, ...rows, ...rows, ...rows] };
  expect(mapped(failing, many).findings).toHaveLength(1001);
});

test('XML, CSV, fixed columns and JSON are written from the same shape', () => {
  const order = fromPlain('order', {
    id: '7',
    total: '9.5',
    lines: [
      { sku: 'A', qty: '1' },
      { sku: 'B', qty: '2' },
    ],
  });
  const xml = compiled(`
direction: out
document: order
target: { format: xml, namespaces: { cbc: urn:c } }
map:
  Order:
    "@id": id
    cbc:Total: { map: { ".": total, "@currency": { const: USD } } }
    cbc:Absent: { map: { ".": nothing, "@currency": { const: USD } } }
    Line: { each: lines, map: { "@n": $position, Sku: sku } }
`);
  expect(mapped(xml, order).tree).toEqual({
    name: 'Order',
    children: [
      { name: '@id', value: '7' },
      { name: 'cbc:Total', value: '9.5', children: [{ name: '@currency', value: 'USD' }] },
      {
        name: 'Line',
        repeats: true,
        children: [
          { name: '@n', value: '1' },
          { name: 'Sku', value: 'A' },
        ],
      },
      {
        name: 'Line',
        repeats: true,
        children: [
          { name: '@n', value: '2' },
          { name: 'Sku', value: 'B' },
        ],
      },
    ],
  });
  const csv = compiled('direction: out\ndocument: order\ntarget: { format: csv }\nmap: { row: { each: lines, map: { order: ../id, sku: sku, qty: qty } } }');
  expect(toPlain(mapped(csv, order).tree!)).toEqual({
    row: [
      { order: '7', sku: 'A', qty: '1' },
      { order: '7', sku: 'B', qty: '2' },
    ],
  });
});

const leaf = (name: string, value: string): Node => ({ name, value });

test('paths of XML: namespaces, attributes, positions, conditions, any depth', () => {
  const party = (scheme: string, id: string): Node => ({ name: 'cac:Party', children: [{ name: 'cbc:ID', value: id, children: [leaf('@scheme', scheme)] }] });
  const tree: Node = {
    name: 'Order',
    children: [leaf('@v', '2.1'), party('DUNS', '1'), party('0088', '2'), { name: 'w', children: [{ name: 'w', children: [leaf('Odd.name', 'x')] }] }],
  };
  const map = `a: "@v"
  b: "cac:Party/cbc:ID[@scheme=0088]"
  c: "cac:Party[cbc:ID/@scheme='0088']/cbc:ID/@scheme"
  d: "cac:Party[2].cbc:ID"
  e: "**/'Odd.name'"
  f: "*[last]/w/#1"
  g: { expr: "cac:Party/cbc:ID = '1' ? 'yes' : 'no'" }
  h: { join: "cac:Party/cbc:ID/@scheme", separator: "," }`;
  const { tree: result, findings } = mapped(compiled(`direction: in\ndocument: order\nsource: { format: xml }\nmap:\n  ${map}\n`), tree);
  expect(findings).toEqual([]);
  expect(toPlain(result!)).toEqual({ a: '2.1', b: '2', c: '0088', d: '2', e: 'x', f: 'x', g: 'yes', h: 'DUNS,0088' });
});

const hl = (level: string, ...children: readonly Node[]): Node => ({ name: 'HL', fields: ['1', '', level], children });

test('levels of an 856 stand inside each other; components and repetitions of elements are read', () => {
  const item = (sku: string): Node => hl('I', seg('LIN', '', 'VN', sku));
  const tree: Node = { name: '856', children: [hl('S', hl('O', seg('PRF', '77'), hl('P', item('A'), item('B'))), hl('O', seg('PRF', '78'), item('C')))] };
  const map = `orders: { each: "HL[HL03=S]/HL[HL03=O]", map: { po: PRF01, items: { each: "**/HL[HL03=I]", from: LIN03 } } }`;
  expect(toPlain(run(map, tree).tree!)).toEqual({
    orders: [
      { po: '77', items: ['A', 'B'] },
      { po: '78', items: ['C'] },
    ],
  });
  const repeated: Node = {
    name: '837',
    children: [
      {
        name: 'SV1',
        fields: [
          [
            ['HC', '99213'],
            ['ZZ', 'x'],
          ],
        ],
      },
    ],
  };
  expect(toPlain(run('a: SV101-2\n  b: { join: SV101-2, separator: "," }\n  c: SV101', repeated).tree!)).toEqual({ a: '99213', b: '99213,x', c: 'HC' });
});

test.each([
  'REF02',
  '{ from: REF02, default: none }',
  '{ from: REF02, required: true }',
  '{ first: [REF02, BEG01, { const: x }] }',
  '{ first: [REF02, { from: BEG02, default: y }] }',
  '{ join: [REF02, { const: z }, BEG01] }',
  '{ sum: REF02 }',
  '{ count: REF }',
  '{ count: { each: REF, where: REF02 } }',
  '{ expr: "REF02 ? 1 : 2" }',
  '{ call: { function: length, args: [REF02] } }',
  '{ qualified: UP, in: REF01-REF04 }',
  '{ pairs: REF01-REF04 }',
  '{ each: REF, map: { a: REF02, b: { const: c } } }',
  '{ each: REF, required: true, from: REF02 }',
  '{ with: REF, map: { a: /BEG01 } }',
  '{ group: REF, by: [REF01], map: { n: { count: REF } } }',
  '{ map: { a: REF02, b: { from: BEG02, default: d } } }',
  '{ map: { a: REF02, b: { map: { c: { const: e } } } } }',
  '{ map: { a: REF02, b: { from: N102, required: true } } }',
  '{ with: N1, map: { a: /REF/REF02, b: N101 } }',
  '"REF[2].REF02"',
  '"*[REF01=UP].REF02"',
  'ST01',
])('a rule makes the same alone as among many, whether there is what it reads or not: %s', (rule) => {
  const idle = Array.from({ length: 12 }, (_, i) => `i${i}: ZZ${i + 10}`).join(', ');
  const trees = [['BEG', 'REF', 'N1'], ['BEG'], ['REF', 'REF'], ['N1'], []].map((names) =>
    seg('850', '850').under(...names.map((name) => seg(name, 'UP', '12'))),
  );
  for (const tree of trees) {
    const [alone, among] = [compiled(`${IN}map: { x: ${rule} }\n`), compiled(`${IN}map: { x: ${rule}, ${idle} }\n`)].map((one) => mapped(one, tree));
    expect(among!.tree).toEqual(alone!.tree);
    expect(among!.findings).toEqual(alone!.findings);
  }
});
