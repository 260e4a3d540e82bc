import { describe, expect, it } from 'vitest';
import { decimal, whole } from '../../src/decimal.ts';
import { enterLine, resolveShipTo } from '../../src/orders/enter.ts';
import type { LineFacts, PriceRules } from '../../src/orders/enter.ts';
import { sum } from '../../src/orders/quantities.ts';
import { dozen, orderState } from './state.ts';

const facts: LineFacts = { sku: 'MUG', description: 'Mug', baseUnit: 'EA', pack: whole(12), conversion: dozen, ourPrice: decimal('10.00') };
const prices: PriceRules = { tolerance: { percent: decimal('0.5'), absolute: decimal('0.02') }, onMismatch: 'hold', onMissing: 'hold' };
const source = { lineRef: '1', ids: [{ qualifier: 'BP', value: '77' }], quantity: '5', unit: 'CA', price: '10.00' };
const code = (change: object, known: Partial<LineFacts> = {}, rules: Partial<PriceRules> = {}) =>
  enterLine({ ...source, ...change }, 1, { ...facts, ...known }, { ...prices, ...rules }).trouble?.code;

describe('a line that comes in', () => {
  it('becomes base units, all of them undecided', () => {
    const { line, trouble } = enterLine(source, 1, facts, prices);
    expect(trouble).toBeUndefined();
    expect(line).toMatchObject({ sku: 'MUG', ordered: whole(5), base: whole(60), price: decimal('10.00'), buckets: { pending: whole(60) } });
    expect(sum(line.buckets)).toBe(line.base);
  });

  it.each([
    ['an item that nobody knows', {}, { sku: undefined }, 'SKU_UNKNOWN'],
    ['a unit without a conversion', { unit: 'PL' }, { conversion: undefined }, 'UNIT_UNKNOWN'],
    ['nothing', { quantity: '0' }, {}, 'QUANTITY_INVALID'],
    ['less than nothing', { quantity: '-5' }, {}, 'QUANTITY_INVALID'],
    ['a part of the smallest unit', { quantity: '0.3' }, {}, 'QUANTITY_INVALID'],
    ['more than can be counted', { quantity: '999999999999' }, {}, 'QUANTITY_INVALID'],
    ['what is no number', { quantity: '1e308' }, {}, 'QUANTITY_INVALID'],
    ['no price on either side', { price: undefined }, { ourPrice: undefined }, 'PRICE_MISMATCH'],
  ])('holds %s', (_, change, known, expected) => {
    expect(code(change, known)).toBe(expected);
    const { line } = enterLine({ ...source, ...change }, 1, { ...facts, ...known }, prices);
    expect(sum(line.buckets)).toBe(line.base);
    expect(line.reason).toBe(expected);
  });

  it('L12: holds a price beyond the larger tolerance, or does as the profile says', () => {
    expect(code({ price: '10.05' })).toBeUndefined();
    expect(code({ price: '9.95' })).toBeUndefined();
    expect(code({ price: '10.06' })).toBe('PRICE_MISMATCH');
    expect(code({ price: '9.50' })).toBe('PRICE_MISMATCH');
    expect(code({ price: '9.50' }, {}, { onMismatch: 'accept' })).toBeUndefined();
    const agreed = (onMismatch: PriceRules['onMismatch']) => enterLine({ ...source, price: '9.50' }, 1, facts, { ...prices, onMismatch }).line.price;
    expect([agreed('accept'), agreed('ours')]).toEqual([decimal('9.50'), decimal('10.00')]);
  });
});

describe('a ship-to', () => {
  const { document } = orderState([]);
  const known = { '0042': { name: 'Store 42', city: 'Austin' } };

  it('L13: is one of the partner’s places, or the order waits', () => {
    expect(resolveShipTo(document, known)).toMatchObject({ order: { shipTo: { city: 'Austin', code: '0042' } }, trouble: undefined });
    expect(resolveShipTo({ ...document, shipTo: { code: '0427' } }, known).trouble).toMatchObject({ code: 'SHIP_TO_UNKNOWN', value: '0427' });
    expect(resolveShipTo({ ...document, shipTo: { code: 'constructor' } }, known).trouble?.code).toBe('SHIP_TO_UNKNOWN');
    expect(resolveShipTo(document, undefined).trouble).toBeUndefined();
  });

  it('is taken as written for a drop ship with a full address', () => {
    const consumer = { name: 'A. Buyer', address: '1 Main St', city: 'Austin', postalCode: '78701' };
    expect(resolveShipTo({ ...document, poType: 'DS', shipTo: consumer }, known).trouble).toBeUndefined();
    expect(resolveShipTo({ ...document, poType: 'DS', shipTo: { name: 'A. Buyer' } }, known).trouble?.code).toBe('SHIP_TO_UNKNOWN');
  });
});
