import { z } from '../schema.ts';
import { dateText, decimalText, qualifiedId, text } from './common.ts';

/** How a quantity of a line stands. X12 element 368 in brackets; a partner's `orderStatus` table may say it otherwise. */
export const progress = z.enum([
  'shipped', // SH
  'released', // IN, a location was told to ship it
  'allocated', // AS, stock is reserved
  'backordered', // BO
  'on-hold', // PH
  'undecided', // AN
  'cancelled', // CU, the buyer took it back
  'rejected', // UN, we will not ship it
]);

export const statusLine = z.object({
  lineRef: text,
  ids: z.array(qualifiedId),
  description: text.optional(),
  quantity: decimalText,
  unit: text,
  price: decimalText.optional(),
  /** They add up to the quantity; the date is that of the promise. */
  parts: z.array(z.object({ progress, quantity: decimalText, unit: text, date: dateText.optional() })).min(1),
});

export const orderStanding = z.object({
  poNumber: text,
  releaseNumber: text.optional(),
  orderDate: dateText,
  vendorOrder: text.optional(),
  /** complete: all that was not taken back or refused has shipped. */
  standing: z.enum(['complete', 'part-shipped', 'open', 'on-hold', 'cancelled', 'rejected']),
  lines: z.array(statusLine).min(1),
});

/** How orders stand, told at a time of day, after an event or because somebody asked (870). */
export const orderStatus = z.object({
  kind: z.literal('order-status'),
  cause: z.enum(['scheduled', 'event', 'asked']),
  reference: text,
  date: dateText,
  time: z.string().regex(/^\d\d:\d\d$/),
  vendorNumber: text.optional(),
  orders: z.array(orderStanding).min(1),
});

export type OrderStatus = z.infer<typeof orderStatus>;
export type OrderStanding = z.infer<typeof orderStanding>;
export type StatusLine = z.infer<typeof statusLine>;
export type Progress = z.infer<typeof progress>;
