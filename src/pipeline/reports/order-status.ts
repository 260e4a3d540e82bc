import type { OrderStanding, OrderStatus } from '../../canonical/order-status.ts';
import type { Partner } from '../../config/types.ts';
import { standingOf } from '../../orders/standing.ts';
import { localTime } from '../../orders/windows.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { openOrdersOf, readOrder } from '../../store/orders.ts';
import { promisesOf } from '../../store/supply.ts';
import { announce } from '../announce.ts';
import type { Work } from '../work.ts';
import { partnerOf } from '../work.ts';

/** An 870 holds at most 1000 levels: orders and their lines. */
const MOST_LEVELS = 1000;

/** Why a status is told: `key` names that once and for all. */
export type StatusCause = { readonly cause: OrderStatus['cause']; readonly key: string; readonly reference: string; readonly documentId?: number | undefined };

/** Tells a partner how one order stands, in every form that they take. Gives how many. */
export async function tellOrderStatus(work: Work, orderId: number, cause: StatusCause): Promise<number> {
  const order = await readOrder(work.tx, orderId);
  if (!order) return 0;
  const partner = partnerOf(work.config, order.partner);
  const document = statusOf(work, partner, cause, [await readStanding(work, order)]);
  const about = { key: `order-status:${cause.key}`, orderId, causeDocumentId: cause.documentId, orderType: order.document.poType };
  return announce(work, partner, document, about);
}

/** Tells a partner how all of their open orders stand; in several documents where they are many. Gives how many orders there are. */
export async function tellOpenOrders(work: Work, partner: Partner, cause: StatusCause): Promise<number> {
  const open = await openOrdersOf(work.tx, partner.id);
  let chunk: OrderStanding[] = [];
  let levels = 0;
  let part = 0;
  const send = async (): Promise<void> => {
    if (chunk.length === 0) return;
    part += 1;
    const reference = `${cause.reference}-${part}`;
    await announce(work, partner, statusOf(work, partner, { ...cause, reference }, chunk), { key: `order-status:${cause.key}:${part}` });
    chunk = [];
    levels = 0;
  };
  for (const id of open) {
    const standing = await readStanding(work, (await readOrder(work.tx, id))!);
    if (levels + 1 + standing.lines.length > MOST_LEVELS) await send();
    chunk.push(standing);
    levels += 1 + standing.lines.length;
  }
  await send();
  return open.length;
}

async function readStanding({ tx }: Work, order: StoredOrder): Promise<OrderStanding> {
  const promises = Map.groupBy(await promisesOf(tx, order.id), ({ lineId }) => lineId);
  return standingOf(order, promises, String(order.id));
}

function statusOf(work: Work, partner: Partner, { cause, reference }: StatusCause, orders: readonly OrderStanding[]): OrderStatus {
  const { date, time } = localTime(work.now, partner.timezone);
  const { vendorNumber } = partner;
  return { kind: 'order-status', cause, reference, date, time, ...(vendorNumber !== undefined && { vendorNumber }), orders: [...orders] };
}
