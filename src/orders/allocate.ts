import { floorToPack, greatest, least, whole } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { AllocationInput, AllocationPlan, Decision, Demand, DemandLine, LinePlan, OrderPolicy, Reason, Refusal } from './allocation.ts';
import { aheadFor, headroom, noteTaker, openBook, takeRoom, withdrawPromises } from './book.ts';
import type { Book } from './book.ts';
import { firstOf } from './dates.ts';
import { eligibleFor } from './eligible.ts';
import { fairShare } from './fair-share.ts';
import { inPriority, samePriority } from './priority.ts';
import { belowMinimum, settleAll, settleRest, settleWaiting } from './remainder.ts';
import type { Rest } from './remainder.ts';
import { explainReach, stockFor } from './reach.ts';
import { packOf, routeOrder } from './rounds.ts';
import type { RoutedOrder, Scene, Work } from './rounds.ts';
import { leavesWith } from './together.ts';
import { expectRivals, forget } from './scarcity.ts';

type Share = { readonly share: Decimal; readonly reason: Reason };
type Settled = { readonly rests: readonly Rest[]; readonly outcome: Decision['outcome']; readonly kept: boolean };

const HUNDRED = whole(100);
const NOTHING: RoutedOrder = { chosen: undefined, alternatives: [], subsets: 0, exact: true };

/**
 * Decides for each waiting line what is reserved where, what is promised for later, what is refused and what stays undecided.
 * Orders are served in priority order; where their policy shares fairly, those of one class and tier share what is short. Each order
 * takes the set of locations that serves it best; whether it may ship in part, and what becomes of the rest, is its own rule. Nothing
 * is ever taken twice, and never more than is available and not promised to others. The same input gives the same plan.
 */
export function allocate(input: AllocationInput): AllocationPlan {
  const book = openBook(input);
  const demands = inPriority(input.demands, input.today, input.locations);
  const rivals = expectRivals(book, demands);
  const lines: LinePlan[] = [];
  const decisions: Decision[] = [];
  let shares: ReadonlyMap<DemandLine, Share> = new Map();
  demands.forEach((demand, at) => {
    const before = demands[at - 1];
    if (!before || !samePriority(before, demand)) shares = sharesFrom(book, demands, at);
    forget(rivals, book, demand);
    withdrawPromises(book, demand.orderId);
    const { eligible, refused } = eligibleFor(demand, book.locations, book.rooms);
    const scene = { book, rivals, demand, eligible };
    const decided = decide(scene, refused, shares);
    lines.push(...decided.lines);
    const { orderId, poNumber, class: rank, tier, policyVersion: policy } = demand;
    decisions.push({ orderId, poNumber, position: at + 1, of: demands.length, class: rank, tier, policy, refused, ...decided.decision });
  });
  return { lines, decisions };
}

/** The fair shares of the orders that share the class and tier of the one at `from`, where an item is short for those that share. */
function sharesFrom(book: Book, demands: readonly Demand[], from: number): ReadonlyMap<DemandLine, Share> {
  const shares = new Map<DemandLine, Share>();
  const group: Demand[] = [];
  for (let at = from; at < demands.length && samePriority(demands[at]!, demands[from]!); at++) if (demands[at]!.policy.fairShare) group.push(demands[at]!);
  if (group.length === 0) return shares;
  const places = group.flatMap((demand) => eligibleFor(demand, book.locations, book.rooms).eligible.map((place) => ({ demand, place })));
  const placesAt = Map.groupBy(places, ({ place }) => place.index);
  const lines = group.flatMap((demand) => demand.lines.map((line) => ({ line, pack: greatest(packOf(line, demand.policy), whole(1)), demand })));
  for (const [sku, wanted] of Map.groupBy(lines, ({ line }) => line.sku)) {
    const pack = wanted.reduce((smallest, entry) => least(smallest, entry.pack), wanted[0]!.pack);
    const stock = book.locations.reduce((sum, _, index) => {
      const reached = (placesAt.get(index) ?? []).map(({ demand, place }) => stockFor({ book, demand }, sku, place));
      return sum + floorToPack(reached.reduce(greatest, 0n), pack);
    }, 0n);
    const supply = least(stock, headroom(book, sku) ?? stock);
    const demand = wanted.reduce((sum, { line }) => sum + line.quantity, 0n);
    if (demand <= supply) continue;
    const parts = fairShare(
      wanted.map(({ line, pack: own, demand: of }) => ({ demand: line.quantity, pack: own, minimumPercent: leastPercent(of.policy) })),
      supply,
    );
    wanted.forEach(({ line }, at) => {
      const share = parts[at]!;
      shares.set(line, { share, reason: { kind: 'fair-share', sku, supply, demand, share } });
    });
  }
  return shares;
}

