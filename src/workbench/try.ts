import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/types.ts';
import { copyMasterData, copyOrder, orderNamed } from '../store/copy.ts';
import type { Trace } from '../store/trace.ts';
import { trace } from '../store/trace.ts';
import type { Database } from '../store/transaction.ts';
import type { Rehearsal } from './rehearse.ts';
import { openRehearsal } from './rehearse.ts';
import { insideOf } from './packed.ts';
import { whoseFile } from './whose-file.ts';

export type TryOptions = {
  readonly config: Config;
  /** The file's name, which may decide which mapping it gets. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whose file it is, where its content does not tell. */
  readonly partner: string | undefined;
  /** The gateway's database, which is only read; without it no item and no order is known. */
  readonly real: Database | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** A file after the real steps have run on it, in a database that is open for as long as `work` looks at it. */
export type Trial = { readonly db: Database; readonly fileId: number; readonly found: Trace };

/**
 * Runs the real steps on one file as if it had just come in, in a private database that is thrown away: nothing is received, sent or remembered.
 * @throws WharfError NOT_FOUND, CHANNEL_MISSING or USAGE when it is not known whose file it is.
 */
export async function tryFile<T>(given: TryOptions, work: (trial: Trial) => Promise<T>): Promise<T> {
  const partner = whoseFile(given.config, given).id;
  const options = { ...given, ...(await insideOf(given.config, partner, given)) };
  const directory = await mkdtemp(join(tmpdir(), 'wharf-try-'));
  try {
    // What the file speaks of is only known once it is read; then it is tried again beside the orders that are there already.
    const spoken = await rehearse(options, partner, join(directory, '1.db'), [], async (trial) => {
      const known = await knownOrders(options.real, trial.found);
      return known.length > 0 ? { known } : { result: await work(trial) };
    });
    if ('result' in spoken) return spoken.result;
    return await rehearse(options, partner, join(directory, '2.db'), spoken.known, work);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function rehearse<T>(options: TryOptions, partner: string, file: string, orders: readonly number[], work: (trial: Trial) => Promise<T>): Promise<T> {
  const { config, name, bytes, real, now } = options;
  const rehearsal: Rehearsal = await openRehearsal(config, { type: 'sqlite', file }, () => now);
  try {
    if (real) await copyMasterData(real, rehearsal.db);
    if (real) for (const id of orders) await copyOrder(real, rehearsal.db, id);
    const fileId = await rehearsal.give(partner, name, bytes);
    await rehearsal.run();
    return await work({ db: rehearsal.db, fileId, found: await rehearsal.db.read((tx) => trace(tx, `file:${fileId}`)) });
  } finally {
    await rehearsal.close();
  }
}

/** The orders of the gateway that the file's documents speak of. */
async function knownOrders(real: Database | undefined, { documents }: Trace): Promise<readonly number[]> {
  const ids = new Set<number>();
  for (const { partner, businessKey } of documents) {
    const id = businessKey === undefined ? undefined : await real?.read((tx) => orderNamed(tx, partner, businessKey));
    if (id !== undefined) ids.add(id);
  }
  return [...ids];
}
