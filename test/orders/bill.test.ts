import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemas } from '../../src/canonical/document.ts';
import { decimal, whole } from '../../src/decimal.ts';
import { bill, notYetBilled } from '../../src/orders/bill.ts';
import type { InvoiceSettings } from '../../src/orders/bill.ts';
import { extension } from '../../src/orders/buyers-unit.ts';
import type { Line } from '../../src/orders/model.ts';
import { checkInvoice } from '../../src/orders/checks.ts';
import { dozen, orderLine, orderState, shipmentOf } from './state.ts';

const settings: InvoiceSettings = { invoiceNumber: 'I1', invoiceDate: '2025-03-06' };
const all = (lines: readonly Line[]) => lines.map((line) => ({ lineId: line.id, shipped: line.buckets.shipped, over: line.overshipped }));
const billOf = (lines: readonly Line[], more: Partial<InvoiceSettings> = {}) => {
  const result = bill(orderState(lines), all(lines), { ...settings, ...more }, shipmentOf({ shipmentId: 'N1', billOfLading: 'B1' }));
  if (!('bill' in result)) throw new Error(result.refused.detail);
  expect(schemas.invoice.safeParse(result.bill.document).error).toBeUndefined();
  return result.bill;
};

describe('invoices', () => {
  it('L19: rounds each line and each charge, half away from zero', () => {
    const lines = [orderLine(1, '7', { shipped: 7 }, { price: decimal('3.3333') }), orderLine(2, '13', { shipped: 13 }, { price: decimal('1.005') })];
    const charges = [
      { indicator: 'A', code: 'C310', percent: whole(2) },
      { indicator: 'C', code: 'D240', amount: whole(5) },
    ] as const;
    const { document, total } = billOf(lines, { charges, terms: { netDays: '30' } });
    expect(document.lines.map((line) => line.extended)).toEqual(['23.33', '13.07']);
    expect(document.charges).toEqual([
      { indicator: 'A', code: 'C310', amount: '0.73' },
      { indicator: 'C', code: 'D240', amount: '5.00' },
    ]);
    expect(document).toMatchObject({ subtotal: '36.40', total: '40.67', shipmentId: 'N1', billOfLading: 'B1', terms: { netDays: '30' } });
    expect(total).toBe(decimal('40.67'));
  });

  it('bills by the buyer’s unit, and by the base unit where that does not divide', () => {
    const priced = { conversion: dozen, price: decimal('10.00') };
    expect(billOf([orderLine(1, '5', { shipped: 48, pending: 12 }, priced)]).document.lines[0]).toMatchObject({
      quantity: '4',
      unit: 'CA',
      price: '10',
      extended: '40.00',
    });
    expect(billOf([orderLine(1, '5', { shipped: 54, pending: 6 }, priced)]).document.lines[0]).toMatchObject({
      quantity: '54',
      unit: 'EA',
      price: '0.833333',
      extended: '45.00',
    });
  });

  it('L15: bills the ordered quantity unless the tolerance allows more', () => {
    const line = orderLine(1, '60', { shipped: 60 }, { overshipped: whole(6) });
    expect(billOf([line])).toMatchObject({ billed: [{ quantity: whole(60) }], unbilled: [{ quantity: whole(6) }] });
    expect(billOf([line], { overPercent: whole(10) })).toMatchObject({ billed: [{ quantity: whole(66) }], unbilled: [] });
    expect(billOf([line], { overPercent: whole(5) })).toMatchObject({ billed: [{ quantity: whole(63) }], unbilled: [{ quantity: whole(3) }] });
    // 4.2 above: a part of a unit is nothing that could be billed.
    expect(billOf([line], { overPercent: whole(7) })).toMatchObject({ billed: [{ quantity: whole(64) }], unbilled: [{ quantity: whole(2) }] });
  });

  it('never bills a line twice', () => {
    const line = orderLine(1, '60', { shipped: 60 }, { invoiced: whole(50) });
    expect(billOf([line]).billed).toEqual([{ lineId: 1, quantity: whole(10) }]);
    const done = orderLine(1, '60', { shipped: 60 }, { invoiced: whole(60) });
    expect(bill(orderState([done]), all([done]), settings)).toMatchObject({ refused: { because: 'nothing-to-bill' } });
  });

  it('bills what came in place of an item by its own number, at the price of what it stands for', () => {
    const line = orderLine(1, '10', { shipped: 96, pending: 24 }, { conversion: dozen, price: decimal('30.00') });
    const ids = [{ qualifier: 'VN', value: 'Y' }];
    const billables = [
      { lineId: 1, shipped: whole(60), over: 0n },
      // 18 of another item for 36: two for one.
      { lineId: 1, shipped: whole(36), over: 0n, substitute: { ids, quantity: whole(18) } },
    ];
    const result = bill(orderState([line]), billables, settings);
    if (!('bill' in result)) throw new Error(result.refused.detail);
    expect(result.bill.document.lines).toMatchObject([
      { lineRef: '10', ids: line.ids, quantity: '5', unit: 'CA', price: '30', extended: '150.00' },
      { lineRef: '10', ids, quantity: '18', unit: 'EA', price: '5', covers: '36', extended: '90.00' },
    ]);
    expect(result.bill.billed).toEqual([{ lineId: 1, quantity: whole(96) }]);
    expect(schemas.invoice.safeParse(result.bill.document).error).toBeUndefined();
    expect(checkInvoice(orderState([line]), new Map([[1, whole(96)]]), result.bill.document)).toEqual([]);
    expect(checkInvoice(orderState([line]), new Map([[1, whole(60)]]), result.bill.document)).toMatchObject([{ code: 'invoice-quantity', document: '96' }]);
  });

  it('bills by item what no invoice has asked for, from what came first on', () => {
    const line = orderLine(1, '100', { shipped: 100 }, { sku: 'X', invoiced: whole(70), overshipped: whole(2) });
    const ids = [{ qualifier: 'VN', value: 'Y' }];
    const came = [
      { sku: 'Y', shipped: whole(60), quantity: whole(60), covers: whole(60) },
      { sku: 'X', shipped: whole(20), quantity: whole(25), covers: undefined },
      { sku: 'Y', shipped: whole(10), quantity: whole(10), covers: whole(20) },
    ];
    expect(notYetBilled(line, came, () => ids)).toEqual([
      { lineId: 1, shipped: whole(10), over: 0n },
      { lineId: 1, shipped: whole(20), over: 0n, substitute: { ids, quantity: whole(10) } },
      { lineId: 1, shipped: 0n, over: whole(2) },
    ]);
    expect(notYetBilled(line, [came[1]!], () => ids)).toEqual([{ lineId: 1, shipped: whole(30), over: whole(2) }]);
  });

  it('refuses a line without an agreed price', () => {
    const line = orderLine(1, '60', { shipped: 60 }, { price: undefined });
    expect(bill(orderState([line]), all([line]), settings)).toMatchObject({ refused: { because: 'price-missing', lineRef: '10' } });
  });

  it('extends exactly: the nearest cent, and away from zero when between two', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 12n), fc.bigInt(0n, 10n ** 10n), fc.bigInt(1n, 200n), (quantity, price, numerator) => {
        const line = orderLine(1, '1', {}, { price, conversion: { unit: 'XX', numerator, denominator: 1n } });
        const cents = extension(line, quantity)! / 10_000n;
        const twice = 2n * quantity * price - 2n * cents * 10n ** 10n * numerator;
        const cent = 10n ** 10n * numerator;
        expect(twice >= -cent && twice < cent).toBe(true);
      }),
    );
  });
});