/** A share below this is of no use to an order. */
function leastPercent(policy: OrderPolicy): Decimal | undefined {
  if (policy.completeness === 'complete' && !policy.accumulate) return HUNDRED;
  const { minimumFill, minimumLine } = policy;
  return minimumFill && minimumLine ? greatest(minimumFill.percent, minimumLine) : (minimumFill?.percent ?? minimumLine);
}

function decide(
  scene: Scene,
  refused: readonly Refusal[],
  shares: ReadonlyMap<DemandLine, Share>,
): { readonly lines: readonly LinePlan[]; readonly decision: Pick<Decision, 'outcome' | 'chosen' | 'dropped' | 'alternatives' | 'subsets' | 'exact'> } {
  const works = scene.demand.lines.toSorted((a, b) => a.lineNo - b.lineNo).map((line) => startWork(scene, line, shares.get(line)));
  const routed = scene.eligible.length === 0 ? NOTHING : routeWorthwhile(scene, works);
  if (scene.eligible.length > 0) for (const work of works) explainShort(scene, work);
  const settled = scene.eligible.length === 0 ? unreachable(works, refused) : settle(scene, works);
  if (settled.kept) commit(scene, works);
  const lines = works.map((work, at) => linePlan(scene, work, settled.rests[at]!));
  return {
    lines,
    decision: { outcome: settled.outcome, ...routed, chosen: settled.kept ? routed.chosen : undefined, dropped: settled.kept ? undefined : routed.chosen },
  };
}

/** Routes the order without the lines of which too little can be had to be worth shipping: what they would take is for others. */
function routeWorthwhile(scene: Scene, works: readonly Work[]): RoutedOrder {
  const { minimumLine } = scene.demand.policy;
  const told = works.map(({ reasons }) => reasons.length);
  for (;;) {
    const routed = routeOrder(scene, works);
    const thin = works.filter(({ line, covered }) => {
      const { served = 0n } = line;
      return minimumLine !== undefined && covered > 0n && (covered + served) * HUNDRED < minimumLine * (line.quantity + served);
    });
    if (thin.length === 0) return routed;
    const quantities = thin.map(({ covered }) => covered);
    giveBack(works);
    works.forEach(({ reasons }, at) => (reasons.length = told[at]!));
    thin.forEach((work, at) => {
      work.most = 0n;
      work.reasons.push({ kind: 'thin-line', quantity: quantities[at]!, minimum: minimumLine! });
      told[works.indexOf(work)]! += 1;
    });
  }
}

function startWork(scene: Scene, line: DemandLine, share: Share | undefined): Work {
  const { eligible, demand } = scene;
  const reasons: Reason[] = [];
  const opening = scene.book.opening.get(line.sku);
  for (const location of eligible) {
    const quantity = stockFor(scene, line.sku, location);
    if (quantity > 0n) reasons.push({ kind: 'available', sku: line.sku, location: location.facts.code, quantity, opening: opening![location.index]! });
    if (quantity < line.quantity) reasons.push(...explainReach(scene, line.sku, location));
  }
  for (const { sku, location } of demand.declined ?? []) {
    if (sku === line.sku) reasons.push({ kind: 'refused', refusal: { location, because: 'declined', detail: sku } });
  }
  if (share) reasons.push(share.reason);
  return { line, pack: packOf(line, demand.policy), most: share ? least(share.share, line.quantity) : line.quantity, takes: [], reasons, covered: 0n };
}

/** Whether what was routed is kept, and what becomes of the rest. What is not kept goes back to the book. */
function settle(scene: Scene, works: readonly Work[]): Settled {
  const { policy } = scene.demand;
  const missing = works.map((work) => work.line.quantity - work.covered);
  const short = missing.reduce((sum, quantity) => sum + quantity, 0n);
  const any = works.some((work) => work.covered > 0n);
  if (short === 0n) return { rests: settleRest(scene, works), outcome: 'allocated', kept: true };
  const minimum = belowMinimum(scene.demand, works);
  if (policy.completeness === 'complete') {
    if (policy.accumulate && any) return { rests: accumulating(scene, works), outcome: 'accumulating', kept: true };
    return wait(scene, works, missing, { kind: 'incomplete', missing: short });
  }
  if (minimum && policy.minimumFill?.below === 'reject') {
    giveBack(works);
    return { rests: settleAll(works, 'rejected', undefined, [minimum]), outcome: 'rejected', kept: false };
  }
  if (minimum) return wait(scene, works, missing, minimum);
  const rests = settleRest(scene, works);
  const outcome = any ? 'partial' : rests.every((rest) => rest.bucket === 'rejected') ? 'rejected' : 'waiting';
  return { rests, outcome, kept: any };
}

