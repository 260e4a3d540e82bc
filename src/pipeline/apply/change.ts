import type { Order } from '../../canonical/order.ts';
import type { OrderChange } from '../../canonical/order-change.ts';
import type { Partner } from '../../config/types.ts';
import { WharfError } from '../../errors.ts';
import type { ChangeLine } from '../../orders/change-lines.ts';
import { plainLine } from '../../orders/change-lines.ts';
import { windowTrouble } from '../../orders/enter.ts';
import { withShipDays } from '../../orders/dates.ts';
import type { Line } from '../../orders/model.ts';
import { note } from '../../store/activity.ts';
import { changesOf, insertChange, markChangeAnswered } from '../../store/changes.ts';
import { changeBefore } from '../../store/documents.ts';
import { fulfilmentOrdersOf } from '../../store/fulfilment.ts';
import { insertHold, openHolds, resolveHold } from '../../store/holds.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { findOrder, insertLine, markResponded, touchOrder, updateLine, updateOrderDocument, wakeOrdersWaitingFor } from '../../store/orders.ts';
import { sendAgain } from '../../store/outbox.ts';
import { tellDates } from './ask-location.ts';
import { carryOutAll } from './carry-change.ts';
import type { Carried } from './carry-change.ts';
import { holdingOf, outstanding } from './held.ts';
import { DATES, planChange, withQuantities } from './plan-change.ts';
import type { ChangePlan } from './plan-change.ts';
import { lifecycleOf } from './settle-order.ts';
import { changeKey, documentKey, orderKey } from './waits.ts';
import type { Applied, Work } from '../work.ts';
import { hashOf, partnerOf } from '../work.ts';

/**
 * Carries a change of an order out, as far as nobody has to be asked, once: the same again gets the stored answer again. One that comes before its order
 * waits for it, and one that comes while another is not answered waits for that.
 */
export async function applyChange(work: Work, partner: Partner, documentId: number, received: OrderChange): Promise<Applied> {
  const { poNumber } = received;
  const change = withShipDays(received, partner.lots.transitDays);
  const order = await findOrder(work.tx, partner.id, poNumber, change.releaseNumber);
  if (!order) {
    const detail = `order ${poNumber}, which is to be changed, is not here`;
    return { status: 'parked', reason: 'ORDER_UNKNOWN', detail, waitsFor: orderKey(partner.id, poNumber) };
  }
  const orderId = order.id;
  const before = await changeBefore(work.tx, partner.id, poNumber, documentId);
  if (before !== undefined) {
    const detail = `document:${before}, which came before, is a change of ${poNumber} too`;
    return { status: 'parked', reason: 'CHANGE_WAITING', detail, waitsFor: documentKey(before), orderId };
  }
  const contentHash = hashOf(received);
  const changes = await changesOf(work.tx, orderId);
  const earlier = changes.filter(({ initiative }) => initiative === 'buyer');
  const same = earlier.find((each) => each.contentHash === contentHash);
  if (same) {
    const count = await sendAgain(work.tx, `change:${same.id}:`);
    return { status: 'done', reason: 'DUPLICATE', detail: `this change of ${poNumber} was applied before; ${count} stored answers sent again`, orderId };
  }
  const numbered = change.sequence === undefined ? undefined : earlier.find(({ sequence }) => sequence === change.sequence);
  if (numbered) {
    return { status: 'parked', reason: 'CHANGE_CONFLICT', detail: `change ${change.sequence} of ${poNumber} was received before with other content`, orderId };
  }
  if (changes.some(({ answeredAt }) => answeredAt === undefined)) {
    const detail = `an earlier change of ${poNumber} is not answered yet`;
    return { status: 'parked', reason: 'CHANGE_WAITING', detail, waitsFor: changeKey(orderId), orderId };
  }
  const holding = await holdingOf(work.tx, orderId);
  const plan = await planChange(work, partner, order, holding.held, change);
  const dated = { ...order, document: plan.document };
  const carried = await carryOutAll(work, dated, holding, plan.decisions, `change:${documentId}`);
  if (DATES.some((name) => order.document[name] !== plan.document[name])) {
    for (const each of await fulfilmentOrdersOf(work.tx, orderId)) {
      if (each.lines.some((line) => outstanding(line) > 0n && line.ask === 0n) && !carried.asked) await tellDates(work, dated, each);
    }
  }
  await store(work, order, plan, carried, { documentId, initiative: 'buyer', change, contentHash });
  return { status: 'done', orderId };
}

/** An order that replaces or cancels the one with its number, as the change that it is. */
export function asChange(order: Order): OrderChange {
  const { poNumber, releaseNumber, orderDate } = order;
  const dates = DATES.map((name) => [name, order[name]] as const);
  return {
    kind: 'order-change',
    purpose: order.purpose === 'cancel' ? 'cancel' : 'replace',
    poNumber,
    ...(releaseNumber !== undefined && { releaseNumber }),
    changeDate: orderDate,
    ...Object.fromEntries(dates.filter(([, value]) => value !== undefined)),
    lines: order.lines.map(({ lineRef, ids, quantity, unit, price, description, requestedShip: ship }) => ({
      lineRef,
      action: 'change',
      ids,
      quantity,
      unit,
      ...(price !== undefined && { price }),
      ...(description !== undefined && { description }),
      ...(ship !== undefined && { requestedShip: ship }),
    })),
  };
}

