import type { Order } from '../../canonical/order.ts';
import type { OrderResponse } from '../../canonical/order-response.ts';
import type { Partner } from '../../config/types.ts';
import { announce } from '../announce.ts';
import type { Work } from '../work.ts';
import { dayIn } from '../work.ts';

/**
 * Answers a purchase order whose number is taken by an order response that refuses all of it, where the partner wants to hear it that way. It is no answer
 * to the order that has the number, and so is not kept with that.
 */
export async function refuseDuplicate(work: Work, partner: Partner, documentId: number, received: Order): Promise<void> {
  const { poNumber, releaseNumber, orderDate, department, currency, shipTo, poType } = received;
  const vendorNumber = partner.vendorNumber ?? received.vendorNumber;
  const response: OrderResponse = {
    kind: 'order-response',
    poNumber,
    ...(releaseNumber !== undefined && { releaseNumber }),
    orderDate,
    responseDate: dayIn(partner.timezone, work.now),
    verdict: 'rejected',
    duplicate: 'yes',
    ...(vendorNumber !== undefined && { vendorNumber }),
    ...(department !== undefined && { department }),
    currency,
    ...(shipTo && { shipTo }),
    lines: received.lines.map(({ lineRef, ids, quantity, unit, price }) => ({
      lineRef,
      ids,
      quantity,
      unit,
      ...(price !== undefined && { price }),
      outcomes: [{ outcome: 'rejected', quantity, unit }],
    })),
  };
  await announce(work, partner, response, { key: `duplicate:${documentId}`, causeDocumentId: documentId, orderType: poType });
}
