import { describe, expect, it } from 'vitest';
import { schemas } from '../../src/canonical/document.ts';
import { whole } from '../../src/decimal.ts';
import type { Shipment } from '../../src/canonical/shipment.ts';
import { notice } from '../../src/orders/notice.ts';
import { confirm, shippedByLine } from '../../src/orders/ship.ts';
import type { Fulfilment } from '../../src/orders/ship.ts';
import { dozen, orderLine, orderState, shipmentOf } from './state.ts';

const work = (quantity: number, more: Partial<Fulfilment['lines'][number]> = {}): Fulfilment => ({
  number: '1000-1',
  location: 'W1',
  lines: [{ lineId: 1, lineRef: '1', sku: 'SKU1', quantity: whole(quantity), ...more }],
});
const sent = (shipped: string, more: object = {}): Shipment =>
  shipmentOf({ depositorOrder: '1000-1', lines: [{ lineRef: '1', ids: [{ qualifier: 'VN', value: 'SKU1' }], shipped, unit: 'EA', ...more }] });
const codes = (confirmation: ReturnType<typeof confirm>): readonly string[] => confirmation.discrepancies.map(({ code }) => code);

describe('what a warehouse confirms', () => {
  it('L1: all of it', () => {
    const result = confirm(work(100), sent('100'));
    expect(result).toMatchObject({ refused: false, discrepancies: [], moves: [{ lineId: 1, from: 'released', to: 'shipped', quantity: whole(100) }] });
  });

  it('L14: gives back what is short', () => {
    const result = confirm(work(60), sent('54'));
    expect(result.moves).toEqual([
      { lineId: 1, from: 'released', to: 'shipped', quantity: whole(54) },
      { lineId: 1, from: 'released', to: 'pending', quantity: whole(6) },
    ]);
    expect(result.discrepancies).toMatchObject([{ code: 'short', severity: 'warning', expected: whole(60), actual: whole(54), sku: 'SKU1' }]);
    expect(confirm(work(60), sent('54'), { final: false }).moves).toHaveLength(1);
  });

  it('L15: tells what is over, and moves only what was released', () => {
    const result = confirm(work(60), sent('66'));
    expect(result.moves).toEqual([{ lineId: 1, from: 'released', to: 'shipped', quantity: whole(60) }]);
    expect(result.lines[0]).toMatchObject({ shipped: whole(60), short: 0n, over: whole(6) });
    expect(shippedByLine(result).get(1)).toBe(whole(66));
  });

  it('L25: counts what came before', () => {
    const result = confirm(work(60, { shipped: whole(50) }), sent('20'));
    expect(result.lines[0]).toMatchObject({ shipped: whole(10), over: whole(10), short: 0n });
  });

  it('L7b: takes a zero for nothing shipped, and a line left out for short', () => {
    for (const shipment of [sent('0'), shipmentOf({})]) {
      const result = confirm(work(60), shipment);
      expect(result.moves).toEqual([{ lineId: 1, from: 'released', to: 'pending', quantity: whole(60) }]);
      expect(codes(result)).toEqual(['short', 'nothing-shipped']);
    }
  });

  it('reads cases, adds the parts of a line, and takes packs where there are no lines', () => {
    expect(confirm(work(60, { conversions: [dozen] }), sent('5', { unit: 'CA' })).lines[0]).toMatchObject({ shipped: whole(60) });
    const parts = shipmentOf({ lines: [...sent('20').lines, ...sent('40').lines] });
    expect(confirm(work(60), parts)).toMatchObject({ lines: [{ shipped: whole(60) }], discrepancies: [] });
    const item = { ids: [], sku: 'SKU1', quantity: '30', unit: 'EA' };
    expect(confirm(work(60), shipmentOf({ packs: [{ items: [item] }, { items: [item] }] })).lines[0]).toMatchObject({ shipped: whole(60) });
  });

  it('refuses what it cannot understand, with the reason', () => {
    const refused = (shipment: Shipment, fulfilment = work(60), options = {}) => {
      const result = confirm(fulfilment, shipment, options);
      expect(result.refused).toBe(true);
      return codes(result)[0];
    };
    expect(refused(sent('5', { unit: 'CA' }), work(60, { conversions: [{ unit: 'EA', numerator: 1n, denominator: 1n }] }))).toBe('unit-unknown');
    expect(refused(sent('-5'))).toBe('quantity-invalid');
    expect(refused(sent('5', { lineRef: '9', ids: [] }))).toBe('line-unknown');
    expect(refused(sent('5', { sku: 'SKU9' }))).toBe('item-differs');
    expect(refused(sent('5', { ids: [{ qualifier: 'UP', value: 'x' }] }), work(60), { skuOf: () => 'SKU9' })).toBe('item-differs');
    expect(refused({ ...sent('60'), depositorOrder: '1000-2' })).toBe('other-order');
    const packs = [{ sscc: '106141412345678908', items: [{ ids: [], sku: 'SKU1', quantity: '60', unit: 'EA' }] }];
    expect(refused({ ...sent('54'), packs })).toBe('packs-differ');
    expect(refused({ ...sent('120'), packs: [...packs, ...packs] }, work(120))).toBe('sscc-repeated');
    expect(refused({ ...sent('60'), packs: packs.map((pack) => ({ ...pack, tare: pack.sscc })) })).toBe('sscc-repeated');
  });

  it('finds the line by its item when the reference is missing or another’s', () => {
    const two: Fulfilment = { ...work(10), lines: [...work(10).lines, { lineId: 2, lineRef: '2', sku: 'SKU2', quantity: whole(10) }] };
    const result = confirm(two, shipmentOf({ lines: [{ ids: [{ qualifier: 'SK', value: 'SKU2' }], shipped: '10', unit: 'EA' }] }));
    expect(result.lines.map((line) => line.shipped)).toEqual([0n, whole(10)]);
  });

  it('counts a substitute in units of the line’s own item, over several shipments without loss', () => {
    const substitute = (shipped: number) => work(7, { sku: 'SKU1', covers: whole(3), shipped: whole(shipped) });
    const parts = [0, 2, 4].map((before) => confirm(substitute(before), sent(before === 4 ? '3' : '2'), { final: before === 4 }));
    const moved = parts.flatMap((part) => part.moves).reduce((sum, move) => sum + move.quantity, 0n);
    expect(moved).toBe(whole(3));
  });
});

