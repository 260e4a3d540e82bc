import { floorToPack, least, scaleExactly, whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Demand, DemandLine, OrderPolicy, Reason, RouteOption } from './allocation.ts';
import { headroom } from './book.ts';
import type { Book } from './book.ts';
import type { Eligible } from './eligible.ts';
import { stockFor, takeStock } from './reach.ts';
import { route } from './route.ts';
import type { Option, RouteNode, Routed, Want } from './route.ts';
import { scarcityOf } from './scarcity.ts';
import { bindTogether } from './together.ts';
import type { Rivals } from './scarcity.ts';

/** A line while its order is being decided. */
export type Work = {
  readonly line: DemandLine;
  readonly pack: Decimal;
  /** The most that it may take: its demand, its fair share, or nothing where that is too little to be worth shipping. */
  most: Decimal;
  readonly takes: Taken[];
  readonly reasons: Reason[];
  /** How much of the demand is covered, in base units of the line's own item. */
  covered: Decimal;
};

/** What a line took at a location (an index). */
export type Taken = { readonly sku: string; readonly location: number; readonly quantity: Decimal; readonly covers: Decimal; readonly giveBack: () => void };

/** What routing chose, over all its rounds. */
export type RoutedOrder = {
  readonly chosen: RouteOption | undefined;
  readonly alternatives: readonly RouteOption[];
  readonly subsets: number;
  readonly exact: boolean;
};

/** Where an order is being decided. */
export type Scene = { readonly book: Book; readonly rivals: Rivals; readonly demand: Demand; readonly eligible: readonly Eligible[] };

/** Part of a round: lines that want the same item in the same pack, `per` the units of `sku` for one of the line's own. */
type Bid = {
  readonly sku: string;
  readonly pack: Decimal;
  readonly needs: readonly { work: Work; need: Decimal }[];
  readonly per: { num: bigint; den: bigint };
};

const ONE = whole(1);

/** The pack a line is allocated in: one unit where packs may be broken, and no pack at all for a quantity that is no whole number. */
export function packOf(line: DemandLine, policy: OrderPolicy): Decimal {
  if (line.pack > ONE && !policy.breakPacks) return line.pack;
  return line.quantity % ONE === 0n ? ONE : 1n;
}

/**
 * Takes stock for the lines of an order: first the items ordered, all items at once; then what could not be routed at once (a second
 * pack size of the same item, lines that may not be split), then substitutes for what is still missing. A later round may use the
 * locations already open for nothing.
 */
export function routeOrder(scene: Scene, works: readonly Work[]): RoutedOrder {
  const opened: number[] = [];
  const results: Routed[] = [];
  const run = (bids: readonly Bid[]): void => {
    if (bids.length > 0) results.push(routeRound(scene, bids, opened));
  };
  let rest = works.filter((work) => work.most > 0n);
  while (rest.length > 0) {
    const bids = ownBids(scene.demand.policy, rest);
    run(bids);
    const placed = new Set(bids.flatMap((bid) => bid.needs.map(({ work }) => work)));
    rest = rest.filter((work) => !placed.has(work));
  }
  if (scene.demand.policy.substitution)
    for (let turn = 0; ; turn++) {
      const bids = substituteBids(scene, works, turn);
      if (bids === undefined) break;
      for (const bid of bids) run([bid]);
    }
  return summary(scene, results, opened);
}

/** The first line of each item, and with it those of the same pack where lines may be split. */
function ownBids(policy: OrderPolicy, works: readonly Work[]): readonly Bid[] {
  const bids = new Map<string, { sku: string; pack: Decimal; needs: { work: Work; need: Decimal }[]; per: { num: bigint; den: bigint } }>();
  for (const work of works) {
    const bid = bids.get(work.line.sku);
    const need = { work, need: floorToPack(work.most, work.pack) };
    if (!bid) bids.set(work.line.sku, { sku: work.line.sku, pack: work.pack, needs: [need], per: { num: 1n, den: 1n } });
    else if (bid.pack === work.pack && policy.splitLines) bid.needs.push(need);
  }
  return [...bids.values()];
}

