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

async function failed(context: PipelineContext, { name }: Step, error: unknown): Promise<undefined> {
  context.log.error('a step failed', { step: name, error });
  await giveBackClaims(context, name).catch((reason: unknown) => context.log.warn('claims could not be given back', { step: name, error: reason }));
}

/**
 * Runs a step at once, again while it finds work, when it is woken, and after `intervals.idle` in any case: a wake that is lost costs time, never work.
 * A run that throws is logged and tried again after a pause that grows.
 */
export function startWorker(step: Step, context: PipelineContext): Worker {
  let woken = false;
  let stopped = false;
  let rouse: (() => void) | undefined;
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
      const done = await step.run(context).catch((error: unknown) => failed(context, step, error));
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
