import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { failPoint } from '../fail-point.ts';
import type { Config } from '../config/types.ts';
import type { Log } from '../log.ts';
import { lockForDaemon } from '../store/daemon-lock.ts';
import { watchAlerts } from './alerts.ts';
import type { PipelineContext, Step, StepName } from './context.ts';
import { databaseSettings } from './database-settings.ts';
import { deferSuspects, keepClaims, recoverClaims } from './keep-claims.ts';
import { watchAcknowledgments } from './deliver/overdue.ts';
import { openChannels } from './open-channels.ts';
import { openStore } from './open-store.ts';
import { shareWork } from './sharing.ts';
import { startWorker, type Worker } from './worker.ts';

export type GatewayOptions = {
  readonly config: Config;
  readonly log: Log;
  readonly steps: readonly Step[];
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Whether somebody wants the start to end although the database was not there yet. */
  readonly givenUp?: () => boolean;
};

/** The running daemon. */
export type Gateway = {
  readonly context: PipelineContext;
  /** Puts another configuration in force: channels follow, the next item of work uses it. */
  readonly follow: (config: Config) => Promise<void>;
  /** Stops: nothing new is begun, what is in hand is finished for at most `intervals.drain`, everything is closed in reverse. */
  readonly stop: () => Promise<void>;
};

/**
 * Opens everything and starts the steps: lock, database, claims of a process that died, channels, workers.
 * What was opened is closed again when something after it fails.
 * @throws WharfError DATABASE_LOCKED, DATABASE_SCHEMA, DATABASE_UNSAFE, DATABASE_UNAVAILABLE.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { log, steps } = options;
  let { config } = options;
  const closers: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    const settings = databaseSettings(config.database);
    closers.push(lockForDaemon(settings));
    const { db, clock } = await openStore(settings, log, options.givenUp ?? (() => false));
    closers.push(() => db.close());
    failPoint('start.opened');
    const now = options.now ?? clock.now;
    await recoverClaims(db, log, now());
    await deferSuspects(db, now());
    failPoint('start.recovered');
    const channels = openChannels(config, log);
    closers.push(() => channels.close());
    const workers = new Map<StepName, Worker>();
    let stopping = false;
    const owner = `${hostname().slice(0, 30)}:${process.pid}:${randomUUID().slice(0, 13)}`;
    const sharing = shareWork(db, owner);
    closers.push(() => sharing.leave().catch((error: unknown) => log.warn('leases could not be given back', { error })));
    await sharing.refresh(now(), now() + config.intervals.claim);
    const context: PipelineContext = {
      db,
      config: () => config,
      now,
      owner,
      mine: sharing.mine,
      reign: sharing.reign(),
      log,
      wake: (step) => workers.get(step)?.wake(),
      stopping: () => stopping,
      channels: channels.current,
    };
    closers.push(keepClaims(context, sharing, clock));
    closers.push(watchAcknowledgments(context));
    const stopAlerts = watchAlerts(context);
    closers.push(() => stopAlerts());
    for (const step of steps) workers.set(step.name, startWorker(step, context));
    // At the same time: a receiver of alerts that does not answer must not lengthen the stop.
    closers.push(async () => void (await Promise.all([drain(workers, log, config.intervals.drain), stopAlerts()])));
    log.info('started', { count: channels.current().size });
    return {
      context,
      follow: async (next) => {
        config = next;
        log.setLevel(next.log.level);
        await channels.follow(next);
        for (const worker of workers.values()) worker.wake();
      },
      stop: async () => {
        stopping = true;
        failPoint('stop.asked');
        await closeAll();
        log.info('stopped');
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function drain(workers: ReadonlyMap<StepName, Worker>, log: Log, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), milliseconds);
  });
  const ended = Promise.all([...workers.values()].map((worker) => worker.stop()));
  if ((await Promise.race([ended, late])) === 'late') log.warn('work in hand was left: it is done again at the next start', { milliseconds });
  clearTimeout(timer);
  failPoint('stop.drained');
}
