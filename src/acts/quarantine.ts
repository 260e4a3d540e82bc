import type { Database } from '../store/transaction.ts';
import { parkedRows, type ParkedRow, type ParkedScope } from '../store/quarantine.ts';
import { discard } from './discard.ts';
import { type Acted, type ActContext, replay, type Target } from './replay.ts';

/** What is taken from the quarantine: these, or all that fit. */
export type Chosen = { readonly targets?: readonly Target[] | undefined; readonly partner?: string | undefined; readonly reason?: string | undefined };

const KINDS = ['file', 'document', 'outbox'] as const;

/** What is parked, the latest first. */
export async function quarantined(db: Database, { targets, partner, reason }: Chosen, most: number): Promise<readonly ParkedRow[]> {
  const found = await db.read(async (tx) => {
    const rows: ParkedRow[] = [];
    for (const kind of KINDS) {
      const ids = targets?.filter((target) => target.kind === kind).map(({ id }) => id);
      const scope: ParkedScope = { partner, reason, ids };
      if (ids?.length !== 0) rows.push(...(await parkedRows(tx, kind, scope, most)));
    }
    return rows;
  });
  return found.toSorted((a, b) => b.at - a.at || b.id - a.id).slice(0, most);
}

/** Has each done again, or takes each off the list. One that cannot be does not keep the others. */
export async function actOnParked(
  context: ActContext,
  rows: readonly ParkedRow[],
  act: 'retry' | 'discard',
  why: string | undefined,
): Promise<readonly (Acted & { readonly id: string })[]> {
  const done: (Acted & { readonly id: string })[] = [];
  // The oldest first: what came first goes on first.
  for (const { kind, id } of rows.toReversed()) {
    const acted = await (act === 'retry' ? replay(context, { kind, id }) : discard(context, { kind, id }, why));
    done.push({ id: `${kind}:${id}`, ...acted });
  }
  return done;
}
