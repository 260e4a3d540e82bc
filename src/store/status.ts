import { type Lease, listLeases } from './leases.ts';
import type { Row, Tx } from './transaction.ts';

/** How the gateway stands. Rows that are finished are not counted: there may be millions. */
export type Status = {
  /** Rows that are not finished, by queue and status, with the age of the oldest in milliseconds. */
  readonly queues: readonly { readonly queue: QueueName; readonly status: string; readonly count: number; readonly oldestMs: number }[];
  /** What waits for a person, the latest first. */
  readonly parked: readonly Parked[];
  readonly parkedCount: number;
  /** Orders or lines that are held, by code. */
  readonly holds: readonly { readonly code: string; readonly count: number }[];
  /** Documents whose acknowledgment is late. */
  readonly overdue: readonly {
    readonly id: number;
    readonly partner: string;
    readonly kind: string;
    readonly businessKey: string | undefined;
    readonly dueAt: number;
  }[];
  /** Unfinished work by partner. */
  readonly partners: readonly { readonly partner: string; readonly inbound: number; readonly outbound: number; readonly parked: number }[];
  readonly leases: readonly Lease[];
};
export type QueueName = 'files' | 'documents' | 'outbox';
export type Parked = {
  readonly queue: QueueName;
  readonly id: number;
  readonly partner: string | undefined;
  /** The file's name or the business key. */
  readonly name: string | undefined;
  readonly reason: string | undefined;
  readonly detail: string | undefined;
  readonly at: number;
};

const tables = [
  { queue: 'files', table: 'inbound_file', since: 'received_at', name: 'name', open: ['receiving', 'pending', 'working', 'parked'] },
  { queue: 'documents', table: 'document', since: 'received_at', name: 'business_key', open: ['pending', 'working', 'parked'] },
  {
    queue: 'outbox',
    table: 'outbox',
    since: 'created_at',
    name: 'business_key',
    open: ['pending', 'working', 'rendered', 'sending', 'sent', 'overdue', 'rejected', 'parked'],
  },
] as const;

/** The status at `now`, with at most `most` of the rows that wait for a person. */
export async function readStatus(tx: Tx, now: number, most = 50): Promise<Status> {
  const queues: Status['queues'][number][] = [];
  const parked: Parked[] = [];
  const partners = new Map<string, { inbound: number; outbound: number; parked: number }>();
  for (const { queue, table, since, name, open } of tables) {
    const marks = open.map(() => '?').join(', ');
    const groups = await tx.many(
      `select status, partner, count(*) as n, min(${since}) as oldest from {${table}} where status in (${marks}) group by status, partner order by status, partner`,
      open,
    );
    queues.push(...byStatus(queue, groups, now));
    for (const group of groups) countPartner(partners, queue, group);
    const rows = await tx.many(
      `select id, partner, ${name} as name, reason, detail, ${since} as at from {${table}} where status = 'parked' order by id desc ${tx.limit(most)}`,
    );
    parked.push(...rows.map((row) => toParked(queue, row)));
  }
  const holds = await tx.many('select code, count(*) as n from {order_hold} where resolved_at is null group by code order by code');
  const overdue = await tx.many(
    `select id, partner, kind, business_key, ack_due_at from {outbox} where status = 'overdue' order by ack_due_at ${tx.limit(most)}`,
  );
  return {
    queues,
    parked: parked.toSorted((a, b) => b.at - a.at).slice(0, most),
    parkedCount: queues.filter(({ status }) => status === 'parked').reduce((sum, { count }) => sum + count, 0),
    holds: holds.map((row) => ({ code: row['code'] as string, count: Number(row['n']) })),
    overdue: overdue.map(toOverdue),
    partners: [...partners].map(([partner, counts]) => ({ partner, ...counts })).toSorted((a, b) => (a.partner < b.partner ? -1 : 1)),
    leases: (await listLeases(tx)).filter(({ expiresAt }) => expiresAt >= now),
  };
}

function byStatus(queue: QueueName, groups: readonly Row[], now: number): Status['queues'] {
  return [...Map.groupBy(groups, (group) => group['status'] as string)].map(([status, list]) => ({
    queue,
    status,
    count: list.reduce((sum, group) => sum + Number(group['n']), 0),
    oldestMs: Math.max(0, now - Math.min(...list.map((group) => Number(group['oldest'])))),
  }));
}

function countPartner(partners: Map<string, { inbound: number; outbound: number; parked: number }>, queue: QueueName, group: Row): void {
  const partner = (group['partner'] as string | null) ?? '';
  const counts = partners.get(partner) ?? { inbound: 0, outbound: 0, parked: 0 };
  partners.set(partner, counts);
  const status = group['status'] as string;
  if (['sent', 'overdue', 'rejected'].includes(status)) return;
  counts[status === 'parked' ? 'parked' : queue === 'outbox' ? 'outbound' : 'inbound'] += Number(group['n']);
}

function toParked(queue: QueueName, row: Row): Parked {
  const text = (column: string) => (row[column] as string | null) ?? undefined;
  return {
    queue,
    id: row['id'] as number,
    partner: text('partner'),
    name: text('name'),
    reason: text('reason'),
    detail: text('detail'),
    at: row['at'] as number,
  };
}

function toOverdue(row: Row): Status['overdue'][number] {
  const { id, partner, kind, business_key: key, ack_due_at: dueAt } = row;
  return { id: id as number, partner: partner as string, kind: kind as string, businessKey: (key as string | null) ?? undefined, dueAt: dueAt as number };
}
