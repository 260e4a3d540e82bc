import { failPoint } from '../fail-point.ts';
import type { CanonicalDocument } from '../canonical/document.ts';
import type { Order } from '../canonical/order.ts';
import { note } from '../store/activity.ts';
import type { InboundDocument } from '../store/documents.ts';
import { expectOrder, toDocument, wakeDocuments } from '../store/documents.ts';
import { claim, type Ended, queues, settleAll } from '../store/queue.ts';
import type { Row, Tx } from '../store/transaction.ts';
import type { ReceivedAcknowledgment } from './apply/acknowledgment.ts';
import { applyAdvice } from './apply/advice.ts';
import { applyAcknowledgment } from './apply/acknowledgment.ts';
import { applyChange } from './apply/change.ts';
import { applyOrder, applyOrders, type ReceivedOrder } from './apply/order.ts';
import { applyRemittance } from './apply/remittance.ts';
import { applyResponse } from './apply/response.ts';
import { applyReturn } from './apply/return.ts';
import { applyRouting } from './apply/routing.ts';
import { applyShipment } from './apply/shipment.ts';
import { applyStockReport } from './apply/stock-report.ts';
import { applyStockTransfer } from './apply/stock-transfer.ts';
import { documentKey } from './apply/waits.ts';
import { attempt, attemptTogether } from './attempt.ts';
import { adviseSender } from './reports/advice.ts';
import type { PipelineContext, Step } from './context.ts';
import type { Applied, Work } from './work.ts';
import { inParts, partnerOf } from './work.ts';

const BATCH = 100;
/** New orders that are made in one transaction. */
const TOGETHER = 25;

/** Applies accepted documents to the order model: each in one transaction with all that follows from it. */
export const apply: Step = {
  name: 'apply',
  run: async (context) => {
    const now = context.now();
    const claimed = await context.db.transaction((tx) =>
      claim(tx, queues.apply, { owner: context.owner, now, leaseMs: context.config().intervals.claim, count: BATCH }),
    );
    if (claimed.length > 0) failPoint('apply.claimed');
    // Documents of one order are applied one after the other; orders do not wait for each other.
    const orders = Map.groupBy(claimed, (row) => `${String(row['partner'])} ${String(row['business_key'])}`);
    const turns = [...orders.values()];
    const first = turns.map((rows) => rows[0]!);
    const isOrder = (row: Row): boolean => row['kind'] === 'order';
    await Promise.all([
      ...inParts(first.filter(isOrder), TOGETHER).map((rows) =>
        attemptTogether(context, 'apply', queues.apply, rows, (tx, part) => applyRows(tx, context, part)),
      ),
      ...turns.filter(([row]) => !isOrder(row!)).map((rows) => applyInTurn(context, rows)),
    ]);
    await Promise.all(turns.filter(([row]) => isOrder(row!)).map(([, ...rows]) => applyInTurn(context, rows)));
    if (claimed.length > 0) for (const step of ['allocate', 'render'] as const) context.wake(step);
    return claimed.length;
  },
};

async function applyInTurn(context: PipelineContext, rows: readonly Row[]): Promise<void> {
  for (const row of rows) {
    await attempt(context, 'apply', queues.apply, row, (tx) => applyRows(tx, context, [row]));
  }
}

/** Applies one document, or several purchase orders, and ends their claims. */
async function applyRows(tx: Tx, context: PipelineContext, rows: readonly Row[]): Promise<void> {
  const work: Work = { tx, config: context.config(), now: context.now() };
  const documents = rows.map(toDocument);
  const applied =
    documents.length === 1
      ? [await applyDocument(work, documents[0]!)]
      : await applyOrders(
          work,
          documents.map((document) => toReceived(work, document)),
        );
  failPoint('apply.settling');
  const ended = documents.map(({ id }, index) => endOf(id, applied[index]!, work.now));
  await settleAll(tx, queues.apply, context.owner, ended);
  for (const [index, document] of documents.entries()) {
    await tellOf(work, document, applied[index]!);
    if (applied[index]!.reason === 'ORDER_UNKNOWN' && waits(applied[index]!))
      await expectOrder(tx, document.id, work.now + partnerOf(work.config, document.partner).missingOrder.within);
    if (document.kind === 'order-change' && !waits(applied[index]!)) await wakeDocuments(tx, documentKey(document.id));
  }
}

function waits(applied: Applied): boolean {
  return applied.status === 'parked' && applied.waitsFor !== undefined;
}

function toReceived({ config }: Work, { id, partner, canonical }: InboundDocument): ReceivedOrder {
  return { partner: partnerOf(config, partner), documentId: id, order: canonical as Order };
}

function endOf(id: number, applied: Applied, now: number): Ended {
  const { status, reason = null, detail = null, orderId = null } = applied;
  const waitsFor = (applied.status === 'parked' ? applied.waitsFor : undefined) ?? null;
  return { id, status, values: { reason, detail, order_id: orderId, waits_for: waitsFor, finished_at: now } };
}

/** Tells what is odd about what became of a document: the sender where it was refused, and its timeline. */
async function tellOf(work: Work, document: InboundDocument, applied: Applied): Promise<void> {
  const { reason, detail = '', orderId } = applied;
  if (!reason) return;
  const refused = reason === 'ORDER_CONFLICT' ? applied.status === 'done' : applied.status === 'parked' && applied.waitsFor === undefined;
  if (refused) await adviseSender(work, document, { reason, detail, decided: false });
  await note(work.tx, { at: work.now, verb: 'apply', partner: document.partner, documentId: document.id, orderId, text: `${reason}: ${detail}` });
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
    case 'stock-transfer':
      return applyStockTransfer(work, partner, document.id, canonical);
    case 'routing-instructions':
      return applyRouting(work, partner, document.id, canonical);
    case 'return':
      return applyReturn(work, partner, document.id, canonical);
    case 'remittance':
      return applyRemittance(work, partner, document.id, canonical);
    case 'application-advice':
      return applyAdvice(work, partner, document.id, canonical);
    case 'order-change-response':
    case 'order-status':
    case 'routing-request':
    case 'warehouse-order':
    case 'invoice':
      return Promise.resolve({ status: 'parked', reason: 'DOCUMENT_UNMAPPED', detail: `an inbound ${canonical.kind} has no effect; map it to an order` });
  }
}
