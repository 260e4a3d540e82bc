import type { Row, Tx } from './transaction.ts';

/** Something that goes on only when a person acts. */
export type Need = {
  /** `file:12`, `document:3`, `outbox:7`, or `order:5` for a hold. */
  readonly id: string;
  readonly partner: string;
  readonly code: string;
  readonly detail: string;
  /** When it came to this, in milliseconds since 1970. */
  readonly at: number;
};

const DAY = 86_400_000;

const needQueries: readonly string[] = [
  `select 'file:' as kind, id, partner, reason as code, name as about, detail, finished_at as ended, received_at as began from {inbound_file} where status = 'parked'`,
  `select 'document:' as kind, id, partner, reason as code, business_key as about, detail, finished_at as ended, received_at as began from {document} where status = 'parked'`,
  `select 'outbox:' as kind, id, partner, reason as code, business_key as about, detail, rendered_at as ended, created_at as began from {outbox} where status = 'parked'`,
  `select 'outbox:' as kind, id, partner, case when status = 'rejected' then 'ACK_REJECTED' else 'ACK_OVERDUE' end as code, business_key as about,
      coalesce(ack_detail, file_name) as detail, settled_at as ended, sent_at as began from {outbox} where status in ('rejected', 'overdue')`,
];

/** What needs a person, newest first: at most `count` of it. */
export async function needsPerson(tx: Tx, count: number): Promise<readonly Need[]> {
  const found: Need[] = [];
  for (const sql of needQueries) found.push(...(await tx.many(`${sql} order by id desc ${tx.limit(count)}`)).map(toNeed));
  const holds = await tx.many(
    `select 'order:' as kind, h.order_id as id, o.partner, h.code, o.po_number as about, h.detail, h.created_at as ended, h.created_at as began
      from {order_hold} h join {sales_order} o on o.id = h.order_id where h.resolved_at is null order by h.id desc ${tx.limit(count)}`,
  );
  return [...found, ...holds.map(toNeed)].toSorted((a, b) => b.at - a.at).slice(0, count);
}

/**
 * Orders of which something should have left on a day that is over everywhere, and has not: at most `count`, the latest of those days first. `now` is in
 * milliseconds since 1970. They go on by themselves; a person should know.
 */
export async function missedShipDates(tx: Tx, count: number, now: number): Promise<readonly Need[]> {
  const yesterday = new Date(now - DAY).toISOString().slice(0, 10);
  const rows = await tx.many(
    `select o.id, o.partner, o.po_number, o.ship_by from {sales_order} o where o.lifecycle in ('open', 'held') and o.ship_by < ?
      and exists (select 1 from {order_line} l where l.order_id = o.id and l.pending + l.backordered + l.allocated + l.released > 0)
      order by o.ship_by desc, o.id desc ${tx.limit(count)}`,
    [yesterday],
  );
  return rows.map((row) => ({
    id: `order:${String(row['id'])}`,
    partner: row['partner'] as string,
    code: 'SHIP_DATE_MISSED',
    detail: `${String(row['po_number'])}: not all of it has left by ${String(row['ship_by'])}`,
    at: Date.parse(`${String(row['ship_by'])}T00:00:00Z`),
  }));
}

function toNeed(row: Row): Need {
  const about = row['about'] as string | null;
  const detail = (row['detail'] as string | null) ?? '';
  return {
    id: `${String(row['kind'])}${String(row['id'])}`,
    partner: (row['partner'] as string | null) ?? '',
    code: (row['code'] as string | null) ?? 'INTERNAL',
    detail: about && !detail.includes(about) ? `${about}: ${detail}` : detail,
    at: Number(row['ended'] ?? row['began']),
  };
}
