import { describe, expect, it } from 'vitest';
import { decimal, whole } from '../../src/decimal.ts';
import { bill } from '../../src/orders/bill.ts';
import { checkInvoice, checkLabels, checkNotice, checkResponse, showContradictions } from '../../src/orders/checks.ts';
import { explainLine } from '../../src/orders/explain.ts';
import { notice } from '../../src/orders/notice.ts';
import { respond } from '../../src/orders/respond.ts';
import { confirm, shippedByLine } from '../../src/orders/ship.ts';
import { dozen, orderLine, orderState, shipmentOf } from './state.ts';
import { demand, line as demandLine, policy, run } from './support.ts';

const line = orderLine(1, '5', { shipped: 48, backordered: 12 }, { conversion: dozen, price: decimal('10.00'), promiseDate: '2025-03-11' });
const state = orderState([line], { cancelAfter: '2025-03-12' });
const fulfilment = { number: 'W1-1', location: 'W1', lines: [{ lineId: 1, lineRef: '1', sku: 'SKU1', quantity: whole(48) }] };
const item = { ids: [], sku: 'SKU1', quantity: '24', unit: 'EA' };
const shipment = shipmentOf({ packs: [{ sscc: '106141412345678908', items: [item] }, { items: [item] }] });
const confirmation = confirm(fulfilment, shipment);
const shipped = shippedByLine(confirmation);
const told = notice({ state, fulfilment, shipment, confirmation }, { shipmentId: 'N1' }).document;
const billed = bill(state, [{ lineId: 1, shipped: whole(48), over: 0n }], { invoiceNumber: 'I1', invoiceDate: '2025-03-06' });
const invoice = 'bill' in billed ? billed.bill.document : undefined;

describe('conversation checks', () => {
  it('find nothing in what the order itself gives', () => {
    expect(checkResponse(state, respond(state, [], { today: '2025-03-02', shipDates: {} }))).toEqual([]);
    expect(checkNotice(state, shipped, told)).toEqual([]);
    expect(checkInvoice(state, new Map([[1, whole(48)]]), invoice!)).toEqual([]);
  });

  it('put both facts of an answer side by side', () => {
    const answer = respond(state, [], { today: '2025-03-02', shipDates: {} });
    const outcomes = [{ outcome: 'accepted', quantity: '6', unit: 'CA', date: '2025-03-13' } as const];
    expect(checkResponse(state, { ...answer, lines: [{ ...answer.lines[0]!, outcomes }] })).toEqual([
      { code: 'response-sum', lineRef: '10', document: '72', order: '60' },
      { code: 'response-promise', lineRef: '10', document: '72', order: '48 reserved or shipped' },
      { code: 'date-outside-window', lineRef: '10', document: 'accepted 2025-03-13', order: 'cancelled after 2025-03-12' },
    ]);
    expect(checkResponse(state, { ...answer, lines: [{ ...answer.lines[0]!, lineRef: '99' }] })).toMatchObject([{ code: 'line-unknown' }]);
  });

  it('find a notice of more than shipped, packs that do not add up, a repeated SSCC', () => {
    const more = { ...told, lines: [{ ...told.lines[0]!, shipped: '5' }] };
    expect(checkNotice(state, shipped, more).map(({ code, document, order }) => [code, document, order])).toEqual([
      ['notice-quantity', '60', '48'],
      ['pack-sum', '48', '60'],
    ]);
    const twice = { ...told, packs: told.packs.map((pack) => ({ ...pack, sscc: '106141412345678908' })) };
    expect(checkNotice(state, shipped, twice)).toMatchObject([{ code: 'sscc-repeated', document: '106141412345678908' }]);
  });

  it('take an answer to what was ordered before the buyer changed it', () => {
    const answer = respond(state, [], { today: '2025-03-02', shipDates: {} });
    const less = orderState([{ ...line, base: whole(48), buckets: { ...line.buckets, backordered: 0n } }], { cancelAfter: '2025-03-12' });
    expect(checkResponse(less, answer)).toEqual([]);
  });

  it('find labels that were told before, and packs without one where each must have it', () => {
    const used = { ssccs: new Map([['106141412345678908', 'shipment 7 of PO-0']]), billOfLading: 'shipment 6 of PO-0' };
    const found = checkLabels({ ...told, billOfLading: 'B1' }, used, 'required');
    expect(showContradictions(found).split('; ')).toEqual([
      'SSCC / used within 12 months: 106141412345678908 / shipment 7 of PO-0',
      'SSCC / rule: pack 2 has none / every pack has its own',
      'bill of lading / told before: B1 / shipment 6 of PO-0',
    ]);
    expect(checkLabels(told, { ssccs: new Map() })).toEqual([]);
    expect(checkLabels({ ...told, packs: [] }, { ssccs: new Map() }, 'required')).toHaveLength(1);
  });

  it('find an invoice at another price, quantity or sum', () => {
    const of = new Map([[1, whole(48)]]);
    const altered = (change: object) => checkInvoice(state, of, { ...invoice!, lines: [{ ...invoice!.lines[0]!, ...change }] }).map(({ code }) => code);
    expect(altered({ price: '11' })).toEqual(['invoice-amount']);
    expect(altered({ quantity: '5', extended: '50.00' })).toEqual(['invoice-quantity', 'invoice-amount', 'invoice-total']);
    expect(checkInvoice(state, of, { ...invoice!, total: '40.01' })).toEqual([{ code: 'invoice-total', document: '40.01', order: '40.00' }]);
  });
});

describe('why', () => {
  it('says what there was, who stood ahead and what the alternatives were', () => {
    const pack = { pack: whole(12) };
    const plan = run({ W1: { X: 105 }, W2: { X: 12 } }, [
      demand(1, [demandLine(1, 'X', 48, pack)], { tier: 1 }),
      demand(2, [demandLine(2, 'X', 84, pack)], { tier: 2, policy: policy({ warehouses: ['W1'] }) }),
    ]);
    expect(explainLine(plan.of(2), plan.decisions[1]!)).toEqual([
      '48 of 84 reserved: 48 from W1',
      'W1 had 57 of X',
      '1 order ahead took 48 of X: PO1 (tier 1) took 48 at W1',
      '9 at W1 make no pack of 12',
      'no supply is known for 36',
      '36 backordered',
      'the order was number 2 in the order of priority',
      'W1, 1 shipment, fill 48, cost 0.00: the only possible set of locations',
      'W2 may not ship this order (the policy allows W1)',
    ]);
  });
});
