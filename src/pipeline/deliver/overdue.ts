import { note } from '../../store/activity.ts';
import { markMissingOrders } from '../../store/documents.ts';
import { markOverdue, overdueDocuments } from '../../store/expectations.ts';
import type { PipelineContext } from '../context.ts';

const BATCH = 100;

/** Marks what did not come in the partner's time, acknowledgments and orders that documents wait for, at regular intervals. Gives the way to stop. */
export function watchAcknowledgments(context: PipelineContext): () => void {
  const timer = setInterval(() => {
    void findOverdue(context).catch((error: unknown) => context.log.error('what is overdue could not be looked for', { error }));
  }, context.config().intervals.acknowledgments);
  return () => clearInterval(timer);
}

/** Marks what is overdue now and gives how many documents that were. Each can still be acknowledged, and each order still come, later. */
export async function findOverdue(context: PipelineContext): Promise<number> {
  return (await findUnacknowledged(context)) + (await findMissingOrders(context));
}

async function findMissingOrders(context: PipelineContext): Promise<number> {
  const now = context.now();
  const missing = await context.db.transaction(async (tx) => {
    const documents = await markMissingOrders(tx, now, BATCH);
    for (const { id, partner, kind, businessKey } of documents) {
      const text = `ORDER_MISSING: the order of ${kind} ${businessKey ?? ''} did not come from ${partner} in time`;
      await note(tx, { at: now, verb: 'apply', partner, documentId: id, text });
    }
    return documents;
  });
  if (missing.length > 0) context.log.warn('orders are missing', { count: missing.length });
  return missing.length;
}

async function findUnacknowledged(context: PipelineContext): Promise<number> {
  const now = context.now();
  const late = await context.db.transaction(async (tx) => {
    const documents = await overdueDocuments(tx, now, BATCH);
    for (const { id, partner, orderId, setId, kind, businessKey } of documents) {
      await markOverdue(tx, id);
      const text = `${setId ?? kind} ${businessKey ?? ''} was not acknowledged by ${partner} in time`;
      await note(tx, { at: now, verb: 'acknowledge', partner, outboxId: id, orderId, text });
    }
    return documents;
  });
  if (late.length > 0) context.log.warn('acknowledgments are overdue', { count: late.length });
  return late.length;
}
