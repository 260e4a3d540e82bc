import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { invoice, orderResponse, shipment } from './documents.ts';
import { documentOf, fileOf, findingsOf, messagesOf } from './support.ts';

const rows = (text: string): readonly string[] => text.trimEnd().split('\r\n');

describe('bluebird/orders', () => {
  it('makes an order of the rows that belong together', async () => {
    const messages = await messagesOf('bluebird/orders', readFileSync('samples/bluebird/two-orders/in.csv'));
    const [first, second] = messages.map(({ tree }) => documentOf('order', 'bluebird/orders', tree));
    expect(first).toEqual({
      kind: 'order',
      purpose: 'original',
      poNumber: 'BB-7001',
      poType: 'SA',
      orderDate: '2026-03-02',
      currency: 'USD',
      shipTo: {
        code: 'S1',
        name: 'Bluebird Seattle',
        address: '410 Pike Street',
        city: 'Seattle',
        state: 'WA',
        postalCode: '98101',
        country: 'US',
      },
      shipNoLater: '2026-03-11',
      carrier: { scac: 'UPSN', method: 'U', name: 'UPS' },
      notes: ['Please pack flat'],
      lines: [
        {
          lineRef: '1',
          ids: [
            { qualifier: 'BP', value: 'BB-CND-01' },
            { qualifier: 'UP', value: '614141010806' },
          ],
          quantity: '24',
          unit: 'EA',
          price: '8.95',
        },
        {
          lineRef: '2',
          ids: [
            { qualifier: 'BP', value: 'BB-TWL-01' },
            { qualifier: 'UP', value: '614141010905' },
          ],
          quantity: '2',
          unit: 'CA',
          price: '67.2',
        },
      ],
    });
    expect(second).toMatchObject({ poNumber: 'BB-7002', completeness: 'backorder', carrier: { scac: 'FDEG' } });
    expect(second?.lines).toHaveLength(3);
    expect(messages).toHaveLength(2);
  });

  it('refuses the order with the bad row and no other', async () => {
    const messages = await messagesOf('bluebird/orders', readFileSync('samples/bluebird/one-bad-order/in.csv'));
    const findings = messages.map(({ tree }) => findingsOf('order', 'bluebird/orders', tree));
    expect(findings.map((list) => list.length)).toEqual([0, 1, 0]);
    expect(findings[1]).toMatchObject([{ code: 'MAPPING_FAILED', value: 'two', at: { line: 3 }, message: expect.stringContaining('lines[0].quantity') }]);
  });

  it('takes what spreadsheets make of dates, amounts and missing columns', async () => {
    const text =
      'order_no,order_date,ship_to_code,item,quantity,unit,price\n00071,3/2/2026,S1,BB-VAS-01,"1,200",each,$18.00\n00071,3/2/2026,S1,BB-CND-01,5,,\n';
    const [message] = await messagesOf('bluebird/orders', Buffer.from(text));
    expect(documentOf('order', 'bluebird/orders', message!.tree)).toMatchObject({
      poNumber: '00071',
      orderDate: '2026-03-02',
      lines: [
        { lineRef: 'BB-VAS-01', quantity: '1200', unit: 'EA', price: '18' },
        { lineRef: 'BB-CND-01', quantity: '5', unit: 'EA' },
      ],
    });
  });
});

describe('what goes to Bluebird', () => {
  it('confirms a row a line', () => {
    expect(rows(fileOf('bluebird/confirmations', orderResponse))).toEqual([
      'order_no,line,item,upc,ordered,unit,confirmed,backordered,refused,reason,price,ship_date,confirmed_on',
      '4500012345,1,1001,614141010103,48,EA,40,8,0,backordered,6.25,2026-03-09,2026-03-02',
      '4500012345,2,1006,614141010608,2,CA,2,0,0,substituted,,,2026-03-02',
      '4500012345,3,9999,,6,EA,0,0,6,item-unknown,,,2026-03-02',
    ]);
  });

  it('tells a row a line and a row a carton', () => {
    const head = '4500012345,HL100001-1,2026-03-09,RDWY';
    expect(rows(fileOf('bluebird/shipments', shipment))).toEqual([
      'kind,order_no,shipment,ship_date,carrier,tracking,line,item,upc,ordered,shipped,unit,carton,contents,expected',
      `line,${head},1Z999,1,1001,614141010103,48,40,EA,,,2026-03-12`,
      `line,${head},1Z999,2,1006,614141010608,10,10,EA,,,2026-03-12`,
      `carton,${head},1Z9991,,,,,,,006141410000000012,24 EA 1001,2026-03-12`,
      `carton,${head},1Z999,,,,,,,006141410000000029,16 EA 1001; 10 EA 1006,2026-03-12`,
    ]);
  });

  it('bills a row a line and a row a charge', () => {
    expect(rows(fileOf('bluebird/invoices', invoice)).slice(1)).toEqual([
      'INV-5001,2026-03-09,4500012345,HL100001-1,item,1,1001,614141010103,"Stoneware mug, white",7,EA,3.3333,23.33,USD,40.67',
      'INV-5001,2026-03-09,4500012345,HL100001-1,item,2,1006,614141010608,,13,EA,1.005,13.07,USD,40.67',
      'INV-5001,2026-03-09,4500012345,HL100001-1,allowance,,C310,,Launch discount,,,,-0.73,USD,40.67',
      'INV-5001,2026-03-09,4500012345,HL100001-1,charge,,D240,,,,,,5.00,USD,40.67',
    ]);
  });
});
