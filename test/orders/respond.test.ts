import { describe, expect, it } from 'vitest';
import { schemas } from '../../src/canonical/document.ts';
import { decimal, whole } from '../../src/decimal.ts';
import type { Line, OrderState, Reservation } from '../../src/orders/model.ts';
import { respond } from '../../src/orders/respond.ts';
import type { ResponseSettings } from '../../src/orders/respond.ts';
import { dozen, orderLine, orderState } from './state.ts';

const settings: ResponseSettings = { today: '2025-03-02', shipDates: { W1: '2025-03-03', W2: '2025-03-04' } };
const held = (lineId: number, count: number, location = 'W1', more: Partial<Reservation> = {}): Reservation => ({
  lineId,
  sku: `SKU${lineId}`,
  location,
  quantity: whole(count),
  ...more,
});
const answer = (state: OrderState, reservations: readonly Reservation[], more: Partial<ResponseSettings> = {}) => {
  const response = respond(state, reservations, { ...settings, ...more });
  expect(schemas['order-response'].safeParse(response).error).toBeUndefined();
  return response;
};
const outcomes = (line: Line, reservations: readonly Reservation[], document = {}) => {
  const { lines, verdict } = answer(orderState([line], document), reservations);
  return [verdict, ...lines[0]!.outcomes.map((o) => [o.outcome, o.quantity, o.unit, o.date ?? ''].join(' ').trim())];
};

describe('the answer to an order', () => {
  it('L1: accepts all for the day asked', () => {
    const line = orderLine(1, '100', { allocated: 100 });
    expect(outcomes(line, [held(1, 100)], { requestedShip: '2025-03-05' })).toEqual(['accepted', 'accepted 100 EA 2025-03-05']);
  });

  it('says another day when the location cannot ship that early', () => {
    const line = orderLine(1, '100', { allocated: 100 });
    expect(outcomes(line, [held(1, 60), held(1, 40, 'W2')], { requestedShip: '2025-03-03' })).toEqual([
      'changed',
      'accepted 60 EA 2025-03-03',
      'rescheduled 40 EA 2025-03-04',
    ]);
    expect(outcomes(line, [held(1, 100)], { shipNotBefore: '2025-03-10' })).toEqual(['accepted', 'accepted 100 EA 2025-03-10']);
  });

  it('L2: back-orders the rest with its day', () => {
    const line = orderLine(1, '100', { allocated: 60, backordered: 40 }, { promiseDate: '2025-03-11' });
    expect(outcomes(line, [held(1, 60)])).toEqual(['changed', 'accepted 60 EA 2025-03-03', 'backordered 40 EA 2025-03-11']);
  });

  it('L3: cuts the quantity where nothing may be back-ordered', () => {
    const line = orderLine(1, '100', { allocated: 60, rejected: 40 });
    expect(outcomes(line, [held(1, 60)])).toEqual(['changed', 'quantity-changed 60 EA 2025-03-03', 'rejected 40 EA']);
  });

  it('L4: reschedules what ships complete', () => {
    const line = orderLine(1, '100', { backordered: 100 }, { promiseDate: '2025-03-11' });
    expect(outcomes(line, [], { completeness: 'complete' })).toEqual(['changed', 'rescheduled 100 EA 2025-03-11']);
    expect(outcomes({ ...line, promiseDate: undefined }, [], { completeness: 'complete' })).toEqual(['changed', 'backordered 100 EA']);
  });

  it('L11: says which line names no item, and accepts the others', () => {
    const unknown = orderLine(2, '5', { rejected: 5 }, { sku: undefined, reason: 'SKU_UNKNOWN', price: undefined });
    const response = answer(orderState([orderLine(1, '10', { allocated: 10 }), unknown]), [held(1, 10)]);
    expect(response.verdict).toBe('changed');
    expect(response.lines.map((line) => line.outcomes[0]!.outcome)).toEqual(['accepted', 'item-unknown']);
    expect(outcomes(orderLine(1, '5', { rejected: 5 }, { reason: 'UNIT_UNKNOWN' }), [])).toEqual(['rejected', 'unit-invalid 5 EA']);
    expect(outcomes(orderLine(1, '-5', {}, { reason: 'QUANTITY_INVALID' }), [])).toEqual(['rejected', 'unit-invalid -5 EA']);
  });

  it('L12: names our price where it is the agreed one', () => {
    const line = orderLine(1, '10', { allocated: 10 }, { price: decimal('10.00') });
    const document = { lines: [{ lineRef: '10', ids: [...line.ids], quantity: '10', unit: 'EA', price: '9.50' }] };
    expect(outcomes(line, [held(1, 10)], document)).toEqual(['changed', 'price-changed 10 EA 2025-03-03']);
    expect(answer(orderState([line], document), [held(1, 10)]).lines[0]).toMatchObject({ price: '10' });
    expect(outcomes(orderLine(1, '10', { pending: 10 }, { reason: 'PRICE_MISMATCH' }), [])).toEqual(['changed', 'price-pending 10 EA']);
  });

  it('S15: says the next day where the date could not be kept', () => {
    expect(outcomes(orderLine(1, '10', { pending: 10 }, { promiseDate: '2025-03-06' }), [])).toEqual(['changed', 'rescheduled 10 EA 2025-03-06']);
    expect(outcomes(orderLine(1, '10', { pending: 10 }), [])).toEqual(['changed', 'on-hold 10 EA']);
  });

  it('S16: names the substitute', () => {
    const line = orderLine(1, '100', { allocated: 100 });
    const idsOf = new Map([['SKU9', [{ qualifier: 'UP', value: '036000291452' }]]]);
    const response = answer(orderState([line]), [held(1, 40), held(1, 30, 'W1', { sku: 'SKU9', covers: whole(60) })], { idsOf });
    expect(response.lines[0]!.outcomes).toEqual([
      { outcome: 'accepted', quantity: '40', unit: 'EA', date: '2025-03-03' },
      { outcome: 'substituted', quantity: '60', unit: 'EA', date: '2025-03-03', ids: [{ qualifier: 'UP', value: '036000291452' }] },
    ]);
  });

  it('speaks the buyer’s unit where it divides, and one unit a line', () => {
    const cases = (allocated: number, backordered: number) => orderLine(1, '5', { allocated, backordered }, { conversion: dozen });
    expect(outcomes(cases(36, 24), [held(1, 36)])).toEqual(['changed', 'accepted 3 CA 2025-03-03', 'backordered 2 CA']);
    expect(outcomes(cases(40, 20), [held(1, 40)])).toEqual(['changed', 'accepted 40 EA 2025-03-03', 'backordered 20 EA']);
  });

  it('refuses the whole order', () => {
    expect(outcomes(orderLine(1, '100', { rejected: 100 }), [])).toEqual(['rejected', 'rejected 100 EA']);
    expect(outcomes(orderLine(1, '100', { cancelled: 100 }), [])).toEqual(['rejected', 'deleted 100 EA']);
  });
});
