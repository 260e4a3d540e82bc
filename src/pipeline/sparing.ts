import type { Config } from '../config/types.ts';
import { firstToDecide } from '../store/orders.ts';
import { firstDue, type Queue } from '../store/queue.ts';
import type { Tx } from '../store/transaction.ts';
import type { Step } from './context.ts';

/** When a step that found nothing could find something although nothing was stored since (milliseconds since 1970); undefined for never. */
type NextAt = (tx: Tx, now: number) => Promise<number | undefined>;

/** The last look that found nothing: what was stored before it, and how long it stands. */
type Nothing = { readonly stored: string; readonly config: Config; readonly until: number };

/**
 * A step that does not look again where it would see what it saw before: it found nothing, nothing was stored since, by whichever process, nothing has become
 * due, and the configuration is the same. A daemon to which nothing happens then costs next to nothing. Where the database cannot tell what was stored
 * without being asked over a network, it looks every time.
 */
export function sparing(step: Step, nextAt: NextAt): Step {
  let nothing: Nothing | undefined;
  return {
    ...step,
    run: async (context) => {
      const { db, now } = context;
      // Asked before the look: what is stored during it is looked at the next time.
      const stored = db.stored?.();
      const config = context.config();
      if (stored !== undefined && nothing?.stored === stored && nothing.config === config && now() < nothing.until) return 0;
      nothing = undefined;
      const done = await step.run(context);
      if (done === 0 && stored !== undefined) nothing = { stored, config, until: (await db.read((tx) => nextAt(tx, now()))) ?? Infinity };
      return done;
    },
  };
}

/** When the first row that waits in a queue is due. */
export const whenDue =
  (queue: Queue): NextAt =>
  (tx) =>
    firstDue(tx, queue);

/** When the first order is to be looked at. */
export const whenToDecide: NextAt = firstToDecide;

const MINUTE = 60_000;

/** The same, or the next minute: what is told at a time of the day needs nothing stored. */
export const atLeastEachMinute =
  (nextAt: NextAt): NextAt =>
  async (tx, now) =>
    Math.min((await nextAt(tx, now)) ?? Infinity, (Math.floor(now / MINUTE) + 1) * MINUTE);
