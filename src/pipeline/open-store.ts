import { isRetryable, remedyOf, WharfError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type DatabaseSettings, openDatabase } from '../store/database.ts';
import { migrate, requireSchema, SCHEMA_VERSION } from '../store/migrate.ts';
import type { Database } from '../store/transaction.ts';
import { type Clock, daemonClock } from './clock.ts';
import { nextPause } from './pause.ts';

/** A login that is wrong is not tried so often that the account is locked. */
const PAUSES = { first: 1_000, longest: 60_000 };

export type OpenStore = { readonly db: Database; readonly clock: Clock };

/**
 * Opens the database with the schema that this program needs. The embedded one is brought up to date by itself; on SQL Server that is the administrator's
 * act. A server that is away, refuses the login, has no room or is not migrated yet is waited for until `givenUp`: files stay with their partners.
 * @throws WharfError DATABASE_SCHEMA when the database is newer than this program, and whatever waiting does not mend.
 */
export async function openStore(settings: DatabaseSettings, log: Log, givenUp: () => boolean): Promise<OpenStore> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await openOnce(settings);
    } catch (error) {
      if (settings.type === 'sqlite' || !mayHeal(error) || givenUp()) throw error;
      const { code } = error;
      log.warn(`the database is waited for: ${error.message}. ${remedyOf(code)}`, { code, count: tries, error });
      await pause(nextPause(PAUSES, tries - 1), givenUp);
    }
  }
}

async function openOnce(settings: DatabaseSettings): Promise<OpenStore> {
  const db = await openDatabase(settings);
  try {
    const clock = await daemonClock(db);
    if (db.engine === 'sqlite') await migrate(db, clock.now());
    else await requireSchema(db);
    return { db, clock };
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** A schema that is too old is mended by `wharf migrate`; one that is newer is not, since this program will not change. */
function mayHeal(error: unknown): error is WharfError {
  if (!(error instanceof WharfError)) return false;
  return error.code === 'DATABASE_SCHEMA' ? Number(error.value) <= SCHEMA_VERSION : isRetryable(error.code);
}

async function pause(milliseconds: number, givenUp: () => boolean): Promise<void> {
  const until = performance.now() + milliseconds;
  while (performance.now() < until && !givenUp()) await new Promise((resolve) => setTimeout(resolve, 200));
}
