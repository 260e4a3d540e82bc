import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemas } from '../../src/canonical/document.ts';
import { decimal, whole } from '../../src/decimal.ts';
import { bill } from '../../src/orders/bill.ts';
import type { InvoiceSettings } from '../../src/orders/bill.ts';
import { extension } from '../../src/orders/buyers-unit.ts';
import type { Line } from '../../src/orders/model.ts';
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
