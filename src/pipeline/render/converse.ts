import type { Invoice } from '../../canonical/invoice.ts';
import type { OrderResponse } from '../../canonical/order-response.ts';
import type { Shipment } from '../../canonical/shipment.ts';
import type { Decimal } from '../../decimal.ts';
import { formatDecimal, least, total } from '../../decimal.ts';
import { WharfError } from '../../errors.ts';
import type { Contradiction } from '../../orders/checks.ts';
import { billedBase, checkCarrier, checkInvoice, checkLabels, checkNotice, checkResponse, labelsOf, showContradictions } from '../../orders/checks.ts';
import type { OrderState } from '../../orders/model.ts';
import { earlierUnder, locationOf, otherOwners, shipmentOfInvoice, shippedLines } from '../../store/conversation.ts';
import { readOrders, type StoredOrder } from '../../store/orders.ts';
import type { Tx } from '../../store/transaction.ts';
import type { PendingDocument } from '../../store/rendering.ts';
import { routedBy } from '../allocate/routing-request.ts';
import type { Work } from '../work.ts';
import { partnerOf } from '../work.ts';

const YEAR = 366 * 86_400_000;

/** The documents that are held against their orders. */
const CHECKED = new Set(['order-response', 'shipment', 'invoice']);

/** The orders that documents are about to be held against, by id. */
export function ordersToCheck(tx: Tx, documents: readonly PendingDocument[]): Promise<ReadonlyMap<number, StoredOrder>> {
  const asked = documents.filter(({ kind, waivedBy }) => CHECKED.has(kind) && waivedBy === undefined);
  return readOrders(tx, [...new Set(asked.flatMap(({ orderId }) => (orderId === undefined ? [] : [orderId])))]);
}

/**
 * Holds an answer, notice or invoice against its order, what is reserved for it, what shipped and what was told before, just before it is written.
 * `order` is what `ordersToCheck` found of it.
 * @throws WharfError CONVERSATION_BROKEN with both facts of each contradiction: the document is parked and nothing is sent.
 */
export async function checkConversation(work: Work, document: PendingDocument, order: StoredOrder | undefined): Promise<void> {
  if (document.waivedBy !== undefined || !order || order.partner !== document.partner) return;
  const found = await contradictions(work, order, document);
  if (found.length > 0) throw new WharfError('CONVERSATION_BROKEN', showContradictions(found), { value: document.businessKey });
}

async function contradictions(work: Work, order: OrderState, document: PendingDocument): Promise<readonly Contradiction[]> {
  const canonical = document.canonical as { readonly kind: string };
  const cause = /^(shipment|invoice):(\d+):/.exec(document.uniqueKey);
  if (canonical.kind === 'order-response') return checkResponse(order, canonical as OrderResponse);
  if (canonical.kind === 'shipment' && cause?.[1] === 'shipment') return checkShipment(work, order, Number(cause[2]), canonical as Shipment);
  if (canonical.kind === 'invoice' && cause?.[1] === 'invoice') return checkBill(work, order, Number(cause[2]), canonical as Invoice);
  return [];
}

async function checkShipment(work: Work, order: OrderState, shipmentId: number, notice: Shipment): Promise<readonly Contradiction[]> {
  const { tx } = work;
  const partner = partnerOf(work.config, order.partner);
  const { sscc, billOfLading } = partner.shipNotice;
  const lines = await shippedLines(tx, shipmentId);
  const shipped = new Map([...lines].map(([id, { quantity, over }]) => [id, quantity + over]));
  const bill = billOfLading === 'once' ? notice.billOfLading : undefined;
  const used = {
    ssccs: await otherOwners(tx, labelsOf(notice), shipmentId),
    billOfLading: bill && (await earlierUnder(tx, bill, shipmentId, order.partner, work.now - YEAR)),
  };
  const routed = partner.routingRequest.when === 'never' ? undefined : await routedBy(tx, partner, order.id, await locationOf(tx, shipmentId));
  const found = [...checkNotice(order, shipped, notice), ...untold(order, shipped, notice), ...checkLabels(notice, used, sscc)];
  return [...found, ...checkCarrier(notice, routed?.carrier.scac)];
}

/** Lines of which something left and of which the notice says nothing. */
function untold(order: OrderState, shipped: ReadonlyMap<number, Decimal>, notice: Shipment): readonly Contradiction[] {
  return order.lines.flatMap(({ id, lineRef }): readonly Contradiction[] => {
    const quantity = shipped.get(id) ?? 0n;
    if (quantity === 0n || notice.lines.some((line) => line.lineRef === lineRef)) return [];
    return [{ code: 'notice-quantity', lineRef, document: '0', order: formatDecimal(quantity) }];
  });
}

/**
 * What an invoice may ask for: that of one shipment what it brought, that of a whole order what shipped and no other invoice asks for. What was
 * shipped above the order may be billed or not, as the partner's tolerance says.
 */
async function checkBill(work: Work, order: OrderState, invoiceId: number, invoice: Invoice): Promise<readonly Contradiction[]> {
  const shipmentId = invoice.shipmentId === undefined ? undefined : await shipmentOfInvoice(work.tx, invoiceId);
  const lines = shipmentId === undefined ? undefined : await shippedLines(work.tx, shipmentId);
  const billed = new Map<number, Decimal>();
  for (const line of order.lines) {
    const entries = invoice.lines.filter(({ lineRef }) => lineRef === line.lineRef);
    if (entries.length === 0) continue;
    const told = total(entries.map((entry) => billedBase(line, entry) ?? 0n));
    const of = lines ? lines.get(line.id) : { quantity: line.buckets.shipped - (line.invoiced - told), over: line.overshipped };
    const { quantity, over } = of ?? { quantity: 0n, over: 0n };
    // Of a line no more is billed than left, over all its invoices.
    const room = line.buckets.shipped + line.overshipped - (line.invoiced - told);
    billed.set(line.id, least(room, told >= quantity && told <= quantity + over ? told : quantity));
  }
  return checkInvoice(order, billed, invoice);
}
