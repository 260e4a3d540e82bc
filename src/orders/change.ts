import { least, scaleExactly, total } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { BucketName, Line, OrderState, Reservation } from './model.ts';
import { open, toBase } from './quantities.ts';
import type { QuantityRefusal } from './quantities.ts';

/** What the buyer wants of a line: another ordered quantity in the line's unit, or nothing more. */
export type LineChange =
  | { readonly action: 'quantity'; readonly lineRef: string; readonly quantity: Decimal }
  | { readonly action: 'delete'; readonly lineRef: string };

/** A change of an order (860): of the lines named, or the whole order cancelled. */
export type ChangeRequest = { readonly cancel: true } | { readonly cancel: false; readonly lines: readonly LineChange[] };

/** What a line holds, and whether its location was told to ship it. */
export type Held = Reservation & { readonly state: 'firm' | 'released' };

/** Part of a reservation: `quantity` in base units of its item, `covers` in those of the line's own. */
export type Part = { readonly lineId: number; readonly sku: string; readonly location: string; readonly quantity: Decimal; readonly covers: Decimal };

/** Base units that leave a bucket. */
export type Cut = { readonly from: BucketName; readonly quantity: Decimal };

export type LineDecision = {
  /** Undefined where the order has no such line. */
  readonly lineId: number | undefined;
  readonly lineRef: string;
  readonly action: LineChange['action'];
  /** `waiting`: it depends on what the locations that are asked answer. */
  readonly answer: 'accepted' | 'in-part' | 'rejected' | 'waiting';
  readonly because?: 'line-unknown' | 'shipped' | 'released' | 'order-closed' | QuantityRefusal['refused'] | undefined;
  /** What the buyer had on order before, wants now, and has once this is carried out; base units. */
  readonly before: Decimal;
  readonly wanted: Decimal;
  readonly remains: Decimal;
  /** A lowered quantity leaves the line altogether; what is deleted stays in it as cancelled. */
  readonly cuts: readonly Cut[];
  /** Firm reservations to give back to the stock. */
  readonly deallocate: readonly Part[];
  /** What locations are asked not to ship. */
  readonly ask: readonly Part[];
  /** New demand. It queues from when the change came, not from where its line stands. */
  readonly added: Decimal;
};

const CLOSED = new Set<OrderState['lifecycle']>(['shipped', 'closed', 'cancelled', 'rejected']);

/**
 * What a change does to an order. What has shipped stays. What nobody works on is cut at once, the least certain first (pending,
 * backordered, allocated); what a location was told to ship is only asked for, and `settleChange` takes its answer.
 */
export function decideChange(state: OrderState, held: readonly Held[], request: ChangeRequest): readonly LineDecision[] {
  const changes: readonly LineChange[] = request.cancel ? state.lines.map(({ lineRef }) => ({ action: 'delete', lineRef })) : request.lines;
  return changes.map((change) => {
    const line = state.lines.find(({ lineRef }) => lineRef === change.lineRef);
    if (!line) return refusal(undefined, change, 'line-unknown');
    if (CLOSED.has(state.lifecycle)) return refusal(line, change, line.buckets.shipped > 0n ? 'shipped' : 'order-closed');
    const own = held.filter((entry) => entry.lineId === line.id);
    if (change.action === 'delete') return cutTo(line, own, 'delete', 0n);
    const converted = toBase(change.quantity, line.conversion);
    if ('refusal' in converted) return change.quantity === 0n ? cutTo(line, own, 'delete', 0n) : refusal(line, change, converted.refusal.refused);
    const before = onOrder(line);
    return converted.base > before ? raise(line, converted.base - before) : cutTo(line, own, 'quantity', converted.base);
  });
}

/**
 * Cuts all that has not shipped once the cancel date has passed, or the last ship date where the order names no other; `today` is the date where
 * the buyer is. Nothing before that.
 */
export function expire(state: OrderState, held: readonly Held[], today: string): readonly LineDecision[] {
  const last = state.document.cancelAfter ?? state.document.shipNoLater;
  if (last === undefined || today <= last || CLOSED.has(state.lifecycle)) return [];
  const waiting = state.lines.filter((line) => open(line.buckets) > 0n);
  return waiting.map((line) => {
    const own = held.filter((entry) => entry.lineId === line.id);
    return cutTo(line, own, 'delete', 0n);
  });
}

/** What is left of a decision when the locations that were asked have answered: `granted` is what they will not ship. What they refuse stays. */
export function settleChange(decision: LineDecision, granted: readonly Part[]): LineDecision {
  const asked = total(decision.ask.map(({ covers }) => covers));
  const cut = least(asked, total(granted.map(({ covers }) => covers)));
  const remains = decision.remains - cut;
  const settled = { ...decision, remains, cuts: cut > 0n ? [{ from: 'released', quantity: cut } as const] : [], deallocate: granted, ask: [], added: 0n };
  return { ...settled, ...answerOf(settled, cut < asked ? 'released' : decision.because) };
}

