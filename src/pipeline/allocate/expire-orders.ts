import { expire } from '../../orders/change.ts';
import { toChangeLine } from '../../orders/change-lines.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { readOrder } from '../../store/orders.ts';
import { store } from '../apply/change.ts';
import { carryOutAll } from '../apply/carry-change.ts';
import type { PipelineContext } from '../context.ts';
import { holdingOf } from '../apply/held.ts';
import { freeAccumulated, isAccumulating } from './free-accumulated.ts';
import { accumulatesUntil, expiryOf } from './next-look.ts';
import type { Work } from '../work.ts';
import { dayIn, partnerOf } from '../work.ts';

/**
 * Cancels what has not shipped of orders whose last day is over, each in a transaction of its own: stock goes back, and locations that were told to ship
 * are asked not to. Those that have held stock for long enough, for the rest to come, give it back. Gives the orders that are to be decided about, as they are then.
 */
export async function expireOrders(context: PipelineContext, orders: readonly StoredOrder[]): Promise<readonly StoredOrder[]> {
  const { db } = context;
  const found: StoredOrder[] = [];
  for (const order of orders) {
    const partner = partnerOf(context.config(), order.partner);
    const isOver = (at: number | undefined): boolean => at !== undefined && at <= context.now();
    const expired = isOver(expiryOf(partner, order));
    if (!expired && !(isAccumulating(order) && isOver(accumulatesUntil(partner, order)))) found.push(order);
    else {
      const end = expired ? expireOrder : freeAccumulated;
      await db.transaction((tx) => end({ tx, config: context.config(), now: context.now() }, order.id));
      const fresh = await db.read((tx) => readOrder(tx, order.id));
      if (fresh) found.push(fresh);
    }
  }
  return found;
}

async function expireOrder(work: Work, orderId: number): Promise<void> {
  const order = (await readOrder(work.tx, orderId))!;
  const holding = await holdingOf(work.tx, orderId);
  const decided = expire(order, holding.held, dayIn(partnerOf(work.config, order.partner).timezone, work.now));
  const decisions = decided.filter(({ cuts, ask }) => cuts.length + ask.length > 0);
  if (decisions.length === 0) return;
  const carried = await carryOutAll(work, order, holding, decisions, `expiry:${orderId}:${order.version}`);
  const lines = decisions.map((decision) => ({
    ...toChangeLine(decision),
    because: 'expired' as const,
    ids: order.lines.find(({ id }) => id === decision.lineId)?.ids,
  }));
  const plan = { decisions, lines, prices: new Map(), added: [], document: order.document };
  await store(work, order, plan, carried, { initiative: 'seller', contentHash: `expired:${order.version}` });
}
