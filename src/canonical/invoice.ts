import { z } from '../schema.ts';
import { carrier, charge, dateText, decimalText, party, qualifiedId, terms, text } from './common.ts';

export const invoiceLine = z.object({
  lineRef: text,
  ids: z.array(qualifiedId),
  description: text.optional(),
  quantity: decimalText,
  unit: text,
  price: decimalText,
  /** Of what came in place of the ordered item: the base units of that item which it stands for. */
  covers: decimalText.optional(),
  /** quantity × price, rounded half away from zero to the currency's minor unit. */
  extended: decimalText,
});

/** A bill for what shipped, or a credit for what came back, in amounts above 0 (810). */
export const invoice = z.object({
  kind: z.literal('invoice'),
  /** Absent: an invoice. */
  type: z.enum(['invoice', 'credit']).optional(),
  /** Of a credit: the return and the invoice that it is for. */
  returnNumber: text.optional(),
  originalInvoice: text.optional(),
  invoiceNumber: text,
  invoiceDate: dateText,
  poNumber: text,
  orderDate: dateText,
  releaseNumber: text.optional(),
  shipmentId: text.optional(),
  billOfLading: text.optional(),
  shippedDate: dateText.optional(),
  currency: text,
  department: text.optional(),
  vendorNumber: text.optional(),
  billTo: party.optional(),
  shipTo: party.optional(),
  carrier: carrier.optional(),
  terms: terms.optional(),
  lines: z.array(invoiceLine).min(1),
  charges: z.array(charge).default([]),
  subtotal: decimalText,
  total: decimalText,
});

export type Invoice = z.infer<typeof invoice>;
export type InvoiceLine = z.infer<typeof invoiceLine>;
