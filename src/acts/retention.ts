import type { ActContext } from './replay.ts';
import { countPastTime, removePastTime } from '../store/retention.ts';

/** Payloads removed, or to be removed, and the bytes that they had. */
export type Retained = { readonly files: number; readonly outbox: number; readonly bytes: number };

const BATCH = 200;

/**
 * Removes the bytes of files and outgoing files that came to their end before `before` (milliseconds since 1970). Their rows, hashes, documents and
 * timelines stay. With `dryRun` they are only counted.
 */
export async function retain({ db, now }: ActContext, before: number, dryRun: boolean): Promise<Retained> {
  const { inbound, outbox } = await db.read(async (tx) => ({
    inbound: await countPastTime(tx, 'inbound', before),
    outbox: await countPastTime(tx, 'outbox', before),
  }));
  const bytes = inbound.bytes + outbox.bytes;
  if (dryRun) return { files: inbound.count, outbox: outbox.count, bytes };
  const remove = async (owner: 'inbound' | 'outbox'): Promise<number> => {
    let removed = 0;
    for (;;) {
      const count = await db.transaction((tx) => removePastTime(tx, owner, before, { now, most: BATCH }));
      removed += count;
      if (count < BATCH) return removed;
    }
  };
  return { files: await remove('inbound'), outbox: await remove('outbox'), bytes };
}
