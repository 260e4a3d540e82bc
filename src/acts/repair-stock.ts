import type { Difference } from '../pipeline/balance.ts';
import { driftOf } from '../pipeline/balance.ts';
import { note } from '../store/activity.ts';
import * as ledger from '../store/balance.ts';
import { forgetChecks } from '../store/balance-checks.ts';
import type { Database } from '../store/transaction.ts';

/**
 * Makes the stock counters what the ledger and the orders say, each row in a transaction of its own, and notes it. Gives what was repaired.
 * `by` is who had it done; `now` is in milliseconds since 1970.
 */
export async function repairDrifts(db: Database, now: number, by: string): Promise<readonly Difference[]> {
  const repaired: Difference[] = [];
  for (const { sku, location } of await db.read((tx) => ledger.stockDrifts(tx))) {
    await db.transaction(async (tx) => {
      // Looked at again here: the daemon may have moved it since.
      const drift = (await ledger.stockDrifts(tx)).find((each) => each.sku === sku && each.location === location);
      if (!drift) return;
      await ledger.repairStock(tx, drift, `repair:${now}:${sku}:${location}`, now);
      const difference = driftOf(drift);
      await note(tx, { at: now, verb: 'replay', text: `stock of ${sku} at ${location} repaired by ${by}: ${difference.detail}` });
      repaired.push(difference);
    });
  }
  // The daemon is to look again, and not to go on telling what it found.
  if (repaired.length > 0) await db.transaction((tx) => forgetChecks(tx));
  return repaired;
}
