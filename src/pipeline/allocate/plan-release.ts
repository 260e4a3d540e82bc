import type { Party, QualifiedId } from '../../canonical/common.ts';
import type { Location } from '../../config/find-partner.ts';
import { locations } from '../../config/find-partner.ts';
import type { Partner } from '../../config/types.ts';
import type { Decimal } from '../../decimal.ts';
import { total } from '../../decimal.ts';
import { laterOf } from '../../orders/dates.ts';
import { byStore } from '../../orders/destinations.ts';
import type { Reservation } from '../../orders/model.ts';
import { moveAll } from '../../orders/quantities.ts';
import type { Release } from '../../orders/release.ts';
import { release } from '../../orders/release.ts';
import { shipDays } from '../../orders/windows.ts';
import { recallCredit } from '../../store/credit.ts';
import { countFulfilmentOrders, givenToStores } from '../../store/fulfilment.ts';
import { findCost, readItems, referencesOfAll } from '../../store/items.ts';
import { keptInLots, lotsHad, readLots } from '../../store/lots.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { calendarOf, shippingFacts } from './calendar.ts';
import { chooseLots } from './choose-lots.ts';
import { mayRelease } from './next-look.ts';
import type { DECIDED_HOLDS } from './release-holds.ts';
import { carrierFor } from './routing-guide.ts';
import type { RoutingAsk } from './routing-request.ts';
import { routedAs, routingOf } from './routing-request.ts';
import type { Work } from '../work.ts';
import { dayIn, partnerOf } from '../work.ts';

/** Work that a location is to be given. `held` is what it takes of what the order holds there. */
export type PlannedWork = { readonly release: Release; readonly place: Location; readonly store: string | undefined; readonly held: readonly Reservation[] };

/** What keeps something of an order from being released, until it is mended. */
export type ReleaseTrouble = { readonly code: (typeof DECIDED_HOLDS)[number]; readonly value: string; readonly detail: string };

export type ReleasePlan = {
  /** The order with its units as they are when all of it is carried out. */
  readonly order: StoredOrder;
  readonly works: readonly PlannedWork[];
  readonly troubles: readonly ReleaseTrouble[];
  /** What the buyer is to be asked to route before it is released. */
  readonly asks: readonly RoutingAsk[];
  /** What is not released though nobody need do anything about it, in words. */
  readonly remarks: readonly string[];
};

/** What each warehouse and vendor that holds stock for an order is told to ship now. `firm` is what the order holds and nobody was told to ship. */
export async function planRelease(work: Work, order: StoredOrder, firm: readonly Reservation[]): Promise<ReleasePlan> {
  const plan: Plan = { works: [], troubles: [], asks: [], remarks: [] };
  const partner = partnerOf(work.config, order.partner);
  if (firm.length > 0 && ((await recallCredit(work.tx, partner.id)) ?? partner.credit) === 'hold') {
    const detail = `${partner.id} has no credit: what is reserved for ${order.document.poNumber} stays where it is`;
    plan.troubles.push({ code: 'CREDIT_HOLD', value: partner.id, detail });
  } else if (firm.length > 0) {
    const places = locations(work.config);
    const before = order.version > 1 ? await countFulfilmentOrders(work.tx, order.id) : 0;
    const given = await givenBefore(work, order);
    for (const code of [...new Set(firm.map(({ location }) => location))].toSorted()) {
      const place = places.get(code);
      if (!place) continue;
      const held = firm.filter(({ location }) => location === code);
      const routed = await routedOrder(work, { order, partner, place, held }, plan);
      if (!routed || !mayRelease(order, place, work.now)) continue;
      await planLocation(work, { order: routed, partner, place, before, given }, held, plan);
    }
  }
  const moves = plan.works.flatMap((each) => each.release.moves);
  const lines = order.lines.map((line) => {
    const own = moves.filter(({ lineId }) => lineId === line.id);
    return own.length === 0 ? line : { ...line, buckets: moveAll(line.buckets, own) };
  });
  return { ...plan, order: { ...order, lines } };
}

/** Reads at once, for new orders that come together, what planning their release asks for again and again. */
export async function foreseeReleases(work: Work, partners: readonly string[], firm: readonly Reservation[]): Promise<void> {
  const places = locations(work.config);
  const byPlace = [...Map.groupBy(firm, ({ location }) => location)].map(async ([code, held]) => {
    const place = places.get(code);
    const skus = [...new Set(held.map(({ sku }) => sku))];
    if (place) await Promise.all([readItems(work.tx, skus), referencesOfAll(work.tx, place.partner.id, skus), keptInLots(work.tx, code, skus)]);
  });
  await Promise.all([...partners.map((partner) => recallCredit(work.tx, partner)), ...byPlace]);
}

type Plan = { readonly works: PlannedWork[]; readonly troubles: ReleaseTrouble[]; readonly asks: RoutingAsk[]; readonly remarks: string[] };
type Scene = {
  readonly order: StoredOrder;
  readonly partner: Partner;
  readonly place: Location;
  /** How many pieces of work the order has had. */
  readonly before: number;
  readonly given: Map<number, Map<string, Decimal>>;
};

