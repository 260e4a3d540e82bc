import { expect, test } from 'vitest';
import { fromPlain, toPlain, type Node } from '../../src/tree.ts';
import { compiled, mapped, seg } from '../support/mapping.ts';

const ORDER_IN = `
direction: in
document: order
source: { format: x12, set: "850" }
map:
  poNumber: { from: BEG03, required: true }
  orderDate: { from: BEG05, date: yyyyMMdd }
  currency: { from: CUR02, default: USD }
  department: "REF[REF01=DP].REF02"
  purpose: { from: BEG01, table: { "00": original, "05": replace } }
  set: ST01
  shipTo: { with: "N1[N101=ST]", map: { name: N102, code: N104, address: N3.N301 } }
  billTo: { with: "N1[N101=BT]", map: { name: { from: N102, required: true } } }
  lines:
    each: PO1
    where: "PO102 != '0'"
    map:
      lineRef: PO101
      quantity: { from: PO102, decimal: true }
      ids: { pairs: PO106-PO125 }
      gtin: { qualified: [UK, UP], in: PO106-PO125 }
      po: ../BEG03
      description: "PID[PID01=F].PID05"
`;

function order(): Node {
  return seg('850', '850', '0001').under(
    seg('BEG', '00', 'SA', '0012', '', '20260305'),
    seg('REF', 'VR', '9'),
    seg('REF', 'DP', '014'),
    seg('N1', 'ST', 'Store 7', '92', '0007').under(seg('N3', '1 Main St')),
    seg('PO1', '1', '10.50', 'EA', '9.25', '', 'UP', '036000291452', 'VN', 'A-1').under(seg('PID', 'F', '', '', '', 'Blue box')),
    seg('PO1', '2', '0', 'EA'),
    seg('PO1', '3', '4', 'CS', '', '', 'VN', '0100'),
  );
}

test('an 850 becomes an order: elements, qualified pairs, moved contexts, conditions and defaults', () => {
  const { tree, findings } = mapped(compiled(ORDER_IN), order());
  expect(findings).toEqual([]);
  expect(toPlain(tree!)).toEqual({
    poNumber: '0012',
    orderDate: '2026-03-05',
    currency: 'USD',
    department: '014',
    purpose: 'original',
    set: '850',
    shipTo: { name: 'Store 7', code: '0007', address: '1 Main St' },
    lines: [
      {
        lineRef: '1',
        quantity: '10.5',
        ids: [
          { qualifier: 'UP', value: '036000291452' },
          { qualifier: 'VN', value: 'A-1' },
        ],
        gtin: '036000291452',
        po: '0012',
        description: 'Blue box',
      },
      { lineRef: '3', quantity: '4', ids: [{ qualifier: 'VN', value: '0100' }], po: '0012' },
    ],
  });
});

test('what cannot be mapped is a finding with the output path, the value, the place of the rule and of the source', () => {
  const bad = seg('850', '850', '0001').under(
    seg('BEG', '77', 'SA', '', '', '20260230'),
    { ...seg('PO1', '1', '1.234,56'), at: { offset: 80, segment: 3 } },
    seg('PO1', '2', '7'),
  );
  const { findings } = mapped(compiled(ORDER_IN), bad);
  expect(findings.map((one) => one.message)).toEqual([
    'poNumber: is required and has no value (mappings/test/mapping.yaml:6:3)',
    'orderDate: "20260230" is not a date like yyyyMMdd (mappings/test/mapping.yaml:7:3)',
    'purpose: "77" is not in the code table (mappings/test/mapping.yaml:10:3)',
    'lines[0].quantity: "1.234,56" is not a decimal (mappings/test/mapping.yaml:19:7, segment 3)',
  ]);
  expect(findings.map((one) => one.code)).toEqual(['DOCUMENT_INVALID', 'MAPPING_FAILED', 'MAPPING_FAILED', 'MAPPING_FAILED']);
  expect(findings[3]).toMatchObject({ at: { offset: 80, segment: 3 }, position: 3, segment: 'PO1', element: 'PO102', value: '1.234,56' });
});

const ANSWER_OUT = `
direction: out
document: order-response
target: { format: x12, set: "855" }
map:
  BAK: { BAK01: { const: "00" }, BAK02: type, BAK03: poNumber, BAK04: { from: orderDate, date: yyyyMMdd } }
  REF:
    - { when: department, map: { REF01: { const: DP }, REF02: department } }
    - { map: { REF01: { const: VR }, REF02: vendor } }
  N1: { with: shipTo, map: { N101: { const: ST }, N102: name, N103: { const: "92" }, N104: code, N3: { N301: address } } }
  PO1:
    each: lines
    map:
      PO101: lineRef
      PO102: { from: quantity, decimal: true }
      PO106-PO125: { each: ids, map: { qualifier: { from: qualifier, table: { gtin: UP }, otherwise: keep }, value: value } }
      SLN: { SLN01: extra, SLN02: { const: I } }
      ACK: { each: outcomes, map: { ACK01: code, ACK02-2: part } }
  CTT: { CTT01: { count: lines } }
`;

test('an order response becomes an 855: elements by name, lists of segments, loops, ranges; empty records are left out', () => {
  const canonical = {
    type: 'AD',
    poNumber: '0012',
    orderDate: '2026-03-05',
    vendor: '9',
    shipTo: { name: 'Store 7', code: '0007' },
    lines: [
      {
        lineRef: '1',
        quantity: '10.500',
        ids: [{ qualifier: 'gtin', value: '036000291452' }, { qualifier: 'XX' }, { qualifier: 'VN', value: 'A' }],
        outcomes: [{ code: 'IA' }, { code: 'IB', part: 'x' }],
      },
    ],
  };
  const { tree, findings } = mapped(compiled(ANSWER_OUT), fromPlain('order-response', canonical));
  expect(findings).toEqual([]);
  expect(tree).toEqual({
    name: '855',
    children: [
      { name: 'BAK', fields: ['00', 'AD', '0012', '20260305'] },
      { name: 'REF', fields: ['VR', '9'], repeats: true },
      { name: 'N1', fields: ['ST', 'Store 7', '92', '0007'] },
      {
        name: 'PO1',
        fields: ['1', '10.5', '', '', '', 'UP', '036000291452', 'VN', 'A'],
        repeats: true,
        children: [
          { name: 'ACK', fields: ['IA'], repeats: true },
          { name: 'ACK', fields: ['IB', [['', 'x']]], repeats: true },
        ],
      },
      { name: 'CTT', fields: ['1'] },
    ],
  });
});
