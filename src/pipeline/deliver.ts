import { channelsToDeliver, type Delivery, giveBackDeliveries } from '../store/deliveries.ts';
import { nextDue, queues } from '../store/queue.ts';
import type { Tx } from '../store/transaction.ts';
import { claimBatch, deliverTo } from './deliver/channel.ts';
import type { OpenChannel, PipelineContext, Step } from './context.ts';
import { nextPause } from './pause.ts';
import { turnTaken, turnWithin } from './schedule.ts';
import { sweepTemporary } from './deliver/sweep.ts';

type Sender = { sending: Promise<void> | undefined; failures: number; restsUntil: number; sweptAt: number };
/** By the keys of their channels. */
type Senders = Map<string, Sender>;

/** How often a channel that sends is swept, in milliseconds. */
const SWEEP = 3_600_000;

/**
 * The step that sends files out. Each channel is served on its own, a batch at a time: a partner with a long queue or a server that hangs takes nothing
 * from the others. A channel that fails rests, longer each time, without using up the attempts of all that waits for it.
 */
export function makeDeliver(): Step {
  const senders: Senders = new Map();
  const timers = new Set<NodeJS.Timeout>();
  const wakeIn = (context: PipelineContext, milliseconds: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      context.wake('deliver');
    }, milliseconds);
    timers.add(timer);
  };
  return {
    name: 'deliver',
    run: async (context) => {
      const now = context.now();
      for (const begun of await begin(context, senders, now)) {
        begun.sender.sending = send(context, senders, begun, wakeIn).finally(() => {
          begun.sender.sending = undefined;
        });
      }
      if (timers.size > 0) return 0;
      const due = await context.db.read((tx) => nextDue(tx, queues.deliver));
      if (due !== undefined && due > now) wakeIn(context, Math.min(due - now, 60_000));
      return 0;
    },
    settle: async () => {
      await Promise.all([...senders.values()].flatMap(({ sending }) => sending ?? []));
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

type Begun = { readonly channel: OpenChannel; readonly sender: Sender; readonly deliveries: readonly Delivery[] };

/** Channels that are free and have files to send, with the first of these: found and claimed at once, since a partner is waiting for them. */
function begin(context: PipelineContext, senders: Senders, now: number): Promise<readonly Begun[]> {
  return claimed(context, senders, undefined, async (tx) => {
    const begun: Begun[] = [];
    for (const key of await channelsToDeliver(tx, now)) {
      const sender = senders.get(key) ?? { sending: undefined, failures: 0, restsUntil: 0, sweptAt: -SWEEP };
      senders.set(key, sender);
      const channel = context.channels().get(key);
      const free = context.mine(`channel:${key}`) && !sender.sending && sender.restsUntil <= performance.now();
      if (!channel || !free || (await turnWithin(tx, channel, now)) !== 'now') continue;
      begun.push({ channel, sender, deliveries: await claimBatch(tx, context, key) });
    }
    return begun;
  });
}

/** What a transaction that claims gives. Where its answer is an error, it may have claimed all the same. */
async function claimed<T>(context: PipelineContext, senders: Senders, own: string | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await context.db.transaction(work);
  } catch (error) {
    await giveBack(context, senders, own);
    throw error;
  }
}

/** Between two tries to give back, in milliseconds. */
const PAUSES = { first: 100, longest: 15_000 };

/**
 * Gives back all claims but those of what is being sent, which `own` is not any more: nobody has them in hand, and they would be kept for as long as this
 * process lives. So it is tried until the database takes it, whatever it says, or the daemon stops.
 */
async function giveBack(context: PipelineContext, senders: Senders, own: string | undefined): Promise<void> {
  const inHand = (): readonly string[] => [...senders].flatMap(([key, { sending }]) => (sending && key !== own ? [key] : []));
  for (let tries = 0; !context.stopping(); tries += 1) {
    try {
      await context.db.transaction((tx) => giveBackDeliveries(tx, context.owner, inHand()));
      return;
    } catch (error) {
      context.log.warn('claims could not be given back yet', { step: 'deliver', count: tries + 1, error });
      await new Promise((resolve) => setTimeout(resolve, nextPause(PAUSES, tries)));
    }
  }
}

type WakeIn = (context: PipelineContext, milliseconds: number) => void;

async function send(context: PipelineContext, senders: Senders, { channel, sender, deliveries }: Begun, wakeIn: WakeIn): Promise<void> {
  const began = context.now();
  try {
    const next = (): Promise<readonly Delivery[]> => claimed(context, senders, channel.key, (tx) => claimBatch(tx, context, channel.key));
    for (let batch = deliveries; batch.length > 0; batch = await next()) {
      if ((await deliverTo(context, channel, batch)).failed) return rest(context, sender, wakeIn);
      sender.failures = 0;
      // The orders of a file wait for its acknowledgment.
      context.wake('apply');
      context.log.debug('files delivered', { step: 'deliver', channel: channel.key, count: batch.length });
      if (context.stopping()) return;
    }
    await turnTaken(context, channel, began);
    await sweepNowAndThen(context, channel, sender);
  } catch (error) {
    context.log.error('delivery failed', { step: 'deliver', channel: channel.key, error });
    await giveBack(context, senders, channel.key);
    rest(context, sender, wakeIn);
  }
}

async function sweepNowAndThen(context: PipelineContext, channel: OpenChannel, sender: Sender): Promise<void> {
  if (performance.now() - sender.sweptAt < SWEEP) return;
  sender.sweptAt = performance.now();
  await sweepTemporary(context, channel);
}

function rest(context: PipelineContext, sender: Sender, wakeIn: WakeIn): void {
  sender.failures += 1;
  const { retryFirst, retryLongest } = context.config().intervals;
  const pause = nextPause({ first: retryFirst, longest: retryLongest }, sender.failures - 1);
  sender.restsUntil = performance.now() + pause;
  wakeIn(context, pause);
}
