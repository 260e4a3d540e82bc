import type { Log } from '../log.ts';
import type { Lease } from '../store/leases.ts';
import type { Database } from '../store/transaction.ts';
import type { Channel, Config, Partner } from '../config/types.ts';
import type { Refusal, Transport } from '../transports/transport.ts';

/** The six steps of a file's life, in their order. */
export const stepNames = ['receive', 'translate', 'apply', 'allocate', 'render', 'deliver'] as const;
export type StepName = (typeof stepNames)[number];

/** What every step works with. One context serves the whole daemon. */
export type PipelineContext = {
  readonly db: Database;
  /** The configuration in force; it may be another at the next call. */
  readonly config: () => Config;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Names this process in claims and leases: no other process, before or after, has the same. */
  readonly owner: string;
  readonly log: Log;
  /** Whether this daemon is the one that should look after something, such as `channel:acme/in`; others may share the database. */
  readonly mine: (resource: string) => boolean;
  /** The lease under which the one daemon of an embedded database takes files in; absent where several share a database. */
  readonly reign?: Lease | undefined;
  /** Tells a step that there may be something to do. Called after the commit that made it. */
  readonly wake: (step: StepName) => void;
  /** Whether the daemon is stopping: what is in hand is finished, nothing new is begun. */
  readonly stopping: () => boolean;
  /** The channels of the configuration in force by their keys, each with its transport. */
  readonly channels: () => ReadonlyMap<string, OpenChannel>;
};

/** A channel of a partner and the transport that serves it. */
export type OpenChannel = {
  /** `acme/in`: what the database calls it. */
  readonly key: string;
  readonly partner: string;
  /** The partner's time zone, in which the channel's hours are meant. */
  readonly timezone: string;
  /** Dates on which nothing of its schedule happens. */
  readonly holidays: readonly string[];
  readonly channel: Channel;
  readonly transport: Transport;
  /** What the transport refused since the last call. */
  readonly takeRefusals: () => readonly Refusal[];
};

/**
 * One of the six. `run` does a bounded amount of work (claim, compute, commit) and gives how many items it finished; it is called again at once
 * after any, and when it is woken or its timer fires after none. What it throws is logged and tried again later.
 */
export type Step = {
  readonly name: StepName;
  readonly run: (context: PipelineContext) => Promise<number>;
  /** Waits for what `run` left going, such as transfers. Nothing new is begun. */
  readonly settle?: () => Promise<void>;
};

/** What a channel is called in the database: `acme/in`. */
export function channelKey(partner: string, channel: string): string {
  return `${partner}/${channel}`;
}

/** The channel of a partner that goes by this key (`acme/in`); undefined when its file names none, or no longer does. */
export function channelWithKey({ id, channels }: Partner, key: string | undefined): Channel | undefined {
  return channels.find(({ name }) => channelKey(id, name) === key);
}
