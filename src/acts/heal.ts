import type { Config, Partner } from '../config/types.ts';
import { enterLine } from '../orders/enter.ts';
import type { Line } from '../orders/model.ts';
import { note } from '../store/activity.ts';
import type { Hold } from '../store/holds.ts';
import { insertHold, openHoldsByCode, resolveHold } from '../store/holds.ts';
import type { StoredOrder } from '../store/orders.ts';
import { readOrder, touchOrder, updateLine, updateOrderDocument } from '../store/orders.ts';
import type { Database } from '../store/transaction.ts';
import { placeOrder } from '../pipeline/apply/known-places.ts';
import { lineFacts } from '../pipeline/apply/master-data.ts';
import type { Work } from '../pipeline/work.ts';

/** The troubles that end when items, units, prices or a partner's places become known. */
const CURABLE = ['SKU_UNKNOWN', 'UNIT_UNKNOWN', 'QUANTITY_INVALID', 'PRICE_MISMATCH', 'SHIP_TO_UNKNOWN'] as const;

/** How many holds are over, and the orders that go on. */
export type Healed = { readonly holds: number; readonly orders: readonly number[] };

export type HealContext = { readonly db: Database; readonly config: Config; readonly now: number };

/**
 * Looks again at every order that is held for something unknown. What is known now goes on by itself; `how` says in the timeline what cured it.
 * Each order is one transaction. With `only`, no other order is looked at.
 */
export async function heal(context: HealContext, how: string, only?: number): Promise<Healed> {
  const { db, config, now } = context;
  const held = (await db.read((tx) => openHoldsByCode(tx, CURABLE))).filter(({ orderId }) => only === undefined || orderId === only);
  const orders: number[] = [];
  let holds = 0;
  for (const orderId of new Set(held.map((hold) => hold.orderId))) {
    const cured = await db.transaction((tx) => healOrder({ tx, config, now }, orderId, how));
    if (cured > 0) orders.push(orderId);
    holds += cured;
  }
  return { holds, orders };
}

async function healOrder(work: Work, orderId: number, how: string): Promise<number> {
  const order = await readOrder(work.tx, orderId);
  const partner = order && work.config.partners.get(order.partner);
  if (!order || !partner) return 0;
  const holds = (await openHoldsByCode(work.tx, CURABLE)).filter((hold) => hold.orderId === orderId);
  const place = holds.find(({ code }) => code === 'SHIP_TO_UNKNOWN');
  const resolved = place && (await placeOrder(work.tx, partner, order.document));
  const document = resolved && resolved.trouble?.code !== 'SHIP_TO_UNKNOWN' ? resolved.order : undefined;
  // Its place is known now, and something else keeps the whole order.
  const next = document && resolved?.trouble;
  const lines = await reenter(work, order, partner, holds);
  if (!document && lines.length === 0) return 0;

  const open = (document !== undefined && !next) || order.lifecycle === 'open';
  const change = open ? { lifecycle: 'open' as const, decideAt: work.now } : {};
  // Somebody else has the order in hand: it is healed at the next call.
  if (!(await touchOrder(work.tx, order, change))) return 0;
  if (document) {
    await updateOrderDocument(work.tx, orderId, document);
    await end(work, order, place!, next ? `${how}: now ${next.code}` : how);
    if (next) await insertHold(work.tx, { orderId, lineId: undefined, ...next, documentId: order.documentId }, work.now);
  }
  let cured = document && !next ? 1 : 0;
  for (const each of lines) {
    await updateLine(work.tx, each.line);
    await end(work, order, each.hold, each.next ? `${how}: now ${each.next.code}` : how);
    if (each.next) await insertHold(work.tx, { orderId, lineId: each.line.id, ...each.next, documentId: order.documentId }, work.now);
    else cured += 1;
  }
  return cured;
}

type Reentered = {
  readonly hold: Hold;
  readonly line: Line;
  readonly next: { readonly code: string; readonly value: string; readonly detail: string } | undefined;
};

/** The held lines for which the master data gives another answer than when they were held. */
async function reenter(work: Work, order: StoredOrder, partner: Partner, holds: readonly Hold[]): Promise<readonly Reentered[]> {
  const changed: Reentered[] = [];
  for (const hold of holds) {
    const line = order.lines.find(({ id }) => id === hold.lineId);
    // A line of which something was already refused, cancelled or shipped is no longer what the document says.
    if (!line || line.buckets.pending !== line.base) continue;
    const source = order.document.lines.find(({ lineRef }, index) => lineRef === line.lineRef && index + 1 === line.lineNo);
    if (!source) continue;
    const entered = enterLine(source, line.lineNo, (await lineFacts(work.tx, partner.id, [source]))[0]!, partner.prices);
    if (entered.trouble?.code === hold.code && entered.line.sku === line.sku) continue;
    changed.push({ hold, line: { ...entered.line, id: line.id }, next: entered.trouble });
  }
  return changed;
}

async function end(work: Work, order: StoredOrder, hold: Hold, how: string): Promise<void> {
  await resolveHold(work.tx, hold.id, how.slice(0, 200), work.now);
  const text = `${hold.code} ${hold.value ?? ''} is over: ${how}`;
  await note(work.tx, { at: work.now, verb: 'release', partner: order.partner, orderId: order.id, text });
}
