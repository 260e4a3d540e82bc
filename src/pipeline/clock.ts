import { serverTime } from '../store/health.ts';
import type { Database } from '../store/transaction.ts';

/** The clock of a daemon, in milliseconds since 1970. */
export type Clock = { readonly now: () => number; /** Compares it with its source again. */ readonly refresh: () => Promise<void> };

/**
 * Where several daemons share a database its server's clock is theirs too, so that they agree when a lease ends, however their own clocks differ.
 * Between two looks it goes on by the steady clock of the process.
 */
export async function daemonClock(db: Database): Promise<Clock> {
  if (db.engine === 'sqlite') return { now: Date.now, refresh: () => Promise.resolve() };
  let ahead = 0;
  const refresh = async (): Promise<void> => {
    const before = performance.now();
    const server = await serverTime(db);
    // The server looked at its clock somewhere between question and answer.
    ahead = server - (before + performance.now()) / 2;
  };
  await refresh();
  return { now: () => Math.round(ahead + performance.now()), refresh };
}
