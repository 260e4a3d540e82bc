import { failPoint } from '../fail-point.ts';
import type { CanonicalDocument } from '../canonical/document.ts';
import { note } from '../store/activity.ts';
import type { InboundDocument } from '../store/documents.ts';
import { toDocument } from '../store/documents.ts';
import { claim, queues, settle } from '../store/queue.ts';
import type { Row, Tx } from '../store/transaction.ts';
import type { ReceivedAcknowledgment } from './apply/acknowledgment.ts';
import { applyAdvice } from './apply/advice.ts';
import { applyAcknowledgment } from './apply/acknowledgment.ts';
import { applyChange } from './apply/change.ts';
import { applyOrder } from './apply/order.ts';
import { applyRemittance } from './apply/remittance.ts';
import { applyResponse } from './apply/response.ts';
import { applyReturn } from './apply/return.ts';
import { applyShipment } from './apply/shipment.ts';
import { applyStockReport } from './apply/stock-report.ts';
import { attempt } from './attempt.ts';
import type { PipelineContext, Step } from './context.ts';
import type { Applied, Work } from './work.ts';
import { partnerOf } from './work.ts';

const BATCH = 100;

/** Applies accepted documents to the order model: each in one transaction with all that follows from it. */
export const apply: Step = {
  name: 'apply',
  run: async (context) => {
    const now = context.now();
    const claimed = await context.db.transaction((tx) =>
      claim(tx, queues.apply, { owner: context.owner, now, leaseMs: context.config().intervals.claim, count: BATCH }),
    );
    failPoint('apply.claimed');
    // Documents of one order are applied one after the other; orders do not wait for each other.
    const orders = Map.groupBy(claimed, (row) => `${String(row['partner'])} ${String(row['business_key'])}`);
    await Promise.all([...orders.values()].map((rows) => applyInTurn(context, rows)));
    if (claimed.length > 0) for (const step of ['allocate', 'render'] as const) context.wake(step);
    return claimed.length;
  },
};

async function applyInTurn(context: PipelineContext, rows: readonly Row[]): Promise<void> {
  for (const row of rows) {
    await attempt(context, 'apply', queues.apply, row, (tx) => applyRow(tx, context, row));
  }
}

async function applyRow(tx: Tx, context: PipelineContext, row: Row): Promise<void> {
  const document = toDocument(row);
  const work: Work = { tx, config: context.config(), now: context.now() };
  const applied = await applyDocument(work, document);
  failPoint('apply.settling');
  await settle(tx, queues.apply, { id: document.id, owner: context.owner }, applied.status, {
    reason: applied.reason ?? null,
    detail: applied.detail ?? null,
    order_id: applied.orderId ?? null,
    waits_for: (applied.status === 'parked' ? applied.waitsFor : undefined) ?? null,
    finished_at: work.now,
  });
  if (applied.reason) {
    const text = `${applied.reason}: ${applied.detail ?? ''}`;
    await note(tx, { at: work.now, verb: 'apply', partner: document.partner, documentId: document.id, orderId: applied.orderId, text });
  }
}

/** Applies one document of any kind. */
export function applyDocument(work: Work, document: InboundDocument): Promise<Applied> {
  const partner = partnerOf(work.config, document.partner);
  if (document.kind === 'acknowledgment') return applyAcknowledgment(work, partner, document, document.canonical as ReceivedAcknowledgment);
  const canonical = document.canonical as CanonicalDocument;
  switch (canonical.kind) {
    case 'order':
      return applyOrder(work, partner, document.id, canonical);
    case 'order-change':
      return applyChange(work, partner, document.id, canonical);
    case 'shipment':
      return applyShipment(work, partner, document.id, canonical);
    case 'order-response':
      return applyResponse(work, partner, document.id, canonical);
    case 'stock-report':
      return applyStockReport(work, partner, document.id, canonical);
    case 'return':
      return applyReturn(work, partner, document.id, canonical);
    case 'remittance':
      return applyRemittance(work, partner, document.id, canonical);
    case 'application-advice':
      return applyAdvice(work, partner, document.id, canonical);
    case 'order-change-response':
    case 'order-status':
    case 'warehouse-order':
    case 'invoice':
      return Promise.resolve({ status: 'parked', reason: 'DOCUMENT_UNMAPPED', detail: `an inbound ${canonical.kind} has no effect; map it to an order` });
  }
}