/** A line as a decision leaves it. @throws RangeError when the line no longer holds what is to be cut. */
export function carryOut(line: Line, decision: Pick<LineDecision, 'action' | 'cuts' | 'added'>): Line {
  const buckets: Record<BucketName, Decimal> = { ...line.buckets };
  for (const { from, quantity } of decision.cuts) {
    if (buckets[from] < quantity) throw new RangeError(`cannot cut ${quantity} of ${from}: ${buckets[from]} there`);
    buckets[from] -= quantity;
    if (decision.action === 'delete') buckets.cancelled += quantity;
  }
  buckets.pending += decision.added;
  const gone = decision.action === 'quantity' ? total(decision.cuts.map(({ quantity }) => quantity)) : 0n;
  const base = line.base - gone + decision.added;
  const ordered = scaleExactly(base, line.conversion.denominator, line.conversion.numerator) ?? line.ordered;
  return { ...line, base, ordered, buckets };
}

function onOrder(line: Line): Decimal {
  return line.base - line.buckets.cancelled;
}

function raise(line: Line, added: Decimal): LineDecision {
  const before = onOrder(line);
  const facts = { lineId: line.id, lineRef: line.lineRef, before, wanted: before + added, remains: before + added };
  return { ...facts, action: 'quantity', answer: 'accepted', cuts: [], deallocate: [], ask: [], added };
}

function refusal(line: Line | undefined, change: LineChange, because: LineDecision['because']): LineDecision {
  const before = line ? onOrder(line) : 0n;
  const facts = { lineId: line?.id, lineRef: change.lineRef, action: change.action, before, wanted: before, remains: before };
  return { ...facts, answer: 'rejected', because, cuts: [], deallocate: [], ask: [], added: 0n };
}

/** Cuts a line down to `wanted` units, or as near as what shipped allows. */
function cutTo(line: Line, held: readonly Held[], action: LineChange['action'], wanted: Decimal): LineDecision {
  const { buckets } = line;
  const before = onOrder(line);
  let left = before - wanted;
  const cuts: Cut[] = [];
  // What we refused is no longer ordered either, when the quantity is lowered.
  const giving: readonly BucketName[] = action === 'quantity' ? ['rejected', 'pending', 'backordered', 'allocated'] : ['pending', 'backordered', 'allocated'];
  for (const from of giving) {
    const quantity = least(buckets[from], left);
    if (quantity > 0n) cuts.push({ from, quantity });
    left -= quantity;
  }
  const allocated = cuts.find((cut) => cut.from === 'allocated')?.quantity ?? 0n;
  const deallocate = partsOf(
    held.filter((entry) => entry.state === 'firm'),
    allocated,
  );
  const ask = partsOf(
    held.filter((entry) => entry.state === 'released'),
    least(buckets.released, left),
  );
  const remains = before - total(cuts.map(({ quantity }) => quantity));
  const decision = { lineId: line.id, lineRef: line.lineRef, action, before, wanted, remains, cuts, deallocate, ask, added: 0n };
  return { ...decision, ...answerOf(decision, remains === wanted ? undefined : 'shipped') };
}

function answerOf(
  { before, wanted, remains, ask }: Pick<LineDecision, 'before' | 'wanted' | 'remains' | 'ask'>,
  because: LineDecision['because'],
): Pick<LineDecision, 'answer' | 'because'> {
  if (ask.length > 0) return { answer: 'waiting', because: undefined };
  if (remains === wanted) return { answer: 'accepted', because: undefined };
  return { answer: remains === before ? 'rejected' : 'in-part', because };
}

/**
 * Parts of reservations that cover `wanted` base units. One reservation that covers all of it is taken before several, so that the
 * fewest locations are troubled; among several the largest goes first.
 */
function partsOf(held: readonly Held[], wanted: Decimal): readonly Part[] {
  const covers = (entry: Held): Decimal => entry.covers ?? entry.quantity;
  const bySize = held.toSorted((a, b) => (covers(a) < covers(b) ? 1 : covers(a) > covers(b) ? -1 : a.location < b.location ? -1 : 1));
  const enough = bySize.findLast((entry) => covers(entry) >= wanted);
  const parts: Part[] = [];
  let left = wanted;
  for (const entry of enough ? [enough] : bySize) {
    if (left === 0n) break;
    const part = least(left, covers(entry));
    const quantity = part === covers(entry) ? entry.quantity : (part * entry.quantity) / covers(entry);
    parts.push({ lineId: entry.lineId, sku: entry.sku, location: entry.location, quantity, covers: part });
    left -= part;
  }
  return parts;
}
