import { floorToPack, least, whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { byOwnOrder, compare } from './route-order.ts';
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
  /** Wants of one group are served in full by one node, or not at all. */
  readonly group?: number | undefined;
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
  /** What each node fills when it is alone: a set fills at most the sum of its nodes'. */
  readonly alone: readonly Decimal[];
  /** For each node, the rows that it serves in full: 32 rows a word, a bit each. */
  readonly serves: readonly Int32Array[];
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
  const grouped = wants.filter(({ group }) => group !== undefined);
  const groups = new Map([...Map.groupBy(grouped, ({ group }) => group!)].map(([group, members]) => [group, joinWants(nodes, members)]));
  const rows = wants
    .map((want, index) => rowOf(nodes, want, index, want.group === undefined ? rules : { ...rules, joint: groups.get(want.group)! }))
    .filter((row) => row.order.length > 0);
  const useful = nodes.map((_, n) => n).filter((n) => !opened.includes(n) && rows.some((row) => row.supply[n]! > 0n));
  const limit = rules.maxShipments - opened.length;
  const own = nodes.map((node) => node.fixedCost + rules.latePenalty * BigInt(node.lateDays));
  const alone = nodes.map((_, n) => rows.reduce((sum, row) => sum + row.supply[n]! * row.weight, 0n));
  // Who fills most comes first, then the cheapest, so that a good set is known early and the bounds are tight.
  const byUse = (a: number, b: number): number => compare(alone[b]!, alone[a]!) || compare(own[a]!, own[b]!) || byOwnOrder(nodes, a, b);
  const { candidates, exact } = trim(nodes, rows, useful.toSorted(byUse), limit);
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
  const hardestFirst = served.toSorted((a, b) => a.order.length - b.order.length || a.want - b.want);
  return {
    nodes,
    rules,
    opened,
    candidates,
    exact,
    rows: hardestFirst,
    own,
    alone,
    serves: nodes.map((_, n) => rowsServed(hardestFirst, n)),
    mostFill,
    leastUnits: leastUnits / whole(1),
    open: nodes.map((_, n) => opened.includes(n)),
    found: [],
    best: undefined,
  };
}

/** Which nodes serve all wants of a group in full, and how scarce all of them are there. */
type Joint = { readonly serves: readonly boolean[]; readonly scarcity: readonly Decimal[] };

function joinWants(nodes: readonly RouteNode[], wants: readonly Want[]): Joint {
  return {
    serves: nodes.map((_, n) => wants.every(({ need, pack, available }) => available[n]! >= floorToPack(need, pack))),
    scarcity: nodes.map((_, n) => wants.reduce((sum, { scarcity }) => sum + scarcity[n]!, 0n)),
  };
}

function rowOf(
  nodes: readonly RouteNode[],
  { need: asked, pack, weight, available, scarcity: own }: Want,
  want: number,
  { splitLines, joint }: { readonly splitLines: boolean; readonly joint?: Joint },
): Row {
  const need = floorToPack(asked, pack);
  const scarcity = joint?.scarcity ?? own;
  const supply = available.map((quantity, n) => {
    if (joint) return joint.serves[n] ? need : 0n;
    const packed = quantity >= need ? need : floorToPack(quantity, pack);
    return splitLines || packed >= need ? packed : 0n;
  });
  const order: number[] = [];
  supply.forEach((quantity, n) => quantity > 0n && order.push(n));
  order.sort((a, b) => compare(nodes[a]!.unitCost, nodes[b]!.unitCost) || compare(scarcity[a]!, scarcity[b]!) || byOwnOrder(nodes, a, b));
  return { want, need, most: 0n, weight, supply, scarcity: own, order };
}

/** The rows that a node serves in full, a bit each. */
function rowsServed(rows: readonly Row[], n: number): Int32Array {
  const words = new Int32Array(Math.ceil(rows.length / 32));
  rows.forEach((row, at) => {
    if (row.supply[n] === row.need) words[at >> 5]! |= 1 << (at & 31);
  });
  return words;
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
