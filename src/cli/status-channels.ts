import type { ChannelStatus } from '../acts/channel-status.ts';
import type { Io } from './command.ts';
import { showInstant, showTable } from './show.ts';

/** Channels that are shown without being asked for. */
const FEW = 20;

/** Channels as data, with instants as text. */
export function channelData({ lookedAt, answeredAt, failingSince, restsUntil, nextAt, oldestAt, ...rest }: ChannelStatus) {
  const shown = (at: number | undefined): string | null => (at === undefined ? null : showInstant(at));
  return {
    ...rest,
    code: rest.code ?? null,
    login: rest.login ?? null,
    lookedAt: shown(lookedAt),
    answeredAt: shown(answeredAt),
    failingSince: shown(failingSince),
    restsUntil: shown(restsUntil),
    nextAt: shown(nextAt),
    oldestAt: shown(oldestAt),
  };
}

/** A table of channels: those that need a look where there are many. */
export function showChannels(io: Io, channels: readonly ChannelStatus[], all: boolean, now: number): void {
  const shown =
    all || channels.length <= FEW
      ? channels
      : channels.filter(({ state, oldestAt }) => ['failing', 'resting', 'held'].includes(state) || oldestAt !== undefined);
  if (shown.length === 0) return;
  const rows = shown.map((each) => [each.channel, ago(each.answeredAt, now), String(each.backlog || '-'), ago(each.oldestAt, now)]);
  const states = ['state', ...shown.map(stateOf)];
  const lines = showTable([['channel', 'last used', 'backlog', 'oldest'], ...rows])
    .trimEnd()
    .split('\n');
  io.out(`\n${lines.map((line, at) => `${line}  ${states[at] ?? ''}\n`).join('')}`);
}

function stateOf({ state, code, failures, restsUntil, nextAt, weak }: ChannelStatus): string {
  const failing = `${code ?? 'INTERNAL'}, ${failures} times`;
  const words = {
    works: 'works',
    unused: 'not used yet',
    failing: `failing: ${failing}`,
    resting: `resting until ${restsUntil === undefined ? '' : showInstant(restsUntil)}: ${failing}`,
    held: 'held',
    closed: 'closed',
    waiting: nextAt === undefined ? 'its schedule is over' : `next ${showInstant(nextAt)}`,
  } as const;
  return weak.length > 0 ? `${words[state]}, WEAK: ${weak.join('; ')}` : words[state];
}

/** `12 s`, `3 min`, `5 h`, `2 d`. */
function ago(at: number | undefined, now: number): string {
  if (at === undefined) return '-';
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