export type Cause = {
  readonly documentId?: number;
  readonly initiative: 'buyer' | 'seller';
  readonly change?: OrderChange;
  readonly contentHash: string;
};

/** Stores what a change made of an order, and has the allocator decide about the rest and answer. */
export async function store(work: Work, order: StoredOrder, plan: ChangePlan, carried: Carried, cause: Cause): Promise<void> {
  const { tx, now } = work;
  const lines = carried.lines.map((line, index) => counted(withPrice(line, plan), order.lines[index]!));
  const mended = await datesMended(work, order, plan.document);
  const lifecycle = lifecycleOf({ lifecycle: mended ? 'open' : order.lifecycle, lines: [...lines, ...plan.added.map(({ line }) => ({ ...line, id: 0 }))] });
  if (!(await touchOrder(tx, order, { lifecycle, decideAt: now }))) {
    throw new WharfError('DATABASE_CONFLICT', `order ${order.id} was changed at the same time`);
  }
  for (const [index, line] of lines.entries()) if (line !== order.lines[index]) await updateLine(tx, line);
  const added: ChangeLine[] = [];
  for (const { line } of plan.added) {
    const lineId = await insertLine(tx, order.id, line);
    const facts = { lineRef: line.lineRef, lineId, wanted: line.base, remains: line.base, added: line.base, ids: line.ids };
    added.push(plainLine({ ...facts, action: 'add', answer: 'accepted' }));
  }
  await updateOrderDocument(tx, order.id, withQuantities(plan.document, lines));
  const { documentId, initiative, change, contentHash } = cause;
  const changeLines = [...plan.lines, ...added];
  const facts = { orderId: order.id, documentId, initiative, sequence: change?.sequence, contentHash, document: change, receivedAt: now };
  const id = await insertChange(tx, { ...facts, lines: changeLines });
  await note(tx, { at: now, verb: 'apply', partner: order.partner, documentId, orderId: order.id, text: describe(order, changeLines, initiative) });
  if (carried.asked) await holdForAnswer(work, order, documentId);
  await endHolds(work, order.id, lines, { lifecycle, mended });
  if (carried.freed.length > 0) await wakeOrdersWaitingFor(tx, carried.freed, now);
  // The first answer to an order tells how it stands when that goes out. Only the end of an order is answered by itself.
  if (order.respondedAt === undefined && partnerOf(work.config, order.partner).response.when !== 'never') {
    if (lifecycle === 'cancelled' && initiative === 'buyer') await markResponded(tx, order.id, now);
    else if (!carried.asked) await markChangeAnswered(tx, id, now);
  }
}

/** A line of which nobody knew how much is wanted, once that is said. */
function counted(line: Line, before: Line): Line {
  return before.reason === 'QUANTITY_INVALID' && before.base === 0n && line.base > 0n ? { ...line, reason: undefined } : line;
}

function withPrice(line: Line, { prices }: ChangePlan): Line {
  const entered = prices.get(line.id);
  if (!entered) return line;
  return { ...line, price: entered.price, reason: line.reason === 'PRICE_MISMATCH' ? undefined : line.reason };
}

async function holdForAnswer(work: Work, order: StoredOrder, documentId: number | undefined): Promise<void> {
  const detail = `a location was asked not to ship all of ${order.document.poNumber}, and has not answered`;
  await insertHold(work.tx, { orderId: order.id, lineId: undefined, code: 'CANCEL_PENDING', value: order.document.poNumber, detail, documentId }, work.now);
  await note(work.tx, { at: work.now, verb: 'hold', partner: order.partner, documentId, orderId: order.id, text: `CANCEL_PENDING: ${detail}` });
}

/** Whether nothing kept the order but its dates, and those are right now. */
async function datesMended({ tx }: Work, { id, lifecycle }: StoredOrder, document: Order): Promise<boolean> {
  if (lifecycle !== 'held' || windowTrouble(document)) return false;
  const whole = (await openHolds(tx, id)).filter(({ lineId }) => lineId === undefined);
  return whole.length > 0 && whole.every(({ code }) => code === 'DATE_IMPOSSIBLE');
}

/** Holds of what nobody waits for any more are over. */
async function endHolds(
  work: Work,
  orderId: number,
  lines: readonly Line[],
  { lifecycle, mended }: { readonly lifecycle: string; readonly mended: boolean },
): Promise<void> {
  for (const hold of await openHolds(work.tx, orderId)) {
    if (hold.code === 'CANCEL_PENDING') continue;
    const line = lines.find(({ id }) => id === hold.lineId);
    const over = line ? line.buckets.pending === 0n || line.reason === undefined : lifecycle === 'cancelled' || (mended && hold.code === 'DATE_IMPOSSIBLE');
    if (over) await resolveHold(work.tx, hold.id, 'the buyer changed the order', work.now);
  }
}

function describe(order: StoredOrder, lines: readonly ChangeLine[], initiative: 'buyer' | 'seller'): string {
  const says = lines.map(({ lineRef, action, answer, because }) => `line ${lineRef} ${action} ${answer}${because === undefined ? '' : ` (${because})`}`);
  return `order ${order.document.poNumber} changed by ${initiative === 'buyer' ? 'the buyer' : 'us'}: ${says.join(', ') || 'nothing'}`;
}
