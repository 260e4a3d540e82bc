import type { Row, Tx } from './transaction.ts';

/** What a partner's acknowledgment says of a document of ours. */
export type AckStatus = 'accepted' | 'accepted-with-errors' | 'rejected';

/** A document that was sent, as its acknowledgment finds it. */
export type SentDocument = {
  readonly id: number;
  readonly partner: string;
  readonly kind: string;
  readonly setId: string | undefined;
  readonly setControl: string | undefined;
  readonly businessKey: string | undefined;
  readonly orderId: number | undefined;
  readonly status: string;
  readonly ackStatus: string | undefined;
};

/** Documents sent to a partner in a functional group; control numbers are compared as numbers, since partners drop leading zeros. */
export async function findSentGroup(tx: Tx, partner: string, groupType: string, groupControl: string): Promise<readonly SentDocument[]> {
  const rows = await tx.many('select * from {outbox} where partner = ? and group_control = ? and group_type = ? order by id', [
    partner,
    plainNumber(groupControl),
    groupType,
  ]);
  return rows.map(toSent);
}

/** Documents sent to a partner in an interchange. */
export async function findSentInterchange(tx: Tx, partner: string, control: string): Promise<readonly SentDocument[]> {
  const rows = await tx.many('select * from {outbox} where partner = ? and interchange_control = ? order by id', [partner, plainNumber(control)]);
  return rows.map(toSent);
}

/** Documents sent to a partner by the control numbers of their group and set, as an 824 names them. */
export async function findSentSet(
  tx: Tx,
  partner: string,
  named: { readonly groupControl: string; readonly setControl: string | undefined; readonly setId: string | undefined },
): Promise<readonly SentDocument[]> {
  const rows = await tx.many('select * from {outbox} where partner = ? and group_control = ? order by id', [partner, plainNumber(named.groupControl)]);
  const fits = ({ setId, setControl }: SentDocument): boolean =>
    (named.setId === undefined || setId === named.setId) && (named.setControl === undefined || plainNumber(setControl ?? '') === plainNumber(named.setControl));
  return rows.map(toSent).filter(fits);
}

/** The last document sent to a partner that goes by this number: of an invoice, a shipment of ours (`S00000012`), or an order. */
export async function findSentReference(tx: Tx, partner: string, reference: string, setId: string | undefined): Promise<readonly SentDocument[]> {
  const invoice = await tx.one('select id, order_id from {invoice} where number = ?', [reference]);
  const shipmentId = Number(/^S0*(\d{1,15})$/.exec(reference)?.[1] ?? 0);
  const shipment = shipmentId > 0 ? await tx.one('select id, order_id from {shipment} where id = ?', [shipmentId]) : undefined;
  const causes = [...(invoice ? [{ row: invoice, kinds: ['invoice', 'credit'] }] : []), ...(shipment ? [{ row: shipment, kinds: ['shipment'] }] : [])];
  for (const { row, kinds } of causes) {
    for (const kind of kinds) {
      const found = await tx.one(
        `select * from {outbox} where order_id = ? and partner = ? and unique_key like ? and sent_at is not null order by id desc ${tx.limit(1)}`,
        [row['order_id'] as number, partner, `${kind}:${String(row['id'])}:%`],
      );
      if (found) return [toSent(found)];
    }
  }
  if (setId === undefined) return [];
  const row = await tx.one(
    `select * from {outbox} where business_key = ? and partner = ? and set_id = ? and sent_at is not null order by id desc ${tx.limit(1)}`,
    [reference, partner, setId],
  );
  return row ? [toSent(row)] : [];
}

/** Records what the partner says of a document; the last word counts. The document is settled, well or badly. */
export async function settle(tx: Tx, id: number, status: AckStatus, detail: string, now: number): Promise<void> {
  await tx.run('update {outbox} set ack_status = ?, ack_detail = ?, settled_at = ?, status = ? where id = ?', [
    status,
    detail,
    now,
    status === 'rejected' ? 'rejected' : 'acknowledged',
    id,
  ]);
}

/** Sent documents whose acknowledgment is late, the longest waiting first. */
export async function overdueDocuments(tx: Tx, now: number, count: number): Promise<readonly SentDocument[]> {
  const rows = await tx.many(`select * from {outbox} where status = 'sent' and ack_due_at > 0 and ack_due_at <= ? order by ack_due_at ${tx.limit(count)}`, [
    now,
  ]);
  return rows.map(toSent);
}

/** How many documents are on their way or wait for the partner's acknowledgment. */
export async function unsettledDocuments(tx: Tx): Promise<number> {
  const row = await tx.one(
    `select count(*) as n from {outbox} where status in ('pending', 'working', 'rendered', 'sending') or (status in ('sent', 'overdue') and ack_due_at > 0)`,
  );
  return Number(row?.['n'] ?? 0);
}

/** Marks a document whose acknowledgment did not come in time. It can still come. */
export async function markOverdue(tx: Tx, id: number): Promise<void> {
  await tx.run(`update {outbox} set status = 'overdue' where id = ? and status = 'sent'`, [id]);
}

/** A control number without its leading zeros, the form in which ours are stored. */
export function plainNumber(control: string): string {
  return control.replace(/^0+(?=.)/, '');
}

function toSent(row: Row): SentDocument {
  const optional = (column: string) => (row[column] as string | null) ?? undefined;
  return {
    id: row['id'] as number,
    partner: row['partner'] as string,
    kind: row['kind'] as string,
    setId: optional('set_id'),
    setControl: optional('set_control'),
    businessKey: optional('business_key'),
    orderId: (row['order_id'] as number | null) ?? undefined,
    status: row['status'] as string,
    ackStatus: optional('ack_status'),
  };
}
