import type { CanonicalDocument } from '../canonical/document.ts';
import { businessKeyOf } from '../canonical/document.ts';
import { outboundFor } from '../config/find-partner.ts';
import type { Partner } from '../config/types.ts';
import { enqueue, enqueueNew } from '../store/outbox.ts';
import { channelKey } from './context.ts';
import type { Work } from './work.ts';

export type Announcement = {
  /** Names the cause once and for all: `order-response:12`. */
  readonly key: string;
  /** Absent where it is about no single order. */
  readonly orderId?: number | undefined;
  readonly causeDocumentId?: number | undefined;
  /** BEG02 of the order, which may decide what the partner gets. */
  readonly orderType?: string | undefined;
  /** The cause came about in this transaction, so that it cannot have been told before. */
  readonly isNew?: boolean | undefined;
};

/** Queues a canonical document for a partner in every form that its configuration asks for: none, one or several. Gives how many. */
export async function announce(work: Work, partner: Partner, document: CanonicalDocument, about: Announcement): Promise<number> {
  let count = 0;
  for (const { mapping, channel } of outboundFor(work.config, partner, document.kind, about.orderType)) {
    const entry = {
      partner: partner.id,
      kind: document.kind,
      uniqueKey: `${about.key}:${mapping.name}`,
      canonical: document,
      businessKey: businessKeyOf(document) ?? '',
      orderId: about.orderId,
      causeDocumentId: about.causeDocumentId,
      mapping: mapping.name,
      channel: channelKey(partner.id, channel.name),
    };
    if (about.isNew) enqueueNew(work.tx, entry, work.now);
    if (about.isNew || (await enqueue(work.tx, entry, work.now))) count += 1;
  }
  return count;
}
