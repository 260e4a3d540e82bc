import { outboundFor } from '../config/find-partner.ts';
import type { Partner } from '../config/types.ts';
import { note } from '../store/activity.ts';
import { ordersByNumber } from '../store/orders.ts';
import { tellOpenOrders, tellOrderStatus } from '../pipeline/reports/order-status.ts';
import { tellStock } from '../pipeline/reports/stock-status.ts';
import type { Work } from '../pipeline/work.ts';
import type { Acted, ActContext } from './replay.ts';

/** What somebody asked for: how all open orders of a partner stand, or one of them, or what can be had. */
export type Asked = { readonly what: 'orders' } | { readonly what: 'stock' } | { readonly what: 'order'; readonly poNumber: string };

/** Sends a partner a report that they asked for (870, 846), whatever the times are that their file names. */
export async function tell({ db, config, now, by }: ActContext, partnerId: string, asked: Asked): Promise<Acted> {
  const partner = config.partners.get(partnerId);
  if (!partner) return { done: false, text: `there is no partner ${partnerId}` };
  const kind = asked.what === 'stock' ? 'stock-report' : 'order-status';
  if (outboundFor(config, partner, kind).length === 0) return { done: false, text: `${partnerId} has no outbound mapping for ${kind}` };
  return db.transaction(async (tx) => {
    const work: Work = { tx, config, now };
    const about = { cause: 'asked', key: `${partnerId}:asked:${now}`, reference: String(now) } as const;
    const told = await send(work, partner, asked, about);
    if (typeof told === 'string') return { done: false, text: told };
    const text = `${partnerId} is told ${told.text}`;
    await note(tx, { at: now, verb: 'render', partner: partnerId, orderId: told.orderId, text: `${text}, by ${by}` });
    return { done: true, text };
  });
}

type Told = { readonly text: string; readonly orderId?: number };

async function send(work: Work, partner: Partner, asked: Asked, about: Parameters<typeof tellOrderStatus>[2]): Promise<Told | string> {
  if (asked.what === 'stock') {
    const count = await tellStock(work, partner, about);
    return count > 0 ? { text: `what can be had of ${count} items` } : `no item is listed for ${partner.id}`;
  }
  if (asked.what === 'orders') {
    const count = await tellOpenOrders(work, partner, about);
    return count > 0 ? { text: `how ${count} open orders stand` } : `${partner.id} has no open orders`;
  }
  const order = (await ordersByNumber(work.tx, asked.poNumber)).find((each) => each.partner === partner.id);
  if (!order) return `${partner.id} has no order ${asked.poNumber}`;
  await tellOrderStatus(work, order.id, about);
  return { text: `how ${order.document.poNumber} stands`, orderId: order.id };
}
