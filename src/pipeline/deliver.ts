import { channelsToDeliver } from '../store/deliveries.ts';
import { nextDue, queues } from '../store/queue.ts';
import { deliverTo } from './deliver/channel.ts';
import type { OpenChannel, PipelineContext, Step } from './context.ts';
import { nextPause } from './pause.ts';
import { turnOf, turnTaken } from './schedule.ts';
import { sweepTemporary } from './deliver/sweep.ts';

type Sender = { sending: Promise<void> | undefined; failures: number; restsUntil: number; sweptAt: number };

/** How often a channel that sends is swept, in milliseconds. */
const SWEEP = 3_600_000;

/**
 * The step that sends files out. Each channel is served on its own, a batch at a time: a partner with a long queue or a server that hangs takes nothing
 * from the others. A channel that fails rests, longer each time, without using up the attempts of all that waits for it.
 */
export function makeDeliver(): Step {
  const senders = new Map<string, Sender>();
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
      const waiting = await context.db.read((tx) => channelsToDeliver(tx, now));
      for (const key of waiting) {
        const sender = senders.get(key) ?? { sending: undefined, failures: 0, restsUntil: 0, sweptAt: -SWEEP };
        senders.set(key, sender);
        const channel = context.channels().get(key);
        if (
          !channel ||
          !context.mine(`channel:${key}`) ||
          sender.sending ||
          sender.restsUntil > performance.now() ||
          (await turnOf(context, channel)) !== 'now'
        )
          continue;
        sender.sending = send(context, channel, sender, wakeIn).finally(() => {
          sender.sending = undefined;
        });
      }
      const due = await context.db.read((tx) => nextDue(tx, queues.deliver));
      if (timers.size === 0 && due !== undefined && due > now) wakeIn(context, Math.min(due - now, 60_000));
      return 0;
    },
    settle: async () => {
      await Promise.all([...senders.values()].flatMap(({ sending }) => sending ?? []));
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

async function send(
  context: PipelineContext,
  channel: OpenChannel,
  sender: Sender,
  wakeIn: (context: PipelineContext, milliseconds: number) => void,
): Promise<void> {
  const began = context.now();
  try {
    for (;;) {
      const { tried, failed } = await deliverTo(context, channel);
      if (failed) return rest(context, sender, wakeIn);
      sender.failures = 0;
      if (context.stopping()) return;
      if (tried === 0) {
        await turnTaken(context, channel, began);
        return await sweepNowAndThen(context, channel, sender);
      }
      context.log.debug('files delivered', { step: 'deliver', channel: channel.key, count: tried });
    }
  } catch (error) {
    context.log.error('delivery failed', { step: 'deliver', channel: channel.key, error });
    rest(context, sender, wakeIn);
  }
}

async function sweepNowAndThen(context: PipelineContext, channel: OpenChannel, sender: Sender): Promise<void> {
  if (performance.now() - sender.sweptAt < SWEEP) return;
  sender.sweptAt = performance.now();
  await sweepTemporary(context, channel);
}

function rest(context: PipelineContext, sender: Sender, wakeIn: (context: PipelineContext, milliseconds: number) => void): void {
  sender.failures += 1;
  const { retryFirst, retryLongest } = context.config().intervals;
  const pause = nextPause({ first: retryFirst, longest: retryLongest }, sender.failures - 1);
  sender.restsUntil = performance.now() + pause;
  wakeIn(context, pause);
}
