import type { Shipment } from '../../canonical/shipment.ts';
import { locations } from '../../config/find-partner.ts';
import type { Partner } from '../../config/types.ts';
import { labelsOf } from '../../orders/checks.ts';
import type { Confirmation, Fulfilment } from '../../orders/ship.ts';
import { confirm } from '../../orders/ship.ts';
import { note } from '../../store/activity.ts';
import { otherOwners } from '../../store/conversation.ts';
import type { FulfilmentOrder } from '../../store/fulfilment.ts';
import { readOrder } from '../../store/orders.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { claimSsccs, findShipment, insertShipment } from '../../store/shipments.ts';
import { bookWork, findWork, itemLookup, toFulfilment } from './book-work.ts';
import { invoiceOrder } from './invoice.ts';
import { notifyBuyer } from './notify.ts';
import { shippingFacts } from '../allocate/calendar.ts';
import { tellOrderStatus } from '../reports/order-status.ts';
import { settleRequests } from './settle-requests.ts';
import { workKey } from './waits.ts';
import type { Applied, Work } from '../work.ts';
import { hashOf, partnerOf } from '../work.ts';

/** Books what a warehouse or vendor says it shipped, and tells the buyer: what really left, neither more nor less. */
export async function applyShipment(work: Work, partner: Partner, documentId: number, shipment: Shipment): Promise<Applied> {
  const number = shipment.depositorOrder ?? shipment.poNumber;
  const fulfilment = await findWork(work, partner, number);
  if (!fulfilment) {
    return {
      status: 'parked',
      reason: 'ORDER_UNKNOWN',
      detail: `nothing was sent to ${partner.id} as ${number ?? '(no number)'}`,
      ...(number ? { waitsFor: workKey(number.trim()) } : {}),
    };
  }
  const hash = hashOf(shipment);
  const known = await findShipment(work.tx, fulfilment.location, shipment.shipmentId, fulfilment.id);
  const { orderId } = fulfilment;
  if (known?.contentHash === hash)
    return { status: 'done', reason: 'DUPLICATE', detail: `shipment ${shipment.shipmentId} of ${fulfilment.number} is booked already`, orderId };
  if (known)
    return {
      status: 'parked',
      reason: 'SHIPMENT_CONFLICT',
      detail: `shipment ${shipment.shipmentId} of ${fulfilment.number} is booked with other content`,
      orderId,
    };

  const named = [...shipment.lines, ...shipment.packs.flatMap(({ items }) => items)];
  const skuOf = await itemLookup(
    work,
    partner,
    named.map(({ ids }) => ids),
  );
  const asked = await toFulfilment(
    work,
    fulfilment,
    named.map(({ unit }) => unit),
  );
  const confirmation = confirm(asked, shipment, { skuOf, final: isLast(work, fulfilment, shipment) });
  if (confirmation.refused) {
    const errors = confirmation.discrepancies.filter(({ severity }) => severity === 'error');
    return { status: 'parked', reason: 'SHIPMENT_MISMATCH', detail: errors.map(({ detail }) => detail).join('; '), orderId };
  }
  const order = (await readOrder(work.tx, orderId))!;
  const shipmentId = await store(work, { order, fulfilment, shipment, confirmation, documentId, hash });
  await claimLabels(work, shipment, { shipmentId, partner: partner.id, orderId, documentId });
  const booked = await bookWork(work, order, {
    fulfilment,
    lines: confirmation.lines,
    moves: confirmation.moves,
    key: `shipment:${shipmentId}`,
    cause: 'shipment',
    lots: new Map(named.flatMap(({ lineRef, lot }) => (lineRef === undefined || lot === undefined ? [] : [[lineRef, lot]]))),
  });
  const settled = await settleRequests(work, booked, fulfilment, confirmation.lines);
  await tell(work, { order: settled, asked, shipment, confirmation, shipmentId, documentId, skuOf, destination: fulfilment.destination });
  return { status: 'done', orderId, ...remarkOn(confirmation, fulfilment) };
}

type Claiming = { readonly shipmentId: number; readonly partner: string; readonly orderId: number; readonly documentId: number };

