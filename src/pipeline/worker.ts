import { WharfError } from '../errors.ts';
import type { PipelineContext, Step } from './context.ts';
import { giveBackClaims } from './keep-claims.ts';
import { nextPause } from './pause.ts';

/** Runs one step again and again until it is stopped. */
export type Worker = {
  readonly wake: () => void;
  /** Lets the run in hand and what it left going come to their end. */
  readonly stop: () => Promise<void>;
};

/** After runs that failed, in milliseconds. */
const PAUSES = { first: 100, longest: 30_000 };

/**
 * One run of a step, which gives how much it found to do; undefined when it failed. What it had claimed then is given back: nobody works on it any more.
 * Where the database does not take that, it is asked for again before the next run.
 */
function makeTurn(step: Step, context: PipelineContext): () => Promise<number | undefined> {
  const { log } = context;
  let owing = false;
  const giveBack = async (): Promise<void> => {
    owing = true;
    await giveBackClaims(context, step.name);
    owing = false;
  };
  return async () => {
    try {
      if (owing) await giveBack();
      return await step.run(context);
    } catch (error) {
      // Not handled anywhere: the process ends by it before anything more is answered.
      if (error instanceof WharfError && error.code === 'DATABASE_GONE') throw error;
      log.error('a step failed', { step: step.name, error });
      await giveBack().catch((reason: unknown) => log.warn('claims could not be given back yet', { step: step.name, error: reason }));
      return undefined;
    }
  };
}

/**
 * Runs a step at once, again while it finds work, when it is woken, and after `intervals.idle` in any case: a wake that is lost costs time, never work.
 * A run that throws is logged and tried again after a pause that grows.
 */
export function startWorker(step: Step, context: PipelineContext): Worker {
  let woken = false;
  let stopped = false;
  let rouse: (() => void) | undefined;
  const turn = makeTurn(step, context);
  const sleep = async (milliseconds: number): Promise<void> => {
    if (woken || stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    rouse = undefined;
  };
  const loop = async (): Promise<void> => {
    for (let failures = 0; !stopped;) {
      woken = false;
      const done = await turn();
      failures = done === undefined ? failures + 1 : 0;
      if (failures > 0) {
        woken = false;
        await sleep(nextPause(PAUSES, failures));
      } else if (done === 0) await sleep(context.config().intervals.idle);
      // Work that never waits for anything outside would otherwise keep timers and signals from their turn.
      else await new Promise((resolve) => setImmediate(resolve));
    }
    await step.settle?.();
  };
  const running = loop();
  return {
    wake: () => {
      woken = true;
      rouse?.();
    },
    stop: () => {
      stopped = true;
      rouse?.();
      return running;
    },
  };
}
