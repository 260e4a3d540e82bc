import { failPoint } from '../fail-point.ts';
import type { Decision, LinePlan } from '../orders/allocation.ts';
import { allocate as decide } from '../orders/allocate.ts';
import type { Decided } from '../orders/merge-plans.ts';
import { decidedByOrder, mergePlans } from '../orders/merge-plans.ts';
import type { Line, Reservation } from '../orders/model.ts';
import { note } from '../store/activity.ts';
import { insertAllocations, insertDecision, readAllocations } from '../store/allocations.ts';
import type { StoredOrder } from '../store/orders.ts';
import { ordersToDecide, readOrder, setDecideAt, touchOrder, updateUnits } from '../store/orders.ts';
import { reserveStock } from '../store/stock.ts';
import { allocationInput, isDecidable } from './allocate/allocation-input.ts';
import { answerChanges } from './allocate/answer-changes.ts';
import type { PipelineContext, Step } from './context.ts';
import { expireOrders } from './allocate/expire-orders.ts';
import { keepInput } from './allocate/keep-input.ts';
import { invoiceComplete } from './apply/invoice.ts';
import { nextLook } from './allocate/next-look.ts';
import { planRelease } from './allocate/plan-release.ts';
import { promiseAnew } from './allocate/promise.ts';
import { carryOutRelease } from './allocate/release.ts';
import { correctResponse, refuseHeld, respondToOrder } from './allocate/respond.ts';
import { lifecycleOf } from './apply/settle-order.ts';
import { timeOutRequests } from './apply/settle-requests.ts';
import type { Work } from './work.ts';
import { partnerOf } from './work.ts';

const BATCH = 200;

/** How long a release that is held waits for the configuration to say otherwise. */
const LOOK_AGAIN = 15 * 60_000;

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
      const before = order.version > 1 ? await readAllocations(tx, order.id, ['firm']) : [];
      const firm = [...before, ...(await reserve(work, order, plans))];
      await promiseAnew(work, order, planned, plans);
      const released = await planRelease(work, { ...order, lines: planned }, firm);
      const changed = released.order.lines.filter((line, index) => line !== order.lines[index]);
      await updateUnits(tx, changed);
      for (const { decision, lines } of decided) {
        await insertDecision(tx, order.id, 'allocation', { decision, lines }, work.now);
        await note(tx, { at: work.now, verb: 'allocate', partner: order.partner, orderId: order.id, text: describe(order, decision, lines) });
      }
      await answerOrder(work, order, plans);
      await carryOutRelease(work, released, firm);
      const next = await nextLook(work, released.order);
      const held = released.troubles.length > 0 ? work.now + LOOK_AGAIN : undefined;
      const bill = order.version > 1 ? await invoiceComplete(work, released.order) : undefined;
      const moments = [next, held, bill].filter((moment) => moment !== undefined);
      await setDecideAt(tx, order.id, moments.length > 0 ? Math.min(...moments) : undefined);
      failPoint('allocate.settling');
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

async function reserve(work: Work, order: StoredOrder, plans: readonly LinePlan[]): Promise<readonly Reservation[]> {
  const all = plans.flatMap(({ lineId, reservations }) => reservations.map((reservation) => ({ lineId, ...reservation })));
  if (all.length === 0) return [];
  const movements = all.map(({ lineId, sku, location, quantity }) => {
    const key = `allocate:${order.id}:${order.version}:${lineId}:${location}:${sku}`;
    return { sku, location, onHand: 0n, allocated: quantity, cause: 'allocation', key, orderId: order.id } as const;
  });
  if (!(await reserveStock(work.tx, movements, work.now))) throw STALE;
  const rows = all.map(({ lineId, sku, location, quantity, covers }) => ({
    lineId,
    sku,
    location,
    quantity,
    covers: covers ?? quantity,
    state: 'firm' as const,
  }));
  await insertAllocations(work.tx, order.id, rows);
  return all;
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
