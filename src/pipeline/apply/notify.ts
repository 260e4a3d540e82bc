import type { Shipment } from '../../canonical/shipment.ts';
import { locations } from '../../config/find-partner.ts';
import { notice } from '../../orders/notice.ts';
import { note } from '../../store/activity.ts';
import { routedBy } from '../allocate/routing-request.ts';
import { announce } from '../announce.ts';
import type { BookedShipment } from './shipment.ts';
import { storeParty } from '../allocate/plan-release.ts';
import { substituteIds } from '../allocate/substitute-ids.ts';
import type { Work } from '../work.ts';
import { partnerOf } from '../work.ts';

/** Tells the buyer or depositor of a shipment, and gives what was told. A vendor who ships for us is not named. */
export async function notifyBuyer(work: Work, booked: BookedShipment): Promise<Shipment> {
  const { order, asked, shipment, confirmation, shipmentId, documentId, skuOf } = booked;
  const partner = partnerOf(work.config, order.partner);
  const place = locations(work.config).get(asked.location);
  const ours = { name: work.config.company.name, ...work.config.company.address };
  const shipFrom = place?.kind === 'vendor' ? ours : { name: work.config.company.name, ...place?.partner.warehouse?.address };
  const { document, discrepancies } = notice(
    { state: order, fulfilment: asked, shipment, confirmation },
    {
      shipmentId: `S${String(shipmentId).padStart(8, '0')}`,
      shipFrom,
      ...(partner.role === 'depositor' && { warehouse: asked.location }),
      vendorNumber: partner.vendorNumber,
      loadId: (await routedBy(work.tx, partner, order.id, asked.location))?.loadId,
      ...(booked.destination !== undefined && { markFor: storeParty(order, booked.destination) }),
      tellShort: partner.role === 'depositor',
      skuOf,
      idsOf: await substituteIds(work, order, confirmation.lines),
    },
  );
  for (const { detail } of discrepancies) await note(work.tx, { at: work.now, verb: 'hold', partner: partner.id, orderId: order.id, documentId, text: detail });
  await announce(work, partner, document, { key: `shipment:${shipmentId}`, orderId: order.id, causeDocumentId: documentId, orderType: order.document.poType });
  return document;
}
