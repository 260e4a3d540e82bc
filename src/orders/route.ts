import { floorToPack, least, whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { binomial, subsetsOfSize } from './subsets.ts';

/** A location that may ship. `lateDays` is how late it would; costs are money. */
export type RouteNode = {
  readonly code: string;
  readonly priority: number;
  readonly distance: number;
  readonly fixedCost: Decimal;
  readonly unitCost: Decimal;
  readonly lateDays: number;
};

/** What is wanted of one item. `available` and `scarcity` are for each node: stock, and the units by which taking all from there would starve others. */
export type Want = {
  readonly need: Decimal;
  readonly pack: Decimal;
  /** What one unit counts in the fill. */
  readonly weight: Decimal;
  readonly available: readonly Decimal[];
  readonly scarcity: readonly Decimal[];
};

export type RouteRules = {
  readonly objective: 'splits' | 'cost';
  readonly maxShipments: number;
  readonly splitPenalty: Decimal;
  readonly latePenalty: Decimal;
  readonly regretLimit: Decimal;
  readonly splitLines: boolean;
};

export type Take = { readonly want: number; readonly node: number; readonly quantity: Decimal };

/** A set of nodes with what it would ship; `nodes` are indexes. */
export type Option = {
  readonly nodes: readonly number[];
  readonly fill: Decimal;
  readonly cost: Decimal;
  readonly lateDays: number;
  readonly scarcity: Decimal;
};

export type Routed = {
  readonly chosen: Option | undefined;
  readonly takes: readonly Take[];
  readonly alternatives: readonly Option[];
  /** How many sets the choice is proven against, whether they were weighed one by one or excluded by a bound. */
  readonly subsets: number;
  /** False when there were too many locations to try all sets and only the most useful took part. */
  readonly exact: boolean;
};

/** Above this many sets only the most useful `TRIMMED` nodes take part. */
const MOST_SUBSETS = 5000;
const TRIMMED = 12;
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
  const limit = Math.min(search.candidates.length, rules.maxShipments - opened.length);
  let subsets = 0;
  if (opened.length > 0) consider(search, []);
  for (let size = 1; size <= limit; size++) {
    subsets += binomial(search.candidates.length, size);
    if (canStop(search, size)) continue;
    for (const subset of subsetsOfSize(search.candidates, size)) consider(search, subset);
  }
  const ranked = rank(search);
  const chosen = ranked[0];
  const takes = chosen ? takesOf(search, new Set([...opened, ...chosen.nodes])) : [];
  return { chosen, takes, alternatives: ranked.slice(1, 1 + KEPT), subsets, exact: search.exact };
}

type Search = {
  readonly nodes: readonly RouteNode[];
  readonly rules: RouteRules;
  readonly opened: readonly number[];
  readonly candidates: readonly number[];
  readonly exact: boolean;
  readonly needs: readonly Decimal[];
  readonly weights: readonly Decimal[];
  /** [want][node], in whole packs. */
  readonly supply: readonly (readonly Decimal[])[];
  readonly scarcity: readonly (readonly Decimal[])[];
  /** [want]: node indexes that have any, cheapest first. */
  readonly order: readonly (readonly number[])[];
  readonly own: readonly Decimal[];
  readonly mostFill: Decimal;
  readonly leastUnits: Decimal;
  readonly found: Option[];
  best: Option | undefined;
};

function prepare(nodes: readonly RouteNode[], wants: readonly Want[], rules: RouteRules, opened: readonly number[]): Search {
  const needs = wants.map((want) => floorToPack(want.need, want.pack));
  const supply = wants.map((want, w) => want.available.map((quantity) => usable(quantity, want.pack, needs[w]!, rules.splitLines)));
  const useful = nodes.map((_, n) => n).filter((n) => !opened.includes(n) && supply.some((row) => row[n]! > 0n));
  const sorted = useful.toSorted((a, b) => byOwnOrder(nodes, a, b));
  const { candidates, exact } = trim(nodes, supply, sorted, rules.maxShipments - opened.length);
  const open = [...opened, ...candidates];
  const order = wants.map((want, w) => open.filter((n) => supply[w]![n]! > 0n).toSorted((a, b) => byUnitCost(nodes, want, a, b)));
  const fills = order.map((list, w) => {
    const sum = list.reduce((all, n) => all + supply[w]![n]!, 0n);
    return least(sum, needs[w]!);
  });
  return {
    nodes,
    rules,
    opened,
    candidates,
    exact,
    needs,
    weights: wants.map((want) => want.weight),
    supply,
    scarcity: wants.map((want) => want.scarcity),
    order,
    own: nodes.map((node) => node.fixedCost + rules.latePenalty * BigInt(node.lateDays)),
    mostFill: fills.reduce((sum, fill, w) => sum + fill * wants[w]!.weight, 0n),
    leastUnits: fills.reduce((sum, fill, w) => sum + fill * (order[w]![0] === undefined ? 0n : nodes[order[w]![0]]!.unitCost), 0n) / whole(1),
    found: [],
    best: undefined,
  };
}

function usable(available: Decimal, pack: Decimal, need: Decimal, splitLines: boolean): Decimal {
  const packed = floorToPack(least(available, need), pack);
  return splitLines || packed >= need ? packed : 0n;
}

