import { z } from '../schema.ts';
import { dateText, decimalText, party, qualifiedId, text } from './common.ts';

/** What becomes of a quantity of a line. X12 element 668 in brackets; a partner's `codes` table may say it otherwise. */
export const outcome = z.enum([
  'accepted', // IA
  'backordered', // IB
  'rescheduled', // DR
  'quantity-changed', // IQ
  'rejected', // IR
  'deleted', // ID
  'item-unknown', // R2
  'unit-invalid', // R3
  'price-changed', // IP
  'price-pending', // IE
  'on-hold', // IF
  'substituted', // IS
]);

export const responseLine = z.object({
  lineRef: text,
  ids: z.array(qualifiedId),
  description: text.optional(),
  quantity: decimalText,
  unit: text,
  price: decimalText.optional(),
  outcomes: z.array(z.object({ outcome, quantity: decimalText, unit: text, date: dateText.optional(), ids: z.array(qualifiedId).optional() })).min(1),
});

/** Our answer to a purchase order, or a vendor's to ours (855). */
export const orderResponse = z.object({
  kind: z.literal('order-response'),
  /** replace: takes the place of the answer that was given before. Absent: original. */
  purpose: z.enum(['original', 'replace']).optional(),
  poNumber: text,
  releaseNumber: text.optional(),
  /** The message that brought the order. */
  orderMessageId: text.optional(),
  orderDate: dateText,
  responseDate: dateText,
  /** accepted: as ordered (AD); changed: with line detail (AC); rejected: the whole order (RD). */
  verdict: z.enum(['accepted', 'changed', 'rejected']),
  /** It is rejected because its number is taken by another order. */
  duplicate: z.enum(['yes']).optional(),
  vendorOrder: text.optional(),
  vendorNumber: text.optional(),
  department: text.optional(),
  currency: text.optional(),
  shipTo: party.optional(),
  lines: z.array(responseLine).default([]),
});

export type Outcome = z.infer<typeof outcome>;
export type OrderResponse = z.infer<typeof orderResponse>;
export type ResponseLine = z.infer<typeof responseLine>;
