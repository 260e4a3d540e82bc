import type { RoutedLoad } from '../canonical/routing.ts';
import { poKey } from '../orders/identifiers.ts';
import type { Row, Tx } from './transaction.ts';

/** What a buyer was asked about an order's goods at a location, what they said, and whether the location was told. */
export type StoredRequest = {
  readonly id: number;
  readonly orderId: number;
  readonly location: string;
  readonly reference: string;
  readonly dueAt: number;
  readonly answer: RoutedLoad | undefined;
  readonly used: boolean;
};

/** The requests about an order's goods at a location, the first first. What came of those that were used has been released. */
export async function requestsFor(tx: Tx, orderId: number, location: string): Promise<readonly StoredRequest[]> {
  const rows = await tx.many('select * from {routing_request} where order_id = ? and location = ? order by id', [orderId, location]);
  return rows.map(toRequest);
}

/** Notes that what a buyer said was passed on to the location: what is to ship later is asked about anew. */
export async function useRequests(tx: Tx, orderId: number, location: string, now: number): Promise<void> {
  const sql = 'update {routing_request} set used_at = ? where order_id = ? and location = ? and answered_at is not null and used_at is null';
  await tx.run(sql, [now, orderId, location]);
}

/** The requests of a partner that an answer names: the one of that number, or those about a purchase order. */
export async function requestsNamed(
  tx: Tx,
  partner: string,
  named: { readonly reference?: string | undefined; readonly poNumber?: string | undefined },
): Promise<readonly StoredRequest[]> {
  const rows = await tx.many(
    `select r.* from {routing_request} r join {sales_order} o on o.id = r.order_id where o.partner = ? and (r.reference = ? or o.po_number = ?) order by r.id`,
    [partner, named.reference ?? '', poKey(named.poNumber ?? '')],
  );
  const found = rows.map(toRequest);
  return found.some(({ reference }) => reference === named.reference) ? found.filter(({ reference }) => reference === named.reference) : found;
}

/** Remembers what a buyer is asked. */
export function insertRequest(tx: Tx, request: Omit<StoredRequest, 'id' | 'answer' | 'used'>, now: number): Promise<number> {
  const { orderId, location, reference, dueAt } = request;
  return tx.insert('routing_request', { order_id: orderId, location, reference, requested_at: now, due_at: dueAt });
}

/** Remembers what a buyer said. */
export async function answerRequest(tx: Tx, id: number, answer: RoutedLoad, about: { readonly documentId: number; readonly now: number }): Promise<void> {
  const values = [JSON.stringify(answer), about.documentId, about.now, id];
  await tx.run('update {routing_request} set answer = ?, document_id = ?, answered_at = ? where id = ?', values);
}

function toRequest(row: Row): StoredRequest {
  return {
    id: row['id'] as number,
    orderId: row['order_id'] as number,
    location: row['location'] as string,
    reference: row['reference'] as string,
    dueAt: Number(row['due_at']),
    answer: row['answer'] === null ? undefined : (JSON.parse(row['answer'] as string) as RoutedLoad),
    used: row['used_at'] !== null,
  };
}
