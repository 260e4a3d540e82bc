import { carries, latestWritten } from '../../store/alert-facts.ts';
import { listNumbers } from '../../store/control-numbers.ts';
import { readFirstChunk } from '../../store/payload.ts';
import type { Database } from '../../store/transaction.ts';
import { listSkips } from '../../store/verify.ts';
import { controlGaps, FRONT, type NumbersUsed, numbersOf } from '../control-gaps.ts';

/** Outgoing files that are looked at: those written last. `wharf verify` looks at all. */
const WINDOW = 300;
/** Numbers of one gap that are looked for one by one among older files. */
const LOOKED_FOR = 50;

const fronts = new WeakMap<Database, Map<number, Uint8Array>>();

/** Scopes of control numbers with a gap or a repeat among the files written last. Their fronts are kept, so that each file is read once. */
export async function findGaps(db: Database): Promise<readonly { readonly subject: string; readonly detail: string }[]> {
  const known = fronts.get(db) ?? new Map<number, Uint8Array>();
  fronts.set(db, known);
  return db.read(async (tx) => {
    const ids = await latestWritten(tx, WINDOW);
    for (const id of known.keys()) if (!ids.includes(id)) known.delete(id);
    const used: NumbersUsed = new Map();
    for (const id of ids) {
      // A copy, so that the rest of the file is not kept with it.
      const front = known.get(id) ?? new Uint8Array((await readFirstChunk(tx, 'outbox', id)).subarray(0, FRONT));
      known.set(id, front);
      numbersOf(front, `outbox:${id}`, used);
    }
    const scopes = (await listNumbers(tx)).filter(({ scope }) => used.has(scope));
    const found: { subject: string; detail: string }[] = [];
    for (const { id: scope, detail, missing } of controlGaps(used, scopes, await listSkips(tx), true)) {
      const groupType = scope.startsWith('GS:') ? scope.split(':').at(-1) : undefined;
      // A file that was queued early and written late has a low id and lies outside of the window.
      if (missing && missing.last - missing.first < LOOKED_FOR) {
        let absent = false;
        for (let number = missing.first; number <= missing.last; number += 1) absent ||= !(await carries(tx, number, groupType));
        if (!absent) continue;
      }
      found.push({ subject: scope.slice(0, 200), detail });
    }
    return found;
  });
}
