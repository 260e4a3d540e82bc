import { z } from '../schema.ts';
import { carrier, dateText, decimalText, party, qualifiedId, text } from './common.ts';

export const warehouseOrderLine = z.object({
  lineRef: text,
  sku: text,
  ids: z.array(qualifiedId),
  quantity: decimalText,
  unit: text,
  description: text.optional(),
  lot: text.optional(),
});

/** Tells a warehouse to ship (940). */
export const warehouseOrder = z.object({
  kind: z.literal('warehouse-order'),
  purpose: z.enum(['original', 'change', 'cancel']).default('original'),
  /** Our number for this piece of work (W0502); comes back in the shipment (W0602). */
  depositorOrder: text,
  poNumber: text,
  orderDate: dateText,
  warehouse: text,
  shipFrom: party.optional(),
  shipTo: party,
  buyer: party.optional(),
  markFor: party.optional(),
  /** It must not leave before. */
  shipNotBefore: dateText.optional(),
  requestedShip: dateText.optional(),
  shipNoLater: dateText.optional(),
  cancelAfter: dateText.optional(),
  carrier: carrier.optional(),
  freightPayment: text.optional(),
  references: z.array(qualifiedId).optional(),
  notes: z.array(text).optional(),
  totalQuantity: decimalText,
  lines: z.array(warehouseOrderLine).min(1, 'has no lines'),
});

export type WarehouseOrder = z.infer<typeof warehouseOrder>;