function wait(scene: Scene, works: readonly Work[], missing: readonly Decimal[], why: Reason): Settled {
  giveBack(works);
  return { rests: settleWaiting(scene, works, missing, why), outcome: 'waiting', kept: false };
}

function accumulating(scene: Scene, works: readonly Work[]): readonly Rest[] {
  return settleRest(scene, works).map((rest, at) => ({ ...rest, reasons: [{ kind: 'accumulating', held: works[at]!.covered }, ...rest.reasons] }));
}

function giveBack(works: readonly Work[]): void {
  for (const work of works) {
    for (const take of work.takes) take.giveBack();
    work.takes.length = 0;
    work.covered = 0n;
  }
}

/** No location can ship: the order waits for the first day on which one can, unless they all can only after its cancel date. */
function unreachable(works: readonly Work[], refused: readonly Refusal[]): Settled {
  const possible = refused.filter(({ because }) => !['not-allowed', 'region', 'capability'].includes(because));
  const shipDate = firstOf(possible.map((refusal) => (refusal.because === 'after-ship-no-later' ? refusal.shipDate : undefined)));
  const reasons: Reason[] = [...refused.map((refusal): Reason => ({ kind: 'refused', refusal })), { kind: 'date', shipDate }];
  if (possible.length > 0 && possible.every((refusal) => refusal.because === 'after-cancel')) {
    return { rests: settleAll(works, 'rejected', undefined, reasons), outcome: 'rejected', kept: false };
  }
  return { rests: settleAll(works, 'pending', shipDate, reasons), outcome: 'waiting', kept: false };
}

function commit({ book, demand }: Scene, works: readonly Work[]): void {
  const taken = works.flatMap(({ takes }) => takes);
  for (const [location, takes] of Map.groupBy(taken, (take) => take.location)) {
    const units = takes.reduce((sum, { quantity }) => sum + quantity, 0n);
    takeRoom(book, location, takes.length, units);
  }
  for (const take of taken) noteTaker(book, demand, take.sku, take.location, take.quantity);
}

/** Why a line did not get all it asked: who stood ahead, what is left but breaks a pack, what stands where one more shipment would be needed. */
function explainShort(scene: Scene, work: Work): void {
  const { book, eligible, demand } = scene;
  const { line, pack, covered, most, reasons } = work;
  if (covered >= line.quantity) return;
  const together = leavesWith(demand, line.sku);
  if (together && covered === 0n) reasons.push({ kind: 'together', skus: together });
  const ahead = aheadFor(book, line.sku);
  if (ahead) reasons.push(ahead);
  let elsewhere = 0n;
  for (const location of eligible) {
    const left = stockFor(scene, line.sku, location);
    const packed = floorToPack(left, pack);
    if (packed === 0n && left > 0n) reasons.push({ kind: 'pack', location: location.facts.code, pack, loose: left });
    elsewhere += packed;
  }
  const wanted = floorToPack(least(elsewhere, most - covered), pack);
  if (wanted > 0n && headroom(book, line.sku) === undefined) reasons.push({ kind: 'shipment-limit', limit: demand.policy.maxShipments, elsewhere: wanted });
}

function linePlan({ book, demand }: Scene, work: Work, rest: Rest): LinePlan {
  const { line, covered, takes } = work;
  const reasons = [...work.reasons];
  for (const take of takes) if (take.sku !== line.sku) reasons.push({ kind: 'substituted', sku: take.sku, quantity: take.quantity });
  reasons.push(...rest.reasons);
  const left = line.quantity - covered;
  return {
    orderId: demand.orderId,
    lineId: line.lineId,
    reservations: takes.map(({ sku, location, quantity, covers }) => ({
      sku,
      location: book.locations[location]!.code,
      quantity,
      ...(sku === line.sku ? {} : { covers }),
    })),
    allocated: covered,
    backordered: rest.bucket === 'backordered' ? left : 0n,
    rejected: rest.bucket === 'rejected' ? left : 0n,
    pending: rest.bucket === 'pending' ? left : 0n,
    promiseDate: rest.promiseDate,
    promises: rest.promises,
    reasons,
  };
}
