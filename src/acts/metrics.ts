import type { Decimal } from '../decimal.ts';
import type { OrderFacts } from '../store/metrics.ts';
import { deductedSince, noticeTimes, orderFacts, unfilledByReason } from '../store/metrics.ts';
import type { Database } from '../store/transaction.ts';

/** A share: `part` of `whole`. */
export type Share = { readonly part: Decimal; readonly whole: Decimal };

export type Metrics = {
  readonly orders: number;
  /** Orders that went from receipt to where they are without a person. */
  readonly touchless: Share;
  /** Units shipped of those wanted, and lines shipped in full, of orders that are over. */
  readonly unitFill: Share;
  readonly lineFill: Share;
  /** Shipped orders that brought exactly what was wanted and of which nothing came back. */
  readonly accurate: Share;
  /** Shipped orders that left by their last day; in full; and both. Orders that name no last day are on time. */
  readonly onTime: Share;
  readonly inFull: Share;
  readonly onTimeInFull: Share;
  /** Answers and ship notices that left within the partner's time, of those that left or should have. */
  readonly answersInTime: Share;
  readonly noticesInTime: Share;
  /** Milliseconds from receipt to the last shipment. */
  readonly fulfilment: { readonly median: number; readonly longest: number } | undefined;
  readonly returned: Share;
  readonly deductions: Awaited<ReturnType<typeof deductedSince>>;
  readonly unfilled: Awaited<ReturnType<typeof unfilledByReason>>;
};

type Tally = { part: Decimal; whole: Decimal };
const SHARES = ['touchless', 'unitFill', 'lineFill', 'accurate', 'onTime', 'inFull', 'onTimeInFull', 'answersInTime', 'noticesInTime', 'returned'] as const;
type Tallies = Record<(typeof SHARES)[number], Tally>;

/** How the orders received since an instant (milliseconds since 1970) fared, of one partner or all. `now` decides what is late already. */
export async function measure(db: Database, since: number, now: number, partner?: string): Promise<Metrics> {
  const tallies = Object.fromEntries(SHARES.map((name) => [name, { part: 0n, whole: 0n }])) as Tallies;
  const times: number[] = [];
  let orders = 0;
  for (let after = 0; ;) {
    const page = await db.read((tx) => orderFacts(tx, since, after, partner));
    for (const facts of page) {
      count(tallies, facts);
      if (facts.answerBy !== undefined) inTime(tallies.answersInTime, facts.answerBy, facts.answeredAt, now);
      if (isShipped(facts) && facts.shippedAt !== undefined) times.push(facts.shippedAt - facts.receivedAt);
    }
    orders += page.length;
    const last = page.at(-1);
    if (!last) break;
    after = last.id;
  }
  const rest = await db.read(async (tx) => {
    for (const { due, toldAt } of await noticeTimes(tx, since, partner)) inTime(tallies.noticesInTime, due, toldAt, now);
    return { unfilled: await unfilledByReason(tx, since, partner), deductions: await deductedSince(tx, since, partner) };
  });
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  return { orders, ...tallies, fulfilment: median === undefined ? undefined : { median, longest: times.at(-1)! }, ...rest };
}

function isShipped({ lifecycle }: OrderFacts): boolean {
  return lifecycle === 'shipped' || lifecycle === 'closed';
}

function count(tallies: Tallies, facts: OrderFacts): void {
  const add = (tally: Tally, holds: boolean): void => {
    tally.whole += 1n;
    if (holds) tally.part += 1n;
  };
  add(tallies.touchless, facts.touches === 0);
  if (isShipped(facts) || facts.lifecycle === 'rejected') {
    tallies.unitFill.part += facts.shipped;
    tallies.unitFill.whole += facts.wanted;
    tallies.lineFill.part += BigInt(facts.fullLines);
    tallies.lineFill.whole += BigInt(facts.lines);
  }
  if (!isShipped(facts)) return;
  const onTime = facts.shipBy === undefined || (facts.shippedDate ?? '') <= facts.shipBy;
  const inFull = facts.shipped >= facts.wanted;
  add(tallies.onTime, onTime);
  add(tallies.inFull, inFull);
  add(tallies.onTimeInFull, onTime && inFull);
  add(tallies.accurate, inFull && facts.overshipped === 0n && facts.returned === 0n);
  tallies.returned.part += facts.returned;
  tallies.returned.whole += facts.shipped + facts.overshipped;
}

/** What is not out yet counts when its time is over. */
function inTime(tally: Tally, due: number, at: number | undefined, now: number): void {
  if (at === undefined && now < due) return;
  tally.whole += 1n;
  if (at !== undefined && at <= due) tally.part += 1n;
}
