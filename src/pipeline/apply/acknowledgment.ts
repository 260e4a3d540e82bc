import type { Partner } from '../../config/types.ts';
import { detailsOf, type AcknowledgedGroup, type AcknowledgedInterchange } from '../../formats/x12/acknowledge.ts';
import { readX12Sync } from '../../formats/x12/read.ts';
import { note } from '../../store/activity.ts';
import { wakeInvoices } from '../../store/conversation.ts';
import type { InboundDocument } from '../../store/documents.ts';
import type { AckStatus, SentDocument } from '../../store/expectations.ts';
import { findSentGroup, findSentInterchange, plainNumber, settle } from '../../store/expectations.ts';
import { readWholePayload } from '../../store/payload.ts';
import type { Node } from '../../tree.ts';
import type { Applied, Work } from '../work.ts';

type Verdict = AcknowledgedGroup['verdict'];

/** A 997 or 999 speaks of a group of ours, a TA1 of an interchange. */
export type ReceivedAcknowledgment = { readonly group: AcknowledgedGroup } | { readonly interchange: AcknowledgedInterchange };

/** Settles the documents of ours that an acknowledgment speaks of. One that speaks of none is kept for a person to see. */
export function applyAcknowledgment(work: Work, partner: Partner, document: InboundDocument, received: ReceivedAcknowledgment): Promise<Applied> {
  return 'group' in received ? settleGroup(work, partner, document, received.group) : settleInterchange(work, partner, document, received.interchange);
}

async function settleGroup(work: Work, partner: Partner, document: InboundDocument, group: AcknowledgedGroup): Promise<Applied> {
  const sent = await findSentGroup(work.tx, partner.id, group.type, group.control);
  if (sent.length === 0) {
    return {
      status: 'parked',
      reason: 'REFERENCE_UNKNOWN',
      detail: `${document.setId} speaks of group ${group.type} ${group.control}, which was not sent to ${partner.id}`,
    };
  }
  for (const each of sent) {
    const named = group.sets.find(
      (set) => plainNumber(set.control) === plainNumber(each.setControl ?? '') && (each.setId === undefined || set.type === each.setId),
    );
    const details = named ? detailsOf(named, named.notes.length > 0 ? await sentTree(work, each) : undefined) : group.details;
    await settleOne(work, document, each, named?.verdict ?? group.verdict, details);
  }
  return { status: 'done', detail: `${document.setId} for group ${group.type} ${group.control}: ${group.verdict}` };
}

/** The set as it was sent, as long as its bytes are kept: with it, a partner's complaint can be told by the line it is about. */
async function sentTree(work: Work, { id, setId, setControl }: SentDocument): Promise<Node | undefined> {
  const events = readX12Sync(await readWholePayload(work.tx, 'outbox', id));
  const sets = events.flatMap((event) => (event.kind === 'set' ? [event.set] : []));
  return sets.find(({ type, control }) => type === setId && plainNumber(control) === plainNumber(setControl ?? ''))?.tree;
}

/** Only a rejection says something of the documents: an interchange that is accepted may hold sets that are not. */
async function settleInterchange(work: Work, partner: Partner, document: InboundDocument, interchange: AcknowledgedInterchange): Promise<Applied> {
  const sent = await findSentInterchange(work.tx, partner.id, interchange.control);
  if (sent.length === 0) {
    return { status: 'parked', reason: 'REFERENCE_UNKNOWN', detail: `TA1 speaks of interchange ${interchange.control}, which was not sent to ${partner.id}` };
  }
  if (interchange.verdict === 'rejected') for (const each of sent) await settleOne(work, document, each, 'rejected', [interchange.detail]);
  return { status: 'done', detail: `TA1 for interchange ${interchange.control}: ${interchange.verdict}` };
}

async function settleOne(work: Work, document: InboundDocument, sent: SentDocument, verdict: Verdict, details: readonly string[]): Promise<void> {
  const status = statusOf(verdict);
  await settle(work.tx, sent.id, status, details.join('; '), work.now);
  if (sent.kind === 'shipment' && sent.orderId !== undefined) await wakeInvoices(work.tx, sent.orderId);
  const what = sent.setId ?? sent.kind;
  const said = details.length > 0 ? `: ${details.join('; ')}` : '';
  const text = `${what} ${sent.businessKey ?? ''} ${status.replaceAll('-', ' ')} by ${sent.partner}${said}`;
  await note(work.tx, { at: work.now, verb: 'acknowledge', partner: sent.partner, documentId: document.id, outboxId: sent.id, orderId: sent.orderId, text });
}

/** A group that was partly accepted says so of each set; a set that it does not name was accepted. */
function statusOf(verdict: Verdict): AckStatus {
  switch (verdict) {
    case 'accepted':
    case 'partly-accepted':
      return 'accepted';
    case 'accepted-with-errors':
      return 'accepted-with-errors';
    case 'rejected':
      return 'rejected';
  }
}
