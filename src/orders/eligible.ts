import type { Demand, LocationFacts, Place, Refusal, Room, Zone } from './allocation.ts';
import { daysBetween, laterOf } from './dates.ts';

/**
 * A location that may ship an order: its place in the list of locations, its facts with the distance and costs of the order's zone, the day on which
 * it would ship, and how many days that is after the one asked for.
 */
export type Eligible = { readonly index: number; readonly facts: LocationFacts; readonly shipDate: string; readonly lateDays: number };

export type Eligibility = { readonly eligible: readonly Eligible[]; readonly refused: readonly Refusal[] };

/** Which locations may ship an order at all, and why the others may not. `rooms` is what each location still takes for its day. */
export function eligibleFor(
  demand: Demand,
  locations: readonly LocationFacts[],
  rooms: readonly Room[] = locations.map(({ room }) => room ?? {}),
): Eligibility {
  const eligible: Eligible[] = [];
  const refused: Refusal[] = [];
  locations.forEach((facts, index) => {
    const answer = weighLocation(demand, facts, rooms[index]!);
    if ('because' in answer) refused.push(answer);
    else eligible.push({ index, ...answer });
  });
  return { eligible, refused };
}

function weighLocation(demand: Demand, facts: LocationFacts, room: Room): Refusal | Omit<Eligible, 'index'> {
  const refuse = (because: Refusal['because'], shipDate?: string, detail?: string): Refusal => ({ location: facts.code, because, shipDate, detail });
  const { warehouses: allowed, requires = [] } = demand.policy;
  if (allowed && !allowed.includes(facts.code)) return refuse('not-allowed', undefined, `the policy allows ${allowed.join(', ')}`);
  if (facts.closed !== undefined) return refuse('closed', undefined, facts.closed);
  const lacking = requires.filter((each) => !facts.capabilities?.includes(each));
  if (lacking.length > 0) return refuse('capability', undefined, lacking.join(', '));
  const zone = zoneOf(facts, demand.shipTo);
  if (!zone) return refuse('region', undefined, showPlace(demand.shipTo));
  const used = usedUp(room);
  if (used !== undefined && facts.nextShip === undefined) return refuse('no-capacity', undefined, used);
  const shipDate = laterOf(used !== undefined && facts.nextShip !== undefined ? facts.nextShip : facts.earliestShip, demand.shipNotBefore);
  const why = used === undefined ? undefined : `for ${facts.earliestShip} ${used}`;
  if (demand.cancelAfter !== undefined && shipDate > demand.cancelAfter) return refuse('after-cancel', shipDate, why);
  if (demand.shipNoLater !== undefined && shipDate > demand.shipNoLater) return refuse('after-ship-no-later', shipDate, why);
  const lateDays = demand.requestedShip === undefined ? 0 : Math.max(0, daysBetween(demand.requestedShip, shipDate));
  if (zone === NO_ZONE) return { facts, shipDate, lateDays };
  const { distance = facts.distance, fixedCost = facts.fixedCost, unitCost = facts.unitCost } = zone;
  return { facts: { ...facts, distance, fixedCost, unitCost }, shipDate, lateDays };
}

const NO_ZONE: Zone = {};

/** The zone of a location that a place is in; one without conditions where the location has no zones, and none where it does not ship there. */
function zoneOf({ zones }: LocationFacts, place: Place | undefined): Zone | undefined {
  if (!zones) return NO_ZONE;
  return zones.find(
    ({ countries, states, postalCodes }) =>
      (!countries || countries.includes(place?.country ?? '')) &&
      (!states || states.includes(place?.state ?? '')) &&
      (!postalCodes || postalCodes.some((prefix) => place?.postalCode?.startsWith(prefix))),
  );
}

function showPlace(place: Place | undefined): string {
  const parts = [place?.postalCode, place?.state, place?.country].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(' ') : 'the order does not say where it goes';
}

/** What of a location's day is used up; undefined when it takes more. */
function usedUp({ orders, lines, units }: Room): string | undefined {
  const used: string[] = [];
  if (orders !== undefined && orders <= 0) used.push('orders');
  if (lines !== undefined && lines <= 0) used.push('lines');
  if (units !== undefined && units <= 0n) used.push('units');
  return used.length === 0 ? undefined : `it takes no more ${used.join(' and ')}`;
}
