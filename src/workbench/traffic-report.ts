import type { Change, Outcome } from './compare-traffic.ts';
import { compareOutcomes } from './compare-traffic.ts';

/** One change, with how many documents it is in, how often, and one of them. */
export type ChangeCount = {
  readonly kind: string;
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Values of one path that change in many ways are counted together: `before` and `after` are those of the first. */
  readonly ways: number;
  readonly documents: number;
  readonly of: number;
  readonly times: number;
  readonly example: string;
};

/** More different values of one path than these are one line of a report. */
const WAYS = 3;

type Count = { readonly change: Change; readonly example: string; readonly documents: Set<number>; times: number };

/** Counts changes over many documents; nothing of a document is kept but an example. */
export function trafficReport(): {
  readonly add: (before: Outcome | undefined, after: Outcome | undefined) => void;
  readonly total: () => number;
  readonly changed: () => number;
  readonly changes: () => readonly ChangeCount[];
} {
  const counts = new Map<string, Count>();
  const totals = new Map<string, number>();
  const changed = new Set<number>();
  let total = 0;
  return {
    add: (before, after) => {
      const { kind, name } = (after ?? before)!;
      total += 1;
      totals.set(kind, (totals.get(kind) ?? 0) + 1);
      for (const change of compareOutcomes(before, after)) {
        changed.add(total);
        const key = JSON.stringify([change.kind, change.path, change.before ?? null, change.after ?? null]);
        const count = counts.get(key) ?? { change, example: name, documents: new Set<number>(), times: 0 };
        count.documents.add(total);
        count.times += 1;
        counts.set(key, count);
      }
    },
    total: () => total,
    changed: () => changed.size,
    changes: () =>
      [...Map.groupBy(counts.values(), ({ change }) => `${change.kind} ${change.path}`).values()]
        .flatMap((list) => (list.length > WAYS ? [together(list, totals)] : list.map((each) => together([each], totals))))
        .toSorted((a, b) => b.documents - a.documents || b.times - a.times),
  };
}

function together(counts: readonly Count[], totals: ReadonlyMap<string, number>): ChangeCount {
  const [first] = counts;
  const documents = new Set(counts.flatMap((each) => [...each.documents])).size;
  const times = counts.reduce((sum, each) => sum + each.times, 0);
  return { ...first!.change, ways: counts.length, documents, of: totals.get(first!.change.kind) ?? 0, times, example: first!.example };
}