/** The order as its buyer has routed it, where they do; undefined while they have not, and are asked. */
async function routedOrder(
  work: Work,
  scene: { readonly order: StoredOrder; readonly partner: Partner; readonly place: Location; readonly held: readonly Reservation[] },
  plan: Plan,
): Promise<StoredOrder | undefined> {
  const { order, partner, place, held } = scene;
  const { needed, asked, answer } = await routingOf(work, partner, order, place.code);
  if (!needed) return order;
  if (answer) return { ...order, document: routedAs(order.document, answer) };
  const detail = `${partner.id} has not said who picks up ${order.document.poNumber} at ${place.code}`;
  plan.troubles.push({ code: 'ROUTING_OPEN', value: place.code, detail });
  if (!asked) plan.asks.push({ place, held, readyOn: shipDayAt(work, order, place) });
  return undefined;
}

function shipDayAt({ config, now }: Work, { document }: StoredOrder, place: Location): string {
  return laterOf(shipDays(calendarOf(place), now)?.earliestShip ?? dayIn(config.company.timezone, now), document.shipNotBefore);
}

/** Adds the work of one location: one piece, or one for each store that the order is for. */
async function planLocation(work: Work, scene: Scene, held: readonly Reservation[], plan: Plan): Promise<void> {
  const { order, partner, place, before, given } = scene;
  const { code } = place;
  const today = dayIn(work.config.company.timezone, work.now);
  const [facts, there] = await Promise.all([itemFacts(work, held, place), readLots(work.tx, code, [...new Set(held.map(({ sku }) => sku))])]);
  const lots = new Map(there);
  const wish = { ...partner.lots, had: partner.lots.notOlder ? (await lotsHad(work.tx, [partner.id], [...lots.keys()])).get(partner.id) : undefined };
  const shipDay = shipDayAt(work, order, place);
  for (const { store, held: all } of byStore(order, held, given)) {
    const chosen = chooseLots(all, lots, wish, shipDay);
    for (const { held: each, detail } of chosen.refused) plan.troubles.push({ code: 'LOT_LIFE', value: each.sku, detail: `${code}: ${detail}` });
    const own = all.filter((each) => !chosen.refused.some((refused) => refused.held === each));
    if (own.length === 0) continue;
    const number = `W${String(order.id).padStart(6, '0')}-${before + plan.works.length + 1}`;
    const { releases, refused } = release(order, own, {
      today,
      numbers: { [code]: number },
      locations: { [code]: shippingLocation(place) },
      company: { name: work.config.company.name, ...work.config.company.address },
      completeness: order.document.completeness ?? partner.allocation.completeness,
      ...facts,
      lots: chosen.lots,
      ...(store !== undefined && { markFor: storeParty(order, store) }),
      carrier: carrierFor(partner, order, code, total(own.map(({ quantity }) => quantity))),
    });
    plan.remarks.push(...refused.map(({ detail }) => detail));
    for (const each of releases) {
      plan.works.push({ release: each, place, store, held: own });
      if (store !== undefined) for (const { lineId, covers } of each.lines) give(given, lineId, store, covers);
    }
  }
}

function shippingLocation(place: Location) {
  const { kind, partner } = place;
  return { kind, party: { name: partner.name, ...shippingFacts(place).address }, vendorNumber: partner.vendorNumber };
}

/** A store as the buyer wrote it. */
export function storeParty(order: Pick<StoredOrder, 'document'>, store: string): Party {
  const destination = order.document.lines.flatMap(({ destinations }) => destinations ?? []).find(({ code }) => code === store);
  return { code: store, ...(destination?.qualifier !== undefined && { qualifier: destination.qualifier }) };
}

/** What the stores of an order were given before, where it is for stores at all. */
async function givenBefore(work: Work, order: StoredOrder): Promise<Map<number, Map<string, Decimal>>> {
  const given = new Map<number, Map<string, Decimal>>();
  const stores = order.document.lines.some(({ destinations }) => destinations !== undefined);
  if (!stores || order.version === 1) return given;
  for (const { lineId, store, covers } of await givenToStores(work.tx, order.id)) give(given, lineId, store, covers);
  return given;
}

function give(given: Map<number, Map<string, Decimal>>, lineId: number, store: string, covers: Decimal): void {
  const line = given.get(lineId) ?? new Map<string, Decimal>();
  given.set(lineId, line.set(store, (line.get(store) ?? 0n) + covers));
}

/** How the partner at a location knows the items that it is to ship, and what a vendor asks for them. */
async function itemFacts(work: Work, held: readonly Reservation[], place: Location) {
  const skus = [...new Set(held.map(({ sku }) => sku))];
  const [items, references] = await Promise.all([readItems(work.tx, skus), referencesOfAll(work.tx, place.partner.id, skus)]);
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
