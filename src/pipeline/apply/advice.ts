import type { AdvisedDocument, ApplicationAdvice } from '../../canonical/application-advice.ts';
import type { Partner } from '../../config/types.ts';
import { note } from '../../store/activity.ts';
import type { SentDocument } from '../../store/expectations.ts';
import { findSentReference, findSentSet, settle } from '../../store/expectations.ts';
import { wakeInvoices } from '../../store/conversation.ts';
import type { Applied, Work } from '../work.ts';

/**
 * Settles the documents of ours that a partner's own system accepts or rejects, after they were in order as X12: the reason stands with the document
 * in the partner's words. What it rejects waits for a person. One that speaks of nothing of ours is kept for a person to see.
 */
export async function applyAdvice(work: Work, partner: Partner, documentId: number, advice: ApplicationAdvice): Promise<Applied> {
  const unknown: string[] = [];
  let orderId: number | undefined;
  for (const each of advice.documents) {
    const sent = await find(work, partner, each);
    if (sent.length === 0)
      unknown.push([each.setId, each.reference ?? each.setControl].filter((text) => text !== undefined).join(' ') || 'a document without a name');
    for (const document of sent) {
      orderId ??= document.orderId;
      await settleOne(work, documentId, document, each);
    }
  }
  if (unknown.length === advice.documents.length) {
    return {
      status: 'parked',
      reason: 'REFERENCE_UNKNOWN',
      detail: `824 ${advice.reference} speaks of ${unknown.join(', ')}, which was not sent to ${partner.id}`,
    };
  }
  const rest =
    unknown.length > 0
      ? { reason: 'REFERENCE_UNKNOWN' as const, detail: `824 ${advice.reference} also speaks of ${unknown.join(', ')}, which was not sent` }
      : {};
  return { status: 'done', ...(orderId !== undefined && { orderId }), ...rest };
}

async function find({ tx }: Work, partner: Partner, { setId, groupControl, setControl, reference }: AdvisedDocument): Promise<readonly SentDocument[]> {
  const byControl = groupControl === undefined ? [] : await findSentSet(tx, partner.id, { groupControl, setControl, setId });
  return byControl.length > 0 || reference === undefined ? byControl : findSentReference(tx, partner.id, reference, setId);
}

async function settleOne(work: Work, documentId: number, sent: SentDocument, { verdict, messages }: AdvisedDocument): Promise<void> {
  const detail = messages.join('; ');
  await settle(work.tx, sent.id, verdict, detail, work.now);
  if (sent.kind === 'shipment' && sent.orderId !== undefined) await wakeInvoices(work.tx, sent.orderId);
  const text = `${sent.setId ?? sent.kind} ${sent.businessKey ?? ''} ${verdict.replaceAll('-', ' ')} by the system of ${sent.partner}${detail ? `: ${detail}` : ''}`;
  await note(work.tx, { at: work.now, verb: 'acknowledge', partner: sent.partner, documentId, outboxId: sent.id, orderId: sent.orderId, text });
}
