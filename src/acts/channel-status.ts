import type { Config, Partner } from '../config/types.ts';
import { channelKey } from '../pipeline/context.ts';
import { isClosedAt, nextMoment } from '../pipeline/schedule.ts';
import { backlogByChannel, type ChannelBacklog } from '../store/channel-backlog.ts';
import { type ChannelState, channelStates } from '../store/channel-state.ts';
import { listHeld } from '../store/switches.ts';
import { weakBySetting } from './doctor-channels.ts';
import type { Tx } from '../store/transaction.ts';

/** How a channel does, as far as its daemon has told. Instants are milliseconds since 1970. */
export type ChannelStatus = {
  /** `acme/in`. */
  readonly channel: string;
  readonly direction: 'in' | 'out';
  /** `resting`: it failed, and nothing is tried before `restsUntil`. `waiting`: for the next moment of its schedule. */
  readonly state: 'works' | 'unused' | 'failing' | 'resting' | 'held' | 'closed' | 'waiting';
  readonly lookedAt: number | undefined;
  readonly answeredAt: number | undefined;
  readonly failingSince: number | undefined;
  readonly code: string | undefined;
  readonly failures: number;
  readonly restsUntil: number | undefined;
  /** The next moment of its schedule. */
  readonly nextAt: number | undefined;
  /** What came through it and is not finished, or waits to leave by it. */
  readonly backlog: number;
  readonly oldestAt: number | undefined;
  /** Which of its logins the server took last, from 1. */
  readonly login: number | undefined;
  /** What its settings allow and a safe transfer would not. */
  readonly weak: readonly string[];
};

/** How every channel of the configuration does. */
export async function channelStatuses(tx: Tx, config: Config, now: number): Promise<readonly ChannelStatus[]> {
  const states = await channelStates(tx);
  const backlog = await backlogByChannel(tx);
  const held = new Set((await listHeld(tx)).map(({ name }) => name));
  return [...config.partners.values()].flatMap((partner) =>
    partner.channels.map((channel): ChannelStatus => {
      const key = channelKey(partner.id, channel.name);
      const isHeld = held.has(`hold:partner:${partner.id}`) || held.has(`hold:channel:${key}`);
      return statusOf(partner, channel, { state: states.get(key), backlog: backlog.get(key), isHeld }, now);
    }),
  );
}

type Known = { readonly state: ChannelState | undefined; readonly backlog: ChannelBacklog | undefined; readonly isHeld: boolean };

function statusOf({ id, timezone, holidays }: Partner, channel: Partner['channels'][number], { state, backlog, isHeld }: Known, now: number): ChannelStatus {
  const hours = { channel, timezone, holidays };
  const failing = state?.failingSince !== undefined;
  const resting = failing && (state.restsUntil ?? 0) > now;
  const well = state?.answeredAt === undefined ? 'unused' : 'works';
  return {
    channel: channelKey(id, channel.name),
    direction: channel.direction,
    state: isHeld ? 'held' : resting ? 'resting' : failing ? 'failing' : isClosedAt(hours, now) ? 'closed' : channel.schedule ? 'waiting' : well,
    lookedAt: state?.lookedAt,
    answeredAt: state?.answeredAt,
    failingSince: state?.failingSince,
    code: state?.code,
    failures: state?.failures ?? 0,
    restsUntil: resting ? state.restsUntil : undefined,
    nextAt: channel.schedule && nextMoment(hours, now),
    backlog: backlog?.waiting ?? 0,
    oldestAt: backlog?.oldestAt,
    login: state?.login === undefined ? undefined : state.login + 1,
    weak: weakBySetting(channel),
  };
}
