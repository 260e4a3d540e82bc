import { z } from '../schema.ts';
import { carrier, dateText, decimalText, party, qualifiedId, text, timeText } from './common.ts';

export const shipmentItem = z.object({
  /** The line of the document that is answered: of the warehouse order, or of the purchase order. */
  lineRef: text.optional(),
  sku: text.optional(),
  ids: z.array(qualifiedId),
  quantity: decimalText,
  unit: text,
  lot: text.optional(),
  expires: dateText.optional(),
  /** The label of the carton that holds it, for forms that name cartons under items. */
  sscc: text.optional(),
});

/** A carton or pallet. */
export const pack = z.object({
  /** 18 digits; absent where the shipper does not label cartons. */
  sscc: text.optional(),
  /** The SSCC of the pallet it stands on. */
  tare: text.optional(),
  tracking: text.optional(),
  items: z.array(shipmentItem).min(1),
});

/** One line of what was asked and what was shipped. */
export const shipmentLine = z.object({
  lineRef: text.optional(),
  sku: text.optional(),
  ids: z.array(qualifiedId),
  description: text.optional(),
  ordered: decimalText.optional(),
  shipped: decimalText,
  unit: text,
  /** X12 element 368: CC complete, CP partial, BO backordered, IS substituted … */
  status: text.optional(),
  lot: text.optional(),
  expires: dateText.optional(),
});

/** Goods that left: a warehouse tells us (945), a vendor tells us (856), we tell a buyer (856) or a depositor (945). */
export const shipment = z.object({
  kind: z.literal('shipment'),
  purpose: z.enum(['original', 'replace', 'cancel']).default('original'),
  /** The shipper's own number of the shipment (BSN02, W0604). */
  shipmentId: text,
  shippedDate: dateText,
  shippedAt: timeText.optional(),
  expectedDelivery: dateText.optional(),
  /** The warehouse order that is answered (W0602). */
  depositorOrder: text.optional(),
  poNumber: text.optional(),
  orderDate: dateText.optional(),
  /** The message that brought the order. */
  orderMessageId: text.optional(),
  releaseNumber: text.optional(),
  department: text.optional(),
  vendorNumber: text.optional(),
  warehouse: text.optional(),
  shipFrom: party.optional(),
  shipTo: party.optional(),
  buyer: party.optional(),
  markFor: party.optional(),
  carrier: carrier.optional(),
  billOfLading: text.optional(),
  proNumber: text.optional(),
  /** The buyer's number of the load, where they route it. */
  loadId: text.optional(),
  tracking: text.optional(),
  cartons: text.optional(),
  weight: decimalText.optional(),
  weightUnit: text.optional(),
  totalQuantity: decimalText.optional(),
  packs: z.array(pack).default([]),
  lines: z.array(shipmentLine).default([]),
});

export type Shipment = z.infer<typeof shipment>;
export type ShipmentLine = z.infer<typeof shipmentLine>;
export type Pack = z.infer<typeof pack>;
export type ShipmentItem = z.infer<typeof shipmentItem>;
