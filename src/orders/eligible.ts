import type { Demand, LocationFacts, Refusal } from './allocation.ts';
import { daysBetween, laterOf } from './dates.ts';

/** A location that may ship an order: its place in the list of locations, the day it would ship, and how many days that is after the one asked for. */
export type Eligible = { readonly index: number; readonly facts: LocationFacts; readonly shipDate: string; readonly lateDays: number };

export type Eligibility = { readonly eligible: readonly Eligible[]; readonly refused: readonly Refusal[] };

/** Which locations may ship an order at all, and why the others may not. `slots` are the order slots left at each location, where it counts them. */
export function eligibleFor(
  demand: Demand,
  locations: readonly LocationFacts[],
  slots: readonly (number | undefined)[] = locations.map((l) => l.orderSlots),
): Eligibility {
  const eligible: Eligible[] = [];
  const refused: Refusal[] = [];
  locations.forEach((facts, index) => {
    const answer = weighLocation(demand, facts, slots[index]);
    if ('because' in answer) refused.push(answer);
    else eligible.push({ index, facts, ...answer });
  });
  return { eligible, refused };
}

function weighLocation(demand: Demand, facts: LocationFacts, slots: number | undefined): Refusal | { shipDate: string; lateDays: number } {
  const refuse = (because: Refusal['because'], shipDate?: string, detail?: string): Refusal => ({ location: facts.code, because, shipDate, detail });
  const allowed = demand.policy.warehouses;
  if (allowed && !allowed.includes(facts.code)) return refuse('not-allowed', undefined, `the policy allows ${allowed.join(', ')}`);
  if (facts.closed !== undefined) return refuse('closed', undefined, facts.closed);
  const full = slots !== undefined && slots <= 0;
  if (full && facts.nextShip === undefined) return refuse('no-capacity', undefined, 'all its order slots are used');
  const shipDate = laterOf(full && facts.nextShip ? facts.nextShip : facts.earliestShip, demand.shipNotBefore);
  const why = full ? `its order slots for ${facts.earliestShip} are used` : undefined;
  if (demand.cancelAfter !== undefined && shipDate > demand.cancelAfter) return refuse('after-cancel', shipDate, why);
  if (demand.shipNoLater !== undefined && shipDate > demand.shipNoLater) return refuse('after-ship-no-later', shipDate, why);
  const lateDays = demand.requestedShip === undefined ? 0 : Math.max(0, daysBetween(demand.requestedShip, shipDate));
  return { shipDate, lateDays };
}
