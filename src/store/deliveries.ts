import { inList } from './in-list.ts';
import { type Claim, claim, queues, release, settle, settleAll } from './queue.ts';
import type { Row, Tx } from './transaction.ts';
import { updateFrom } from './values.ts';

/** An outgoing file with its fixed name and bytes, as the delivery step claims it. */
export type Delivery = {
  readonly id: number;
  readonly partner: string;
  readonly kind: string;
  /** `partner/channel`. */
  readonly channel: string;
  readonly fileName: string;
  /** Where its bytes are stored: as written, or as packed for its channel. */
  readonly payload: 'outbox' | 'packed';
  /** Bytes. */
  readonly size: number;
  /** SHA-256 (hex) of the bytes. */
  readonly sha256: string;
  /** Where an earlier attempt put the bytes; whether they got their final name is not known. */
  readonly temporaryName: string | undefined;
  readonly attempts: number;
  /** Whether it stands in a functional group, which the partner answers with an acknowledgment. */
  readonly grouped: boolean;
};

/** The channels that have files to be delivered by `now`: one look at an index for each, however many files wait. */
export async function channelsToDeliver(tx: Tx, now: number): Promise<readonly string[]> {
  const channels: string[] = [];
  for (let last = ''; ;) {
    const row = await tx.one(`select channel from {outbox} where status = 'rendered' and channel > ? order by channel ${tx.limit(1)}`, [last]);
    if (!row) return channels;
    last = row['channel'] as string;
    if (await tx.one(`select id from {outbox} where status = 'rendered' and channel = ? and due_at <= ? order by due_at ${tx.limit(1)}`, [last, now]))
      channels.push(last);
  }
}

/** Claims the files of a channel that are due, oldest first. */
export async function claimDeliveries(
  tx: Tx,
  channel: string,
  options: { readonly owner: string; readonly now: number; readonly leaseMs: number; readonly count: number },
): Promise<readonly Delivery[]> {
  const where = { sql: 'channel = ?', values: [channel] };
  return (await claim(tx, queues.deliver, { ...options, where, together: true })).map(toDelivery);
}

/** Gives back, uncounted, what an owner claimed of channels other than these: the answer to its claim was lost, and nobody has it in hand. */
export function giveBackDeliveries(tx: Tx, owner: string, inHand: readonly string[]): Promise<number> {
  const others = inHand.length > 0 ? inList(inHand) : undefined;
  return release(tx, queues.deliver, owner, others && { sql: `channel not in ${others.sql}`, values: others.values });
}

/** Notes under which temporary name the bytes of a file lie at the partner. From now on its witness is asked before anything is sent again. */
export async function markStaged(tx: Tx, id: number, owner: string, temporaryName: string): Promise<boolean> {
  const changed = await tx.run(`update {outbox} set temporary_name = ? where id = ? and status = 'sending' and claimed_by = ?`, [temporaryName, id, owner]);
  return changed === 1;
}

/** Notes temporary names as `markStaged` does, all at once; false when one of the claims is lost, and nothing may be kept of it. */
export async function markAllStaged(tx: Tx, owner: string, staged: readonly { readonly id: number; readonly temporaryName: string }[]): Promise<boolean> {
  const rows = staged.map(({ id, temporaryName }) => ({ row_id: id, lies_at: temporaryName }));
  const where = `id = given.row_id and status = 'sending' and claimed_by = ?`;
  return (await updateFrom(tx, 'outbox', rows, { set: 'temporary_name = given.lies_at', where, values: [owner] })) === staged.length;
}

/** Forgets the temporary name of a file that never got its final one: it is written anew. In the transaction that gives the claim back. */
export async function forgetStaged(tx: Tx, id: number): Promise<void> {
  await tx.run('update {outbox} set temporary_name = null where id = ?', [id]);
}

/** Whether a temporary name is noted for any file of a channel. */
export async function stagedWork(tx: Tx, channel: string): Promise<boolean> {
  const sql = `select id from {outbox} where status in ('rendered', 'sending', 'parked') and channel = ? and temporary_name is not null order by id ${tx.limit(1)}`;
  return (await tx.one(sql, [channel])) !== undefined;
}

/**
 * Records that a file has its final name at the partner. One who acknowledges at once may be quicker than this: then only the time is added.
 * @throws WharfError CLAIM_LOST when another process has taken the delivery over.
 */
export async function markSent(tx: Tx, claimed: Claim, now: number, acknowledgmentDueAt: number | undefined): Promise<void> {
  const answered = await tx.run(
    `update {outbox} set sent_at = ?, temporary_name = null, claimed_by = null, claimed_until = 0 where id = ? and claimed_by = ? and status in ('acknowledged', 'rejected')`,
    [now, claimed.id, claimed.owner],
  );
  if (answered > 0) return;
  const end = acknowledgmentDueAt === undefined ? { settled_at: now } : { ack_due_at: acknowledgmentDueAt };
  const values = { ...end, sent_at: now, temporary_name: null, reason: null, detail: null };
  await settle(tx, queues.deliver, claimed, acknowledgmentDueAt === undefined ? 'done' : 'sent', values);
}

/** A file that has its final name, and until when its partner is to acknowledge it. */
export type SentFile = { readonly id: number; readonly acknowledgmentDueAt: number | undefined };

/** Records files as `markSent` does, all at once. @throws WharfError CLAIM_LOST also when one was acknowledged already: then each is recorded for itself. */
export async function markAllSent(tx: Tx, owner: string, sent: readonly SentFile[], now: number): Promise<void> {
  const same = { sent_at: now, temporary_name: null, reason: null, detail: null };
  const [awaited, settled] = [sent.filter(isAwaited), sent.filter((file) => !isAwaited(file))];
  const due = awaited.map(({ id, acknowledgmentDueAt }) => ({ id, status: 'sent', values: { ...same, ack_due_at: acknowledgmentDueAt } }));
  await settleAll(tx, queues.deliver, owner, due);
  await settleAll(
    tx,
    queues.deliver,
    owner,
    settled.map(({ id }) => ({ id, status: 'done', values: { ...same, settled_at: now } })),
  );
}

function isAwaited(file: SentFile): file is { readonly id: number; readonly acknowledgmentDueAt: number } {
  return file.acknowledgmentDueAt !== undefined;
}

function toDelivery(row: Row): Delivery {
  return {
    id: row['id'] as number,
    partner: row['partner'] as string,
    kind: row['kind'] as string,
    channel: row['channel'] as string,
    fileName: row['file_name'] as string,
    payload: row['packed_sha256'] === null ? 'outbox' : 'packed',
    size: (row['packed_size'] ?? row['size']) as number,
    sha256: (row['packed_sha256'] ?? row['sha256']) as string,
    temporaryName: (row['temporary_name'] as string | null) ?? undefined,
    attempts: row['attempts'] as number,
    grouped: row['group_control'] !== null,
  };
}
