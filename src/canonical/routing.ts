import { z } from '../schema.ts';
import { carrier, dateText, decimalText, party, qualifiedId, text } from './common.ts';

/** Asks a buyer who pays the freight how what is ready to ship is to be routed (753). */
export const routingRequest = z.object({
  kind: z.literal('routing-request'),
  /** Our number of the request; comes back in the instructions. */
  reference: text,
  date: dateText,
  poNumber: text,
  orderDate: dateText,
  vendorNumber: text.optional(),
  department: text.optional(),
  /** Our code of the location that ships. */
  warehouse: text,
  shipFrom: party,
  shipTo: party,
  /** When it can be picked up. */
  readyOn: dateText,
  totalQuantity: decimalText,
  unit: text,
});

export const routedLoad = z.object({
  /** Our number of the request, or where the buyer does not repeat it, the purchase order. */
  request: text.optional(),
  poNumber: text.optional(),
  carrier,
  /** The buyer's number of the load. */
  loadId: text.optional(),
  pickupDate: dateText.optional(),
  references: z.array(qualifiedId).optional(),
});

/** A buyer says who picks up what, and under which number (754). */
export const routingInstructions = z.object({
  kind: z.literal('routing-instructions'),
  reference: text,
  date: dateText,
  loads: z.array(routedLoad).min(1, 'routes nothing'),
});

export type RoutingRequest = z.infer<typeof routingRequest>;
export type RoutingInstructions = z.infer<typeof routingInstructions>;
export type RoutedLoad = z.infer<typeof routedLoad>;
