import type { Row, Tx } from './transaction.ts';

/** A document of ours that its partner acknowledges, and what came of that. Instants are milliseconds since 1970. */
export type Awaited = {
  readonly id: number;
  readonly partner: string;
  /** `855`. */
  readonly set: string;
  readonly about: string;
  readonly groupControl: string;
  readonly sentAt: number | undefined;
  readonly dueAt: number | undefined;
  /** `waiting`: not due yet. `late`: it came after it was due. */
  readonly state: 'waiting' | 'overdue' | 'accepted' | 'accepted-with-errors' | 'rejected' | 'late' | 'discarded';
  readonly answeredAt: number | undefined;
  readonly detail: string | undefined;
  readonly note: string | undefined;
  readonly notedBy: string | undefined;
};

export type AwaitedScope = { readonly partner?: string | undefined; readonly since: number; readonly open: boolean };

/** Documents that left in a functional group: all that were sent since an instant, or only those that need a look. The latest first. */
export async function awaited(tx: Tx, { partner, since, open }: AwaitedScope, most: number): Promise<readonly Awaited[]> {
  const whose = partner === undefined ? '' : 'and partner = ?';
  const needsLook = `id in (select id from {outbox} <by outbox_queue> where status in ('sent', 'overdue', 'rejected')
    union all select id from {outbox} <by outbox_with_errors> where ack_status = 'accepted-with-errors' and status = 'acknowledged' and review_note is null)`;
  const rows = await tx.many(
    `select * from {outbox} where ${open ? needsLook : `status in ('sent', 'overdue', 'rejected', 'acknowledged', 'discarded')`}
      and ack_due_at > 0 and sent_at >= ? and group_control is not null ${whose} order by id desc ${tx.limit(most)}`,
    [since, ...(partner === undefined ? [] : [partner])],
  );
  return rows.map(toAwaited);
}

/** Keeps what a person says about the acknowledgment of a document; the last word stays. False when nothing was sent under this id. */
export async function noteReview(tx: Tx, id: number, review: { readonly text: string; readonly by: string; readonly at: number }): Promise<boolean> {
  const changed = await tx.run(
    'update {outbox} set review_note = ?, reviewed_by = ?, reviewed_at = ? where id = ? and group_control is not null and sent_at is not null',
    [review.text.slice(0, 400), review.by.slice(0, 120), review.at, id],
  );
  return changed === 1;
}

/** Acknowledgments of partners that speak of nothing that was sent to them. */
export async function unmatched(
  tx: Tx,
  partner: string | undefined,
  most: number,
): Promise<readonly { readonly id: number; readonly partner: string; readonly detail: string; readonly at: number }[]> {
  const rows = await tx.many(
    `select id, partner, detail, received_at from {document} where status = 'parked' and kind = 'acknowledgment' and reason = 'REFERENCE_UNKNOWN'
      ${partner === undefined ? '' : 'and partner = ?'} order by id desc ${tx.limit(most)}`,
    partner === undefined ? [] : [partner],
  );
  return rows.map((row) => ({ id: row['id'] as number, partner: String(row['partner']), detail: String(row['detail'] ?? ''), at: Number(row['received_at']) }));
}

function toAwaited(row: Row): Awaited {
  const text = (column: string) => (row[column] as string | null) ?? undefined;
  const at = (column: string) => (row[column] as number | null) ?? undefined;
  return {
    id: row['id'] as number,
    partner: row['partner'] as string,
    set: text('set_id') ?? (row['kind'] as string),
    about: text('business_key') ?? '',
    groupControl: text('group_control') ?? '',
    sentAt: at('sent_at'),
    dueAt: at('ack_due_at'),
    state: stateOf(row),
    answeredAt: row['ack_status'] === null ? undefined : at('settled_at'),
    detail: text('ack_detail') || undefined,
    note: text('review_note'),
    notedBy: text('reviewed_by'),
  };
}

function stateOf(row: Row): Awaited['state'] {
  const status = row['status'] as string;
  if (status === 'sent') return 'waiting';
  if (status === 'overdue' || status === 'discarded') return status;
  const said = row['ack_status'] as Awaited['state'] | null;
  const late = Number(row['settled_at']) > Number(row['ack_due_at']);
  return said === 'accepted' && late ? 'late' : (said ?? 'accepted');
}
