import type { Config } from '../config/types.ts';
import { WharfError } from '../errors.ts';
import { databaseSettings } from '../pipeline/database-settings.ts';
import { advanceNumbers } from '../store/control-numbers.ts';
import { audited } from '../store/audited.ts';
import { checkFile, copyBeside, numbersIn, receivedAfter, takePlace } from '../store/backup.ts';
import { lockForDaemon } from '../store/daemon-lock.ts';
import { openDatabase } from '../store/database.ts';
import { lastIds, unsentCount } from '../store/reconcile.ts';
import { migrate, SCHEMA_VERSION } from '../store/migrate.ts';
import { setSwitch } from '../store/switches.ts';
import { insertSkip } from '../store/verify.ts';

export type Restored = {
  /** When something was last done in the backup, in milliseconds since 1970. */
  readonly latest: number;
  /** Where the database that was there before is kept. */
  readonly kept: string | undefined;
  /** Scopes whose numbers were moved past those that the database before had given. */
  readonly advanced: readonly { readonly scope: string; readonly from: number; readonly to: number }[];
  /** Whether the numbers of the database before could be read: if not, they are for a person to compare. */
  readonly numbersKnown: boolean;
  /** Files that were received after the backup was made; their senders do not have them any more. */
  readonly lost: readonly { readonly channel: string; readonly name: string; readonly receivedAt: number }[];
  /** Outgoing files that the backup knows as not sent, and that may have been. */
  readonly unsent: number;
};

export type RestoreContext = { readonly config: Config; readonly now: number; readonly by: string; readonly reason: string | undefined };

/**
 * Puts a backup in the place of the embedded database. Nothing is written for partners or sent until somebody resumes it: what happened after the
 * backup is not known to it. Control numbers go on behind those of the database before, where that can still be read.
 * @throws WharfError DATABASE_LOCKED while a daemon runs, BACKUP_FAILED, DATABASE_SCHEMA when the backup is newer than this program.
 */
export async function restore({ config, now, by, reason }: RestoreContext, backup: string): Promise<Restored> {
  const { database } = config;
  if (database.type !== 'sqlite') throw new WharfError('BACKUP_FAILED', 'only the embedded database is restored here; SQL Server has its own means');
  const unlock = lockForDaemon(databaseSettings(database));
  try {
    const { schema, latest } = checkFile(backup);
    if (schema > SCHEMA_VERSION)
      throw new WharfError('DATABASE_SCHEMA', `${backup} has schema ${schema}, newer than the ${SCHEMA_VERSION} of this program`, { value: String(schema) });
    const before = numbersIn(database.file);
    const copy = copyBeside(backup, database.file);
    const db = await openDatabase({ type: 'sqlite', file: copy });
    let prepared: { readonly advanced: Restored['advanced']; readonly lastFile: number; readonly unsent: number };
    try {
      await migrate(db, now);
      prepared = await audited(db, { who: by, act: 'restore', target: backup, reason, now }).transaction(async (tx) => {
        await setSwitch(tx, { name: 'sending', value: `a backup of ${new Date(latest).toISOString()} was restored`, at: now, who: by });
        const advanced: { scope: string; from: number; to: number }[] = [];
        const known = numbersIn(copy);
        for (const [scope, next] of before) {
          const from = known.get(scope) ?? 1;
          if (next <= from || !(await advanceNumbers(tx, scope, next))) continue;
          await insertSkip(tx, { scope, first: from, last: next - 1 }, by, now);
          advanced.push({ scope, from, to: next });
        }
        return { advanced, lastFile: (await lastIds(tx)).file, unsent: await unsentCount(tx) };
      });
    } finally {
      await db.close();
    }
    const lost = receivedAfter(database.file, prepared.lastFile);
    const kept = takePlace(copy, database.file, now);
    const { advanced, unsent } = prepared;
    return { latest, kept, advanced, numbersKnown: before.size > 0, lost, unsent };
  } finally {
    unlock();
  }
}
