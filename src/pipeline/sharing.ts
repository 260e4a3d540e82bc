import { createHash } from 'node:crypto';
import { WharfError } from '../errors.ts';
import type { Lease } from '../store/leases.ts';
import { leaseStands, listLeases, releaseLease, releaseLeases, seizeLease, takeLease } from '../store/leases.ts';
import type { Database } from '../store/transaction.ts';

/** Which daemons share a database, and what falls to this one. */
export type Sharing = {
  /** Whether this daemon is the one that should look after something, such as `channel:acme/in`, as far as it knows who is there. */
  readonly mine: (resource: string) => boolean;
  /** Under which the one daemon of an embedded database works, from the first `refresh` on. */
  readonly reign: () => Lease | undefined;
  /**
   * Shows that this daemon is alive until `until`, and looks who else is. Instants are milliseconds since 1970.
   * @throws WharfError DATABASE_LOCKED when another daemon has taken an embedded database over: this one stood still, and has to end.
   */
  readonly refresh: (now: number, until: number) => Promise<void>;
  /** Lets go of everything at once, so that others need not wait for the end of our leases. */
  readonly leave: () => Promise<void>;
};

const PRESENCE = 'daemon:';

/** Takes part in sharing the work on a database. An embedded one has one daemon, to which everything falls: the last that started. */
export function shareWork(db: Database, owner: string): Sharing {
  if (db.engine === 'sqlite') return reignAlone(db, owner);
  let present: readonly string[] = [owner];
  return {
    mine: (resource) => chosen(resource, present) === owner,
    reign: () => undefined,
    refresh: async (now, until) => {
      present = await db.transaction(async (tx) => {
        await takeLease(tx, `${PRESENCE}${owner}`, owner, now, until - now);
        const leases = await listLeases(tx);
        const alive = leases.filter(({ resource, expiresAt }) => resource.startsWith(PRESENCE) && expiresAt >= now).map((lease) => lease.owner);
        // Who lives renews all its leases: without this, one that another is to have now would be held for ever, and nobody would decide.
        const deciding = leases.find((lease) => lease.resource === 'allocate' && lease.owner === owner);
        if (deciding && chosen('allocate', alive) !== owner) await releaseLease(tx, deciding);
        return alive;
      });
    },
    leave: () => db.transaction((tx) => releaseLeases(tx, owner, PRESENCE)),
  };
}

/**
 * The lock on an embedded database ends with its process; but a process that stands still can be taken for dead and its lock taken away. What it would
 * still take in when it wakes up is refused by its lease, and it finds out that it has to end.
 */
function reignAlone(db: Database, owner: string): Sharing {
  let reign: Lease | undefined;
  return {
    mine: () => true,
    reign: () => reign,
    refresh: async () => {
      if (reign === undefined) reign = await db.transaction((tx) => seizeLease(tx, 'daemon', owner));
      else await requireReign(db, reign);
    },
    leave: () => Promise.resolve(),
  };
}

/** @throws WharfError DATABASE_LOCKED when another daemon has taken an embedded database over. */
export async function requireReign(db: Database, reign: Lease): Promise<void> {
  if (!(await db.read((tx) => leaseStands(tx, reign)))) throw new WharfError('DATABASE_LOCKED', 'another daemon has taken the database over');
}

/** The daemon for which a resource is: every daemon chooses the same, and when one comes or goes only what is its own moves. */
export function chosen(resource: string, daemons: readonly string[]): string | undefined {
  const weight = (daemon: string): string => createHash('sha256').update(`${resource}\n${daemon}`).digest('hex');
  return daemons.map((daemon) => ({ daemon, by: weight(daemon) })).toSorted((a, b) => (a.by < b.by ? 1 : -1))[0]?.daemon;
}
