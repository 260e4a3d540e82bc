import { z } from '../schema.ts';
import { dateText, decimalText, party, qualifiedId, text } from './common.ts';
import { responseLine } from './order-response.ts';

export const changedLine = z.object({
  ...responseLine.shape,
  /** None where the change named a line that the order does not have, and no item. */
  ids: z.array(qualifiedId).default([]),
  /** What became of the change: none where the line was asked to change and stays as it was. */
  change: z.enum(['increased', 'decreased', 'deleted', 'added', 'price', 'dates', 'refused', 'none']),
  /** Of the quantity, what has not shipped. */
  left: decimalText,
});

/** Our answer to a change of an order, or a change that we make (865, 870): each line as it stands now. */
export const orderChangeResponse = z.object({
  kind: z.literal('order-change-response'),
  /** buyer: the answer to a change; seller: a change of ours. */
  initiative: z.enum(['buyer', 'seller']),
  poNumber: text,
  releaseNumber: text.optional(),
  orderDate: dateText,
  /** The buyer's number and date of the change that is answered. */
  sequence: text.optional(),
  changeDate: dateText.optional(),
  responseDate: dateText,
  /** accepted: as asked; changed: in part; rejected: nothing of it. */
  verdict: z.enum(['accepted', 'changed', 'rejected']),
  vendorOrder: text.optional(),
  vendorNumber: text.optional(),
  department: text.optional(),
  currency: text.optional(),
  shipTo: party.optional(),
  lines: z.array(changedLine).default([]),
});

export type OrderChangeResponse = z.infer<typeof orderChangeResponse>;
export type ChangedLine = z.infer<typeof changedLine>;
