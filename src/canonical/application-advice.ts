import { z } from '../schema.ts';
import { dateText, text } from './common.ts';

export const advisedDocument = z.object({
  verdict: z.enum(['accepted', 'accepted-with-errors', 'rejected']),
  /** What it speaks of: a set of ours by its control numbers, or by its own number. */
  setId: text.optional(),
  groupControl: text.optional(),
  setControl: text.optional(),
  reference: text.optional(),
  /** What is wrong with it, in the partner's words. */
  messages: z.array(text).default([]),
});

/** What a partner's own system says of documents of ours that were in order as X12 (824). */
export const applicationAdvice = z.object({
  kind: z.literal('application-advice'),
  reference: text,
  date: dateText,
  documents: z.array(advisedDocument).min(1, 'speaks of no document'),
});

export type ApplicationAdvice = z.infer<typeof applicationAdvice>;
export type AdvisedDocument = z.infer<typeof advisedDocument>;
