import { describe, expect, it } from 'vitest';
import { documentOf, setOf } from './support.ts';

describe('x12/940-in', () => {
  const text = `
W05*N*J-2001*PO-88
N1*ST*Juniper Boutique*92*B7
N3*12 Elm Street
N4*Albany*NY*12207*US
PER*IC**TE*555-0177
N9*DP*12
G62*04*20260301
G62*10*20260306
G62*38*20260310
G62*01*20260314
NTE*WHI*Fragile
W66*PP*U***UPS Ground*****UPSN
LX*1
W01*24*EA**VN*JC-LIP-01*UP*850012001014
G69*Lip balm
N9*LI*A1
LX*2
W01*12*EA*850012002011
W76*36`;

  it('maps an order of a depositor', async () => {
    const order = documentOf('order', 'x12/940-in', await setOf('940', text));
    expect(order).toMatchObject({
      purpose: 'original',
      depositorOrder: 'J-2001',
      poNumber: 'PO-88',
      orderDate: '2026-03-01',
      requestedShip: '2026-03-06',
      shipNoLater: '2026-03-10',
      cancelAfter: '2026-03-14',
      department: '12',
      carrier: { scac: 'UPSN', method: 'U', name: 'UPS Ground' },
      freightPayment: 'PP',
      shipTo: { code: 'B7', name: 'Juniper Boutique', city: 'Albany', phone: '555-0177' },
      references: [{ qualifier: 'DP', value: '12' }],
      notes: ['Fragile'],
    });
    expect(order.lines).toEqual([
      {
        lineRef: 'A1',
        ids: [
          { qualifier: 'VN', value: 'JC-LIP-01' },
          { qualifier: 'UP', value: '850012001014' },
        ],
        quantity: '24',
        unit: 'EA',
        description: 'Lip balm',
      },
      { lineRef: '850012002011', ids: [{ qualifier: 'UA', value: '850012002011' }], quantity: '12', unit: 'EA' },
    ]);
  });

  it('takes the number of the depositor and the date of the group where the 940 has neither order number nor date', async () => {
    const order = documentOf('order', 'x12/940-in', await setOf('940', 'W05*N*J-2002\nN1*ST*Shop\nLX*1\nW01*1*EA**VN*JC-LIP-01'));
    expect(order).toMatchObject({ poNumber: 'J-2002', depositorOrder: 'J-2002', orderDate: '2026-03-02' });
  });

  it.each([
    ['R', 'replace'],
    ['F', 'cancel'],
  ])('takes W0501 %s as %s', async (code, purpose) => {
    const tree = await setOf('940', `W05*${code}*J-2002\nN1*ST*Shop\nLX*1\nW01*1*EA**VN*JC-LIP-01`);
    expect(documentOf('order', 'x12/940-in', tree).purpose).toBe(purpose);
  });
});

const notice = (structure: string, levels: string): string => `
BSN*00*PF9001*20260310*1200*${structure}
HL*1**S
TD1*CTN*2****G*80*LB
TD5*B*2*FDEG*M*FedEx Freight
REF*BM*BL1
REF*CN*PRO9
DTM*011*20260310
DTM*017*20260313
N1*SF*Pinecrest Furniture*91*PINE
N1*ST*Acme Distribution Center 42*92*0042
HL*2*1*O
PRF*HL100001-2***20260302
${levels}`;

