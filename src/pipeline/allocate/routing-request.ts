import type { RoutedLoad, RoutingRequest } from '../../canonical/routing.ts';
import type { Order } from '../../canonical/order.ts';
import type { Location } from '../../config/find-partner.ts';
import type { Partner } from '../../config/types.ts';
import { formatDecimal, total } from '../../decimal.ts';
import type { Reservation } from '../../orders/model.ts';
import { note } from '../../store/activity.ts';
import { readItems } from '../../store/items.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { insertRequest, requestsFor } from '../../store/routing-requests.ts';
import type { Tx } from '../../store/transaction.ts';
import { announce } from '../announce.ts';
import { shippingFacts } from './calendar.ts';
import type { Work } from '../work.ts';
import { dayIn, partnerOf } from '../work.ts';

/** FOB01 of an order whose freight the buyer pays. */
const COLLECT = 'CC';

/** A location whose goods wait for the buyer's word; `readyOn` is the day on which they can leave. */
export type RoutingAsk = { readonly place: Location; readonly held: readonly Reservation[]; readonly readyOn: string };

/** Whether the buyer routes an order, and what they said of its goods at a location so far. */
export async function routingOf(
  work: Work,
  partner: Partner,
  order: StoredOrder,
  location: string,
): Promise<{ readonly needed: boolean; readonly asked: boolean; readonly answer: RoutedLoad | undefined }> {
  const { when } = partner.routingRequest;
  const needed = when === 'always' || (when === 'collect' && order.document.freightPayment === COLLECT);
  const requests = needed && order.version > 1 ? await requestsFor(work.tx, order.id, location) : [];
  const request = requests.find(({ used }) => !used);
  return { needed, asked: request !== undefined, answer: request?.answer };
}

/** What a buyer said last of an order's goods at a location and the location was told; undefined where they do not route it. */
export async function routedBy(tx: Tx, partner: Partner, orderId: number, location: string): Promise<RoutedLoad | undefined> {
  if (partner.routingRequest.when === 'never') return undefined;
  return (await requestsFor(tx, orderId, location)).findLast(({ used }) => used)?.answer;
}

/** An order as the buyer has routed it: their carrier comes before any other, and their load number goes with it. */
export function routedAs(document: Order, { carrier, loadId }: RoutedLoad): Order {
  const load = loadId === undefined ? [] : [{ qualifier: 'LO', value: loadId }];
  return { ...document, carrier, references: [...(document.references ?? []).filter(({ qualifier }) => qualifier !== 'LO'), ...load] };
}

/** Asks the buyer, once for each location. */
export async function askRouting(work: Work, order: StoredOrder, { place, held, readyOn }: RoutingAsk): Promise<void> {
  const partner = partnerOf(work.config, order.partner);
  const { document } = order;
  const before = order.version > 1 ? await requestsFor(work.tx, order.id, place.code) : [];
  const reference = `RR${order.id}-${place.code}-${before.length + 1}`;
  await insertRequest(work.tx, { orderId: order.id, location: place.code, reference, dueAt: work.now + partner.routingRequest.within }, work.now);
  const skus = held.map(({ sku }) => sku);
  const units = new Set([...(await readItems(work.tx, skus)).values()].map(({ baseUnit }) => baseUnit));
  const request: RoutingRequest = {
    kind: 'routing-request',
    reference,
    date: dayIn(partner.timezone, work.now),
    poNumber: document.poNumber,
    orderDate: document.orderDate,
    ...(partner.vendorNumber !== undefined && { vendorNumber: partner.vendorNumber }),
    ...(document.department !== undefined && { department: document.department }),
    warehouse: place.code,
    // A vendor who ships for us is not named.
    shipFrom: { name: place.kind === 'vendor' ? work.config.company.name : place.partner.name, ...shippingFacts(place).address },
    shipTo: document.shipTo ?? {},
    readyOn,
    totalQuantity: formatDecimal(total(held.map(({ quantity }) => quantity))),
    unit: units.size === 1 ? [...units][0]! : 'EA',
  };
  const about = { key: `routing:${reference}`, orderId: order.id, causeDocumentId: order.documentId, orderType: document.poType };
  await announce(work, partner, request, about);
  const text = `${partner.id} is asked to route ${document.poNumber} from ${place.code}`;
  await note(work.tx, { at: work.now, verb: 'release', partner: partner.id, orderId: order.id, text });
}
