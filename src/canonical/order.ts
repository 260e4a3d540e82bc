import { z } from '../schema.ts';
import { carrier, charge, dateText, decimalText, party, qualifiedId, terms, text, timeText } from './common.ts';

export const orderLine = z.object({
  /** The buyer's own reference of the line (PO101), as text. */
  lineRef: text,
  ids: z.array(qualifiedId).min(1, 'names no item'),
  quantity: decimalText,
  unit: text,
  price: decimalText.optional(),
  description: text.optional(),
  requestedShip: dateText.optional(),
  notes: z.array(text).optional(),
  /** The stores that the line is for, where it is for several (SDQ), each with its part of the quantity in the unit of the line. */
  destinations: z.array(z.object({ code: text, qualifier: text.optional(), quantity: decimalText })).optional(),
});

/** An allowance (A) or charge (C) that the buyer names: an amount of money, or a percentage of the goods. */
export const orderCharge = z.object({ ...charge.shape, amount: decimalText.optional(), percent: decimalText.optional() });

/** A purchase order that came from a buyer or depositor, or one that goes to a drop-ship vendor (850, 940 in, CSV and XML orders). */
export const order = z.object({
  kind: z.literal('order'),
  purpose: z.enum(['original', 'replace', 'cancel', 'duplicate']).default('original'),
  poNumber: text,
  releaseNumber: text.optional(),
  /** X12 element 92: SA stand-alone, DS drop ship, NE new, RL release … */
  poType: text.default('SA'),
  orderDate: dateText,
  currency: text.default('USD'),
  /** The depositor's order number, where the order came as a warehouse order; goes back in the answer. */
  depositorOrder: text.optional(),
  department: text.optional(),
  vendorNumber: text.optional(),
  buyer: party.optional(),
  shipTo: party.optional(),
  billTo: party.optional(),
  markFor: party.optional(),
  shipNotBefore: dateText.optional(),
  /** The first day on which it may arrive. */
  deliverNotBefore: dateText.optional(),
  requestedShip: dateText.optional(),
  /** The day on which it should arrive. */
  requestedDelivery: dateText.optional(),
  shipNoLater: dateText.optional(),
  cancelAfter: dateText.optional(),
  /** The last day on which it may arrive. */
  deliverBy: dateText.optional(),
  /** CSH01: backorder (Y, BK), none (N: ship what there is, drop the rest), complete (SC), partial-cancel (SP). */
  completeness: z.enum(['backorder', 'no-backorder', 'complete']).optional(),
  /** CSH08, or CSH01 IS: whether another item may stand in. */
  substitution: z.enum(['allowed', 'forbidden']).optional(),
  carrier: carrier.optional(),
  freightPayment: text.optional(),
  terms: terms.optional(),
  charges: z.array(orderCharge).optional(),
  references: z.array(qualifiedId).optional(),
  notes: z.array(text).optional(),
  contact: text.optional(),
  /** The buyer has an answer already, from another system. */
  answered: z.enum(['yes']).optional(),
  /** The number of the message that brought it, where the form gives one (cXML payloadID): answers name it. */
  orderMessageId: text.optional(),
  /** When it was issued. */
  issuedAt: timeText.optional(),
  lines: z.array(orderLine).min(1, 'has no lines'),
});

export type Order = z.infer<typeof order>;
export type OrderCharge = z.infer<typeof orderCharge>;
export type OrderLine = z.infer<typeof orderLine>;
