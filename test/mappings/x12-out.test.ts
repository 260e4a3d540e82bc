import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CanonicalDocument } from '../../src/canonical/document.ts';
import { fromPlain } from '../../src/tree.ts';
import type { Node } from '../../src/tree.ts';
import { compiled, mapped } from '../support/mapping.ts';
import { invoice, orderResponse, shipment, vendorOrder, warehouseOrder } from './documents.ts';
import { acceptedSets, bytesOf, documentOf, segmentsOf, treeOf } from './support.ts';

/** The segments of the set that a mapping makes of a document, after a partner's reader has accepted all of it. */
async function written(mapping: string, set: string, document: CanonicalDocument, given = {}): Promise<{ segments: readonly string[]; tree: Node }> {
  const bytes = bytesOf(set, treeOf(mapping, document, given));
  const [only] = await acceptedSets(bytes);
  expect(only).toMatchObject({ type: set, accepted: true, acceptance: 'A' });
  return { segments: segmentsOf(bytes), tree: only!.tree };
}

describe('x12/855', () => {
  it('says of each line what becomes of its units', async () => {
    const { segments } = await written('x12/855', '855', orderResponse);
    expect(segments).toEqual([
      'BAK*00*AC*4500012345*20260302*R7***HL100001*20260302',
      'CUR*SE*USD',
      'REF*DP*0210',
      'REF*IA*104417',
      'N1*ST*Acme Distribution Center 42*92*0042',
      'N3*4200 Lakeview Road',
      'N4*Joliet*IL*60431*US',
      'PO1*1*48*EA*6.25**BP*1001*UP*614141010103',
      'ACK*IA*40*EA*079*20260309',
      'ACK*IB*8*EA*079*20260320',
      'PO1*2*2*CA***BP*1006*UP*614141010608',
      'ACK*IS*2*CA****VN*HL-VAS-01',
      'PO1*3*6*EA***BP*9999',
      'ACK*R2*6*EA',
      'CTT*3',
    ]);
  });

  it("uses the partner's own codes", async () => {
    const { segments } = await written('x12/855', '855', orderResponse, { tables: { itemStatus: { backordered: 'BP' }, responseType: { changed: 'AE' } } });
    expect(segments).toContain('ACK*BP*8*EA*079*20260320');
    expect(segments[0]).toMatch(/^BAK\*00\*AE\*/);
  });

  it('comes back as the same document', async () => {
    const { tree } = await written('x12/855', '855', orderResponse);
    const { shipTo, ...rest } = documentOf('order-response', 'x12/855-in', tree);
    expect({ ...rest, shipTo: { ...shipTo, name2: 'Receiving', phone: '555-0100' } }).toEqual(orderResponse);
  });
});

describe('x12/856', () => {
  it('nests shipment, order, pack and item, and counts the levels', async () => {
    const { segments } = await written('x12/856', '856', shipment);
    expect(segments).toEqual([
      'BSN*00*HL100001-1*20260309*1640*0001',
      'HL*1**S*1',
      'TD1*CTN*2****G*31.5*LB',
      'TD5*B*2*RDWY*M*Roadway',
      'REF*BM*BL778899',
      'REF*CN*PRO4455',
      'DTM*011*20260309',
      'DTM*017*20260312',
      'N1*SF*Northwind Logistics*91*NW',
      'N3*700 Rail Avenue',
      'N4*Kansas City*MO*64120',
      'N1*ST*Acme Distribution Center 42*92*0042',
      'N2*Receiving',
      'N3*4200 Lakeview Road',
      'N4*Joliet*IL*60431*US',
      'HL*2*1*O*1',
      'PRF*4500012345*R7**20260302',
      'REF*DP*0210',
      'REF*IA*104417',
      'N1*BY*Acme Stores*92*9000',
      'N1*Z7**92*0149',
      'HL*3*2*P*1',
      'MAN*GM*006141410000000012',
      'MAN*CP*1Z9991',
      'HL*4*3*I*0',
      'LIN*1*BP*1001*UP*614141010103',
      'SN1*1*24*EA',
      'REF*LT*L77',
      'HL*5*2*P*1',
      'MAN*GM*006141410000000029',
      'HL*6*5*I*0',
      'LIN*1*BP*1001*UP*614141010103',
      'SN1*1*16*EA',
      'HL*7*5*I*0',
      'LIN*2*BP*1006*UP*614141010608',
      'SN1*2*10*EA',
      'CTT*7',
    ]);
  });

  it('leaves the packs out where no cartons are known', async () => {
    const { cartons: _cartons, ...rest } = shipment;
    const none = { lineRef: '3', ids: [{ qualifier: 'BP', value: '1009' }], ordered: '5', shipped: '0', unit: 'EA' };
    const { segments } = await written('x12/856', '856', { ...rest, packs: [], lines: [...shipment.lines, none] });
    expect(segments[0]).toBe('BSN*00*HL100001-1*20260309*1640*0004');
    expect(segments).toContain('TD1******G*31.5*LB');
    expect(segments.slice(-8)).toEqual([
      'HL*3*2*I*0',
      'LIN*1*BP*1001*UP*614141010103',
      'SN1*1*40*EA**48*EA',
      'PID*F****Stoneware mug, white',
      'HL*4*2*I*0',
      'LIN*2*BP*1006*UP*614141010608',
      'SN1*2*10*EA**10*EA',
      'CTT*4',
    ]);
  });

  it('goes through the eyes of the one who gets it as the same goods', async () => {
    const { tree } = await written('x12/856', '856', shipment);
    const back = documentOf('shipment', 'x12/856-in', tree);
    expect(back.packs.map(({ sscc, items }) => [sscc, items.map(({ lineRef, quantity }) => [lineRef, quantity])])).toEqual([
      ['006141410000000012', [['1', '24']]],
      [
        '006141410000000029',
        [
          ['1', '16'],
          ['2', '10'],
        ],
      ],
    ]);
  });
});

