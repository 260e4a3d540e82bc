import type { Row, Tx } from './transaction.ts';

/** How many of what a partner has, now. */
export type PartnerCounts = {
  readonly partner: string;
  readonly files: { readonly received: number; readonly waiting: number; readonly parked: number };
  readonly documents: { readonly received: number; readonly waiting: number; readonly parked: number; readonly rejected: number };
  /** `held`: with a hold that nobody has resolved. */
  readonly orders: { readonly open: number; readonly held: number };
  readonly outbox: {
    readonly waiting: number;
    readonly sent: number;
    readonly awaiting: number;
    readonly overdue: number;
    readonly rejected: number;
    readonly parked: number;
  };
};

const queries = {
  files: `select partner, status as state, count(*) as n from {inbound_file} where status <> 'receiving' group by partner, status`,
  documents: `select partner, case when status = 'done' and accepted = 0 then 'rejected' else status end as state, count(*) as n from {document}
    where status not like 'staged-%' group by partner, case when status = 'done' and accepted = 0 then 'rejected' else status end`,
  orders: `select partner, lifecycle as state, count(*) as n from {sales_order} group by partner, lifecycle`,
  holds: `select o.partner, 'held' as state, count(distinct o.id) as n from {sales_order} o join {order_hold} h on h.order_id = o.id
    where h.resolved_at is null group by o.partner`,
  outbox: `select partner, status as state, count(*) as n from {outbox} group by partner, status`,
} as const;
type Counts = Record<keyof typeof queries, ReadonlyMap<string, ReadonlyMap<string, number>>>;

/** The counts of every partner that has any, by name. */
export async function countByPartner(tx: Tx): Promise<readonly PartnerCounts[]> {
  const counts = {} as Counts;
  for (const key of Object.keys(queries) as (keyof typeof queries)[]) counts[key] = byPartner(await tx.many(queries[key]));
  const partners = new Set(Object.values(counts).flatMap((each) => [...each.keys()]));
  return [...partners].toSorted().map((partner) => countsOf(partner, counts));
}

function countsOf(partner: string, counts: Counts): PartnerCounts {
  const count = (what: keyof typeof queries, ...states: readonly string[]): number => {
    const found = counts[what].get(partner) ?? new Map<string, number>();
    return [...found].filter(([state]) => states.length === 0 || states.includes(state)).reduce((sum, [, n]) => sum + n, 0);
  };
  return {
    partner,
    files: { received: count('files'), waiting: count('files', 'pending', 'working'), parked: count('files', 'parked') },
    documents: {
      received: count('documents'),
      waiting: count('documents', 'pending', 'working'),
      parked: count('documents', 'parked'),
      rejected: count('documents', 'rejected'),
    },
    orders: { open: count('orders', 'received', 'open', 'held'), held: count('holds') },
    outbox: {
      waiting: count('outbox', 'pending', 'working', 'rendered', 'sending'),
      sent: count('outbox', 'done', 'acknowledged', 'sent', 'overdue', 'rejected'),
      awaiting: count('outbox', 'sent'),
      overdue: count('outbox', 'overdue'),
      rejected: count('outbox', 'rejected'),
      parked: count('outbox', 'parked'),
    },
  };
}

function byPartner(rows: readonly Row[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const groups = Map.groupBy(rows, (row) => (row['partner'] as string | null) ?? '');
  return new Map([...groups].map(([partner, list]) => [partner, new Map(list.map((row) => [row['state'] as string, Number(row['n'])]))]));
}
