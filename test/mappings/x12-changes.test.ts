import { describe, expect, it } from 'vitest';
import type { OrderChangeResponse } from '../../src/canonical/order-change-response.ts';
import { seg } from '../support/mapping.ts';
import { acceptedSets, bytesOf, documentOf, segmentsOf, treeOf } from './support.ts';

const set = (name: string, ...segments: readonly ReturnType<typeof seg>[]) => ({ name, children: segments });

describe('x12/860', () => {
  it('takes what is wanted now of each line, and leaves out what is not said', () => {
    const document = documentOf(
      'order-change',
      'x12/860',
      set(
        '860',
        seg('BCH', '04', 'SA', ' 0012 ', '', '3', '20260302', '', '', '', '', '20260305'),
        seg('DTM', '037', '20260310'),
        seg('POC', '1', 'QD', '70', '30', 'EA', '', '', 'BP', '0007'),
        seg('POC', '2', 'DI'),
        seg('POC', '3', 'PC', '100', '100', 'EA', '950', 'HP', 'BP', '7'),
        seg('POC', '4', 'NC'),
        seg('POC', '', 'AI', '5', '5', 'CA', '', '', 'BP', '0099'),
      ),
    );
    expect(document).toEqual({
      kind: 'order-change',
      purpose: 'change',
      poNumber: '0012',
      sequence: '3',
      changeDate: '2026-03-05',
      shipNotBefore: '2026-03-10',
      lines: [
        { lineRef: '1', action: 'change', ids: [{ qualifier: 'BP', value: '0007' }], quantity: '70', unit: 'EA' },
        { lineRef: '2', action: 'delete', ids: [] },
        { lineRef: '3', action: 'change', ids: [{ qualifier: 'BP', value: '7' }], quantity: '100', unit: 'EA', price: '9.5' },
        { lineRef: '4', action: 'none', ids: [] },
        { lineRef: '0099', action: 'add', ids: [{ qualifier: 'BP', value: '0099' }], quantity: '5', unit: 'CA' },
      ],
    });
  });

  it.each([
    ['01', 'cancel'],
    ['05', 'replace'],
    ['04', 'change'],
    ['00', 'change'],
  ])('BCH01 %s is a %s', (code, purpose) => {
    expect(documentOf('order-change', 'x12/860', set('860', seg('BCH', code, 'SA', '1', '', '', '20260302')))).toMatchObject({
      purpose,
      changeDate: '2026-03-02',
    });
  });
});

const response: OrderChangeResponse = {
  kind: 'order-change-response',
  initiative: 'buyer',
  poNumber: '0012',
  orderDate: '2026-03-02',
  sequence: '3',
  changeDate: '2026-03-05',
  responseDate: '2026-03-06',
  verdict: 'changed',
  vendorOrder: '17',
  currency: 'USD',
  lines: [
    {
      lineRef: '1',
      ids: [{ qualifier: 'BP', value: '0007' }],
      quantity: '76',
      unit: 'EA',
      price: '6.25',
      change: 'decreased',
      left: '36',
      outcomes: [
        { outcome: 'accepted', quantity: '40', unit: 'EA' },
        { outcome: 'backordered', quantity: '36', unit: 'EA', date: '2026-03-11' },
      ],
    },
    { lineRef: '9', ids: [], quantity: '5', unit: 'EA', change: 'refused', left: '0', outcomes: [{ outcome: 'rejected', quantity: '5', unit: 'EA' }] },
  ],
};

