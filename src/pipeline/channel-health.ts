import { WharfError } from '../errors.ts';
import type { OpenChannel } from './context.ts';

/** Since when a channel fails, in milliseconds since 1970, and with which code. */
export type ChannelFailure = { readonly since: number; readonly code: string; readonly count: number };

/** What the steps saw of each channel that is open in this process. It is no state that must be kept: a channel that fails shows it again at once. */
const failures = new WeakMap<OpenChannel, ChannelFailure>();

export function channelFailed(channel: OpenChannel, error: unknown, now: number): void {
  const before = failures.get(channel);
  const code = error instanceof WharfError ? error.code : 'INTERNAL';
  failures.set(channel, { since: before?.since ?? now, code, count: (before?.count ?? 0) + 1 });
}

export function channelAnswered(channel: OpenChannel): void {
  failures.delete(channel);
}

/** How a channel fails; undefined when it answered last, or was not used yet. */
export function failureOf(channel: OpenChannel): ChannelFailure | undefined {
  return failures.get(channel);
}