describe('the structures of an 856 (BSN05)', () => {
  const { packs } = shipment;
  const levelsOf = (segments: readonly string[]): readonly string[] =>
    segments.filter((segment) => /^(HL|MAN|SN1|PRF|BSN|CTT)/.test(segment)).map((segment) => segment.replace(/^BSN.*\*/, 'BSN '));

  it('puts pallets between the order and their packs; a pack on no pallet stands by itself', async () => {
    const third = { ...packs[1]!, sscc: '006141410000000036', tracking: undefined };
    const onPallet = packs.map((pack) => ({ ...pack, tare: '106141412345678908', tracking: undefined }));
    const { segments } = await written('x12/856', '856', { ...shipment, packs: [...onPallet, third] });
    expect(levelsOf(segments)).toEqual([
      'BSN 0001',
      'HL*1**S*1',
      'HL*2*1*O*1',
      'PRF*4500012345*R7**20260302',
      'HL*3*2*T*1',
      'MAN*GM*106141412345678908',
      'HL*4*3*P*1',
      'MAN*GM*006141410000000012',
      'HL*5*4*I*0',
      'SN1*1*24*EA',
      'HL*6*3*P*1',
      'MAN*GM*006141410000000029',
      'HL*7*6*I*0',
      'SN1*1*16*EA',
      'HL*8*6*I*0',
      'SN1*2*10*EA',
      'HL*9*2*P*1',
      'MAN*GM*006141410000000036',
      'HL*10*9*I*0',
      'SN1*1*16*EA',
      'HL*11*9*I*0',
      'SN1*2*10*EA',
      'CTT*11',
    ]);
  });

  it('puts items right on their pallets, each line once; a pack on no pallet is one itself', async () => {
    const unmarked = packs.map((pack) => ({ ...pack, tracking: undefined, items: pack.items.map((item) => ({ ...item, lot: undefined })) }));
    const onPallet = unmarked.map((pack) => ({ ...pack, tare: '106141412345678908' }));
    const { segments } = await written('x12/856-pallet-item', '856', { ...shipment, packs: [...onPallet, { ...unmarked[1]!, sscc: '006141410000000036' }] });
    expect(levelsOf(segments)).toEqual([
      'BSN 0001',
      'HL*1**S*1',
      'HL*2*1*O*1',
      'PRF*4500012345*R7**20260302',
      'HL*3*2*T*1',
      'MAN*GM*106141412345678908',
      'HL*4*3*I*0',
      'SN1*1*40*EA',
      'HL*5*3*I*0',
      'SN1*2*10*EA',
      'HL*6*2*T*1',
      'MAN*GM*006141410000000036',
      'HL*7*6*I*0',
      'SN1*1*16*EA',
      'HL*8*6*I*0',
      'SN1*2*10*EA',
      'CTT*8',
    ]);
    expect(segments).toContain('LIN*1*BP*1001*UP*614141010103');
    const { segments: loose } = await written('x12/856-pallet-item', '856', { ...shipment, packs: [] });
    expect(loose).toEqual((await written('x12/856', '856', { ...shipment, packs: [] })).segments);
  });

  it('puts packs under their items (0002)', async () => {
    const { segments } = await written('x12/856-item-pack', '856', shipment);
    expect(levelsOf(segments)).toEqual([
      'BSN 0002',
      'HL*1**S*1',
      'HL*2*1*O*1',
      'PRF*4500012345*R7**20260302',
      'HL*3*2*I*1',
      'SN1*1*40*EA**48*EA',
      'HL*4*3*P*0',
      'SN1**24*EA',
      'MAN*GM*006141410000000012',
      'HL*5*3*P*0',
      'SN1**16*EA',
      'MAN*GM*006141410000000029',
      'HL*6*2*I*1',
      'SN1*2*10*EA**10*EA',
      'HL*7*6*P*0',
      'SN1**10*EA',
      'MAN*GM*006141410000000029',
      'CTT*7',
    ]);
  });

  it('puts orders inside their packs (0003)', async () => {
    const { segments } = await written('x12/856-pack-order', '856', shipment);
    expect(levelsOf(segments)).toEqual([
      'BSN 0003',
      'HL*1**S*1',
      'HL*2*1*P*1',
      'MAN*GM*006141410000000012',
      'MAN*CP*1Z9991',
      'HL*3*2*O*1',
      'PRF*4500012345*R7**20260302',
      'HL*4*3*I*0',
      'SN1*1*24*EA',
      'HL*5*1*P*1',
      'MAN*GM*006141410000000029',
      'HL*6*5*O*1',
      'PRF*4500012345*R7**20260302',
      'HL*7*6*I*0',
      'SN1*1*16*EA',
      'HL*8*6*I*0',
      'SN1*2*10*EA',
      'CTT*8',
    ]);
    const { segments: loose } = await written('x12/856-pack-order', '856', { ...shipment, packs: [] });
    expect(levelsOf(loose).slice(1, 4)).toEqual(['HL*1**S*1', 'HL*2*1*O*1', 'PRF*4500012345*R7**20260302']);
  });
});

