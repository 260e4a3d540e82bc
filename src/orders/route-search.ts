import { whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import { byObjective, byOwnOrder, compare } from './route-order.ts';
import type { Option } from './route-order.ts';
import type { Search } from './route-prepare.ts';

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

/** Weighs every set of `size` candidates that may be as good as the best known. */
export function searchSize(search: Search, size: number): void {
  const { candidates, alone } = search;
  // What the first so many candidates fill alone: with the most useful first, a bound for any that follow each other.
  const upTo = [0n];
  for (const n of candidates) upTo.push(upTo.at(-1)! + alone[n]!);
  const subset: number[] = [];
  const choose = (from: number, fills: Decimal): void => {
    const more = size - subset.length;
    if (more === 0) return consider(search, [...subset]);
    for (let at = from; at <= candidates.length - more; at++) {
      if (search.best && fills + upTo[at + more]! - upTo[at]! < search.best.fill) return;
      subset.push(candidates[at]!);
      choose(at + 1, fills + alone[candidates[at]!]!);
      subset.pop();
    }
  };
  choose(
    0,
    search.opened.reduce((sum, n) => sum + alone[n]!, 0n),
  );
}

/** Weighs one set, and keeps it when it may be the best or one that is worth telling. */
export function consider(search: Search, subset: readonly number[]): void {
  const { nodes, best, rules } = search;
  let own = penalty(search, subset.length);
  for (const n of subset) own += search.own[n]!;
  const comparable = best?.fill === search.mostFill && (rules.objective === 'cost' || best.nodes.length === subset.length);
  if (comparable && own + search.leastUnits > best.cost + rules.regretLimit) return;
  const fill = fillOf(search, subset, best?.fill ?? 0n);
  if (fill === undefined) return;
  for (const n of subset) search.open[n] = true;
  const { cost, scarcity, idle } = unitsOf(search, subset);
  for (const n of subset) search.open[n] = false;
  if (idle) return;
  let lateDays = 0;
  for (const n of subset) lateDays = Math.max(lateDays, nodes[n]!.lateDays);
  const kept: Option = { nodes: subset.toSorted((a, b) => byOwnOrder(nodes, a, b)), fill, cost: own + cost, lateDays, scarcity };
  search.found.push(kept);
  if (!best || byObjective(rules, kept, best) < 0) search.best = kept;
}

/** The fill of a set; undefined as soon as it is known to be less than `enough`. */
function fillOf({ rows, opened, mostFill, serves }: Search, subset: readonly number[], enough: Decimal): Decimal | undefined {
  let fill = mostFill;
  for (let word = 0; word << 5 < rows.length; word++) {
    let served = 0;
    for (const n of subset) served |= serves[n]![word]!;
    const last = Math.min(rows.length, (word + 1) << 5);
    for (let at = word << 5; at < last; at++) {
      if (served & (1 << (at & 31))) continue;
      const row = rows[at]!;
      let missing = row.most;
      for (const n of subset) missing -= row.supply[n]!;
      for (const n of opened) missing -= row.supply[n]!;
      if (missing <= 0n) continue;
      fill -= missing * row.weight;
      if (fill < enough) return undefined;
    }
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
