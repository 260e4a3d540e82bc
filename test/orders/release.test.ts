import { describe, expect, it } from 'vitest';
import { schemas } from '../../src/canonical/document.ts';
import { decimal, whole } from '../../src/decimal.ts';
import { recall } from '../../src/orders/recall.ts';
import { release } from '../../src/orders/release.ts';
import type { ReleaseSettings } from '../../src/orders/release.ts';
import { dozen, orderLine, orderState } from './state.ts';

const settings: ReleaseSettings = {
  today: '2025-03-02',
  numbers: { W1: '1000-1', W2: '1000-2', V1: '1000-3' },
  locations: { W1: { kind: 'warehouse', party: { name: 'Northwind' } }, W2: { kind: 'warehouse' }, V1: { kind: 'vendor', vendorNumber: 'V77' } },
  company: { name: 'Harbor Lane' },
  costs: new Map([['SKU2', decimal('1.10')]]),
};
const held = (lineId: number, count: number, location: string, sku = `SKU${lineId}`) => ({ lineId, sku, location, quantity: whole(count) });
const lines = [orderLine(1, '10', { allocated: 120 }, { conversion: dozen, price: decimal('30') }), orderLine(2, '6', { allocated: 6 })];

describe('release', () => {
  it('L16: gives each warehouse its own work, in base units', () => {
    const { releases, refused } = release(orderState(lines, { shipNoLater: '2025-03-09' }), [held(2, 6, 'W2'), held(1, 80, 'W2'), held(1, 40, 'W1')], settings);
    expect(refused).toEqual([]);
    expect(releases.map(({ location, number }) => [location, number])).toEqual([
      ['W1', '1000-1'],
      ['W2', '1000-2'],
    ]);
    expect(releases[1]!.document).toMatchObject({
      kind: 'warehouse-order',
      depositorOrder: '1000-2',
      poNumber: 'PO-1',
      warehouse: 'W2',
      shipNoLater: '2025-03-09',
      totalQuantity: '86',
      lines: [
        { lineRef: '1', sku: 'SKU1', quantity: '80', unit: 'EA' },
        { lineRef: '2', sku: 'SKU2', quantity: '6', unit: 'EA' },
      ],
    });
    expect(releases[1]!.moves).toEqual([
      { lineId: 1, from: 'allocated', to: 'released', quantity: whole(80) },
      { lineId: 2, from: 'allocated', to: 'released', quantity: whole(6) },
    ]);
    for (const { document } of releases) expect(schemas['warehouse-order'].safeParse(document).error).toBeUndefined();
  });

  it('L17: orders from a vendor at our cost, without the buyer’s price', () => {
    const { releases } = release(orderState(lines), [held(2, 6, 'V1')], settings);
    const document = releases[0]!.document;
    expect(schemas.order.safeParse(document).error).toBeUndefined();
    expect(document).toMatchObject({
      kind: 'order',
      poNumber: '1000-3',
      poType: 'DS',
      orderDate: '2025-03-02',
      vendorNumber: 'V77',
      buyer: { name: 'Harbor Lane' },
      shipTo: { code: '0042' },
      references: [{ qualifier: 'CO', value: 'PO-1' }],
      lines: [{ lineRef: '1', quantity: '6', unit: 'EA', price: '1.1' }],
    });
    expect(JSON.stringify(document)).not.toContain('2.5');
    const noCost = release(orderState(lines), [held(1, 12, 'V1')], settings).releases[0]!.document;
    expect(noCost.lines[0]).not.toHaveProperty('price');
  });

  it('sends no part of an order that ships complete', () => {
    const short = [lines[0]!, orderLine(2, '6', { allocated: 5, backordered: 1 })];
    const result = release(orderState(short, { completeness: 'complete' }), [held(1, 120, 'W1')], settings);
    expect(result).toMatchObject({ releases: [], refused: [{ because: 'incomplete' }] });
    expect(release(orderState(lines, { completeness: 'complete' }), [held(1, 120, 'W1')], settings).releases).toHaveLength(1);
    expect(release(orderState(short), [held(1, 120, 'W1')], { ...settings, completeness: 'complete' }).releases).toEqual([]);
  });

  it('refuses without a ship-to or for a location that nobody knows', () => {
    const { shipTo: _, ...document } = orderState(lines).document;
    expect(release({ ...orderState(lines), document }, [held(1, 1, 'W1')], settings).refused).toMatchObject([{ because: 'no-ship-to' }]);
    expect(release(orderState(lines), [held(1, 1, 'W9'), held(2, 6, 'W1')], settings)).toMatchObject({
      releases: [{ location: 'W1' }],
      refused: [{ because: 'location-unknown', location: 'W9' }],
    });
  });

  it('keeps a substitute on a line of its own', () => {
    const substitute = { lineId: 2, sku: 'SKU9', location: 'W1', quantity: whole(4), covers: whole(2) };
    const { releases } = release(orderState(lines), [held(2, 4, 'W1'), substitute], settings);
    expect(releases[0]!.lines).toEqual([
      { lineId: 2, lineRef: '1', sku: 'SKU2', quantity: whole(4), covers: whole(4) },
      { lineId: 2, lineRef: '2', sku: 'SKU9', quantity: whole(4), covers: whole(2) },
    ]);
    expect(releases[0]!.moves.map((move) => move.quantity)).toEqual([whole(4), whole(2)]);
  });
});

describe('recall', () => {
  const { releases } = release(orderState(lines), [held(2, 6, 'W1'), held(1, 40, 'W1'), held(1, 80, 'V1')], settings);
  const at = (location: string) => releases.find((each) => each.location === location)!;
  const part = (lineId: number, count: number, location: string) => ({ ...held(lineId, count, location), covers: whole(count) });

  it('L8: asks for less, by the same number', () => {
    const document = recall(at('W1'), [part(1, 6, 'W1'), part(1, 80, 'V1')]);
    expect(document).toMatchObject({ purpose: 'change', depositorOrder: '1000-1', totalQuantity: '40', lines: [{ quantity: '34' }, { quantity: '6' }] });
    expect(schemas['warehouse-order'].safeParse(document).error).toBeUndefined();
    expect(recall(at('V1'), [part(1, 6, 'V1')])).toMatchObject({ kind: 'order', purpose: 'replace', lines: [{ quantity: '74' }] });
  });

  it('L7b: cancels the work of which nothing is left, and leaves alone what is not asked', () => {
    expect(recall(at('W1'), [part(1, 40, 'W1'), part(2, 6, 'W1')])).toMatchObject({ purpose: 'cancel', depositorOrder: '1000-1' });
    expect(recall(at('V1'), [part(1, 80, 'V1')])).toMatchObject({ purpose: 'cancel', poNumber: '1000-3' });
    expect(recall(at('W1'), [part(1, 80, 'V1')])).toBeUndefined();
  });
});
