import { z } from '../schema.ts';
import { dateText, decimalText, text } from './common.ts';

export const remittanceLine = z.object({
  invoiceNumber: text.optional(),
  poNumber: text.optional(),
  billOfLading: text.optional(),
  /** What was paid for it. */
  paid: decimalText.optional(),
  /** What was kept back: above 0 is less money for us, below 0 more. */
  deducted: decimalText,
  /** X12 element 426. */
  code: text.optional(),
  description: text.optional(),
});

/** What a partner says of money: a payment with what was kept back of it (820), or a debit or credit on its own (812). */
export const remittance = z.object({
  kind: z.literal('remittance'),
  source: z.enum(['820', '812', 'other']).default('other'),
  reference: text,
  date: dateText,
  currency: text.optional(),
  total: decimalText.optional(),
  lines: z.array(remittanceLine).default([]),
});

export type Remittance = z.infer<typeof remittance>;
export type RemittanceLine = z.infer<typeof remittanceLine>;
