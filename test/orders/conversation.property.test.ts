import fc from 'fast-check';
import { expect, it } from 'vitest';
import { schemas } from '../../src/canonical/document.ts';
import { decimal, whole } from '../../src/decimal.ts';
import { allocate } from '../../src/orders/allocate.ts';
import { bill } from '../../src/orders/bill.ts';
import { checkInvoice, checkNotice, checkResponse } from '../../src/orders/checks.ts';
import type { Line, Move, OrderState } from '../../src/orders/model.ts';
import { notice } from '../../src/orders/notice.ts';
import { moveAll, sum } from '../../src/orders/quantities.ts';
import { release } from '../../src/orders/release.ts';
import { respond } from '../../src/orders/respond.ts';
import { confirm, shippedByLine } from '../../src/orders/ship.ts';
import { dozen, each, orderLine, orderState, shipmentOf } from './state.ts';
import { demand, location, policy, today } from './support.ts';

const codes = ['W1', 'W2', 'W3'];
const wanted = fc.record({
  cases: fc.boolean(),
  count: fc.integer({ min: 1, max: 9 }),
  price: fc.bigInt(1n, 50_000_000n),
  stock: fc.array(fc.nat(60), { minLength: 3, maxLength: 3 }),
});
const life = fc.record({
  lines: fc.array(wanted, { minLength: 1, maxLength: 4 }),
  completeness: fc.constantFrom('backorder' as const, 'no-backorder' as const, 'complete' as const),
  /** Of ten units released, how many the location says it shipped: short, all or over. */
  tenths: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 3 }),
});

function apply(state: OrderState, moves: readonly Move[]): OrderState {
  const lines = state.lines.map((line): Line => ({
    ...line,
    buckets: moveAll(
      line.buckets,
      moves.filter((move) => move.lineId === line.id),
    ),
  }));
  for (const line of lines) expect(sum(line.buckets)).toBe(line.base);
  return { ...state, lines };
}

it('an order that is allocated, answered, released, shipped, told and billed never contradicts itself', () => {
  let shipments = 0;
  fc.assert(
    fc.property(life, ({ lines: entries, completeness, tenths }) => {
      const lines = entries.map(({ cases, count, price }, at) =>
        orderLine(at + 1, String(count), { pending: cases ? count * 12 : count }, { conversion: cases ? dozen : each, price }),
      );
      let state = orderState(lines, { completeness });
      const plan = allocate({
        today,
        demands: [
          demand(
            1,
            lines.map((line) => ({ lineId: line.id, lineNo: line.lineNo, sku: line.sku!, quantity: line.base, pack: line.pack })),
            { policy: policy({ completeness }) },
          ),
        ],
        stock: entries.flatMap(({ stock }, at) => stock.map((count, place) => ({ sku: `SKU${at + 1}`, location: codes[place]!, available: whole(count) }))),
        locations: codes.map((code) => location(code)),
      });
      const decided = plan.lines.flatMap(({ lineId, allocated, backordered, rejected }): Move[] => [
        { lineId, from: 'pending', to: 'allocated', quantity: allocated },
        { lineId, from: 'pending', to: 'backordered', quantity: backordered },
        { lineId, from: 'pending', to: 'rejected', quantity: rejected },
      ]);
      state = apply(state, decided);
      const reservations = plan.lines.flatMap(({ lineId, reservations: held }) => held.map((entry) => ({ lineId, ...entry })));
      const response = respond(state, reservations, { today, shipDates: {} });
      expect(schemas['order-response'].safeParse(response).error).toBeUndefined();
      expect(checkResponse(state, response)).toEqual([]);

      const { releases } = release(state, reservations, {
        today,
        numbers: Object.fromEntries(codes.map((code) => [code, `1-${code}`])),
        locations: Object.fromEntries(codes.map((code) => [code, { kind: 'warehouse' }])),
      });
      state = apply(
        state,
        releases.flatMap((work) => work.moves),
      );
      for (const work of releases) {
        const said = work.lines.map((line, at) => ({ line, shipped: ((line.quantity / whole(1)) * BigInt(tenths[at % 3]!)) / 10n }));
        const packs = said
          .filter(({ shipped }) => shipped > 0n)
          .map(({ line, shipped }) => ({ items: [{ ids: [], sku: line.sku, quantity: String(shipped), unit: 'EA' }] }));
        const shipment = shipmentOf({ depositorOrder: work.number, packs });
        const confirmation = confirm(work, shipment);
        expect(confirmation.refused).toBe(false);
        state = apply(state, confirmation.moves);
        const told = notice({ state, fulfilment: work, shipment, confirmation }, { shipmentId: work.number });
        expect(told.discrepancies).toEqual([]);
        expect(checkNotice(state, shippedByLine(confirmation), told.document)).toEqual([]);
        const billables = confirmation.lines.map(({ lineId, covers }) => ({ lineId, shipped: covers.shipped, over: covers.over }));
        const invoice = bill(
          state,
          billables,
          { invoiceNumber: 'I', invoiceDate: today, charges: [{ indicator: 'A', percent: decimal('1.5') }] },
          told.document,
        );
        if (!('bill' in invoice)) {
          expect(invoice.refused.because).toBe('nothing-to-bill');
          continue;
        }
        shipments++;
        const billed = new Map(invoice.bill.billed.map(({ lineId, quantity }) => [lineId, quantity]));
        expect(checkInvoice(state, billed, invoice.bill.document)).toEqual([]);
        state = { ...state, lines: state.lines.map((line) => ({ ...line, invoiced: line.invoiced + (billed.get(line.id) ?? 0n) })) };
        for (const line of state.lines) expect(line.invoiced).toBeLessThanOrEqual(line.base);
      }
    }),
    { numRuns: 400 },
  );
  expect(shipments).toBeGreaterThan(100);
});
