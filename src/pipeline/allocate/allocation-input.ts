import { createHash } from 'node:crypto';
import type { Location } from '../../config/find-partner.ts';
import { locations } from '../../config/find-partner.ts';
import type { Config, Partner } from '../../config/types.ts';
import { divide, whole } from '../../decimal.ts';
import type { AllocationInput, Demand, DemandLine, Inbound, LocationFacts, LotRow, OrderPolicy, Place, Room } from '../../orders/allocation.ts';
import type { AppliedPolicy } from '../../orders/explain-policy.ts';
import { addedParts } from '../../orders/change-lines.ts';
import { addDays, laterOf } from '../../orders/dates.ts';
import { mustLastUntil } from '../../orders/lots.ts';
import type { Line } from '../../orders/model.ts';
import { acceptingSince, shipDays } from '../../orders/windows.ts';
import type { StoredChange } from '../../store/changes.ts';
import { changesOfAll } from '../../store/changes.ts';
import { declinedWork, givenSince } from '../../store/fulfilment.ts';
import { ordersAccepted } from '../../store/holds.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { toJson } from '../../store/decimal-json.ts';
import { available, readStock } from '../../store/stock.ts';
import { freeLots, lotsHad, reservedWithoutLot } from '../../store/lots.ts';
import { poolsLeft } from '../../store/pools.ts';
import { readCommitments, readInbound, readSubstitutes } from '../../store/supply.ts';
import type { Tx } from '../../store/transaction.ts';
import { calendarOf, earliestShipDays, shippingFacts } from './calendar.ts';
import { accumulatesUntil } from './next-look.ts';
import type { Work } from '../work.ts';
import { dayIn, partnerOf } from '../work.ts';

/** All that an allocation of these orders looks at: what their lines wait for, and the stock there is. */
export async function allocationInput(tx: Tx, config: Config, orders: readonly StoredOrder[], now: number): Promise<AllocationInput> {
  const waiting = orders.filter((order) => order.lifecycle === 'open' && order.lines.some(isDecidable));
  // An order that nothing was done with yet was not declined either.
  const known = waiting.filter(({ version }) => version > 1).map(({ id }) => id);
  const asked = new Set(waiting.filter(({ partner }) => partnerOf(config, partner).allocation.minimumFill?.below === 'ask').map(({ id }) => id));
  const askedBefore = known.filter((id) => asked.has(id));
  const [allDeclined, allChanges, accepted] = await Promise.all([
    declinedWork(tx, known),
    changesOfAll(tx, known),
    ordersAccepted(tx, 'BELOW_MINIMUM', askedBefore),
  ]);
  const declined = Map.groupBy(allDeclined, ({ orderId }) => orderId);
  const changes = Map.groupBy(allChanges, ({ orderId }) => orderId);
  const demands = waiting.flatMap((order) => demandsOf({ config, now, accepted }, order, changes.get(order.id) ?? [], declined.get(order.id)));
  const today = dayIn(config.company.timezone, now);
  const substitutes = await readSubstitutes(tx, skusOf(demands.filter(({ policy }) => policy.substitution)), today);
  const skus = [...new Set([...skusOf(demands), ...substitutes.map(({ to }) => to)])].toSorted();
  const [stock, lots, supplies, commitments, pools, places] = await Promise.all([
    readStock(tx, skus),
    freeLots(tx, skus),
    readInbound(tx, skus),
    readCommitments(tx, skus),
    poolsLeft(tx, skus, today, membersOf(config)),
    locationFacts(tx, config, now),
  ]);
  const choosy = [...config.partners.values()].filter(({ lots: wish }) => wish.notOlder).map(({ id }) => id);
  const had: LotsHad = lots.length === 0 ? new Map() : await lotsHad(tx, choosy, [...new Set(lots.map(({ sku }) => sku))]);
  return {
    today,
    demands: had.size === 0 ? demands : demands.map((demand) => ({ ...demand, lots: demand.lots && { ...demand.lots, had: had.get(demand.partner) } })),
    stock: stock.map((row) => ({ sku: row.sku, location: row.location, available: available(row) })),
    locations: places,
    inbound: supplies.map((supply) => expected(supply, today)),
    commitments,
    substitutes,
    lots,
    lotClaims: lots.length === 0 ? [] : await lotClaims({ tx, config, now }, lots, had),
    pools,
  };
}

type LotsHad = Awaited<ReturnType<typeof lotsHad>>;

/** What is reserved of items with lots, and until when it must be good where its order goes. */
async function lotClaims({ tx, config, now }: Work, lots: readonly LotRow[], had: LotsHad): Promise<readonly LotRow[]> {
  const days = earliestShipDays(config, now);
  const skus = new Set(lots.map(({ sku }) => sku));
  const places = new Set(lots.map(({ location }) => location));
  return (await reservedWithoutLot(tx, [...skus], [...places])).map(({ partner, shipNotBefore, ...reserved }) => {
    const shipDate = laterOf(days[reserved.location] ?? dayIn(config.company.timezone, now), shipNotBefore);
    return { ...reserved, goodUntil: mustLastUntil({ ...partnerOf(config, partner).lots, had: had.get(partner) }, reserved.sku, shipDate) };
  });
}

/** The partners that may draw from each pool. */
function membersOf(config: Config): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>();
  for (const { id, allocation } of config.partners.values()) {
    for (const pool of allocation.pools) members.set(pool, [...(members.get(pool) ?? []), id]);
  }
  return members;
}

function skusOf(demands: readonly Demand[]): readonly string[] {
  return [...new Set(demands.flatMap(({ lines }) => lines.map(({ sku }) => sku)))];
}

