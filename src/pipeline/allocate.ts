import { allocate as decide } from '../orders/allocate.ts';
import type { Decided } from '../orders/merge-plans.ts';
import { decidedByOrder } from '../orders/merge-plans.ts';
import { type Lease, leaseStands, takeLease } from '../store/leases.ts';
import type { StoredOrder } from '../store/orders.ts';
import { ordersToDecide, readOrders } from '../store/orders.ts';
import { allocationInput } from './allocate/allocation-input.ts';
import { carryOutDecisions, type DecidedOrder } from './allocate/carry-out.ts';
import { expireOrders } from './allocate/expire-orders.ts';
import { keepInput } from './allocate/keep-input.ts';
import type { PipelineContext, Step } from './context.ts';

const BATCH = 200;
/** New orders whose decisions are stored in one transaction. */
const TOGETHER = 25;

/** Thrown inside a transaction to undo it: stock or order is not what the plan saw. */
const STALE = Symbol('stale');

/** Decides about waiting orders in small batches that see all their demand at once, and commits each order with all that follows from it. */
export const allocate: Step = {
  name: 'allocate',
  run: async (context) => {
    const config = context.config();
    const now = context.now();
    const due = await context.db.read(async (tx) => readOrders(tx, await ordersToDecide(tx, now, BATCH)));
    if (due.size === 0) return 0;
    const turn = await takeTurn(context, now);
    if (!turn) return 0;
    const orders = await expireOrders(context, [...due.values()]);
    const input = await context.db.read((tx) => allocationInput(tx, config, orders, now));
    const decided = decidedByOrder(decide(input));
    await keepInput(context, input, now);
    const inLots = new Set(input.lots?.map(({ sku }) => sku));
    const position = (order: StoredOrder): number => decided.get(order.id)?.[0]?.decision.position ?? 0;
    const inPriority = orders.toSorted((a, b) => position(a) - position(b));
    await Promise.all(together(inPriority, decided, inLots).map((items) => commit(context, items, turn.lease)));
    context.wake('render');
    return orders.length;
  },
};

/**
 * Where several daemons share a database, one of them decides: two would take the same stock for different orders and undo each other's work. Versions and
 * conditional updates keep the book right whatever they do, so that the lease need not be locked. Undefined when it is another's turn.
 */
async function takeTurn({ db, owner, mine, config }: PipelineContext, now: number): Promise<{ readonly lease: Lease | undefined } | undefined> {
  if (db.engine === 'sqlite') return { lease: undefined };
  if (!mine('allocate')) return undefined;
  const lease = await db.transaction((tx) => takeLease(tx, 'allocate', owner, now, config().intervals.claim));
  return lease && { lease };
}

/**
 * Orders that are stored in one transaction: new ones, of which nothing has to be read, some at a time, and any other alone. So does one that takes items of
 * which there are lots: what is left of them is seen when the order before has its own.
 */
function together(
  orders: readonly StoredOrder[],
  decided: ReadonlyMap<number, readonly Decided[]>,
  inLots: ReadonlySet<string>,
): readonly (readonly DecidedOrder[])[] {
  const parts: { readonly items: DecidedOrder[]; readonly open: boolean }[] = [];
  for (const order of orders) {
    const item = { order, decided: decided.get(order.id) ?? [] };
    const takes = item.decided.flatMap(({ lines }) => lines).flatMap(({ reservations }) => reservations);
    const open = order.version === 1 && !takes.some(({ sku }) => inLots.has(sku));
    const part = parts.at(-1);
    if (part?.open && open && part.items.length < TOGETHER) part.items.push(item);
    else parts.push({ items: [item], open });
  }
  return parts.map(({ items }) => items);
}

/**
 * Commits what was decided about orders. When something has changed since it was read, nothing is kept: each is committed for itself then, and one that
 * cannot be is decided again at the next run.
 */
async function commit(context: PipelineContext, items: readonly DecidedOrder[], lease: Lease | undefined): Promise<void> {
  try {
    await context.db.transaction(async (tx) => {
      const work = { tx, config: context.config(), now: context.now() };
      const [stands, done] = await Promise.all([lease ? leaseStands(tx, lease) : true, carryOutDecisions(work, items)]);
      if (!stands || !done) throw STALE;
    });
  } catch (error) {
    if (items.length > 1) for (const item of items) await commit(context, [item], lease);
    else if (error !== STALE) throw error;
    else context.log.debug('decided again', { step: 'allocate', orderId: items[0]!.order.id });
  }
}
