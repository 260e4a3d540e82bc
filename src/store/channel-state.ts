import type { Row, SqlValue, Tx } from './transaction.ts';

/** How a channel did last, in milliseconds since 1970. */
export type ChannelHealth = {
  /** When it was last looked at or sent to, and when that last went well. */
  readonly lookedAt: number | undefined;
  readonly answeredAt: number | undefined;
  /** Since when it fails, with which code, how often; undefined and 0 when it answered last. */
  readonly failingSince: number | undefined;
  readonly code: string | undefined;
  readonly failures: number;
  /** Until when nothing is tried. */
  readonly restsUntil: number | undefined;
  /** Which of its logins the server took last, from 0. */
  readonly login: number | undefined;
};

export type ChannelState = ChannelHealth & { readonly channel: string; readonly ranAt: number | undefined };

/** What is known of each channel, by its key. */
export async function channelStates(tx: Tx): Promise<ReadonlyMap<string, ChannelState>> {
  const rows = await tx.many('select * from {channel_state} order by channel');
  return new Map(rows.map((row) => [row['channel'] as string, toState(row)]));
}

export async function saveHealth(tx: Tx, channel: string, health: ChannelHealth): Promise<void> {
  await save(tx, channel, {
    looked_at: health.lookedAt ?? null,
    answered_at: health.answeredAt ?? null,
    failing_since: health.failingSince ?? null,
    code: health.code ?? null,
    failures: health.failures,
    rests_until: health.restsUntil ?? null,
    login: health.login ?? null,
  });
}

/** When the schedule of a channel ran last; undefined when it never did. */
export async function ranAt(tx: Tx, channel: string): Promise<number | undefined> {
  const row = await tx.one('select ran_at from {channel_state} where channel = ?', [channel]);
  return (row?.['ran_at'] as number | null | undefined) ?? undefined;
}

export async function setRan(tx: Tx, channel: string, at: number): Promise<void> {
  await save(tx, channel, { ran_at: at });
}

async function save(tx: Tx, channel: string, values: Readonly<Record<string, SqlValue>>): Promise<void> {
  const set = Object.keys(values).map((column) => `${column} = ?`);
  const changed = await tx.run(`update {channel_state} set ${set.join(', ')} where channel = ?`, [...Object.values(values), channel]);
  if (changed === 0) await tx.insertMany('channel_state', [{ channel, ...values }]);
}

function toState(row: Row): ChannelState {
  const at = (column: string) => (row[column] as number | null) ?? undefined;
  return {
    channel: row['channel'] as string,
    lookedAt: at('looked_at'),
    answeredAt: at('answered_at'),
    failingSince: at('failing_since'),
    code: (row['code'] as string | null) ?? undefined,
    failures: row['failures'] as number,
    restsUntil: at('rests_until'),
    login: at('login'),
    ranAt: at('ran_at'),
  };
}
