import type { Row, Tx } from './transaction.ts';

/** How many of what a partner has: what is open now, and what came and went since an instant. */
export type PartnerCounts = {
  readonly partner: string;
  readonly files: { readonly lately: number; readonly waiting: number; readonly parked: number };
  /** `rejected`: of those that came lately. */
  readonly documents: { readonly lately: number; readonly waiting: number; readonly parked: number; readonly rejected: number };
  /** `held`: with a hold that nobody has resolved. */
  readonly orders: { readonly open: number; readonly held: number };
  readonly outbox: {
    readonly waiting: number;
    readonly lately: number;
    readonly awaiting: number;
    readonly overdue: number;
    readonly rejected: number;
    readonly parked: number;
  };
};

/** Every one finds its rows by an index: what is finished may be millions. */
const open = {
  files: `select partner, status as state, count(*) as n from {inbound_file} where status in ('pending', 'working', 'parked') group by partner, status`,
  documents: `select partner, status as state, count(*) as n from {document} where status in ('pending', 'working', 'parked') group by partner, status`,
  orders: `select partner, 'open' as state, count(*) as n from {sales_order} where lifecycle in ('received', 'open', 'held') group by partner`,
  holds: `select o.partner, 'held' as state, count(distinct o.id) as n from {sales_order} o join {order_hold} h on h.order_id = o.id
    where h.resolved_at is null group by o.partner`,
  outbox: `select partner, status as state, count(*) as n from {outbox}
    where status in ('pending', 'working', 'rendered', 'sending', 'sent', 'overdue', 'rejected', 'parked') group by partner, status`,
} as const;
const lately = {
  newFiles: `select partner, 'new' as state, count(*) as n from {inbound_file} <by inbound_file_received> where received_at >= ? group by partner`,
  newDocuments: `select partner, case when status = 'done' and accepted = 0 then 'rejected' else 'new' end as state, count(*) as n from {document}
    where received_at >= ? and status not like 'staged-%' group by partner, case when status = 'done' and accepted = 0 then 'rejected' else 'new' end`,
  sent: `select partner, 'sent' as state, count(*) as n from {outbox} where sent_at >= ? group by partner`,
} as const;
type What = keyof typeof open | keyof typeof lately;
type Counts = ReadonlyMap<What, ReadonlyMap<string, ReadonlyMap<string, number>>>;

/** The counts of every partner that has any, by name; `since` in milliseconds since 1970. */
export async function countByPartner(tx: Tx, since: number): Promise<readonly PartnerCounts[]> {
  const counts = new Map<What, ReadonlyMap<string, ReadonlyMap<string, number>>>();
  for (const [what, sql] of Object.entries(open)) counts.set(what as What, byPartner(await tx.many(sql)));
  for (const [what, sql] of Object.entries(lately)) counts.set(what as What, byPartner(await tx.many(sql, [since])));
  const partners = new Set([...counts.values()].flatMap((each) => [...each.keys()]));
  return [...partners].toSorted().map((partner) => countsOf(partner, counts));
}

function countsOf(partner: string, counts: Counts): PartnerCounts {
  const count = (what: What, ...states: readonly string[]): number => {
    const found = counts.get(what)?.get(partner) ?? new Map<string, number>();
    return [...found].filter(([state]) => states.length === 0 || states.includes(state)).reduce((sum, [, n]) => sum + n, 0);
  };
  return {
    partner,
    files: { lately: count('newFiles'), waiting: count('files', 'pending', 'working'), parked: count('files', 'parked') },
    documents: {
      lately: count('newDocuments'),
      waiting: count('documents', 'pending', 'working'),
      parked: count('documents', 'parked'),
      rejected: count('newDocuments', 'rejected'),
    },
    orders: { open: count('orders'), held: count('holds') },
    outbox: {
      waiting: count('outbox', 'pending', 'working', 'rendered', 'sending'),
      lately: count('sent'),
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
