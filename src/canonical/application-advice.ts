import { z } from '../schema.ts';
import { dateText, text } from './common.ts';

/** What is wrong with a document, for whoever sent it. */
export const adviceProblem = z.object({
  /** Of the catalogue of errors, or of the findings about X12. */
  code: text,
  /** Where: the row of the file, or the segment counted from ST as 1. */
  row: text.optional(),
  /** Which column or element. */
  field: text.optional(),
  value: text.optional(),
  message: text,
});

export const advisedDocument = z.object({
  verdict: z.enum(['accepted', 'accepted-with-errors', 'rejected']),
  /** What it speaks of: a set of ours by its control numbers, or by its own number. */
  setId: text.optional(),
  groupControl: text.optional(),
  setControl: text.optional(),
  reference: text.optional(),
  /** What is wrong with it, in the partner's words. */
  messages: z.array(text).default([]),
  /** The same of a document of theirs, where we tell. */
  problems: z.array(adviceProblem).optional(),
  /** What it is to whom sent it: its purchase order number. */
  businessKey: text.optional(),
  documentKind: text.optional(),
});

/** What a partner's own system says of documents of ours that were in order as X12, or ours of theirs (824). */
export const applicationAdvice = z.object({
  kind: z.literal('application-advice'),
  reference: text,
  date: dateText,
  /** The file that it came in. */
  fileName: text.optional(),
  documents: z.array(advisedDocument).min(1, 'speaks of no document'),
});

export type ApplicationAdvice = z.infer<typeof applicationAdvice>;
export type AdvisedDocument = z.infer<typeof advisedDocument>;
