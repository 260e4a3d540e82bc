import { describe, expect, it } from 'vitest';
import { documentOf, findingsOf, setOf } from './support.ts';

const full = `
BEG*00*SA*4500012345*R7*20260302*C-881
CUR*BY*USD
REF*DP*0210
REF*IA*104417
REF*PD**Spring promotion
PER*BD*Dana Cole*TE*555-0142
FOB*PP
CSH*IS
CSH*SC
SAC*A*C310***1250**********Launch discount
SAC*A*I170****Z*2.5
SAC*C*D240
ITD*08*3*2**10**30*****2% 10 Net 30
DTM*037*20260305
DTM*064*20260312
DTM*010*20260309
DTM*038*20260313
DTM*001*20260320
DTM*002*20260316
DTM*063*20260318
TD5*B*2*FDEG*U*Ground
N9*L1*NOTES
MSG*Deliver before noon
MSG*Ring at gate 4
N1*ST*Acme Distribution Center 42*92*0042
N2*Receiving
N3*4200 Lakeview Road
N3*Gate 4
N4*Joliet*IL*60431*US
PER*IC**TE*555-0100*EM*dc42@acme.example
N1*BT*Acme Stores*92*9000
N1*BY*Acme Stores*UL*0614141000425
N1*Z7*Store 149*92*0149
PO1*1*48*EA*6.25*PE*BP*1001*UP*614141010103*VN*HL-MUG-01
PID*F****Stoneware mug, white
DTM*010*20260310
PO1*2*2*CA*75**UK*10614141010605
PO1**300*EA*2500*TP*BP*1003
CTT*3
`;