/** Takes the labels of what left, and notes those that are taken already: its notice is held back for them. */
async function claimLabels({ tx, now }: Work, shipment: Shipment, { shipmentId, ...about }: Claiming): Promise<void> {
  const labels = labelsOf(shipment);
  await claimSsccs(tx, shipmentId, [...labels.cartons, ...labels.pallets], now);
  const reused = [...(await otherOwners(tx, labels, shipmentId)).keys()];
  if (reused.length > 0) await note(tx, { at: now, verb: 'hold', ...about, text: `SSCC used before within 12 months: ${reused.join(', ')}` });
}

/** Whether nothing more comes for this work: a location may say of a line that it ships in several parts. */
function isLast(work: Work, { location }: FulfilmentOrder, { lines }: Shipment): boolean {
  const place = locations(work.config).get(location);
  const moreComes = place ? shippingFacts(place).moreComes : [];
  return !lines.some(({ status }) => status !== undefined && moreComes.includes(status));
}

/** What a person should know of a shipment that was booked all the same. Less than was released is no news where it was asked for. */
function remarkOn(
  { discrepancies }: Confirmation,
  { lines }: FulfilmentOrder,
): { readonly reason: 'QUANTITY_SHORT' | 'QUANTITY_OVER'; readonly detail: string } | undefined {
  const asked = (lineRef: string | undefined): bigint => lines.find((line) => line.lineRef === lineRef)?.ask ?? 0n;
  const told = discrepancies.filter(
    ({ code, lineRef, expected = 0n, actual = 0n }) => code === 'over' || (code === 'short' && expected - actual > asked(lineRef)),
  );
  if (told.length === 0) return undefined;
  return { reason: told.some(({ code }) => code === 'over') ? 'QUANTITY_OVER' : 'QUANTITY_SHORT', detail: told.map(({ detail }) => detail).join('; ') };
}

type Stored = {
  readonly order: StoredOrder;
  readonly fulfilment: FulfilmentOrder;
  readonly shipment: Shipment;
  readonly confirmation: Confirmation;
  readonly documentId: number;
  readonly hash: string;
};

async function store(work: Work, { order, fulfilment, shipment, confirmation, documentId, hash }: Stored): Promise<number> {
  const lines = confirmation.lines
    .map(({ lineId, covers }) => ({ lineId, quantity: covers.shipped, over: covers.over }))
    .filter(({ quantity, over }) => quantity + over > 0n);
  const { location } = fulfilment;
  const id = await insertShipment(
    work.tx,
    {
      orderId: order.id,
      fulfilmentOrderId: fulfilment.id,
      location,
      reference: shipment.shipmentId,
      contentHash: hash,
      document: shipment,
      documentId,
      noticeBy: work.now + partnerOf(work.config, order.partner).shipNotice.within,
      lines,
    },
    work.now,
  );
  const differences = confirmation.discrepancies.map(({ detail }) => detail).join('; ');
  const text = `${location} shipped ${fulfilment.number} as ${shipment.shipmentId}${differences ? `: ${differences}` : ''}`;
  await note(work.tx, { at: work.now, verb: 'apply', partner: order.partner, documentId, orderId: order.id, text });
  return id;
}

/** A shipment as it was booked, for those who are told of it. */
export type BookedShipment = {
  readonly order: StoredOrder;
  readonly asked: Fulfilment;
  readonly shipment: Shipment;
  readonly confirmation: Confirmation;
  readonly shipmentId: number;
  readonly documentId: number;
  /** The store that it is for, where the order is for several. */
  readonly destination: string | undefined;
  readonly skuOf: (ids: readonly { readonly qualifier: string; readonly value: string }[]) => string | undefined;
};

async function tell(work: Work, booked: BookedShipment): Promise<void> {
  const shipped = booked.confirmation.lines.some((line) => line.shipped + line.over > 0n);
  if (!shipped) return;
  const notice = await notifyBuyer(work, booked);
  const { order, shipmentId, documentId } = booked;
  if (partnerOf(work.config, order.partner).orderStatus.when.includes('shipment'))
    await tellOrderStatus(work, order.id, { cause: 'event', key: `shipment:${shipmentId}`, reference: `S${shipmentId}`, documentId });
  await invoiceOrder(work, booked, notice);
}