describe('the notice to the buyer', () => {
  const sscc = '106141412345678908';
  const line = orderLine(1, '5', { shipped: 54, pending: 6 }, { conversion: dozen });
  const packed = (...counts: string[]): Shipment => ({
    ...sent(String(counts.reduce((sum, count) => sum + Number(count), 0))),
    shipFrom: { name: 'Northwind' },
    billOfLading: 'BOL1',
    carrier: { scac: 'UPSN' },
    packs: counts.map((quantity, at) => ({
      sscc: at === 0 ? sscc : `00000000000000000${at}`,
      items: [{ lineRef: '1', ids: [], sku: 'SKU1', quantity, unit: 'EA', lot: 'L1' }],
    })),
  });
  const tell = (shipment: Shipment, state = orderState([line]), more = {}) => {
    const fulfilment = work(60);
    const result = notice({ state, fulfilment, shipment, confirmation: confirm(fulfilment, shipment) }, { shipmentId: 'N1', ...more });
    expect(schemas.shipment.safeParse(result.document).error).toBeUndefined();
    return result.document;
  };

  it('speaks the buyer’s unit and references, and keeps the packs', () => {
    const document = tell(packed('24', '24'));
    expect(document).toMatchObject({
      shipmentId: 'N1',
      poNumber: 'PO-1',
      billOfLading: 'BOL1',
      carrier: { scac: 'UPSN' },
      shipFrom: { name: 'Northwind' },
      totalQuantity: '4',
      lines: [{ lineRef: '10', ids: [{ qualifier: 'BP', value: 'B1' }], ordered: '5', shipped: '4', unit: 'CA', status: 'BP' }],
      packs: [{ sscc, items: [{ lineRef: '10', quantity: '2', unit: 'CA', lot: 'L1' }] }, { items: [{ lineRef: '10', quantity: '2', unit: 'CA' }] }],
    });
    expect(document).not.toHaveProperty('depositorOrder');
  });

  it('L14: tells 54 of 60, in base units since they make no whole cases', () => {
    expect(tell(packed('30', '24')).lines[0]).toMatchObject({ ordered: '60', shipped: '54', unit: 'EA', status: 'BP' });
  });

  it('L15: tells 66 when 66 are in the truck', () => {
    const full = orderLine(1, '60', { shipped: 60 }, { overshipped: whole(6) });
    expect(tell(packed('66'), orderState([full])).lines[0]).toMatchObject({ ordered: '60', shipped: '66', status: 'CC' });
  });

  it('tells two lots of a line as one line, and each lot in its pack', () => {
    const lots = orderLine(1, '48', { shipped: 48 });
    const lines = ['30', '18'].map((quantity, at) => ({ lineId: 1, lineRef: `${at + 1}`, sku: 'SKU1', quantity: whole(Number(quantity)) }));
    const fulfilment: Fulfilment = { number: '1000-1', location: 'W1', lines };
    const entries = lines.map(({ lineRef }, at) => ({ lineRef, ids: [], sku: 'SKU1', unit: 'EA', quantity: ['30', '18'][at]!, lot: `L${at}` }));
    const shipment = shipmentOf({
      depositorOrder: '1000-1',
      lines: entries.map(({ quantity, ...entry }) => ({ ...entry, shipped: quantity })),
      packs: [{ sscc, items: entries }],
    });
    const confirmation = confirm(fulfilment, shipment);
    const { document } = notice({ state: orderState([lots]), fulfilment, shipment, confirmation }, { shipmentId: 'N1' });
    expect(document.lines).toMatchObject([{ lineRef: '10', ordered: '48', shipped: '48', status: 'CC' }]);
    expect(document.packs[0]!.items).toMatchObject([
      { quantity: '30', lot: 'L0' },
      { quantity: '18', lot: 'L1' },
    ]);
  });

  it('L17: hides the vendor', () => {
    const document = tell(packed('24', '24'), orderState([line]), { shipFrom: { name: 'Harbor Lane' }, vendorNumber: '1234' });
    expect(document).toMatchObject({ shipFrom: { name: 'Harbor Lane' }, vendorNumber: '1234' });
    expect(JSON.stringify(document)).not.toContain('Northwind');
  });

  it('answers a depositor by its own number, with what did not ship', () => {
    const state = orderState([orderLine(1, '60', { pending: 60 })], { depositorOrder: 'D-9' });
    const document = tell(sent('0'), state, { tellShort: true });
    expect(document).toMatchObject({ depositorOrder: 'D-9', lines: [{ shipped: '0', ordered: '60', status: 'BO' }] });
    expect(tell(sent('0'), state).lines).toEqual([]);
  });

  it('leaves out an item of a pack that belongs to no line, and says so', () => {
    const fulfilment = work(60);
    const shipment = { ...sent('60'), packs: [{ sscc, items: [{ ids: [{ qualifier: 'SK', value: 'OTHER' }], quantity: '3', unit: 'EA' }] }] };
    const confirmation = confirm(fulfilment, shipment);
    const result = notice({ state: orderState([line]), fulfilment, shipment, confirmation }, { shipmentId: 'N1' });
    expect(result.document.packs).toEqual([]);
    expect(result.discrepancies).toMatchObject([{ code: 'line-unknown' }]);
  });
});
