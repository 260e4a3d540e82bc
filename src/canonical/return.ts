import { z } from '../schema.ts';
import { dateText, decimalText, party, qualifiedId, text } from './common.ts';

export const returnLine = z.object({
  /** The line of the order that shipped, where the buyer names it. */
  lineRef: text.optional(),
  ids: z.array(qualifiedId).default([]),
  description: text.optional(),
  /** What is to come back; in an answer, what may. */
  quantity: decimalText,
  unit: text,
  /** X12 element 1293: why. */
  reason: text.optional(),
  /** In an answer: why not all of it, in words. */
  because: text.optional(),
});

/** A buyer asks to send goods back, or we say whether and under which number they may (180). */
export const returnDocument = z.object({
  kind: z.literal('return'),
  purpose: z.enum(['request', 'answer']).default('request'),
  verdict: z.enum(['authorised', 'in-part', 'denied']).optional(),
  /** The buyer's own number of it (BGN02). */
  reference: text,
  /** Ours, under which the goods come back. */
  returnNumber: text.optional(),
  date: dateText,
  poNumber: text,
  orderDate: dateText.optional(),
  releaseNumber: text.optional(),
  invoiceNumber: text.optional(),
  vendorNumber: text.optional(),
  buyer: party.optional(),
  /** Where the goods are to be sent. */
  shipTo: party.optional(),
  notes: z.array(text).optional(),
  lines: z.array(returnLine).min(1, 'has no lines'),
});

export type Return = z.infer<typeof returnDocument>;
export type ReturnLine = z.infer<typeof returnLine>;
