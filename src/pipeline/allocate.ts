import type { Decision, LinePlan } from '../orders/allocation.ts';
import { allocate as decide } from '../orders/allocate.ts';
import type { Decided } from '../orders/merge-plans.ts';
import { decidedByOrder, mergePlans } from '../orders/merge-plans.ts';
import type { Line } from '../orders/model.ts';
import { note } from '../store/activity.ts';
import { insertAllocation, insertDecision } from '../store/allocations.ts';
import type { StoredOrder } from '../store/orders.ts';
import { ordersToDecide, readOrder, setDecideAt, touchOrder, updateLine } from '../store/orders.ts';
import { reserveStock } from '../store/stock.ts';
import type { LinePromise } from '../store/supply.ts';
import { replacePromises } from '../store/supply.ts';
import { allocationInput, isDecidable } from './allocation-input.ts';
import { answerChanges } from './answer-changes.ts';
import type { PipelineContext, Step } from './context.ts';
import { expireOrders } from './expire-orders.ts';
import { keepInput } from './keep-input.ts';
import { nextLook } from './next-look.ts';
import { releaseOrder } from './release.ts';
import { correctResponse, refuseHeld, respondToOrder } from './respond.ts';
import { lifecycleOf } from './settle-order.ts';
import { timeOutRequests } from './settle-requests.ts';
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
    const due = await context.db.read(async (tx) => {
      const ids = await ordersToDecide(tx, now, BATCH);
      return (await Promise.all(ids.map((id) => readOrder(tx, id)))).filter((order) => order !== undefined);
    });
    if (due.length === 0) return 0;
    const orders = await expireOrders(context, due);
    const input = await context.db.read((tx) => allocationInput(tx, config, orders, now));
    const decided = decidedByOrder(decide(input));
    await keepInput(context, input, now);
    const position = (order: StoredOrder): number => decided.get(order.id)?.[0]?.decision.position ?? 0;
    const inPriority = orders.toSorted((a, b) => position(a) - position(b));
    await Promise.all(inPriority.map((order) => commit(context, order, decided.get(order.id) ?? [])));
    context.wake('render');
    return orders.length;
  },
};

/** Commits what was decided about an order. When something has changed since it was read, nothing is kept and it is decided again at the next run. */
async function commit(context: PipelineContext, order: StoredOrder, decided: readonly Decided[]): Promise<void> {
  const plans = mergePlans(decided);
  try {
    await context.db.transaction(async (tx) => {
      const work: Work = { tx, config: context.config(), now: context.now() };
      const partner = partnerOf(work.config, order.partner);
      const planned = planLines({ ...order, lines: refuseHeld(partner, order, work.now) }, plans);
      if (!(await touchOrder(tx, order, { decideAt: null, lifecycle: lifecycleOf({ ...order, lines: planned }) }))) throw STALE;
      for (const plan of plans) await reserve(work, order, plan);
      await replacePromises(tx, order.id, promisesIn(planned, plans), order.version > 1);
      for (const [index, line] of planned.entries()) if (line !== order.lines[index]) await updateLine(tx, line);
      for (const { decision, lines } of decided) {
        await insertDecision(tx, order.id, 'allocation', { decision, lines }, work.now);
        await note(tx, { at: work.now, verb: 'allocate', partner: order.partner, orderId: order.id, text: describe(order, decision, lines) });
      }
      await answerOrder(work, order, plans);
      await releaseOrder(work, order.id);
      await setDecideAt(tx, order.id, await nextLook(work, { ...order, lines: planned }));
    });
  } catch (error) {
    if (error !== STALE) throw error;
    context.log.debug('decided again', { step: 'allocate', orderId: order.id });
  }
}

/** Tells the buyer what was decided: the first answer, that to a change, or one that takes the place of the first where something is refused after all. */
async function answerOrder(work: Work, order: StoredOrder, plans: readonly LinePlan[]): Promise<void> {
  await respondToOrder(work, order.id);
  if (order.version > 1) await timeOutRequests(work, order);
  const told = order.version > 1 && (await answerChanges(work, order.id));
  if (!told && order.respondedAt !== undefined && plans.some(({ rejected }) => rejected > 0n)) await correctResponse(work, order.id);
}

async function reserve(work: Work, order: StoredOrder, plan: LinePlan): Promise<void> {
  for (const { sku, location, quantity, covers } of plan.reservations) {
    const key = `allocate:${order.id}:${order.version}:${plan.lineId}:${location}:${sku}`;
    const granted = await reserveStock(work.tx, { sku, location, onHand: 0n, allocated: quantity, cause: 'allocation', key, orderId: order.id }, work.now);
    if (!granted) throw STALE;
    await insertAllocation(work.tx, { orderId: order.id, lineId: plan.lineId, sku, location, quantity, covers: covers ?? quantity, state: 'firm' });
  }
}

/** What is promised of backordered lines, for the answer and so that nobody else is promised the same. */
function promisesIn(lines: readonly Line[], plans: readonly LinePlan[]): readonly LinePromise[] {
  return plans.flatMap(({ lineId, promises }) => {
    const sku = lines.find(({ id }) => id === lineId)?.sku;
    return sku === undefined ? [] : promises.map(({ date, quantity }) => ({ lineId, sku, date, quantity }));
  });
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
