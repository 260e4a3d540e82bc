import { WharfError } from '../errors.ts';
import { type ChannelHealth, saveHealth } from '../store/channel-state.ts';
import type { Tx } from '../store/transaction.ts';
import type { OpenChannel } from './context.ts';

/** Since when a channel fails, in milliseconds since 1970, and with which code. */
export type ChannelFailure = { readonly since: number; readonly code: string; readonly count: number };

const unknown: ChannelHealth = {
  lookedAt: undefined,
  answeredAt: undefined,
  failingSince: undefined,
  code: undefined,
  failures: 0,
  restsUntil: undefined,
  login: undefined,
};

/**
 * What the steps saw of each channel that is open in this process. It is written to the database now and then, for people to read; nothing is decided by
 * what stands there, since a channel that fails shows it again at once.
 */
const healths = new WeakMap<OpenChannel, ChannelHealth>();
const changed = new WeakSet<OpenChannel>();

function update(channel: OpenChannel, change: Partial<ChannelHealth>): void {
  healths.set(channel, { ...unknown, ...healths.get(channel), ...change });
  changed.add(channel);
}

/** `restsUntil`: when it is tried next, in milliseconds since 1970. */
export function channelFailed(channel: OpenChannel, error: unknown, now: number, restsUntil?: number): void {
  const before = healths.get(channel);
  const code = error instanceof WharfError ? error.code : 'INTERNAL';
  update(channel, { lookedAt: now, failingSince: before?.failingSince ?? now, code, failures: (before?.failures ?? 0) + 1, restsUntil });
}

export function channelAnswered(channel: OpenChannel, now: number): void {
  update(channel, { lookedAt: now, answeredAt: now, failingSince: undefined, code: undefined, failures: 0, restsUntil: undefined });
}

/** Which of the logins of a channel its server took, from 0. */
export function channelLoggedIn(channel: OpenChannel, login: number): void {
  update(channel, { login });
}

/** How a channel fails; undefined when it answered last, or was not used yet. */
export function failureOf(channel: OpenChannel): ChannelFailure | undefined {
  const health = healths.get(channel);
  if (health?.failingSince === undefined) return undefined;
  return { since: health.failingSince, code: health.code ?? 'INTERNAL', count: health.failures };
}

/** Writes what is new of each channel, so that `wharf status` knows it. */
export async function writeHealth(tx: Tx, channels: Iterable<OpenChannel>): Promise<void> {
  for (const channel of channels) {
    const health = healths.get(channel);
    if (!health || !changed.delete(channel)) continue;
    await saveHealth(tx, channel.key, health);
  }
}
