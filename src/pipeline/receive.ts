import { releaseLease, takeLease } from '../store/leases.ts';
import { channelAnswered, channelFailed } from './channel-health.ts';
import type { OpenChannel, PipelineContext, Step } from './context.ts';
import { type ChannelMemory, lookAt, rememberChannel } from './receive/channel.ts';
import { doubled } from './pause.ts';
import { mayTakeIn } from './receive/intake.ts';
import { turnOf, turnTaken } from './schedule.ts';
import { requireReign } from './sharing.ts';

/** Longest pause between two looks at a channel that fails. */
const LONGEST_PAUSE = 15 * 60_000;

type Receiver = {
  readonly channel: OpenChannel;
  memory: ChannelMemory;
  /** On the steady clock of the process: when the next look is due. */
  nextAt: number;
  failures: number;
  looking: Promise<void> | undefined;
  /** A hint came while it was looking. */
  hinted: boolean;
  /** Nothing may be taken in, and that was told. */
  stopped: boolean;
  timer: NodeJS.Timeout | undefined;
  readonly unwatch: (() => void) | undefined;
};

/**
 * The step that takes files in. Every inbound channel is looked at on its own, so that a server that does not answer holds up no other;
 * the interval is the truth, and a hint from the folder only makes a look come sooner.
 */
export function makeReceive(): Step {
  const receivers = new Map<string, Receiver>();
  return {
    name: 'receive',
    run: async (context) => {
      adopt(context, receivers);
      for (const receiver of receivers.values()) {
        if (receiver.looking || receiver.nextAt > performance.now()) continue;
        receiver.hinted = false;
        receiver.looking = look(context, receiver).finally(() => {
          receiver.looking = undefined;
          if (receiver.hinted) receiver.nextAt = 0;
          schedule(context, receiver);
        });
      }
      return 0;
    },
    settle: async () => {
      for (const receiver of receivers.values()) dismiss(receiver);
      await Promise.all([...receivers.values()].flatMap(({ looking }) => looking ?? []));
      receivers.clear();
    },
  };
}

/** Follows the configuration: a channel that is new or changed gets a receiver, one that is gone loses it. */
function adopt(context: PipelineContext, receivers: Map<string, Receiver>): void {
  const channels = context.channels();
  for (const [key, receiver] of receivers) {
    // A look that is under way ends first: two at once would store a file twice.
    if (channels.get(key) === receiver.channel || receiver.looking) continue;
    dismiss(receiver);
    receivers.delete(key);
  }
  for (const [key, channel] of channels) {
    if (channel.channel.direction !== 'in' || receivers.has(key)) continue;
    const receiver: Receiver = {
      channel,
      memory: { ...rememberChannel(channel), lease: context.reign },
      nextAt: 0,
      failures: 0,
      looking: undefined,
      hinted: false,
      stopped: false,
      timer: undefined,
      unwatch: channel.transport.watch?.(() => {
        receiver.hinted = true;
        // A channel that fails is not tried faster because something moves in it.
        if (receiver.looking || receiver.failures > 0) return;
        receiver.nextAt = 0;
        context.wake('receive');
      }),
    };
    receivers.set(key, receiver);
  }
}

function dismiss(receiver: Receiver): void {
  receiver.unwatch?.();
  clearTimeout(receiver.timer);
}

async function look(context: PipelineContext, receiver: Receiver): Promise<void> {
  const { channel } = receiver;
  const { quiet, poll } = channel.channel;
  const began = context.now();
  try {
    const turn = await turnOf(context, channel);
    if (turn !== 'now' || !(await mayLook(context, receiver))) {
      // A hint from a folder whose turn has not come must not have it looked at again and again.
      receiver.hinted = false;
      receiver.nextAt = performance.now() + poll;
      return;
    }
    const stop = await mayTakeIn(context.config(), context.db, channel.partner);
    if (stop !== undefined) {
      if (!receiver.stopped) context.log.warn('nothing is taken in for now', { step: 'receive', channel: channel.key, code: 'INTAKE_STOPPED' });
      receiver.stopped = true;
      receiver.nextAt = performance.now() + poll;
      return;
    }
    receiver.stopped = false;
    const found = await lookAt(context, channel, receiver.memory, context.config().limits.filesPerPoll);
    if (receiver.failures > 0) context.log.info('a channel answers again', { step: 'receive', channel: channel.key });
    receiver.failures = 0;
    channelAnswered(channel, context.now());
    if (!found.more && !found.ripening) await turnTaken(context, channel, began);
    const wait = found.more ? 0 : found.ripening ? Math.min(poll, quiet) : poll;
    receiver.nextAt = performance.now() + wait;
  } catch (error) {
    receiver.failures += 1;
    const longest = doubled({ first: poll, longest: LONGEST_PAUSE }, receiver.failures);
    receiver.nextAt = performance.now() + poll + Math.random() * (longest - poll);
    receiver.hinted = false;
    const pause = Math.max(receiver.nextAt - performance.now(), channel.transport.restsFor?.() ?? 0);
    channelFailed(channel, error, context.now(), Math.round(context.now() + pause));
    context.log.warn('a channel could not be looked at', { step: 'receive', channel: channel.key, count: receiver.failures, error });
  }
}

/** Where several daemons share a database, one of them looks at a channel, and lets go of it when it falls to another. A new holder begins with the memory of the database alone. */
async function mayLook(context: PipelineContext, receiver: Receiver): Promise<boolean> {
  const { db, reign } = context;
  if (db.engine === 'sqlite') {
    // One that stood still while another took the database over must not touch what the other has in hand: it would give back what this one takes away.
    if (reign) await requireReign(db, reign);
    return true;
  }
  const { channel, memory } = receiver;
  const resource = `channel:${channel.key}`;
  if (!context.mine(resource)) {
    const { lease } = memory;
    if (lease) await db.transaction((tx) => releaseLease(tx, lease));
    receiver.memory = rememberChannel(channel);
    return false;
  }
  const lease = await db.transaction((tx) => takeLease(tx, resource, context.owner, context.now(), context.config().intervals.claim));
  if (lease?.token !== memory.lease?.token) receiver.memory = { ...rememberChannel(channel), lease };
  return lease !== undefined;
}

function schedule(context: PipelineContext, receiver: Receiver): void {
  clearTimeout(receiver.timer);
  receiver.timer = setTimeout(() => context.wake('receive'), Math.max(0, receiver.nextAt - performance.now()));
}
