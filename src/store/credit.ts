import { recall } from './recall.ts';
import type { Tx } from './transaction.ts';

export type CreditStatus = 'ok' | 'hold';

/** What the credit feed says last of a partner; undefined when it never spoke of it. */
async function readCredit(tx: Tx, partner: string): Promise<CreditStatus | undefined> {
  return (await tx.one('select status from {credit_status} where partner = ?', [partner]))?.['status'] as CreditStatus | undefined;
}

/** The same, read once in a transaction that works on several orders. */
export async function recallCredit(tx: Tx, partner: string): Promise<CreditStatus | undefined> {
  const found = await recall(tx, 'credit', [partner], async () => {
    const status = await readCredit(tx, partner);
    return new Map(status === undefined ? [] : [[partner, status]]);
  });
  return found.get(partner);
}

/** Notes what the credit feed says of a partner. */
export async function saveCredit(tx: Tx, partner: string, status: CreditStatus, now: number): Promise<'created' | 'updated' | 'unchanged'> {
  const known = await readCredit(tx, partner);
  if (known === status) return 'unchanged';
  if (known === undefined) await tx.insertMany('credit_status', [{ partner, status, at: now }]);
  else await tx.run('update {credit_status} set status = ?, at = ? where partner = ?', [status, now, partner]);
  return known === undefined ? 'created' : 'updated';
}

/** Has the allocator look again at the orders of a partner that wait for credit. Gives how many. */
export async function wakeForCredit(tx: Tx, partner: string, now: number): Promise<number> {
  return tx.run(
    `update {sales_order} set decide_at = ?, version = version + 1 where partner = ?
      and id in (select order_id from {order_hold} where code = 'CREDIT_HOLD' and resolved_at is null)`,
    [now, partner],
  );
}
