import type { OrderCharge } from '../../canonical/order.ts';
import type { Shipment } from '../../canonical/shipment.ts';
import { outboundFor } from '../../config/find-partner.ts';
import type { Partner } from '../../config/types.ts';
import { decimal } from '../../decimal.ts';
import type { Billable, ChargeRule } from '../../orders/bill.ts';
import { bill, notYetBilled } from '../../orders/bill.ts';
import { note } from '../../store/activity.ts';
import { fulfilmentOrdersOf } from '../../store/fulfilment.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { lookBy, updateUnits } from '../../store/orders.ts';
import { countInvoices, firstShippedAt, insertInvoice } from '../../store/shipments.ts';
import { substituteIds } from '../allocate/substitute-ids.ts';
import { announce } from '../announce.ts';
import type { BookedShipment } from './shipment.ts';
import { lifecycleOf } from './settle-order.ts';
import type { Work } from '../work.ts';
import { dayIn, partnerOf } from '../work.ts';

/** Bills what shipped, where the partner takes invoices: this shipment, or the whole order when it is complete. */
export async function invoiceOrder(work: Work, booked: BookedShipment, notice: Shipment): Promise<void> {
  const { order, documentId, shipmentId } = booked;
  const { when } = partnerOf(work.config, order.partner).invoice;
  if (when === 'shipment') await issue(work, { order, billables: await thisShipment(work, booked), documentId, shipmentId, notice });
  const again = when === 'complete' ? await invoiceComplete(work, order, { documentId, shipmentId }) : undefined;
  if (again !== undefined) await lookBy(work.tx, order.id, again);
}

/**
 * Bills an order that is billed once when nothing more will ship of it, or when its first shipment is as long ago as the partner lets it be. What shipped
 * is billed once. Gives the instant at which it is to be looked at again.
 */
export async function invoiceComplete(
  work: Work,
  order: StoredOrder,
  cause: { readonly documentId: number; readonly shipmentId?: number } = { documentId: order.documentId },
): Promise<number | undefined> {
  const { when, latest } = partnerOf(work.config, order.partner).invoice;
  if (when !== 'complete' || order.lines.every(({ buckets, invoiced }) => buckets.shipped <= invoiced)) return undefined;
  const first = latest === undefined ? undefined : await firstShippedAt(work.tx, order.id);
  const due = first === undefined || latest === undefined ? undefined : first + latest;
  if (lifecycleOf(order) !== 'shipped' && (due === undefined || due > work.now)) return due;
  await issue(work, { order, billables: await allShipped(work, order), ...cause });
  return undefined;
}

type Issue = {
  readonly order: StoredOrder;
  readonly billables: readonly Billable[];
  readonly documentId: number;
  readonly shipmentId?: number | undefined;
  readonly notice?: Shipment | undefined;
};

async function issue(work: Work, { order, billables, documentId, shipmentId, notice }: Issue): Promise<void> {
  const partner = partnerOf(work.config, order.partner);
  if (outboundFor(work.config, partner, 'invoice', order.document.poType).length === 0) return;
  const { terms, overship } = partner.invoice;
  const number = (await countInvoices(work.tx, order.id)) + 1;
  const settings = {
    invoiceNumber: `I${String(order.id).padStart(6, '0')}-${number}`,
    invoiceDate: dayIn(partner.timezone, work.now),
    charges: chargesOf(partner, order, number),
    terms,
    overPercent: overship,
    vendorNumber: partner.vendorNumber,
  };
  const result = bill(order, billables, settings, notice);
  if ('refused' in result) {
    await note(work.tx, { at: work.now, verb: 'hold', partner: partner.id, orderId: order.id, documentId, text: `not invoiced: ${result.refused.detail}` });
    return;
  }
  const { document, total, billed } = result.bill;
  const changed = order.lines.flatMap((line) => {
    const quantity = billed.filter(({ lineId }) => lineId === line.id).reduce((sum, each) => sum + each.quantity, 0n);
    return quantity > 0n ? [{ ...line, invoiced: line.invoiced + quantity }] : [];
  });
  await updateUnits(work.tx, changed);
  const id = await insertInvoice(work.tx, order.id, shipmentId, document, total, work.now);
  await announce(work, partner, document, { key: `invoice:${id}`, orderId: order.id, causeDocumentId: documentId, orderType: order.document.poType });
}

/** The order's own allowances and charges where it is billed as a whole, else those of the partner. */
function chargesOf({ invoice }: Partner, order: StoredOrder, number: number): readonly ChargeRule[] {
  const own = order.document.charges;
  if (invoice.when === 'complete' && own !== undefined && own.length > 0) return number > 1 ? [] : own.flatMap(ruleOf);
  return invoice.charges.filter(({ per }) => per === 'invoice' || number === 1);
}

function ruleOf({ amount, percent, ...facts }: OrderCharge): readonly ChargeRule[] {
  if (amount !== undefined) return [{ ...facts, amount: decimal(amount) }];
  return percent === undefined ? [] : [{ ...facts, percent: decimal(percent) }];
}

async function thisShipment(work: Work, { order, confirmation }: BookedShipment): Promise<readonly Billable[]> {
  const ids = await substituteIds(work, order, confirmation.lines);
  const own = new Map(order.lines.map(({ id, sku }) => [id, sku]));
  return confirmation.lines.map(({ lineId, sku, shipped, over, covers }) => {
    const substitute = sku === own.get(lineId) ? undefined : { ids: ids?.get(sku) ?? [], quantity: shipped + over };
    return { lineId, shipped: covers.shipped, over: covers.over, substitute };
  });
}

async function allShipped(work: Work, order: StoredOrder): Promise<readonly Billable[]> {
  const came = (await fulfilmentOrdersOf(work.tx, order.id)).flatMap(({ lines }) => lines.filter(({ shipped }) => shipped > 0n));
  const ids = await substituteIds(work, order, came);
  const byLine = Map.groupBy(came, ({ lineId }) => lineId);
  return order.lines.flatMap((line) => notYetBilled(line, byLine.get(line.id) ?? [], (sku) => ids?.get(sku) ?? []));
}
