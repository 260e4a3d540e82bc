import type { Shipment } from '../canonical/shipment.ts';
import { outboundFor } from '../config/find-partner.ts';
import type { Billable } from '../orders/bill.ts';
import { bill } from '../orders/bill.ts';
import { note } from '../store/activity.ts';
import type { StoredOrder } from '../store/orders.ts';
import { updateLine } from '../store/orders.ts';
import { countInvoices, insertInvoice } from '../store/shipments.ts';
import { announce } from './announce.ts';
import type { BookedShipment } from './apply-shipment.ts';
import type { Work } from './work.ts';
import { dayIn, partnerOf } from './work.ts';

/** Bills what shipped, where the partner takes invoices: each shipment, or the whole order when it is complete. */
export async function invoiceOrder(work: Work, booked: BookedShipment, notice: Shipment): Promise<void> {
  const { order, documentId, shipmentId } = booked;
  const partner = partnerOf(work.config, order.partner);
  const { when, terms, overship } = partner.invoice;
  if (when === 'never' || outboundFor(work.config, partner, 'invoice', order.document.poType).length === 0) return;
  if (when === 'complete' && order.lifecycle !== 'shipped') return;
  const billables = when === 'complete' ? allShipped(order) : thisShipment(booked);
  const number = (await countInvoices(work.tx, order.id)) + 1;
  const settings = {
    invoiceNumber: `I${String(order.id).padStart(6, '0')}-${number}`,
    invoiceDate: dayIn(partner.timezone, work.now),
    terms,
    overPercent: overship,
    vendorNumber: partner.vendorNumber,
  };
  const result = bill(order, billables, settings, when === 'shipment' ? notice : undefined);
  if ('refused' in result) {
    await note(work.tx, { at: work.now, verb: 'hold', partner: partner.id, orderId: order.id, documentId, text: `not invoiced: ${result.refused.detail}` });
    return;
  }
  const { document, total, billed } = result.bill;
  for (const line of order.lines) {
    const quantity = billed.filter(({ lineId }) => lineId === line.id).reduce((sum, each) => sum + each.quantity, 0n);
    if (quantity > 0n) await updateLine(work.tx, { ...line, invoiced: line.invoiced + quantity });
  }
  const id = await insertInvoice(work.tx, order.id, shipmentId, document, total, work.now);
  await announce(work, partner, document, { key: `invoice:${id}`, orderId: order.id, causeDocumentId: documentId, orderType: order.document.poType });
}

function thisShipment({ confirmation }: BookedShipment): readonly Billable[] {
  return confirmation.lines.map(({ lineId, covers }) => ({ lineId, shipped: covers.shipped, over: covers.over }));
}

function allShipped(order: StoredOrder): readonly Billable[] {
  return order.lines.map((line) => ({ lineId: line.id, shipped: line.buckets.shipped - line.invoiced, over: line.overshipped }));
}