describe('x12/850', () => {
  it('maps what retailers send, all of it', async () => {
    const order = documentOf('order', 'x12/850', await setOf('850', full));
    expect(order).toMatchObject({
      purpose: 'original',
      poNumber: '4500012345',
      releaseNumber: 'R7',
      poType: 'SA',
      orderDate: '2026-03-02',
      currency: 'USD',
      department: '0210',
      vendorNumber: '104417',
      contact: 'Dana Cole',
      shipNotBefore: '2026-03-05',
      deliverNotBefore: '2026-03-12',
      requestedShip: '2026-03-09',
      shipNoLater: '2026-03-13',
      cancelAfter: '2026-03-20',
      requestedDelivery: '2026-03-16',
      deliverBy: '2026-03-18',
      completeness: 'complete',
      substitution: 'allowed',
      carrier: { scac: 'FDEG', method: 'U', name: 'Ground' },
      freightPayment: 'PP',
      terms: { discountPercent: '2', discountDays: '10', netDays: '30', description: '2% 10 Net 30' },
      charges: [
        { indicator: 'A', code: 'C310', amount: '12.5', description: 'Launch discount' },
        { indicator: 'A', code: 'I170', percent: '2.5' },
      ],
      notes: ['Deliver before noon', 'Ring at gate 4'],
    });
    expect(order.references).toEqual([
      { qualifier: 'CT', value: 'C-881' },
      { qualifier: 'DP', value: '0210' },
      { qualifier: 'IA', value: '104417' },
      { qualifier: 'PD', value: 'Spring promotion' },
      { qualifier: 'L1', value: 'NOTES' },
    ]);
    expect(order.shipTo).toEqual({
      code: '0042',
      qualifier: '92',
      name: 'Acme Distribution Center 42',
      name2: 'Receiving',
      address: '4200 Lakeview Road',
      address2: 'Gate 4',
      city: 'Joliet',
      state: 'IL',
      postalCode: '60431',
      country: 'US',
      phone: '555-0100',
      email: 'dc42@acme.example',
    });
    expect(order.billTo).toEqual({ code: '9000', qualifier: '92', name: 'Acme Stores' });
    expect(order.buyer?.code).toBe('0614141000425');
    expect(order.markFor?.code).toBe('0149');
  });

  it('maps lines with their identifiers, units and prices, and takes the item where a line has no number', async () => {
    const { lines } = documentOf('order', 'x12/850', await setOf('850', full));
    expect(lines).toEqual([
      {
        lineRef: '1',
        ids: [
          { qualifier: 'BP', value: '1001' },
          { qualifier: 'UP', value: '614141010103' },
          { qualifier: 'VN', value: 'HL-MUG-01' },
        ],
        quantity: '48',
        unit: 'EA',
        price: '6.25',
        description: 'Stoneware mug, white',
        requestedShip: '2026-03-10',
      },
      { lineRef: '2', ids: [{ qualifier: 'UK', value: '10614141010605' }], quantity: '2', unit: 'CA', price: '75' },
      { lineRef: '1003', ids: [{ qualifier: 'BP', value: '1003' }], quantity: '300', unit: 'EA', price: '2.5' },
    ]);
  });

  it('maps the least that an 850 may be', async () => {
    const order = documentOf('order', 'x12/850', await setOf('850', 'BEG*00*NE*7**20260302\nPO1*1*1*EA***UP*614141010103'));
    expect(order).toEqual({
      kind: 'order',
      purpose: 'original',
      poType: 'NE',
      poNumber: '7',
      orderDate: '2026-03-02',
      currency: 'USD',
      lines: [{ lineRef: '1', ids: [{ qualifier: 'UP', value: '614141010103' }], quantity: '1', unit: 'EA' }],
    });
  });

  it.each([
    ['Y', 'backorder'],
    ['BK', 'backorder'],
    ['N', 'no-backorder'],
    ['SP', 'no-backorder'],
    ['SC', 'complete'],
  ])('takes CSH01 %s as %s', async (code, meaning) => {
    const tree = await setOf('850', `BEG*00*SA*7**20260302\nCSH*${code}\nPO1*1*1*EA***UP*614141010103`);
    expect(documentOf('order', 'x12/850', tree).completeness).toBe(meaning);
  });

  it.each([
    ['CSH*IS', 'allowed'],
    ['CSH*Y*******X', 'allowed'],
    ['CSH*Y\nCSH********B0', 'forbidden'],
    ['CSH*Y*******ZZ', undefined],
  ])('takes %s as substitution %s', async (segments, meaning) => {
    const tree = await setOf('850', `BEG*00*SA*7**20260302\n${segments}\nPO1*1*1*EA***UP*614141010103`);
    expect(documentOf('order', 'x12/850', tree).substitution).toBe(meaning);
  });

  it('takes the notes of a 5010, which stand in MTX', async () => {
    const text = 'BEG*00*SA*7**20260302\nN9*L1*NOTES\nMTX**Ring at gate 4\nPO1*1*1*EA***UP*614141010103';
    expect(documentOf('order', 'x12/850', await setOf('850', text, '005010')).notes).toEqual(['Ring at gate 4']);
  });

  it('takes the price of CTP where PO1 has none', async () => {
    const tree = await setOf('850', 'BEG*00*SA*7**20260302\nPO1*1*1*EA***UP*614141010103\nCTP*RS*UCP*4.99');
    expect(documentOf('order', 'x12/850', tree).lines[0]?.price).toBe('4.99');
  });

  it("uses the partner's own meaning of a code", async () => {
    const tree = await setOf('850', 'BEG*16*SA*7**20260302\nPO1*1*1*EA***UP*614141010103');
    expect(findingsOf('order', 'x12/850', tree)).toMatchObject([{ code: 'MAPPING_FAILED', element: 'BEG01', value: '16' }]);
    expect(documentOf('order', 'x12/850', tree, { tables: { purpose: { '16': 'original' } } }).purpose).toBe('original');
  });

  it('says which line names no item', async () => {
    const tree = await setOf('850', 'BEG*00*SA*7**20260302\nPO1*1*1*EA***UP*614141010103\nPO1*2*5*EA*1');
    expect(findingsOf('order', 'x12/850', tree).map(({ message }) => message)).toEqual([expect.stringContaining('lines[2].ids')]);
  });
});
