import { flushCompileCache } from 'node:module';
import { mkdirSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { readEnvironment } from '../config/environment.ts';
import { armFailPoints } from '../fail-point.ts';
import { reloadConfig } from '../config/reload.ts';
import type { Config } from '../config/types.ts';
import { watchConfig } from '../config/watch.ts';
import type { Log } from '../log.ts';
import { makeLog } from '../log.ts';
import type { Gateway } from '../pipeline/gateway.ts';
import { startGateway } from '../pipeline/gateway.ts';
import { heal } from '../acts/heal.ts';
import { makeSteps } from '../pipeline/steps.ts';
import type { Command, Io } from './command.ts';
import { exit } from './command.ts';
import { showProblem, withConfig } from './open.ts';

/** What the process exits with when Wharf itself is wrong (EX_SOFTWARE), so that a service manager starts it again. */
const INTERNAL = 70;
/** For closing everything, after what was in hand has had its time, in milliseconds. */
const LEEWAY = 10_000;

export const run: Command = {
  summary: 'run the daemon: SIGTERM or SIGINT stops it, SIGHUP or a changed file makes it read its configuration again',
  usage: '',
  run: (given, io) =>
    withConfig(given, io, async (config) => {
      const log = makeLog(config.log.level);
      armFailPoints(readEnvironment().failPoints);
      const crash = (error: unknown): never => {
        log.error('the process ends', { error });
        process.exit(INTERNAL);
      };
      process.on('uncaughtException', crash);
      process.on('unhandledRejection', crash);
      const asked = stopAsked(log);
      makeOwnFolders(config);
      let stopping = false;
      const stopBegins = (): void => {
        stopping = true;
        endAfter(config.intervals.drain + LEEWAY, log);
      };
      void asked.then(stopBegins);
      const gateway = await startGateway({ config, log, steps: makeSteps(), givenUp: () => stopping });
      // Whatever fails from here on ends the process: one that lives on without anybody who waits for its end does not hear that it is to stop.
      await healAll(gateway, 'the start of the daemon').catch(crash);
      const unfollow = await followConfig(gateway, config, io).catch(crash);
      // Kept now and not at the end: the next start is to be quick above all after one that had no end.
      flushCompileCache();
      await asked;
      await unfollow();
      await gateway.stop().catch(crash);
      process.off('uncaughtException', crash);
      process.off('unhandledRejection', crash);
      return exit.ok;
    }),
};

/** Nothing may keep a process that was asked to stop: what it had in hand is done again at the next start. One that ends by itself is not held up. */
function endAfter(milliseconds: number, log: Log): void {
  setTimeout(() => {
    log.error('the stop did not come to its end, the process ends', { milliseconds });
    process.exit(INTERNAL);
  }, milliseconds).unref();
}

/**
 * Makes the missing folders of channels that lie beside the embedded database, as those of the sample company do. Others are never made: a network disk
 * that is not mounted must not look like an empty folder.
 */
function makeOwnFolders({ database, partners }: Config): void {
  if (database.type !== 'sqlite') return;
  const own = `${dirname(database.file)}${sep}`;
  for (const { channels } of partners.values()) {
    for (const channel of channels) if (channel.type === 'folder' && channel.directory.startsWith(own)) mkdirSync(channel.directory, { recursive: true });
  }
}

/** Ends when the process is asked to stop. Asked again, it is stopped at once: what was in hand is done again at the next start. */
function stopAsked(log: Log): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (asked) process.exit(signal === 'SIGINT' ? 130 : 143);
      asked = true;
      log.info('stopping');
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

/** Puts a changed configuration in force; one with errors is told and left. Gives the way to stop. */
async function followConfig(gateway: Gateway, first: Config, io: Io): Promise<() => Promise<void>> {
  const { log } = gateway.context;
  let present = first;
  let turn: Promise<void> = Promise.resolve();
  const reload = async (): Promise<void> => {
    const loaded = await reloadConfig(present, readEnvironment());
    if (loaded.outcome === 'refused') {
      log.error('the configuration has errors; the one before stays in force', { code: 'CONFIG_INVALID', count: loaded.problems.length });
      for (const problem of loaded.problems) io.err(showProblem(problem));
    }
    if (loaded.outcome !== 'changed') return;
    if (JSON.stringify(present.database) !== JSON.stringify(loaded.config.database)) log.warn('the other database is used after a restart');
    present = loaded.config;
    makeOwnFolders(present);
    await gateway.follow(present);
    await healAll(gateway, 'a change of the configuration');
    log.info('the configuration was read again', { count: present.partners.size });
  };
  const hint = (): void => {
    turn = turn.then(reload).catch((error: unknown) => log.error('the configuration could not be read again', { error }));
  };
  process.on('SIGHUP', hint);
  const unwatch = await watchConfig(first.file, hint);
  // What was changed between the first reading and the watch would not be seen until the next change.
  hint();
  return async () => {
    await unwatch();
    process.off('SIGHUP', hint);
    await turn;
  };
}

async function healAll({ context }: Gateway, how: string): Promise<void> {
  const { db, log } = context;
  const healed = await heal({ db, config: context.config(), now: context.now() }, how);
  if (healed.holds === 0) return;
  log.info('orders that were held go on', { count: healed.orders.length });
  context.wake('allocate');
}
