import { setTimeout as sleep } from 'node:timers/promises';
import type { ParkedRow } from '../store/proof.ts';
import { parkedRows, workLeft } from '../store/proof.ts';
import { channelStates } from '../store/channel-state.ts';
import type { Database, Tx } from '../store/transaction.ts';
import type { Outside } from './outside.ts';

/** Until when a channel rests after failures, in milliseconds since 1970: what waits for it does not hang. */
async function restsUntil(tx: Tx): Promise<number> {
  return Math.max(0, ...[...(await channelStates(tx)).values()].map((state) => state.restsUntil ?? 0));
}

/**
 * After so long without any movement (milliseconds) it hangs, and so it does when it moves without an end; where something is parked, what depends on it
 * need not be waited for as long.
 */
const PATIENCE = { hung: 90_000, endless: 900_000, parked: 1_500 };

/** How it ended: everything done, or parked for a person, or standing still. */
export type Settled = { readonly hung: string | undefined; readonly parked: readonly ParkedRow[] };

/**
 * Has the partners collect and answer until nothing is left to be done, or nothing happens any more. What is parked waits for a person and does not hold
 * this up; whoever wants it done replays it and settles again.
 */
export async function settle(db: Database, outside: Outside): Promise<Settled> {
  let before = '';
  const began = performance.now();
  let moved = began;
  for (;;) {
    const taken = outside.collect();
    const { left, parked, rests } = await db.read(async (tx) => ({ left: await workLeft(tx), parked: await parkedRows(tx), rests: await restsUntil(tx) }));
    const waiting = outside.waiting();
    const idle = taken === 0 && waiting === 0 && left.files + left.documents + left.outbox === 0;
    if (idle && left.orders === 0) return { hung: undefined, parked };
    const now = JSON.stringify({ ...left, parked: parked.length, waiting });
    if (now !== before || taken > 0 || rests > Date.now()) moved = performance.now();
    before = now;
    const still = performance.now() - moved;
    if (idle && parked.length > 0 && still > PATIENCE.parked) return { hung: undefined, parked };
    if (still > PATIENCE.hung) return { hung: `nothing moved for ${PATIENCE.hung / 1000} s: ${now}`, parked };
    if (performance.now() - began > PATIENCE.endless) return { hung: `it moves for ${PATIENCE.endless / 1000} s without an end: ${now}`, parked };
    await sleep(20);
  }
}
