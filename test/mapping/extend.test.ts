import { expect, test } from 'vitest';
import { compileMapping } from '../../src/mapping/compile.ts';
import { toPlain } from '../../src/tree.ts';
import { compiled, mapped, mappingSource, seg } from '../support/mapping.ts';

const BASE = `
direction: in
document: order
source: { format: x12, set: "850" }
tables: { purposes: { "00": original } }
map:
  poNumber: { from: BEG03, required: true }
  currency: CUR02
  purpose: { from: BEG01, table: purposes }
  department: "REF[REF01=DP].REF02"
  lines: { each: PO1, map: { lineRef: PO101, quantity: { from: PO102, decimal: true }, price: PO104 } }
`;
const tree = seg('850', '850', '0001').under(seg('BEG', '05', '', '12'), seg('REF', 'DP', '14'), seg('PO1', '1', '2', '', '3'));

test('keys of the overlay win, deep by key; a path takes keywords; a new source replaces; null takes away; new keys keep their place', () => {
  const overlay = `
extends: test/base
tables: { purposes: { "05": replace } }
map:
  poNumber: { const: fixed }
  buyerNumber: BEG02
  currency: { default: CAD }
  department: null
  lines: { map: { price: { decimal: { implied: 2 } }, quantity: null } }
`;
  const mapping = compiled(overlay, BASE);
  const { tree: result, findings } = mapped(mapping, tree);
  expect(findings).toEqual([]);
  expect(toPlain(result!)).toEqual({ poNumber: 'fixed', currency: 'CAD', purpose: 'replace', lines: [{ lineRef: '1', price: '0.03' }] });
  expect(mapping.rules().map((rule) => rule.path)).toEqual(['poNumber', 'buyerNumber', 'currency', 'purpose', 'lines[]', 'lines[].lineRef', 'lines[].price']);
});

test('problems and findings name the file that the rule stands in', () => {
  const { findings } = mapped(compiled('extends: test/base\nmap: { purpose: { otherwise: error } }', BASE), tree);
  expect(findings[0]!.message).toContain('mappings/test/mapping.yaml:2');
  const inherited = mapped(compiled('extends: test/base\nmap: { currency: { default: CAD } }', BASE), tree);
  expect(inherited.findings[0]!.message).toContain('mappings/test/base.yaml:9');
});

test('only one level is possible', () => {
  const base = mappingSource('extends: test/other\nmap: {}', 'test/base');
  const result = compileMapping(mappingSource('extends: test/base\nmap: {}', 'test/mapping', base));
  expect(result).toMatchObject({
    problems: [{ message: '"test/base" extends another mapping itself', remedy: expect.stringContaining('one level') as unknown }],
  });
});
