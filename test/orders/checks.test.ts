import { describe, expect, it } from 'vitest';
import { decimal, whole } from '../../src/decimal.ts';
import { bill } from '../../src/orders/bill.ts';
import { checkInvoice, checkLabels, checkNotice, checkResponse, showContradictions } from '../../src/orders/checks.ts';
import { explainLine } from '../../src/orders/explain.ts';
import { explainPolicy } from '../../src/orders/explain-policy.ts';
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

  it('find a pallet whose SSCC was used before, once for all that stands on it, and one that is a carton’s', () => {
    const pallet = '106141412345678915';
    const onPallet = { ...told, packs: told.packs.map((pack) => ({ ...pack, tare: `00${pallet}` })) };
    expect(checkLabels(onPallet, { ssccs: new Map([[pallet, 'shipment 7 of PO-0']]) })).toEqual([
      { code: 'sscc-used-before', document: pallet, order: 'shipment 7 of PO-0' },
    ]);
    const same = { ...told, packs: told.packs.map((pack) => ({ ...pack, tare: '106141412345678908' })) };
    expect(checkNotice(state, shipped, same)).toMatchObject([{ code: 'sscc-repeated', document: '106141412345678908' }]);
  });

  it('find an invoice at another price, quantity or sum', () => {
    const of = new Map([[1, whole(48)]]);
    const altered = (change: object) => checkInvoice(state, of, { ...invoice!, lines: [{ ...invoice!.lines[0]!, ...change }] }).map(({ code }) => code);
    expect(altered({ price: '11' })).toEqual(['invoice-amount']);
    expect(altered({ quantity: '5', extended: '50.00' })).toEqual(['invoice-quantity', 'invoice-total']);
    expect(altered({ quantity: '5' })).toEqual(['invoice-quantity', 'invoice-amount', 'invoice-amount']);
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
      '48 of 84 reserved: 48 from W1; 36 backordered',
      'W1 had 57 of X for it, of 105 before others',
      '1 order ahead took 48 of X: PO1 (tier 1) took 48 at W1',
      '9 at W1 make no pack of 12',
      'no supply is known for 36',
      'the order was number 2 of 2 in the order of priority (tier 2)',
      'W1, 1 shipment, fill 48, cost 0.00: the only possible set of locations',
      'W2 may not ship this order (the policy allows W1)',
    ]);
  });

  it('says what could have shipped where nothing of it was kept', () => {
    const plan = run({ W1: { X: 5 }, W2: { X: 3 } }, [demand(1, [demandLine(1, 'X', 10)], { policy: policy({ completeness: 'complete' }) })]);
    expect(explainLine(plan.of(1), plan.decisions[0]!)).toEqual([
      '0 of 10 reserved; 10 backordered',
      'W1 had 5 of X',
      'W2 had 3 of X',
      'the order ships complete, and 2 of it are missing',
      'no supply is known for 2',
      'the order was number 1 of 1 in the order of priority (tier 1)',
      'at best it could have been W1 + W2, 2 shipments, fill 8, cost 0.00',
    ]);
  });

  it('says what stock is kept for others and what does not live long enough', () => {
    const plan = run(
      { W: { X: 50, Y: 50 } },
      [demand(1, [demandLine(1, 'X', 50), demandLine(2, 'Y', 50)], { lots: { transitDays: 2, minimumLifeDays: 30, single: 'any' } })],
      {
        pools: [{ name: 'spring', sku: 'X', location: 'W', quantity: whole(20) }],
        lots: [{ sku: 'Y', location: 'W', quantity: whole(50), goodUntil: '2025-04-01' }],
      },
    );
    const words = plan.lines.map((each) => explainLine(each, plan.decisions[0]!).slice(0, 3));
    expect(words).toEqual([
      ['30 of 50 reserved: 30 from W; 20 backordered', 'W had 30 of X for it, of 50 before others', '20 at W are kept for the pool spring'],
      ['0 of 50 reserved; 50 backordered', '50 at W are not good until 2025-04-06, or others need them for it', 'no supply is known for 50'],
    ]);
  });

  it('says how an order is served', () => {
    const applied = {
      ...policy({ objective: 'cost', splitPenalty: decimal('25'), minimumFill: { percent: whole(80), by: 'value', below: 'reject' }, requires: ['cold'] }),
      class: 1,
      tier: 2,
    };
    expect(explainPolicy(applied)).toBe(
      'tier 2; class 1; what is missing is back-ordered; at least 80 % by value, else it is refused; the least cost, at most 4; each further shipment costs 25.00; requires cold',
    );
  });
});
