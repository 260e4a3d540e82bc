import type { Decision, LinePlan } from '../orders/allocation.ts';
import { allocate as decide } from '../orders/allocate.ts';
import type { Line } from '../orders/model.ts';
import { note } from '../store/activity.ts';
import { insertAllocation, insertDecision } from '../store/allocations.ts';
import type { StoredOrder } from '../store/orders.ts';
import { ordersToDecide, readOrder, touchOrder, updateLine } from '../store/orders.ts';
import { reserveStock } from '../store/stock.ts';
import { allocationInput, isDecidable } from './allocation-input.ts';
import type { PipelineContext, Step } from './context.ts';
import { releaseOrder } from './release.ts';
import { correctResponse, isHeld, refuseHeld, respondToOrder, responseDue } from './respond.ts';
import { lifecycleOf } from './settle-order.ts';
import type { Work } from './work.ts';
import { partnerOf } from './work.ts';

const BATCH = 200;

/** Thrown inside a transaction to undo it: stock or order is not what the plan saw. */
const STALE = Symbol('stale');

/** Decides about waiting orders in small batches that see all their demand at once, and commits each order with all that follows from it. */
export const allocate: Step = {
  name: 'allocate',
  run: async (context) => {
    const config = context.config();
    const now = context.now();
    const { orders, input } = await context.db.read(async (tx) => {
      const ids = await ordersToDecide(tx, now, BATCH);
      const found = (await Promise.all(ids.map((id) => readOrder(tx, id)))).filter((order) => order !== undefined);
      return { orders: found, input: await allocationInput(tx, config, found, now) };
    });
    if (orders.length === 0) return 0;
    const plan = decide(input);
    const decisions = new Map(plan.decisions.map((decision) => [decision.orderId, decision]));
    const lines = Map.groupBy(plan.lines, ({ orderId }) => orderId);
    const inPriority = orders.toSorted((a, b) => (decisions.get(a.id)?.position ?? 0) - (decisions.get(b.id)?.position ?? 0));
    await Promise.all(inPriority.map((order) => commit(context, order, lines.get(order.id) ?? [], decisions.get(order.id))));
    context.wake('render');
    return orders.length;
  },
};

/** Commits what was decided about an order. When something has changed since it was read, nothing is kept and it is decided again at the next run. */
async function commit(context: PipelineContext, order: StoredOrder, plans: readonly LinePlan[], decision: Decision | undefined): Promise<void> {
  try {
    await context.db.transaction(async (tx) => {
      const work: Work = { tx, config: context.config(), now: context.now() };
      const partner = partnerOf(work.config, order.partner);
      const planned = planLines({ ...order, lines: refuseHeld(partner, order, work.now) }, plans);
      const decideAt = planned.some(isHeld) ? (responseDue(partner, order) ?? null) : null;
      if (!(await touchOrder(tx, order, { decideAt, lifecycle: lifecycleOf({ ...order, lines: planned }) }))) throw STALE;
      for (const plan of plans) await reserve(work, order, plan);
      for (const [index, line] of planned.entries()) if (line !== order.lines[index]) await updateLine(tx, line);
      if (decision) {
        await insertDecision(tx, order.id, 'allocation', { decision, lines: plans }, work.now);
        await note(tx, { at: work.now, verb: 'allocate', partner: order.partner, orderId: order.id, text: describe(order, decision, plans) });
      }
      await respondToOrder(work, order.id);
      if (order.respondedAt !== undefined && plans.some(({ rejected }) => rejected > 0n)) await correctResponse(work, order.id);
      await releaseOrder(work, order.id);
    });
  } catch (error) {
    if (error !== STALE) throw error;
    context.log.debug('decided again', { step: 'allocate', orderId: order.id });
  }
}

async function reserve(work: Work, order: StoredOrder, plan: LinePlan): Promise<void> {
  for (const { sku, location, quantity, covers } of plan.reservations) {
    const key = `allocate:${order.id}:${order.version}:${plan.lineId}:${location}:${sku}`;
    const granted = await reserveStock(work.tx, { sku, location, onHand: 0n, allocated: quantity, cause: 'allocation', key, orderId: order.id }, work.now);
    if (!granted) throw STALE;
    await insertAllocation(work.tx, { orderId: order.id, lineId: plan.lineId, sku, location, quantity, covers: covers ?? quantity, state: 'firm' });
  }
}

/** The order's lines as the plan leaves them: what was pending or backordered is divided anew. */
function planLines(order: StoredOrder, plans: readonly LinePlan[]): readonly Line[] {
  const byLine = new Map(plans.map((plan) => [plan.lineId, plan]));
  return order.lines.map((line) => {
    const plan = byLine.get(line.id);
    if (!plan || !isDecidable(line)) return line;
    const { buckets } = line;
    return {
      ...line,
      promiseDate: plan.promiseDate,
      buckets: {
        ...buckets,
        pending: plan.pending,
        backordered: plan.backordered,
        allocated: buckets.allocated + plan.allocated,
        rejected: buckets.rejected + plan.rejected,
      },
    };
  });
}

function describe(order: StoredOrder, decision: Decision, plans: readonly LinePlan[]): string {
  const places = decision.chosen ? ` from ${decision.chosen.locations.join(' and ')}` : '';
  const short = plans.filter((plan) => plan.backordered + plan.rejected + plan.pending > 0n).length;
  return `order ${order.document.poNumber} ${decision.outcome}${places}${short > 0 ? `, ${short} of ${plans.length} lines short` : ''}`;
}