function trim(
  nodes: readonly RouteNode[],
  supply: readonly (readonly Decimal[])[],
  sorted: readonly number[],
  limit: number,
): { candidates: readonly number[]; exact: boolean } {
  let count = 0;
  for (let size = 1; size <= Math.min(limit, sorted.length); size++) count += binomial(sorted.length, size);
  if (count <= MOST_SUBSETS) return { candidates: sorted, exact: true };
  const lines = (n: number): number => supply.filter((row) => row[n]! > 0n).length;
  const kept = sorted.toSorted((a, b) => lines(b) - lines(a) || compare(nodes[a]!.fixedCost, nodes[b]!.fixedCost) || byOwnOrder(nodes, a, b));
  return { candidates: kept.slice(0, TRIMMED).toSorted((a, b) => byOwnOrder(nodes, a, b)), exact: false };
}

/** Whether no set of this size or a larger one can be better than the best known: it fills all that can be filled and costs less than their least. */
function canStop(search: Search, size: number): boolean {
  const { best, rules, candidates, own } = search;
  if (!best || best.fill < search.mostFill) return false;
  if (rules.objective === 'splits') return best.nodes.length < size;
  const cheapest = candidates
    .map((n) => own[n]!)
    .toSorted(compare)
    .slice(0, size);
  return cheapest.reduce((a, b) => a + b, 0n) + penalty(search, size) + search.leastUnits > best.cost + rules.regretLimit;
}

function penalty({ rules, opened }: Search, size: number): Decimal {
  const shipments = size + opened.length;
  return opened.length > 0 ? rules.splitPenalty * BigInt(size) : rules.splitPenalty * BigInt(Math.max(0, shipments - 1));
}

/** Weighs one set, and keeps it when it may be the best or one that is worth telling. */
function consider(search: Search, subset: readonly number[]): void {
  const { nodes, rules, needs, order, supply, weights, scarcity, best } = search;
  let own = penalty(search, subset.length);
  for (const n of subset) own += search.own[n]!;
  if (best && best.fill === search.mostFill && rules.objective === 'cost' && own + search.leastUnits > best.cost + rules.regretLimit) return;
  let fill = 0n;
  let units = 0n;
  let scarce = 0n;
  let used = 0;
  const unused = new Set(subset);
  for (let w = 0; w < needs.length; w++) {
    let left = needs[w]!;
    for (const n of order[w]!) {
      if (left === 0n) break;
      if (!subset.includes(n) && !search.opened.includes(n)) continue;
      const taken = least(supply[w]![n]!, left);
      left -= taken;
      units += taken * nodes[n]!.unitCost;
      scarce += taken * scarcity[w]![n]!;
      if (unused.delete(n)) used++;
    }
    fill += (needs[w]! - left) * weights[w]!;
  }
  if (used < subset.length || (best && fill < best.fill)) return;
  const lateDays = subset.reduce((most, n) => Math.max(most, nodes[n]!.lateDays), 0);
  keep(search, { nodes: subset, fill, cost: own + units / whole(1), lateDays, scarcity: scarce });
}

function keep(search: Search, option: Option): void {
  search.found.push(option);
  if (!search.best || byObjective(search.rules, option, search.best) < 0) search.best = option;
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

function takesOf(search: Search, open: ReadonlySet<number>): readonly Take[] {
  const takes: Take[] = [];
  search.needs.forEach((need, want) => {
    let left = need;
    for (const node of search.order[want]!) {
      if (left === 0n) break;
      if (!open.has(node)) continue;
      const quantity = least(search.supply[want]![node]!, left);
      left -= quantity;
      takes.push({ want, node, quantity });
    }
  });
  return takes;
}

function byObjective(rules: RouteRules, a: Option, b: Option): number {
  const shipments = a.nodes.length - b.nodes.length;
  const cost = compare(a.cost, b.cost);
  return compare(b.fill, a.fill) || (rules.objective === 'splits' ? shipments || cost : cost || shipments);
}

function byTheRest(nodes: readonly RouteNode[], a: Option, b: Option): number {
  const sum = (option: Option, of: (node: RouteNode) => number): number => option.nodes.reduce((all, n) => all + of(nodes[n]!), 0);
  return (
    a.lateDays - b.lateDays ||
    compare(a.scarcity, b.scarcity) ||
    compare(a.cost, b.cost) ||
    a.nodes.length - b.nodes.length ||
    sum(a, (node) => node.priority) - sum(b, (node) => node.priority) ||
    sum(a, (node) => node.distance) - sum(b, (node) => node.distance) ||
    byCodes(nodes, a, b)
  );
}

function byCodes(nodes: readonly RouteNode[], a: Option, b: Option): number {
  const codes = (option: Option): string => option.nodes.map((n) => nodes[n]!.code).join(' ');
  return compare(codes(a), codes(b));
}

function byUnitCost(nodes: readonly RouteNode[], want: Want, a: number, b: number): number {
  return compare(nodes[a]!.unitCost, nodes[b]!.unitCost) || compare(want.scarcity[a]!, want.scarcity[b]!) || byOwnOrder(nodes, a, b);
}

function byOwnOrder(nodes: readonly RouteNode[], a: number, b: number): number {
  const [one, other] = [nodes[a]!, nodes[b]!];
  return one.priority - other.priority || one.distance - other.distance || compare(one.code, other.code);
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
