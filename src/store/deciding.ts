import type { Lifecycle } from '../orders/model.ts';
import type { StoredOrder } from './orders.ts';
import type { Tx } from './transaction.ts';
import { updateFrom } from './values.ts';

/**
 * Takes orders for deciding about them, as `touchOrder` takes one. False when one of them was changed since it was read, and the caller must undo its
 * transaction. Until `endDecisions` nobody is to look at them again.
 */
export async function touchOrders(tx: Tx, orders: readonly { readonly order: StoredOrder; readonly lifecycle: Lifecycle }[]): Promise<boolean> {
  const rows = orders.map(({ order, lifecycle }) => ({ touched: order.id, seen: order.version, becomes: lifecycle }));
  const changed = await updateFrom(tx, 'sales_order', rows, {
    set: 'version = version + 1, lifecycle = given.becomes, decide_at = null',
    where: 'id = given.touched and version = given.seen',
  });
  return changed === orders.length;
}

/** When the allocator is to look at an order again, and when its buyer got the first answer; undefined: not yet. */
export type DecisionEnd = { readonly orderId: number; readonly lookAt: number | undefined; readonly respondedAt: number | undefined };

/** Ends what `touchOrders` began. An answer that was given before stays. */
export async function endDecisions(tx: Tx, ends: readonly DecisionEnd[]): Promise<void> {
  const told = ends.filter(({ lookAt, respondedAt }) => lookAt !== undefined || respondedAt !== undefined);
  const rows = told.map(({ orderId, lookAt, respondedAt }) => ({ ended: orderId, look_at: lookAt ?? null, answered_at: respondedAt ?? null }));
  await updateFrom(tx, 'sales_order', rows, {
    set: 'decide_at = given.look_at, responded_at = coalesce(given.answered_at, responded_at)',
    where: 'id = given.ended',
  });
}
