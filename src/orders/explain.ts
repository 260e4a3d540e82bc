import { formatDecimal } from '../decimal.ts';
import type { Decision, LinePlan, Reason, Refusal, RouteOption } from './allocation.ts';

/** Says in plain words why a line got what it got: what there was, who stood ahead, what was refused, and what the alternatives were. */
export function explainLine(plan: LinePlan, decision: Decision): readonly string[] {
  const sum = plan.allocated + plan.backordered + plan.rejected + plan.pending;
  const from = plan.reservations.map(
    ({ location, quantity, sku, covers }) => `${formatDecimal(quantity)}${covers === undefined ? '' : ` ${sku}`} from ${location}`,
  );
  const rest = (['backordered', 'rejected', 'pending'] as const).filter((bucket) => plan[bucket] > 0n);
  const left = rest.map((bucket) => `; ${formatDecimal(plan[bucket])} ${bucket === 'pending' ? 'left undecided' : bucket}`).join('');
  const head = `${formatDecimal(plan.allocated)} of ${formatDecimal(sum)} reserved${from.length > 0 ? `: ${from.join(', ')}` : ''}${left}`;
  return [head, ...plan.reasons.filter(({ kind }) => kind !== 'remainder').map(explainReason), ...explainChoice(decision)];
}

/** Says why an order was routed as it was. */
export function explainChoice({ chosen, dropped, alternatives, subsets, exact, refused, ...at }: Decision): readonly string[] {
  const lines = [`the order was number ${at.position} of ${at.of} in the order of priority (tier ${at.tier}${at.class === 2 ? '' : `, class ${at.class}`})`];
  if (chosen) {
    const sets = subsets === 1 ? 'the only possible set of locations' : `the best of all ${subsets} possible sets of locations`;
    const proof = exact ? sets : `the best of ${subsets} sets of locations that were tried`;
    lines.push(`${explainOption(chosen)}: ${proof}`);
  }
  if (dropped) lines.push(`at best it could have been ${explainOption(dropped)}`);
  else if (alternatives[0]) lines.push(`the alternative was ${explainOption(alternatives[0])}`);
  return [...lines, ...refused.map(explainRefusal)];
}

function explainOption({ locations, cost, fill, lateDays }: RouteOption): string {
  const shipments = `${locations.length} shipment${locations.length === 1 ? '' : 's'}`;
  return `${locations.join(' + ')}, ${shipments}, fill ${formatDecimal(fill)}, cost ${formatDecimal(cost, 2)}${lateDays > 0 ? `, ${lateDays} days late` : ''}`;
}

function explainRefusal({ location, because, detail, shipDate }: Refusal): string {
  const why = {
    'not-allowed': 'may not ship this order',
    closed: 'takes nothing now',
    region: 'does not ship there',
    capability: 'cannot do what the order requires',
    declined: 'has said that it will not ship it for this order',
    'no-capacity': 'has no capacity left',
    'after-ship-no-later': `could ship on ${shipDate ?? '?'}, after the last ship date`,
    'after-cancel': `could ship on ${shipDate ?? '?'}, after the cancel date`,
  }[because];
  return `${location} ${why}${detail === undefined ? '' : ` (${detail})`}`;
}

/** One reason in plain words. */
export function explainReason(reason: Reason): string {
  switch (reason.kind) {
    case 'available':
      return `${reason.location} had ${formatDecimal(reason.quantity)} of ${reason.sku}${reason.opening > reason.quantity ? ` for it, of ${formatDecimal(reason.opening)} before others` : ''}`;
    case 'ahead': {
      const last = reason.last.map((who) => `${who.poNumber} (tier ${who.tier}) took ${formatDecimal(who.quantity)} at ${who.location}`);
      return `${reason.orders} order${reason.orders === 1 ? '' : 's'} ahead took ${formatDecimal(reason.quantity)} of ${reason.sku}: ${last.join(', ')}`;
    }
    case 'refused':
      return explainRefusal(reason.refusal);
    case 'pack':
      return `${formatDecimal(reason.loose)} at ${reason.location} make no pack of ${formatDecimal(reason.pack)}`;
    case 'short-lived':
      return `${formatDecimal(reason.quantity)} at ${reason.location} are not good until ${reason.needed}, or others need them for it`;
    case 'pool':
      return `${formatDecimal(reason.quantity)} at ${reason.location} are kept for the pool ${reason.pool}`;
    case 'fair-share':
      return `${formatDecimal(reason.demand)} of ${reason.sku} were asked and ${formatDecimal(reason.supply)} there: the fair share is ${formatDecimal(reason.share)}`;
    case 'promised-to-others':
      return `${formatDecimal(reason.quantity)} of ${reason.sku} are kept for promises of later days`;
    case 'shipment-limit':
      return `${formatDecimal(reason.elsewhere)} more stand where they would break the rules of the order (at most ${reason.limit} shipments)`;
    case 'together':
      return `${reason.skus.join(' and ')} leave in one shipment: a location that has all of each is needed`;
    case 'below-minimum':
      return `${formatDecimal(reason.fill, 2)} % of the ${reason.by} is below the minimum fill of ${formatDecimal(reason.minimum)} %`;
    case 'thin-line':
      return `${formatDecimal(reason.quantity)} could be had, less than the ${formatDecimal(reason.minimum)} % that a line is worth shipping for`;
    case 'incomplete':
      return `the order ships complete, and ${formatDecimal(reason.missing)} of it are missing`;
    case 'accumulating':
      return `${formatDecimal(reason.held)} are held until the rest comes`;
    case 'substituted':
      return `${formatDecimal(reason.quantity)} of ${reason.sku} stand in`;
    default:
      return explainRest(reason);
  }
}

function explainRest(reason: Extract<Reason, { kind: 'promised' | 'no-supply' | 'date' | 'remainder' }>): string {
  if (reason.kind === 'promised') return `${formatDecimal(reason.quantity)} can ship on ${reason.date}, when supply comes`;
  if (reason.kind === 'no-supply')
    return `no supply is known for ${formatDecimal(reason.quantity)}${reason.before === undefined ? '' : ` until ${reason.before}`}`;
  if (reason.kind === 'remainder') return `${formatDecimal(reason.quantity)} ${reason.rule === 'pending' ? 'left undecided' : reason.rule}`;
  return reason.shipDate === undefined ? 'no location can ship it' : `the first day on which a location can ship is ${reason.shipDate}`;
}