describe('x12/865', () => {
  it('says what a change came to, and what becomes of the units of each line', async () => {
    const bytes = bytesOf('865', treeOf('x12/865', response));
    expect((await acceptedSets(bytes))[0]).toMatchObject({ type: '865', accepted: true });
    expect(segmentsOf(bytes)).toEqual([
      'BCA*00*AC*0012**3*20260302***17*20260306*20260305',
      'CUR*SE*USD',
      'POC*1*QD*76*36*EA*6.25**BP*0007',
      'ACK*IA*40*EA',
      'ACK*IB*36*EA*079*20260311',
      'POC*9*RC*5*0*EA',
      'ACK*IR*5*EA',
      'CTT*2',
    ]);
  });

  it('says that a change is ours, and uses the codes of the partner', () => {
    const tree = treeOf('x12/865', { ...response, initiative: 'seller' }, { tables: { lineChange: { decreased: 'CA' } } });
    const segments = segmentsOf(bytesOf('865', tree));
    expect(segments[0]).toMatch(/^BCA\*19\*/);
    expect(segments).toContain('POC*1*CA*76*36*EA*6.25**BP*0007');
  });
});

describe('stock of a warehouse', () => {
  it('846: all that is there, by what is on hand or what may be promised', () => {
    const document = documentOf(
      'stock-report',
      'x12/846-in',
      set(
        '846',
        seg('BIA', '00', 'MB', 'C-1', '20260303', '0600'),
        seg('N1', 'WH', 'Northwind', '91', 'NW'),
        Object.assign(seg('LIN', '1', 'VN', 'A-1', 'UP', '614141010103'), { children: [seg('QTY', '17', '100', 'EA'), seg('QTY', 'QH', '5', 'EA')] }),
        Object.assign(seg('LIN', '2', 'VN', 'A-2'), { children: [seg('QTY', '33', '7', 'CA')] }),
      ),
    );
    expect(document).toMatchObject({ purpose: 'count', scope: 'full', reference: 'C-1', date: '2026-03-03', asOf: '2026-03-03T06:00', warehouse: 'NW' });
    expect(document.lines).toEqual([
      {
        sku: 'A-1',
        ids: [
          { qualifier: 'VN', value: 'A-1' },
          { qualifier: 'UP', value: '614141010103' },
        ],
        unit: 'EA',
        quantity: '100',
        onHold: '5',
      },
      { sku: 'A-2', ids: [{ qualifier: 'VN', value: 'A-2' }], unit: 'CA', available: '7' },
    ]);
  });

  it.each([
    ['00', 'full'],
    ['04', 'partial'],
  ])('846: BIA01 %s is a %s count', (code, scope) => {
    const line = Object.assign(seg('LIN', '1', 'VN', 'A-1'), { children: [seg('QTY', '17', '1', 'EA')] });
    expect(documentOf('stock-report', 'x12/846-in', set('846', seg('BIA', code, 'MB', '1', '20260303'), line)).scope).toBe(scope);
  });

  it('944: what came in, and what of it may not be sold', () => {
    const received = Object.assign(seg('W07', '30', 'EA', '', 'VN', 'A-1', '', '', 'LOT7'), {
      children: [seg('W13', '10', 'EA', '01'), seg('W13', '2', 'EA', '02'), seg('W13', '1', 'EA', '09')],
    });
    const document = documentOf('stock-report', 'x12/944-in', set('944', seg('W17', 'F', '20260304', 'R-1', 'D-9'), received));
    expect(document).toMatchObject({
      purpose: 'receipt',
      reference: 'R-1',
      announced: 'D-9',
      lines: [{ sku: 'A-1', quantity: '30', onHold: '11', lot: 'LOT7' }],
    });
  });

  it.each([
    ['AA', '-5', '-5', undefined],
    ['06', '5', '-5', undefined],
    ['07', '-5', '-5', undefined],
    ['56', '5', '5', undefined],
    ['05', '5', '0', '5'],
    ['55', '5', '0', '-5'],
  ])('947: %s %s is %s more on hand, %s more on hold', (reason, said, quantity, onHold) => {
    const document = documentOf(
      'stock-report',
      'x12/947-in',
      set('947', seg('W15', '20260304', 'A-1', 'A-1'), seg('W19', reason, said, 'EA', '', 'VN', 'A-1')),
    );
    expect(document.lines).toEqual([
      { sku: 'A-1', ids: [{ qualifier: 'VN', value: 'A-1' }], unit: 'EA', quantity, ...(onHold !== undefined && { onHold }), reason },
    ]);
  });
});
