import type { Decimal } from '../decimal.ts';
import { fromColumn } from '../decimal.ts';
import type { Row, SqlValue, Tx } from './transaction.ts';

/** What `wharf metrics` counts of one order. Instants are milliseconds since 1970, quantities base units. */
export type OrderFacts = {
  readonly id: number;
  readonly partner: string;
  readonly lifecycle: string;
  readonly receivedAt: number;
  readonly answeredAt: number | undefined;
  readonly shippedAt: number | undefined;
  /** The last day on which something left. */
  readonly shippedDate: string | undefined;
  /** What a person had to do with: holds, documents that stopped, work done by hand. */
  readonly touches: number;
  readonly lines: number;
  /** Lines of which all that the buyer still wanted has shipped. */
  readonly fullLines: number;
  readonly wanted: Decimal;
  readonly shipped: Decimal;
  readonly overshipped: Decimal;
  readonly returned: Decimal;
  /** When its buyer must have an answer; undefined when there is none to give. */
  readonly answerBy: number | undefined;
  /** The last day on which it may ship. */
  readonly shipBy: string | undefined;
};

const PAGE = 500;

/** Orders received since an instant, a page at a time: those after the id `after`. */
export async function orderFacts(tx: Tx, since: number, after: number, partner?: string): Promise<readonly OrderFacts[]> {
  const { sql, values } = only(partner);
  const rows = await tx.many(`select * from {order_facts} where received_at >= ? and id > ?${sql} order by id ${tx.limit(PAGE)}`, [since, after, ...values]);
  return rows.map(toFacts);
}

/** Shipments booked since an instant: by when their notice had to leave, and when it left. */
export async function noticeTimes(tx: Tx, since: number, partner?: string): Promise<readonly { readonly due: number; readonly toldAt: number | undefined }[]> {
  const { sql, values } = only(partner);
  const rows = await tx.many(`select notice_by, told_at from {shipment_facts} where created_at >= ? and notices > 0${sql}`, [since, ...values]);
  return rows.map((row) => ({ due: row['notice_by'] as number, toldAt: (row['told_at'] as number | null) ?? undefined }));
}

/** Units of orders received since an instant that were not filled, by reason, the most first. */
export async function unfilledByReason(
  tx: Tx,
  since: number,
  partner?: string,
): Promise<readonly { readonly reason: string; readonly lines: number; readonly units: Decimal }[]> {
  const { sql, values } = only(partner);
  const rows = await tx.many(
    `select reason, count(*) as n, sum(unfilled) as unfilled from {unfilled_demand} where received_at >= ?${sql} group by reason order by sum(unfilled) desc, reason`,
    [since, ...values],
  );
  return rows.map((row) => ({ reason: row['reason'] as string, lines: Number(row['n']), units: fromColumn(row['unfilled']) }));
}

/** Money that partners kept back since an instant, by currency. */
export async function deductedSince(
  tx: Tx,
  since: number,
  partner?: string,
): Promise<readonly { readonly currency: string; readonly count: number; readonly amount: Decimal }[]> {
  const { sql, values } = only(partner);
  const rows = await tx.many(
    `select coalesce(currency, '') as currency, count(*) as n, sum(amount) as amount from {deduction} where at >= ?${sql} group by coalesce(currency, '') order by 1`,
    [since, ...values],
  );
  return rows.map((row) => ({ currency: row['currency'] as string, count: Number(row['n']), amount: fromColumn(row['amount']) }));
}

function only(partner: string | undefined): { readonly sql: string; readonly values: readonly SqlValue[] } {
  return partner === undefined ? { sql: '', values: [] } : { sql: ' and partner = ?', values: [partner] };
}

function toFacts(row: Row): OrderFacts {
  const instant = (column: string) => (row[column] as number | null) ?? undefined;
  return {
    id: row['id'] as number,
    partner: row['partner'] as string,
    lifecycle: row['lifecycle'] as string,
    receivedAt: row['received_at'] as number,
    answeredAt: instant('answered_at'),
    shippedAt: instant('shipped_at'),
    shippedDate: (row['shipped_date'] as string | null) ?? undefined,
    touches: Number(row['holds']) + Number(row['hands']) + Number(row['stopped']),
    lines: Number(row['line_count']),
    fullLines: Number(row['full_lines']),
    wanted: fromColumn(row['wanted']),
    shipped: fromColumn(row['shipped']),
    overshipped: fromColumn(row['overshipped']),
    returned: fromColumn(row['returned']),
    answerBy: instant('answer_by'),
    shipBy: (row['ship_by'] as string | null) ?? undefined,
  };
}
