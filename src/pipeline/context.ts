import type { Config } from '../config/types.ts';
import type { Log } from '../log.ts';
import type { Database } from '../store/transaction.ts';
import type { Transport } from '../transports/transport.ts';

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
  /** Tells a step that there may be something to do. Called after the commit that made it. */
  readonly wake: (step: StepName) => void;
  /** The transport of a channel by its key; undefined when the configuration has no such channel any more. */
  readonly transport: (channelKey: string) => Transport | undefined;
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
