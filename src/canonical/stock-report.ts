import { z } from '../schema.ts';
import { dateText, decimalText, qualifiedId, text, timeText } from './common.ts';

export const stockReportLine = z.object({
  sku: text.optional(),
  ids: z.array(qualifiedId).default([]),
  unit: text,
  /** count: what is there. receipt: what came in. adjustment: what is more, or with a minus sign less. */
  quantity: decimalText.optional(),
  /** count: what may be promised, where the warehouse says that instead: less what it was told to ship. */
  available: decimalText.optional(),
  /** Of the quantity, what may not be sold: held, damaged. An adjustment may move it alone. */
  onHold: decimalText.optional(),
  /** X12 element 181 of an adjustment, 412 of a receipt. */
  reason: text.optional(),
  lot: text.optional(),
});

/** What a warehouse or vendor says of its stock: a count (846), a receipt (944) or an adjustment (947). */
export const stockReport = z.object({
  kind: z.literal('stock-report'),
  purpose: z.enum(['count', 'receipt', 'adjustment']),
  /** count: all that is there, so that what is not named is not there; or only the items named. */
  scope: z.enum(['full', 'partial']).default('partial'),
  /** The reporter's own number of the report (BIA03, W1703, W1502). */
  reference: text,
  date: dateText,
  /** When it was true; a local time without zone is that of the reporter. */
  asOf: timeText.optional(),
  warehouse: text.optional(),
  /** Our number of the goods that were announced (W1704). */
  announced: text.optional(),
  /** X12 element 514 of a receipt: C came back from a customer. */
  cause: text.optional(),
  lines: z.array(stockReportLine).min(1, 'has no lines'),
});

export type StockReport = z.infer<typeof stockReport>;
export type StockReportLine = z.infer<typeof stockReportLine>;