/** Supply that should be here and is not comes tomorrow at the earliest. */
function expected(supply: Inbound, today: string): Inbound {
  return { ...supply, usableOn: laterOf(addDays(today, 1), supply.usableOn) };
}

/** Whether the allocator may decide about a line: its item is known and no hold stops it. */
export function isDecidable(line: Line): boolean {
  return line.sku !== undefined && line.reason === undefined && line.buckets.pending + line.buckets.backordered > 0n;
}

/** What an order waits for: what it asked at first, and what each accepted change added, which queues from when the change came. */
function demandsOf(
  { config, now, accepted }: { readonly config: Config; readonly now: number; readonly accepted: ReadonlySet<number> },
  order: StoredOrder,
  changes: readonly StoredChange[],
  declined: Demand['declined'],
): readonly Demand[] {
  const partner = partnerOf(config, order.partner);
  const { document } = order;
  const wanted = policyOf(partner, order, now);
  // Somebody has said that what there is of it is to ship.
  const policy = accepted.has(order.id) ? { ...wanted, minimumFill: undefined } : wanted;
  const { class: rank, tier } = partner.allocation;
  const demand: Demand = {
    orderId: order.id,
    poNumber: document.poNumber,
    partner: order.partner,
    class: rank,
    tier,
    receivedAt: order.receivedAt,
    shipNotBefore: document.shipNotBefore,
    requestedShip: document.requestedShip,
    shipNoLater: document.shipNoLater,
    cancelAfter: document.cancelAfter,
    shipTo: placeOf(config, order),
    lots: partner.lots,
    pools: partner.allocation.pools,
    policy,
    policyVersion: versionOf({ class: rank, tier, ...policy }),
    lines: order.lines.filter(isDecidable).map(demandLine),
    declined,
  };
  if (changes.length === 0) return [demand];
  const added = demand.lines.flatMap((line) => addedParts(changes, line.lineId, line.quantity).map((part) => ({ ...part, line })));
  const rest = demand.lines.map((line) => {
    const later = added.filter((part) => part.line === line).reduce((sum, { quantity }) => sum + quantity, 0n);
    return { ...line, quantity: line.quantity - later };
  });
  const later = [...Map.groupBy(added, ({ change }) => change)].map(([change, parts]): Demand => {
    const lines = parts.map(({ line, quantity }) => ({ ...line, quantity }));
    return { ...demand, receivedAt: new Date(change.receivedAt).toISOString(), lines };
  });
  return [{ ...demand, lines: rest.filter(({ quantity }) => quantity > 0n) }, ...later].filter(({ lines }) => lines.length > 0);
}

/** Where an order goes, as its ship-to says; an address without a country is in ours. */
function placeOf({ company }: Config, { document: { shipTo } }: StoredOrder): Place | undefined {
  return shipTo && { country: shipTo.country ?? company.address.country, state: shipTo.state, postalCode: shipTo.postalCode };
}

function demandLine(line: Line): DemandLine {
  const { allocated, released, shipped, pending, backordered } = line.buckets;
  return {
    lineId: line.id,
    lineNo: line.lineNo,
    sku: line.sku!,
    quantity: pending + backordered,
    served: allocated + released + shipped,
    pack: line.pack,
    unitValue: line.price === undefined ? undefined : divide(line.price * line.conversion.denominator, whole(line.conversion.numerator)),
  };
}

/** The purchase order's own words first, then the partner's profile. */
function policyOf(partner: Partner, order: StoredOrder, now: number): OrderPolicy {
  const { class: _class, tier: _tier, pools: _pools, accumulateDays: _days, ...rules } = partner.allocation;
  const { completeness, substitution } = order.document;
  return {
    ...rules,
    accumulate: rules.accumulate && (accumulatesUntil(partner, order) ?? Infinity) > now,
    completeness: completeness ?? rules.completeness,
    substitution: substitution === undefined ? rules.substitution : substitution === 'allowed',
  };
}

/** A name for a policy that any change of it changes. */
function versionOf(policy: AppliedPolicy): string {
  const members = Object.entries(policy)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(toJson(members)).digest('hex').slice(0, 12);
}

function locationFacts(tx: Tx, config: Config, now: number): Promise<readonly LocationFacts[]> {
  const found = [...locations(config).values()].map(async (location): Promise<LocationFacts> => {
    const facts = shippingFacts(location);
    const days = shipDays(calendarOf(location), now);
    const noDay = days ? undefined : 'has no workday';
    return {
      code: location.code,
      priority: facts.priority,
      fixedCost: facts.fixedCost,
      unitCost: facts.unitCost,
      earliestShip: days?.earliestShip ?? '9999-12-31',
      nextShip: days?.nextShip,
      room: await roomAt(tx, location, now),
      zones: facts.zones,
      capabilities: facts.capabilities,
      closed: location.partner.vendor?.dropShip === false ? 'does not ship to customers' : noDay,
    };
  });
  return Promise.all(found);
}

/** What a location still takes for the day that it accepts orders for now. */
async function roomAt(tx: Tx, location: Location, now: number): Promise<Room | undefined> {
  const { dailyOrders, dailyLines, dailyUnits } = shippingFacts(location);
  if (dailyOrders === undefined && dailyLines === undefined && dailyUnits === undefined) return undefined;
  const given = await givenSince(tx, location.code, acceptingSince(calendarOf(location), now));
  return {
    orders: dailyOrders === undefined ? undefined : dailyOrders - given.orders,
    lines: dailyLines === undefined ? undefined : dailyLines - given.lines,
    units: dailyUnits === undefined ? undefined : dailyUnits - given.units,
  };
}
