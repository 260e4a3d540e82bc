import { floorToPack, least, whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { byObjective, byOwnOrder, compare } from './route-order.ts';
import type { Option, RouteNode, RouteRules } from './route-order.ts';
import { binomial } from './subsets.ts';

/** What is wanted of one item. `available` and `scarcity` are for each node: stock, and the units by which taking all from there would starve others. */
export type Want = {
  readonly need: Decimal;
  readonly pack: Decimal;
  /** What one unit counts in the fill. */
  readonly weight: Decimal;
  readonly available: readonly Decimal[];
  readonly scarcity: readonly Decimal[];
};

/** A want as the search sees it. */
type Row = {
  /** Its index among the wants. */
  readonly want: number;
  /** In whole packs, and so is `supply`, which is for each node and not above the need. */
  readonly need: Decimal;
  readonly weight: Decimal;
  readonly supply: readonly Decimal[];
  readonly scarcity: readonly Decimal[];
  /** Nodes that have any, cheapest first. */
  readonly order: readonly number[];
  /** What all nodes together serve of it. */
  readonly most: Decimal;
  /** For each node, whether it serves the want alone. */
  readonly serves: readonly boolean[];
};

/** The state of a search for the best set of nodes. */
export type Search = {
  readonly nodes: readonly RouteNode[];
  readonly rules: RouteRules;
  readonly opened: readonly number[];
  /** The nodes that sets are made of. */
  readonly candidates: readonly number[];
  readonly exact: boolean;
  /** The wants that can be served at all, those that the fewest nodes serve first. */
  readonly rows: readonly Row[];
  /** What opening each node costs. */
  readonly own: readonly Decimal[];
  /** Every set fills at most this, at no less cost of units than `leastUnits` when it does. */
  readonly mostFill: Decimal;
  readonly leastUnits: Decimal;
  /** The nodes of the set that is being weighed. */
  readonly open: boolean[];
  readonly found: Option[];
  best: Option | undefined;
};

/** Above this many sets only the most useful `TRIMMED` nodes take part. */
const MOST_SUBSETS = 5000;
const TRIMMED = 12;

export function prepare(nodes: readonly RouteNode[], wants: readonly Want[], rules: RouteRules, opened: readonly number[]): Search {
  const rows = wants.map((want, index) => rowOf(nodes, want, index, rules.splitLines)).filter((row) => row.order.length > 0);
  const useful = nodes.map((_, n) => n).filter((n) => !opened.includes(n) && rows.some((row) => row.supply[n]! > 0n));
  const limit = rules.maxShipments - opened.length;
  const own = nodes.map((node) => node.fixedCost + rules.latePenalty * BigInt(node.lateDays));
  // The cheapest first, so that a good set is known early and the bounds are tight.
  const byOwnCost = (a: number, b: number): number => compare(own[a]!, own[b]!) || compare(nodes[a]!.unitCost, nodes[b]!.unitCost) || byOwnOrder(nodes, a, b);
  const { candidates, exact } = trim(nodes, rows, useful.toSorted(byOwnCost), limit);
  const usable = nodes.map((_, n) => opened.includes(n) || candidates.includes(n));
  let mostFill = 0n;
  let leastUnits = 0n;
  const served = rows.map((row) => {
    const most = least(
      row.order.reduce((sum, n) => (usable[n] ? sum + row.supply[n]! : sum), 0n),
      row.need,
    );
    mostFill += most * row.weight;
    leastUnits += most * nodes[row.order[0]!]!.unitCost;
    return { ...row, most };
  });
  return {
    nodes,
    rules,
    opened,
    candidates,
    exact,
    rows: served.toSorted((a, b) => a.order.length - b.order.length || a.want - b.want),
    own,
    mostFill,
    leastUnits: leastUnits / whole(1),
    open: nodes.map((_, n) => opened.includes(n)),
    found: [],
    best: undefined,
  };
}

function rowOf(nodes: readonly RouteNode[], { need: asked, pack, weight, available, scarcity }: Want, want: number, splitLines: boolean): Row {
  const need = floorToPack(asked, pack);
  const supply = available.map((quantity) => {
    const packed = quantity >= need ? need : floorToPack(quantity, pack);
    return splitLines || packed >= need ? packed : 0n;
  });
  const order: number[] = [];
  supply.forEach((quantity, n) => quantity > 0n && order.push(n));
  order.sort((a, b) => compare(nodes[a]!.unitCost, nodes[b]!.unitCost) || compare(scarcity[a]!, scarcity[b]!) || byOwnOrder(nodes, a, b));
  return { want, need, most: 0n, weight, supply, scarcity, order, serves: supply.map((quantity) => quantity === need) };
}

function trim(
  nodes: readonly RouteNode[],
  rows: readonly Row[],
  sorted: readonly number[],
  limit: number,
): { readonly candidates: readonly number[]; readonly exact: boolean } {
  let count = 0;
  for (let size = 1; size <= Math.min(limit, sorted.length); size++) count += binomial(sorted.length, size);
  if (count <= MOST_SUBSETS) return { candidates: sorted, exact: true };
  const lines = (n: number): number => rows.filter((row) => row.supply[n]! > 0n).length;
  const kept = sorted.toSorted((a, b) => lines(b) - lines(a) || compare(nodes[a]!.fixedCost, nodes[b]!.fixedCost) || byOwnOrder(nodes, a, b));
  const useful = new Set(kept.slice(0, TRIMMED));
  return { candidates: sorted.filter((n) => useful.has(n)), exact: false };
}

/** Whether no set of this size or a larger one can be better than the best known: it fills all that can be filled and costs less than their least. */
export function canStop(search: Search, size: number): boolean {
  const { best, rules, candidates, own } = search;
  if (!best || best.fill < search.mostFill) return false;
  if (rules.objective === 'splits') return best.nodes.length < size;
  const cheapest = candidates
    .map((n) => own[n]!)
    .toSorted(compare)
    .slice(0, size);
  return cheapest.reduce((a, b) => a + b, 0n) + penalty(search, size) + search.leastUnits > best.cost + rules.regretLimit;
}

/** Weighs one set, and keeps it when it may be the best or one that is worth telling. */
export function consider(search: Search, subset: readonly number[]): void {
  const { nodes, best, rules } = search;
  let own = penalty(search, subset.length);
  for (const n of subset) own += search.own[n]!;
  const comparable = best?.fill === search.mostFill && (rules.objective === 'cost' || best.nodes.length === subset.length);
  if (comparable && own + search.leastUnits > best.cost + rules.regretLimit) return;
  for (const n of subset) search.open[n] = true;
  const fill = fillOf(search, subset, best?.fill ?? 0n);
  const option = fill === undefined ? undefined : { ...unitsOf(search, subset), fill };
  for (const n of subset) search.open[n] = false;
  if (!option || option.idle) return;
  let lateDays = 0;
  for (const n of subset) lateDays = Math.max(lateDays, nodes[n]!.lateDays);
  const kept: Option = {
    nodes: subset.toSorted((a, b) => byOwnOrder(nodes, a, b)),
    fill: option.fill,
    cost: own + option.cost,
    lateDays,
    scarcity: option.scarcity,
  };
  search.found.push(kept);
  if (!best || byObjective(rules, kept, best) < 0) search.best = kept;
}

/** The fill of the open nodes; undefined as soon as it is known to be less than `enough`. */
function fillOf({ rows, opened, mostFill }: Search, subset: readonly number[], enough: Decimal): Decimal | undefined {
  let fill = mostFill;
  for (const row of rows) {
    if (subset.some((n) => row.serves[n])) continue;
    let sum = 0n;
    for (const n of subset) sum += row.supply[n]!;
    for (const n of opened) sum += row.supply[n]!;
    if (sum >= row.need) continue;
    fill -= (row.most - sum) * row.weight;
    if (fill < enough) return undefined;
  }
  return fill;
}

/** What the units of a set cost, how scarce they are, and whether a node of it stays unused: then a smaller set does the same. */
function unitsOf({ rows, nodes, open }: Search, subset: readonly number[]): { readonly cost: Decimal; readonly scarcity: Decimal; readonly idle: boolean } {
  let cost = 0n;
  let scarcity = 0n;
  const used: boolean[] = [];
  for (const row of rows) {
    let left = row.need;
    for (const n of row.order) {
      if (!open[n]) continue;
      const supply = row.supply[n]!;
      const taken = supply < left ? supply : left;
      const { unitCost } = nodes[n]!;
      if (unitCost !== 0n) cost += taken * unitCost;
      if (row.scarcity[n] !== 0n) scarcity += taken * row.scarcity[n]!;
      used[n] = true;
      left -= taken;
      if (left === 0n) break;
    }
  }
  return { cost: cost / whole(1), scarcity, idle: subset.some((n) => !used[n]) };
}

function penalty({ rules, opened }: Search, size: number): Decimal {
  return rules.splitPenalty * BigInt(Math.max(0, opened.length > 0 ? size : size - 1));
}