describe('x12/856-in', () => {
  it('maps packs and their items, and a line for each item', async () => {
    const levels =
      'HL*3*2*P\nMAN*GM*008500120000000013\nHL*4*3*I\nLIN*1*UP*614141011100*VN*PF-STL\nSN1*1*4*EA**4*EA\nPID*F****Oak stool\nHL*5*2*P\nMAN*CP*1Z42\nHL*6*5*I\nLIN**VN*PF-BCH*LT*B3\nSN1*2*1*EA\nCTT*6';
    const shipment = documentOf('shipment', 'x12/856-in', await setOf('856', notice('0001', levels)));
    expect(shipment).toMatchObject({
      shipmentId: 'PF9001',
      shippedDate: '2026-03-10',
      expectedDelivery: '2026-03-13',
      poNumber: 'HL100001-2',
      depositorOrder: 'HL100001-2',
      orderDate: '2026-03-02',
      shipFrom: { code: 'PINE', name: 'Pinecrest Furniture' },
      shipTo: { code: '0042' },
      carrier: { scac: 'FDEG', method: 'M', name: 'FedEx Freight' },
      billOfLading: 'BL1',
      proNumber: 'PRO9',
      tracking: '1Z42',
      cartons: '2',
      weight: '80',
      weightUnit: 'LB',
    });
    expect(shipment.packs).toEqual([
      {
        sscc: '008500120000000013',
        items: [
          {
            lineRef: '1',
            ids: [
              { qualifier: 'UP', value: '614141011100' },
              { qualifier: 'VN', value: 'PF-STL' },
            ],
            quantity: '4',
            unit: 'EA',
          },
        ],
      },
      {
        tracking: '1Z42',
        items: [
          {
            lineRef: '2',
            ids: [
              { qualifier: 'VN', value: 'PF-BCH' },
              { qualifier: 'LT', value: 'B3' },
            ],
            quantity: '1',
            unit: 'EA',
            lot: 'B3',
          },
        ],
      },
    ]);
    expect(shipment.lines.map(({ lineRef, shipped, ordered, description }) => [lineRef, shipped, ordered, description])).toEqual([
      ['1', '4', '4', 'Oak stool'],
      ['2', '1', undefined, undefined],
    ]);
  });

  it('maps items without packs', async () => {
    const levels = 'HL*3*2*I\nLIN*1*UP*614141011100\nSN1*1*4*EA\nCTT*3';
    const { packs, lines } = documentOf('shipment', 'x12/856-in', await setOf('856', notice('0004', levels)));
    expect(packs).toEqual([]);
    expect(lines).toEqual([{ lineRef: '1', ids: [{ qualifier: 'UP', value: '614141011100' }], shipped: '4', unit: 'EA' }]);
  });

  it('finds packs on a pallet', async () => {
    const levels = 'HL*3*2*T\nMAN*GM*008500120000000020\nHL*4*3*P\nMAN*GM*008500120000000013\nHL*5*4*I\nLIN*1*UP*614141011100\nSN1*1*4*EA\nCTT*5';
    const { packs, lines } = documentOf('shipment', 'x12/856-in', await setOf('856', notice('0001', levels)));
    expect(packs.map(({ sscc, tare }) => [sscc, tare])).toEqual([['008500120000000013', '008500120000000020']]);
    expect(lines).toHaveLength(1);
  });

  it('takes a pallet without cartons for a pack', async () => {
    const levels = 'HL*3*2*T\nMAN*GM*00008500120000000020\nHL*4*3*I\nLIN*1*UP*614141011100\nSN1*1*4*EA\nCTT*4';
    const { packs } = documentOf('shipment', 'x12/856-in', await setOf('856', notice('0001', levels)));
    expect(packs).toMatchObject([{ sscc: '008500120000000020', items: [{ quantity: '4' }] }]);
  });

  it('gives a notice of several orders a number that none of them has, rather than ship one of them', async () => {
    const levels = 'HL*3*2*I\nLIN*1*UP*614141011100\nSN1*1*4*EA\nHL*4*1*O\nPRF*HL100002-1\nHL*5*4*I\nLIN*1*UP*614141011100\nSN1*1*4*EA\nCTT*5';
    const { poNumber } = documentOf('shipment', 'x12/856-in', await setOf('856', notice('0004', levels)));
    expect(poNumber).toBe('HL100001-2, HL100002-1');
  });

  const sent = 'LIN*1*UP*614141011100\nSN1*1*4*EA';
  it.each([
    ['packs under their item (0002)', `HL*3*2*I\n${sent}\nHL*4*3*P\nSN1**3*EA\nMAN*GM*008500120000000013\nHL*5*3*P\nSN1**1*EA\nMAN*GM*008500120000000020`],
    ['one pack under its item, without a quantity of its own', `HL*3*2*I\n${sent}\nHL*4*3*P\nMAN*GM*008500120000000013`],
  ])('finds %s', async (_how, levels) => {
    const { packs, lines } = documentOf('shipment', 'x12/856-in', await setOf('856', notice('0002', levels)));
    expect(packs[0]).toMatchObject({ sscc: '008500120000000013', items: [{ lineRef: '1', ids: [{ qualifier: 'UP', value: '614141011100' }], unit: 'EA' }] });
    expect(packs.flatMap(({ items }) => items).reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(4);
    expect(lines).toMatchObject([{ lineRef: '1', shipped: '4' }]);
  });

  it('finds the items of packs that hold the order (0003)', async () => {
    const packed = (at: number, sscc: string, quantity: string): string =>
      `HL*${at}*1*P\nMAN*GM*${sscc}\nHL*${at + 1}*${at}*O\nPRF*HL100001-2\nHL*${at + 2}*${at + 1}*I\nLIN*1*UP*614141011100\nSN1*1*${quantity}*EA`;
    const levels = `${packed(3, '008500120000000013', '3')}\n${packed(6, '008500120000000020', '1')}`;
    const { packs, poNumber } = documentOf('shipment', 'x12/856-in', await setOf('856', notice('0003', levels)));
    expect(poNumber).toBe('HL100001-2');
    expect(packs.map(({ sscc, items }) => [sscc, items[0]!.quantity])).toEqual([
      ['008500120000000013', '3'],
      ['008500120000000020', '1'],
    ]);
  });
});

describe('x12/855-in', () => {
  it('maps what a vendor says of each line', async () => {
    const text = `
BAK*00*AC*HL100001-2*20260302****V-5500*20260303
REF*IA*77
N1*ST*Acme Distribution Center 42*92*0042
PO1*1*4*EA*60**UP*614141011100
ACK*IA*3*EA*068*20260310
ACK*IB*1*EA*068*20260320
PO1*2*2*EA*140**UP*614141011209
ACK*R2
PO1*3*1*EA*20**VN*PF-X
CTT*3`;
    const response = documentOf('order-response', 'x12/855-in', await setOf('855', text));
    expect(response).toMatchObject({
      poNumber: 'HL100001-2',
      orderDate: '2026-03-02',
      responseDate: '2026-03-03',
      verdict: 'changed',
      vendorOrder: 'V-5500',
      vendorNumber: '77',
      shipTo: { code: '0042' },
    });
    expect(response.lines.map(({ lineRef, outcomes }) => [lineRef, outcomes])).toEqual([
      [
        '1',
        [
          { outcome: 'accepted', quantity: '3', unit: 'EA', date: '2026-03-10' },
          { outcome: 'backordered', quantity: '1', unit: 'EA', date: '2026-03-20' },
        ],
      ],
      ['2', [{ outcome: 'item-unknown', quantity: '2', unit: 'EA' }]],
      ['3', [{ outcome: 'accepted', quantity: '1', unit: 'EA' }]],
    ]);
  });
});
