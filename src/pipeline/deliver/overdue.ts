import { note } from '../../store/activity.ts';
import { markOverdue, overdueDocuments } from '../../store/expectations.ts';
import type { PipelineContext } from '../context.ts';

const BATCH = 100;

/** Marks documents whose acknowledgment did not come in the partner's time, at regular intervals. Gives the way to stop. */
export function watchAcknowledgments(context: PipelineContext): () => void {
  const timer = setInterval(() => {
    void findOverdue(context).catch((error: unknown) => context.log.error('overdue acknowledgments could not be looked for', { error }));
  }, context.config().intervals.acknowledgments);
  return () => clearInterval(timer);
}

/** Marks what is overdue now and gives how many documents that were. Each can still be acknowledged later. */
export async function findOverdue(context: PipelineContext): Promise<number> {
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
