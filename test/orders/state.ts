import type { Order } from '../../src/canonical/order.ts';
import type { Shipment } from '../../src/canonical/shipment.ts';
import { decimal, whole } from '../../src/decimal.ts';
import type { Buckets, Line, OrderState } from '../../src/orders/model.ts';
import { emptyBuckets } from '../../src/orders/quantities.ts';

export const each = { unit: 'EA', numerator: 1n, denominator: 1n };
export const dozen = { unit: 'CA', numerator: 12n, denominator: 1n };

/** An order line: `ordered` in its unit, buckets in whole base units (what is not named is pending 0). */
export function orderLine(lineNo: number, ordered: string, buckets: Partial<Record<keyof Buckets, number>>, facts: Partial<Line> = {}): Line {
  const filled: Buckets = { ...emptyBuckets(), ...Object.fromEntries(Object.entries(buckets).map(([name, count]) => [name, whole(count)])) };
  return {
    id: lineNo,
    lineNo,
    lineRef: `${lineNo}0`,
    ids: [{ qualifier: 'BP', value: `B${lineNo}` }],
    sku: `SKU${lineNo}`,
    description: `Item ${lineNo}`,
    ordered: decimal(ordered),
    conversion: each,
    baseUnit: 'EA',
    base: Object.values(filled).reduce((sum, quantity) => sum + quantity, 0n),
    price: decimal('2.50'),
    pack: whole(1),
    buckets: filled,
    overshipped: 0n,
    invoiced: 0n,
    promiseDate: undefined,
    reason: undefined,
    ...facts,
  };
}

export function orderState(lines: readonly Line[], document: Partial<Order> = {}, facts: Partial<OrderState> = {}): OrderState {
  return {
    id: 1,
    partner: 'acme',
    lifecycle: 'open',
    receivedAt: '2025-03-01T10:00:00Z',
    document: {
      kind: 'order',
      purpose: 'original',
      poNumber: 'PO-1',
      poType: 'SA',
      orderDate: '2025-03-01',
      currency: 'USD',
      shipTo: { name: 'Acme Store 42', code: '0042', qualifier: '92' },
      lines: lines.map((line) => ({ lineRef: line.lineRef, ids: [...line.ids], quantity: '1', unit: line.conversion.unit })),
      ...document,
    },
    lines,
    ...facts,
  };
}

export function shipmentOf(facts: Partial<Shipment>): Shipment {
  return { kind: 'shipment', purpose: 'original', shipmentId: 'S1', shippedDate: '2025-03-05', packs: [], lines: [], ...facts };
}
