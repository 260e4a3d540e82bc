import { describe, expect, it } from 'vitest';
import { documentOf, setOf } from './support.ts';

const head = `
W06*N*HL100001-1*20260309*NW55001**4500012345
N1*ST*Acme Distribution Center 42*92*0042
N1*SF*Northwind Logistics*91*NW
N9*BM*BL778899
N9*CN*PRO4455
G62*11*20260309
G62*17*20260312
W27*M*RDWY*Roadway
`;

const cartons = `${head}
LX*1
MAN*GM*006141410000000012
N9*2I*1Z999
W12*CC*24*24*0*EA**VN*HL-MUG-01*L77********UP*614141010103
`.replace('L77********UP', 'L77************UP');

describe('x12/945-in', () => {
  it('makes a pack of each carton and a line of each W12', async () => {
    const text = `${cartons}N9*LI*1
LX*2
MAN*GM*00006141410000000029
W12*CP*24*20*-4*EA**VN*HL-MUG-01
N9*LI*1
W03*44*31.5*LB***2*CT`;
    const shipment = documentOf('shipment', 'x12/945-in', await setOf('945', text));
    expect(shipment).toMatchObject({
      shipmentId: 'NW55001',
      shippedDate: '2026-03-09',
      expectedDelivery: '2026-03-12',
      depositorOrder: 'HL100001-1',
      poNumber: '4500012345',
      warehouse: 'NW',
      shipTo: { code: '0042', qualifier: '92' },
      carrier: { scac: 'RDWY', method: 'M', name: 'Roadway' },
      billOfLading: 'BL778899',
      proNumber: 'PRO4455',
      cartons: '2',
      weight: '31.5',
      weightUnit: 'LB',
      totalQuantity: '44',
    });
    expect(shipment.packs).toEqual([
      {
        sscc: '006141410000000012',
        tracking: '1Z999',
        items: [
          {
            lineRef: '1',
            sku: 'HL-MUG-01',
            ids: [
              { qualifier: 'VN', value: 'HL-MUG-01' },
              { qualifier: 'UP', value: '614141010103' },
            ],
            quantity: '24',
            unit: 'EA',
            lot: 'L77',
          },
        ],
      },
      { sscc: '006141410000000029', items: [{ lineRef: '1', sku: 'HL-MUG-01', ids: [{ qualifier: 'VN', value: 'HL-MUG-01' }], quantity: '20', unit: 'EA' }] },
    ]);
    expect(shipment.lines.map(({ lineRef, ordered, shipped, status }) => [lineRef, ordered, shipped, status])).toEqual([
      ['1', '24', '24', 'CC'],
      ['1', '24', '20', 'CP'],
    ]);
  });

  it('makes lines and no packs where no carton is named', async () => {
    const { packs, lines } = documentOf('shipment', 'x12/945-in', await setOf('945', `${head}LX*1\nW12*CC*48*48*0*EA*614141010103\nG69*Mug\nW03*48`));
    expect(packs).toEqual([]);
    expect(lines).toEqual([{ ids: [{ qualifier: 'UA', value: '614141010103' }], description: 'Mug', ordered: '48', shipped: '48', unit: 'EA', status: 'CC' }]);
  });

  it.each([
    ['CP*48**8', '40'],
    ['CP*48**-8', '40'],
    ['CC*48', '48'],
    ['OR*48', '0'],
    ['OR*48*0*48', '0'],
  ])('reads the shipped quantity out of W12*%s', async (start, shipped) => {
    const fields = start.split('*');
    const w12 = ['W12', ...fields, ...Array<string>(4 - fields.length).fill(''), 'EA', '', 'VN', 'HL-MUG-01'].join('*');
    const { packs, lines } = documentOf('shipment', 'x12/945-in', await setOf('945', `${head}LX*1\n${w12}`));
    expect(lines[0]?.shipped).toBe(shipped);
    expect(packs).toEqual([]);
  });

  it('keeps a pack whose carton holds a short line, without the items that are not in it', async () => {
    const text = `${cartons}W12*OR*6*0*6*EA**VN*HL-BWL-01`;
    const { packs, lines } = documentOf('shipment', 'x12/945-in', await setOf('945', text));
    expect(packs.map(({ items }) => items.map(({ sku }) => sku))).toEqual([['HL-MUG-01']]);
    expect(lines.map(({ shipped }) => shipped)).toEqual(['24', '0']);
  });
});