/** The substitutes that are asked in this turn for what is missing; undefined when no line has that many. */
function substituteBids({ book, demand }: Scene, works: readonly Work[], turn: number): readonly Bid[] | undefined {
  const bids: Bid[] = [];
  let any = false;
  for (const work of works) {
    const substitute = book.substitutes.get(work.line.sku)?.[turn];
    if (!substitute) continue;
    any = true;
    if (substitute.partner !== undefined && substitute.partner !== demand.partner) continue;
    const missing = work.most - work.covered;
    const per = lowest(substitute.numerator, substitute.denominator);
    const pack = leastCommonMultiple(substitute.pack ?? ONE, per.num * ONE);
    const need = floorToPack((missing * per.num) / per.den, pack);
    if (need > 0n) bids.push({ sku: substitute.to, pack, needs: [{ work, need }], per });
  }
  return any ? bids : undefined;
}

function routeRound(scene: Scene, bids: readonly Bid[], opened: number[]): Routed {
  const { book, rivals, demand, eligible } = scene;
  const nodes: RouteNode[] = eligible.map(({ facts, lateDays }) => ({ ...costOf(facts), lateDays }));
  const wants = bids.map((bid): Want => {
    const available = eligible.map((location) => stockFor(scene, bid.sku, location));
    const asked = bid.needs.reduce((sum, { need }) => sum + need, 0n);
    const free = headroom(book, bid.sku);
    if (free !== undefined && free < asked) {
      for (const { work } of bid.needs) work.reasons.push({ kind: 'promised-to-others', sku: bid.sku, quantity: available.reduce((a, b) => a + b, 0n) - free });
    }
    const need = free === undefined ? asked : least(asked, free);
    return { need, pack: bid.pack, weight: weightOf(scene, bid), available, scarcity: scarcityOf(rivals, bid.sku, need, available) };
  });
  const places = opened.map((index) => eligible.findIndex((candidate) => candidate.index === index));
  const routed = route(nodes, bindTogether(demand, bids, wants), demand.policy, places);
  routed.takes.forEach(({ want, node, quantity }) => give(scene, bids[want]!, eligible[node]!, quantity));
  for (const node of routed.chosen?.nodes ?? []) opened.push(eligible[node]!.index);
  return routed;
}

function costOf(facts: Eligible['facts']): Omit<RouteNode, 'lateDays'> {
  return { code: facts.code, priority: facts.priority, distance: facts.distance ?? 0, fixedCost: facts.fixedCost, unitCost: facts.unitCost };
}

function weightOf({ demand }: Scene, bid: Bid): Decimal {
  return countsValue(demand) ? (bid.needs[0]!.work.line.unitValue! * bid.per.den) / bid.per.num : ONE;
}

/** Whether the fill of an order is counted in value: its policy says so and every line has one. */
export function countsValue(demand: Demand): boolean {
  return demand.policy.minimumFill?.by === 'value' && demand.lines.every((line) => line.unitValue !== undefined);
}

/** Hands a take to the lines that bid for it, in their order. */
function give(scene: Scene, bid: Bid, place: Eligible, quantity: Decimal): void {
  let left = quantity;
  for (const { work, need } of bid.needs) {
    const had = work.takes.filter((take) => take.sku === bid.sku).reduce((sum, take) => sum + take.quantity, 0n);
    const part = least(left, need - had);
    if (part <= 0n) continue;
    const covers = scaleExactly(part, bid.per.den, bid.per.num)!;
    work.takes.push({ sku: bid.sku, location: place.index, quantity: part, covers, giveBack: takeStock(scene, bid.sku, place, part) });
    work.covered += covers;
    left -= part;
  }
}

function summary({ eligible }: Scene, results: readonly Routed[], opened: readonly number[]): RoutedOrder {
  const told = (option: Option): RouteOption => ({
    locations: option.nodes.map((node) => eligible[node]!.facts.code),
    cost: option.cost,
    fill: option.fill / ONE,
    lateDays: option.lateDays,
  });
  const chosen = results.flatMap((result) => (result.chosen ? [told(result.chosen)] : []));
  return {
    chosen:
      opened.length === 0
        ? undefined
        : {
            locations: chosen.flatMap((option) => option.locations),
            cost: chosen.reduce((sum, option) => sum + option.cost, 0n),
            fill: chosen.reduce((sum, option) => sum + option.fill, 0n),
            lateDays: Math.max(...chosen.map((option) => option.lateDays)),
          },
    alternatives: results[0]?.alternatives.map(told) ?? [],
    subsets: results.reduce((sum, result) => sum + result.subsets, 0),
    exact: results.length <= 1 && results.every((result) => result.exact),
  };
}

function lowest(num: bigint, den: bigint): { num: bigint; den: bigint } {
  const divisor = greatestCommonDivisor(num, den);
  return { num: num / divisor, den: den / divisor };
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  return (a / greatestCommonDivisor(a, b)) * b;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
