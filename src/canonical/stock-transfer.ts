import { z } from '../schema.ts';
import { carrier, dateText, decimalText, party, qualifiedId, text } from './common.ts';

export const stockTransferLine = z.object({
  lineRef: text.optional(),
  sku: text.optional(),
  ids: z.array(qualifiedId).default([]),
  description: text.optional(),
  quantity: decimalText,
  unit: text,
  lot: text.optional(),
});

/** Goods on their way to a warehouse: an owner or vendor tells us, or we tell the warehouse (943). */
export const stockTransfer = z.object({
  kind: z.literal('stock-transfer'),
  /** The number under which they come; goes back in the receipt (W1704). */
  reference: text,
  date: dateText,
  shipmentId: text.optional(),
  poNumber: text.optional(),
  /** Our code of the warehouse that they go to. */
  warehouse: text.optional(),
  shipFrom: party.optional(),
  shipTo: party.optional(),
  /** When they are to be there. */
  arrives: dateText.optional(),
  carrier: carrier.optional(),
  billOfLading: text.optional(),
  totalQuantity: decimalText.optional(),
  lines: z.array(stockTransferLine).min(1, 'has no lines'),
});

export type StockTransfer = z.infer<typeof stockTransfer>;
