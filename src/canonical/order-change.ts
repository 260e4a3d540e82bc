import { z } from '../schema.ts';
import { dateText, decimalText, qualifiedId, text } from './common.ts';

export const orderChangeLine = z.object({
  /** The buyer's own reference of the line (POC01), as text. */
  lineRef: text,
  /** none: named without a change. */
  action: z.enum(['change', 'add', 'delete', 'none']),
  ids: z.array(qualifiedId).default([]),
  /** All that the buyer wants of the line now, not the difference; absent: as before. */
  quantity: decimalText.optional(),
  /** Absent: the unit of the line. */
  unit: text.optional(),
  /** The price that the buyer wants to pay for one unit; absent: as before. */
  price: decimalText.optional(),
  description: text.optional(),
  requestedShip: dateText.optional(),
});

/** A buyer changes an order (860, or an 850 that replaces or cancels one): the lines named, all of them, or the whole order. */
export const orderChange = z.object({
  kind: z.literal('order-change'),
  /** replace: lines that are not named are wanted no more. cancel: nothing is. */
  purpose: z.enum(['change', 'replace', 'cancel']).default('change'),
  poNumber: text,
  releaseNumber: text.optional(),
  /** The buyer's number of the change (BCH05). */
  sequence: text.optional(),
  changeDate: dateText,
  shipNotBefore: dateText.optional(),
  deliverNotBefore: dateText.optional(),
  requestedShip: dateText.optional(),
  requestedDelivery: dateText.optional(),
  shipNoLater: dateText.optional(),
  cancelAfter: dateText.optional(),
  deliverBy: dateText.optional(),
  lines: z.array(orderChangeLine).default([]),
});

export type OrderChange = z.infer<typeof orderChange>;
export type OrderChangeLine = z.infer<typeof orderChangeLine>;
