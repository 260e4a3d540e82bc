import type { Entry } from './transport.ts';

export type StabilityOptions = {
  /**
   * How long a file must have been unchanged, over two listings at least, in milliseconds.
   * 0: the sender renames whole files into place, so that a listed file is a whole file.
   */
  readonly quietMs: number;
  /** The ending of the empty file that says another is complete: with `.done`, `a.edi` is ready once `a.edi.done` is there, and never before. */
  readonly sentinel?: string;
};

/** Takes successive listings, each with the time it was made (milliseconds of any steady clock), and returns the entries that are ready. */
export type StabilityGate = (listing: readonly Entry[], now: number) => readonly Entry[];

type Sighting = { readonly entry: Entry; readonly since: number };

/**
 * Decides when a file is complete enough to take. Only change against the listing before counts, never the age of the file by our clock:
 * the sender's clock may be wrong, and many senders give a file its old time. What is not listed any more is forgotten, so memory is
 * bounded by the longest listing. A sentinel is never ready itself.
 */
export function makeStabilityGate(options: StabilityOptions): StabilityGate {
  const { quietMs, sentinel } = options;
  let seen = new Map<string, Sighting>();
  return (listing, now) => {
    if (sentinel !== undefined) {
      const names = new Set(listing.map(({ name }) => name));
      return listing.filter(({ name }) => !name.endsWith(sentinel) && names.has(name + sentinel));
    }
    if (quietMs <= 0) return listing;
    const next = new Map<string, Sighting>();
    const ready: Entry[] = [];
    for (const entry of listing) {
      const before = seen.get(entry.name);
      const unchanged = before !== undefined && isSame(before.entry, entry) && before.since <= now;
      next.set(entry.name, unchanged ? before : { entry, since: now });
      if (unchanged && now - before.since >= quietMs) ready.push(entry);
    }
    seen = next;
    return ready;
  };
}

/** The sentinel of an entry in a listing, to be disposed of after the entry itself. The listing must show sentinels too. */
export function sentinelFor(listing: readonly Entry[], entry: Entry, sentinel: string): Entry | undefined {
  return listing.find(({ name }) => name === entry.name + sentinel);
}

function isSame(a: Entry, b: Entry): boolean {
  return a.id === b.id && a.size === b.size && a.modifiedAt === b.modifiedAt;
}