describe('x12/810', () => {
  it('bills with two implied decimals in the totals', async () => {
    const { segments } = await written('x12/810', '810', invoice);
    expect(segments).toEqual([
      'BIG*20260309*INV-5001*20260302*4500012345*R7**DI',
      'CUR*SE*USD',
      'REF*DP*0210',
      'REF*IA*104417',
      'REF*BM*BL778899',
      'REF*SI*HL100001-1',
      'N1*BT*Acme Stores*92*9000',
      'N1*ST*Acme Distribution Center 42*92*0042',
      'N3*4200 Lakeview Road',
      'N4*Joliet*IL*60431*US',
      'ITD*08*3*2**10**30*****2% 10 Net 30',
      'DTM*011*20260309',
      'IT1*1*7*EA*3.3333**BP*1001*UP*614141010103',
      'PID*F****Stoneware mug, white',
      'IT1*2*13*EA*1.005**BP*1006*UP*614141010608',
      'TDS*4067',
      'CAD*M***RDWY',
      'SAC*A*C310***73*******02***Launch discount',
      'SAC*C*D240***500*******06',
      'CTT*2',
    ]);
  });

  it('leaves out what the invoice does not have', async () => {
    const { terms: _terms, carrier: _carrier, billTo: _billTo, department: _department, ...rest } = invoice;
    const { segments } = await written('x12/810', '810', { ...rest, charges: [] });
    expect(segments.filter((segment) => /^(ITD|CAD|SAC|N1\*BT|REF\*DP)/.test(segment))).toEqual([]);
  });
});

describe('x12/940', () => {
  it('tells the warehouse what to ship', async () => {
    const { segments } = await written('x12/940', '940', warehouseOrder);
    expect(segments).toEqual([
      'W05*N*HL100001-1*4500012345',
      'N1*ST*Acme Distribution Center 42*92*0042',
      'N2*Receiving',
      'N3*4200 Lakeview Road',
      'N4*Joliet*IL*60431*US',
      'PER*IC**TE*555-0100',
      'N1*SF*Northwind Logistics*91*NW',
      'N1*BY*Acme Stores*92*9000',
      'N1*Z7**92*0149',
      'N9*DP*0210',
      'N9*IA*104417',
      'G62*04*20260302',
      'G62*10*20260309',
      'G62*38*20260313',
      'G62*01*20260320',
      'NTE*WHI*Deliver before noon',
      'NTE*WHI*Ring at gate 4',
      'W66*CC*M***Roadway*****RDWY',
      'LX*1',
      'W01*48*EA**VN*HL-MUG-01*UP*614141010103',
      'G69*Stoneware mug, white',
      'N9*LI*1',
      'LX*2',
      'W01*24*EA**VN*HL-GLS-01********L9',
      'N9*LI*2',
      'W76*72',
    ]);
  });

  it('is what a depositor could have sent', async () => {
    const { tree } = await written('x12/940', '940', warehouseOrder);
    expect(documentOf('order', 'x12/940-in', tree)).toMatchObject({
      depositorOrder: 'HL100001-1',
      shipTo: { code: '0042' },
      notes: ['Deliver before noon', 'Ring at gate 4'],
      lines: [
        { lineRef: '1', quantity: '48', unit: 'EA' },
        { lineRef: '2', quantity: '24', unit: 'EA' },
      ],
    });
  });
});

