import type { QualifiedId } from '../canonical/common.ts';
import type { Location } from '../config/find-partner.ts';
import { locations } from '../config/find-partner.ts';
import type { Decimal } from '../decimal.ts';
import { moveAll } from '../orders/quantities.ts';
import type { Release } from '../orders/release.ts';
import { release } from '../orders/release.ts';
import { note } from '../store/activity.ts';
import type { Allocation } from '../store/allocations.ts';
import { readAllocations, releaseAllocations } from '../store/allocations.ts';
import { wakeDocuments } from '../store/documents.ts';
import { countFulfilmentOrders, insertFulfilmentOrder } from '../store/fulfilment.ts';
import { findCost, readItems, referencesOfAll } from '../store/items.ts';
import type { StoredOrder } from '../store/orders.ts';
import { readOrder, updateLine } from '../store/orders.ts';
import { announce } from './announce.ts';
import { mayRelease } from './next-look.ts';
import type { Work } from './work.ts';
import { dayIn, partnerOf } from './work.ts';

/** Tells each warehouse and vendor that holds stock for an order to ship it, once. */
export async function releaseOrder(work: Work, orderId: number): Promise<void> {
  const firm = await readAllocations(work.tx, orderId, ['firm']);
  if (firm.length === 0) return;
  const order = (await readOrder(work.tx, orderId))!;
  const partner = partnerOf(work.config, order.partner);
  const places = locations(work.config);
  const numbers = await numbersFor(work, order, firm);
  for (const [location, held] of [...Map.groupBy(firm, (allocation) => allocation.location)].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const place = places.get(location);
    if (!place || !mayRelease(order, place, work.now)) continue;
    const { releases, refused } = release(order, held, {
      today: dayIn(work.config.company.timezone, work.now),
      numbers,
      locations: { [location]: shippingLocation(place) },
      company: { name: work.config.company.name, ...work.config.company.address },
      completeness: order.document.completeness ?? partner.allocation.completeness,
      ...(await itemFacts(work, held, place)),
    });
    for (const { detail } of refused) await note(work.tx, { at: work.now, verb: 'hold', partner: partner.id, orderId, text: `not released: ${detail}` });
    for (const each of releases) await commit(work, order, each, place);
  }
}

/** What a document that waits for warehouse work names it by. */
export function workKey(number: string): string {
  return `work:${number}`;
}

async function commit(work: Work, order: StoredOrder, released: Release, place: Location): Promise<void> {
  const { number, location, lines } = released;
  const id = await insertFulfilmentOrder(work.tx, { orderId: order.id, location, number, lines }, work.now);
  for (const { lineId } of lines) await releaseAllocations(work.tx, lineId, location, id);
  const current = (await readOrder(work.tx, order.id))!;
  for (const line of current.lines) {
    const moves = released.moves.filter(({ lineId }) => lineId === line.id);
    if (moves.length > 0) await updateLine(work.tx, { ...line, buckets: moveAll(line.buckets, moves) });
  }
  await announce(work, place.partner, released.document, { key: `release:${id}`, orderId: order.id, causeDocumentId: order.documentId });
  await note(work.tx, {
    at: work.now,
    verb: 'release',
    partner: place.partner.id,
    orderId: order.id,
    text: `${location} is to ship ${lines.length} line${lines.length === 1 ? '' : 's'} as ${number}`,
  });
  await wakeDocuments(work.tx, workKey(number));
}

function shippingLocation({ kind, partner }: Location) {
  const address = partner.warehouse?.address ?? partner.vendor?.address;
  return { kind, party: { name: partner.name, ...address }, vendorNumber: partner.vendorNumber };
}

/** Our numbers for new work: the order's own, and how many pieces of work it has had. */
async function numbersFor(work: Work, order: StoredOrder, firm: readonly Allocation[]): Promise<Readonly<Record<string, string>>> {
  const before = await countFulfilmentOrders(work.tx, order.id);
  const codes = [...new Set(firm.map(({ location }) => location))].toSorted();
  return Object.fromEntries(codes.map((code, index) => [code, `W${String(order.id).padStart(6, '0')}-${before + index + 1}`]));
}

/** How the partner at a location knows the items that it is to ship, and what a vendor asks for them. */
async function itemFacts(work: Work, held: readonly Allocation[], place: Location) {
  const skus = [...new Set(held.map(({ sku }) => sku))];
  const items = await readItems(work.tx, skus);
  const references = await referencesOfAll(work.tx, place.partner.id, skus);
  const costs = new Map<string, Decimal>();
  if (place.kind === 'vendor') {
    for (const { sku, baseUnit } of items.values()) {
      const cost = await findCost(work.tx, place.partner.id, sku, baseUnit);
      if (cost !== undefined) costs.set(sku, cost);
    }
  }
  const idsOf = new Map(skus.map((sku): [string, readonly QualifiedId[]] => [sku, [{ qualifier: 'SK', value: sku }, ...(references.get(sku) ?? [])]]));
  return { idsOf, costs, units: new Map([...items.values()].map(({ sku, baseUnit }) => [sku, baseUnit])) };
}
