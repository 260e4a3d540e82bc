import type { Row, Tx } from './transaction.ts';

/** One thing that happened, in words, and what it happened to: the timeline of `wharf trace`. The verbs are the six steps and what people do. */
export type Activity = {
  readonly at: number;
  readonly verb:
    | 'receive'
    | 'translate'
    | 'apply'
    | 'allocate'
    | 'render'
    | 'deliver'
    | 'acknowledge'
    | 'hold'
    | 'release'
    | 'import'
    | 'replay'
    | 'resend'
    | 'discard';
  readonly text: string;
  readonly partner?: string | undefined;
  readonly fileId?: number | undefined;
  readonly documentId?: number | undefined;
  readonly outboxId?: number | undefined;
  readonly orderId?: number | undefined;
};

/** Appends to the timeline, in the transaction of what happened. */
export function note(tx: Tx, activity: Activity): Promise<void> {
  tx.append('activity', {
    at: activity.at,
    verb: activity.verb,
    partner: activity.partner ?? null,
    inbound_file_id: activity.fileId ?? null,
    document_id: activity.documentId ?? null,
    outbox_id: activity.outboxId ?? null,
    order_id: activity.orderId ?? null,
    text: activity.text,
  });
  return Promise.resolve();
}

/** What was appended after a row of the timeline, in its order. */
export async function activitySince(tx: Tx, id: number, count: number): Promise<readonly { readonly id: number; readonly activity: Activity }[]> {
  const rows = await tx.many(`select * from {activity} where id > ? order by id ${tx.limit(count)}`, [id]);
  return rows.map((row) => ({ id: row['id'] as number, activity: toActivity(row) }));
}

/** A row of the timeline. */
export function toActivity(row: Row): Activity {
  const id = (column: string) => (row[column] as number | null) ?? undefined;
  return {
    at: row['at'] as number,
    verb: row['verb'] as Activity['verb'],
    text: row['text'] as string,
    partner: (row['partner'] as string | null) ?? undefined,
    fileId: id('inbound_file_id'),
    documentId: id('document_id'),
    outboxId: id('outbox_id'),
    orderId: id('order_id'),
  };
}
