import { least } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { byObjective, byTheRest } from './route-order.ts';
import type { Option, RouteNode, RouteRules } from './route-order.ts';
import { prepare } from './route-prepare.ts';
import type { Search, Want } from './route-prepare.ts';
import { canStop, consider, searchSize } from './route-search.ts';
import { binomial } from './subsets.ts';

export type { Option, RouteNode, RouteRules } from './route-order.ts';
export type { Want } from './route-prepare.ts';

export type Take = { readonly want: number; readonly node: number; readonly quantity: Decimal };

export type Routed = {
  readonly chosen: Option | undefined;
  readonly takes: readonly Take[];
  /** The best of the others that were weighed. */
  readonly alternatives: readonly Option[];
  /** How many sets the choice is proven against, whether they were weighed one by one or excluded by a bound. */
  readonly subsets: number;
  /** False when there were too many locations to try all sets and only the most useful took part. */
  readonly exact: boolean;
};

const KEPT = 3;

/**
 * The set of nodes that serves the wants best: the most fill, then the fewest shipments or the least cost (the rules' objective; the
 * other one next), then the least lateness, scarcity, priority, distance, and the nodes' own order. All sets up to the shipment limit
 * are compared: once a set is open its fixed costs are constant and the wants do not touch each other, so that filling each want from
 * the cheapest node first is optimal for the set. Wants of the same item must be merged by the caller. `opened` nodes ship already:
 * they cost nothing more and do not count.
 */
export function route(nodes: readonly RouteNode[], wants: readonly Want[], rules: RouteRules, opened: readonly number[] = []): Routed {
  const search = prepare(nodes, wants, rules, opened);
  const { candidates, exact } = search;
  const limit = Math.min(candidates.length, rules.maxShipments - opened.length);
  let subsets = 0;
  if (opened.length > 0) consider(search, []);
  for (let size = 1; size <= limit; size++) {
    subsets += binomial(candidates.length, size);
    if (!canStop(search, size)) searchSize(search, size);
  }
  const ranked = rank(search);
  const chosen = ranked[0];
  return { chosen, takes: chosen ? takesOf(search, chosen) : [], alternatives: ranked.slice(1, 1 + KEPT), subsets, exact };
}

/** The kept options, best first: those within the regret limit of the best are ordered by what comes after cost. */
function rank({ found, best, rules, nodes }: Search): readonly Option[] {
  if (!best) return [];
  const asGood = (option: Option): boolean =>
    option.fill === best.fill && option.cost <= best.cost + rules.regretLimit && (rules.objective === 'cost' || option.nodes.length === best.nodes.length);
  const equals = found.filter(asGood).toSorted((a, b) => byTheRest(nodes, a, b));
  const others = found.filter((option) => !asGood(option)).toSorted((a, b) => byObjective(rules, a, b) || byTheRest(nodes, a, b));
  return [...equals, ...others];
}

function takesOf({ rows, opened }: Search, chosen: Option): readonly Take[] {
  const open = new Set([...opened, ...chosen.nodes]);
  const takes: Take[] = [];
  for (const { want, need, order, supply } of rows) {
    let left = need;
    for (const node of order) {
      if (left === 0n) break;
      if (!open.has(node)) continue;
      const quantity = least(supply[node]!, left);
      left -= quantity;
      takes.push({ want, node, quantity });
    }
  }
  return takes;
}
