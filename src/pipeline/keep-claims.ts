import { WharfError } from '../errors.ts';
import type { Log } from '../log.ts';
import { defer, queues, recover, release, renew } from '../store/queue.ts';
import { forgetMarks } from '../store/commit-marks.ts';
import { renewLeases } from '../store/leases.ts';
import type { Database } from '../store/transaction.ts';
import { writeHealth } from './channel-health.ts';
import type { Clock } from './clock.ts';
import type { PipelineContext, StepName } from './context.ts';
import type { Sharing } from './sharing.ts';

/** After so many deaths of the process over the same row, the row is parked. Sending is left out: bytes that are ready cannot end a process. */
const POISON_AFTER = { translate: 3, apply: 3, render: 3, deliver: undefined } as const;
/** How long after the start (milliseconds) what ended with the process twice gets its last attempt. */
const SUSPECT_PAUSE = 5_000;
/** A commit whose answer was lost is asked for within moments; its mark is kept for longer than any outage is likely to last. */
const DAY = 86_400_000;
const names = ['translate', 'apply', 'render', 'deliver'] as const;

/** Puts back, at the start, what was claimed by processes that are gone. On the embedded database that is every claim, since no other process may run. */
export function recoverClaims(db: Database, log: Log, now: number): Promise<void> {
  return recoverExpired(db, log, db.engine === 'sqlite' ? Number.MAX_SAFE_INTEGER : now);
}

/** Puts back the claims that ran out before an instant. */
async function recoverExpired(db: Database, log: Log, expired: number): Promise<void> {
  for (const name of names) {
    const { again, parked } = await db.transaction((tx) => recover(tx, queues[name], expired, POISON_AFTER[name]));
    if (again > 0) log.info('work of an earlier process is taken up', { step: name, count: again });
    if (parked > 0) log.error('work that ended the process again and again is parked', { step: name, code: 'POISON_CRASH', count: parked });
  }
}

/**
 * Lets what ended with the process twice wait until this process has stood for a while: one that is ended while it starts, again and again, by whatever
 * it may be, must not make a suspect of what it begins with.
 */
export async function deferSuspects(db: Database, now: number): Promise<void> {
  for (const name of names) {
    const after = POISON_AFTER[name];
    if (after !== undefined) await db.transaction((tx) => defer(tx, queues[name], after - 1, now + SUSPECT_PAUSE));
  }
}

/**
 * Gives back what a step of this process claimed in a run that failed: nobody works on it any more, and it would be kept claimed for as long as the
 * process lives. Sending looks after its own (`deliver/channel.ts`), since channels go on beside each other.
 */
export async function giveBackClaims({ db, owner }: PipelineContext, step: StepName): Promise<void> {
  if (step === 'translate' || step === 'apply' || step === 'render') await db.transaction((tx) => release(tx, queues[step], owner));
}

/** Renews the claims of this process while it lives and takes up those of others that died. Gives the way to stop. */
export function keepClaims(context: PipelineContext, sharing: Sharing, clock: Clock): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  let stopped = false;
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      turn = keep(context, sharing, clock)
        .catch((error: unknown) => {
          // Not handled anywhere: the process ends by it, as after any mistake that it must not go on with.
          if (error instanceof WharfError && (error.code === 'DATABASE_LOCKED' || error.code === 'DATABASE_GONE')) throw error;
          context.log.warn('claims could not be renewed', { error });
        })
        .then(schedule);
    }, context.config().intervals.claim / 3);
  };
  schedule();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await turn;
    await context.db.transaction((tx) => writeHealth(tx, context.channels().values())).catch(() => undefined);
  };
}

async function keep(context: PipelineContext, sharing: Sharing, clock: Clock): Promise<void> {
  await clock.refresh();
  const now = context.now();
  const until = now + context.config().intervals.claim;
  await context.db.transaction(async (tx) => {
    for (const name of names) await renew(tx, queues[name], context.owner, until);
    await renewLeases(tx, context.owner, now, until);
    await writeHealth(tx, context.channels().values());
  });
  await sharing.refresh(now, until);
  await recoverExpired(context.db, context.log, now);
  if (context.db.engine === 'mssql') {
    await context.db.transaction((tx) => forgetMarks(tx, now - DAY));
  }
}