describe('x12/945-out', () => {
  it('tells cartons, and what is missing of short lines, so that the sums are those of the order', async () => {
    const { segments, tree } = await written('x12/945-out', '945', shipment);
    expect(segments).toEqual([
      'W06*F*J-2001*20260309*HL100001-1**4500012345',
      'N1*ST*Acme Distribution Center 42*92*0042',
      'N2*Receiving',
      'N3*4200 Lakeview Road',
      'N4*Joliet*IL*60431*US',
      'N1*SF*Northwind Logistics*91*NW',
      'N9*BM*BL778899',
      'N9*CN*PRO4455',
      'N9*2I*1Z999',
      'N9*DP*0210',
      'G62*11*20260309',
      'G62*17*20260312',
      'W27*M*RDWY*Roadway',
      'LX*1',
      'MAN*GM*006141410000000012',
      'N9*2I*1Z9991',
      'W12*CC*24*24*0*EA**BP*1001*L77************UP*614141010103',
      'N9*LI*1',
      'LX*2',
      'MAN*GM*006141410000000029',
      'W12*CC*16*16*0*EA**BP*1001*************UP*614141010103',
      'N9*LI*1',
      'W12*CC*10*10*0*EA**BP*1006*************UP*614141010608',
      'N9*LI*2',
      'LX*3',
      'W12*CP*8*0*8*EA**BP*1001*************UP*614141010103',
      'N9*LI*1',
      'W03*50*31.5*LB***2*CT',
    ]);
    const back = documentOf('shipment', 'x12/945-in', tree);
    expect(back.packs).toHaveLength(2);
    expect(back.lines.map(({ lineRef, ordered, shipped }) => [lineRef, ordered, shipped])).toEqual([
      ['1', '24', '24'],
      ['1', '16', '16'],
      ['2', '10', '10'],
      ['1', '8', '0'],
    ]);
  });

  it('tells the pallet of a carton, as 945s that come in do', async () => {
    const packs = shipment.packs.map((pack) => ({ ...pack, tare: '106141412345678908' }));
    const { segments, tree } = await written('x12/945-out', '945', { ...shipment, packs });
    expect(segments.filter((segment) => segment === 'MAN*W*106141412345678908')).toHaveLength(2);
    expect(documentOf('shipment', 'x12/945-in', tree).packs.map(({ tare }) => tare)).toEqual(['106141412345678908', '106141412345678908']);
  });

  it('tells lines where no cartons are known', async () => {
    const { totalQuantity: _total, ...rest } = shipment;
    const { segments } = await written('x12/945-out', '945', { ...rest, packs: [] });
    expect(segments.filter((segment) => /^(LX|W12|G69|W03)/.test(segment))).toEqual([
      'LX*1',
      'W12*CP*48*40*8*EA**BP*1001*************UP*614141010103',
      'G69*Stoneware mug, white',
      'LX*2',
      'W12*CC*10*10*0*EA**BP*1006*************UP*614141010608',
      'W03*50*31.5*LB***2*CT',
    ]);
  });
});

describe('x12/850-out', () => {
  it('orders from a vendor, and comes back as the same order', async () => {
    const { segments, tree } = await written('x12/850-out', '850', vendorOrder);
    expect(segments.slice(0, 2)).toEqual(['BEG*00*DS*HL100001-2**20260302', 'CUR*BY*USD']);
    const { references, ...back } = documentOf('order', 'x12/850', tree);
    expect(references).toContainEqual({ qualifier: 'CO', value: '4500012345' });
    const { references: _references, ...sent } = vendorOrder;
    expect(back).toEqual(sent);
  });
});

describe('a mapping that extends one of these', () => {
  it('holds only what is different, as mappings/README.md shows', () => {
    const example = /```yaml\n( *# Acme[\s\S]*?)\n *```/.exec(readFileSync('mappings/README.md', 'utf8'))![1]!;
    const mapping = compiled(example, readFileSync('mappings/x12/856.yaml', 'utf8'));
    const { tree } = mapped(mapping, fromPlain('shipment', shipment));
    const segments = segmentsOf(bytesOf('856', tree!));
    expect(segments).toContain('REF*19*0210');
    expect(segments.filter((segment) => segment.startsWith('REF*DP'))).toEqual([]);
    expect(segments).toHaveLength(37);
  });
});
