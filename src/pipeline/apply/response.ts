import type { OrderResponse, Outcome } from '../../canonical/order-response.ts';
import type { Shipment } from '../../canonical/shipment.ts';
import type { Partner } from '../../config/types.ts';
import { least, parseDecimal } from '../../decimal.ts';
import { confirm } from '../../orders/ship.ts';
import { note } from '../../store/activity.ts';
import { readOrder } from '../../store/orders.ts';
import { bookWork, findWork, toFulfilment } from './book-work.ts';
import { settleRequests } from './settle-requests.ts';
import { workKey } from './waits.ts';
import type { Applied, Work } from '../work.ts';

/** What a vendor says it will not ship at all. */
const REFUSED: readonly Outcome[] = ['rejected', 'deleted', 'item-unknown', 'unit-invalid'];

/** Applies a vendor's answer to our purchase order: what they refuse goes back to be decided again, without them. */
export async function applyResponse(work: Work, partner: Partner, documentId: number, response: OrderResponse): Promise<Applied> {
  const fulfilment = await findWork(work, partner, response.poNumber);
  if (!fulfilment) {
    return {
      status: 'parked',
      reason: 'ORDER_UNKNOWN',
      detail: `nothing was sent to ${partner.id} as ${response.poNumber}`,
      waitsFor: workKey(response.poNumber.trim()),
    };
  }
  const { orderId } = fulfilment;
  const order = (await readOrder(work.tx, orderId))!;
  const refused = response.lines.map((line) => ({ line, quantity: refusedOf(line.outcomes) })).filter(({ quantity }) => quantity > 0n);
  const says = refused.map(({ line }) => `line ${line.lineRef}`).join(', ');
  await note(work.tx, {
    at: work.now,
    verb: 'apply',
    partner: partner.id,
    documentId,
    orderId,
    text: `${partner.id} answered ${response.poNumber}: ${says ? `refuses ${says}` : response.verdict}`,
  });
  if (refused.length === 0) return { status: 'done', orderId };

  // What the vendor still ships is left out, so that all that is named is short.
  const named = await toFulfilment(
    work,
    fulfilment,
    response.lines.map(({ unit }) => unit),
  );
  const cut = named.lines.flatMap((line) => {
    const found = refused.find(({ line: { lineRef } }) => lineRef === line.lineRef);
    return found ? [{ ...line, quantity: least(found.quantity, line.quantity), shipped: 0n, short: 0n }] : [];
  });
  const empty: Shipment = { kind: 'shipment', purpose: 'original', shipmentId: response.poNumber, shippedDate: response.responseDate, packs: [], lines: [] };
  const { lines, moves } = confirm({ ...named, lines: cut }, empty);
  const booked = await bookWork(work, order, { fulfilment, lines, moves, key: `response:${documentId}`, cause: 'deallocation' });
  await settleRequests(work, booked, fulfilment, lines);
  return { status: 'done', orderId };
}

function refusedOf(outcomes: OrderResponse['lines'][number]['outcomes']): bigint {
  return outcomes.filter(({ outcome }) => REFUSED.includes(outcome)).reduce((sum, { quantity }) => sum + (parseDecimal(quantity) ?? 0n), 0n);
}
