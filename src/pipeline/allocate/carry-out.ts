import { failPoint } from '../../fail-point.ts';
import type { Decision, LinePlan } from '../../orders/allocation.ts';
import type { Decided } from '../../orders/merge-plans.ts';
import { mergePlans } from '../../orders/merge-plans.ts';
import type { Lifecycle, Line, Reservation } from '../../orders/model.ts';
import { note } from '../../store/activity.ts';
import { insertAllocations, insertDecision, readAllocations } from '../../store/allocations.ts';
import { type DecisionEnd, endDecisions, touchOrders } from '../../store/deciding.ts';
import { type Hold, openHoldsOf } from '../../store/holds.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { updateUnits } from '../../store/orders.ts';
import { rememberFacts } from '../../store/recall.ts';
import { reserveStock } from '../../store/stock.ts';
import { invoiceComplete } from '../apply/invoice.ts';
import { lifecycleOf } from '../apply/settle-order.ts';
import { timeOutRequests } from '../apply/settle-requests.ts';
import type { Work } from '../work.ts';
import { partnerOf } from '../work.ts';
import { isDecidable } from './allocation-input.ts';
import { lowFill } from './ask-fill.ts';
import { answerChanges } from './answer-changes.ts';
import { nextLook } from './next-look.ts';
import { type ReleasePlan, type ReleaseTrouble, foreseeReleases, planRelease } from './plan-release.ts';
import { promiseAnew } from './promise.ts';
import { type GivenWork, carryOutRelease, giveWorks } from './release.ts';
import { correctResponse, correctStored, refuseHeld, respondToOrder, respondToStored, responseDue } from './respond.ts';

/** How long a release that is held waits for the configuration to say otherwise. */
const LOOK_AGAIN = 15 * 60_000;

/** An order as it was read, and what was decided about it. */
export type DecidedOrder = { readonly order: StoredOrder; readonly decided: readonly Decided[] };

type Planned = DecidedOrder & {
  readonly plans: readonly LinePlan[];
  /** The lines as the plans leave them. */
  readonly lines: readonly Line[];
  /** Where the order stands with them. */
  readonly lifecycle: Lifecycle;
  readonly reservations: readonly Reservation[];
};

/**
 * Stores what was decided about orders with all that follows from it. False when stock or an order is not what was seen: the caller must undo its
 * transaction then. New orders may come together and share their statements; one that was decided about before comes alone.
 */
export async function carryOutDecisions(work: Work, items: readonly DecidedOrder[]): Promise<boolean> {
  rememberFacts(work.tx);
  const all = items.map((item) => planOf(work, item));
  const fresh = all.filter(({ order }) => order.version === 1);
  const [touched, reserved, holds] = await Promise.all([
    touchOrders(work.tx, all),
    reserve(work, all),
    openHoldsOf(
      work.tx,
      fresh.map(({ order }) => order.id),
    ),
    foresee(work, fresh),
  ]);
  if (!touched || !reserved) return false;
  const changed: Line[] = [];
  const again = all.filter(({ order }) => order.version > 1);
  const ends = [...(await carryOutNew(work, fresh, holds, changed))];
  for (const planned of again) ends.push(await carryOutAgain(work, planned));
  await Promise.all([updateUnits(work.tx, changed), endDecisions(work.tx, ends)]);
  failPoint('allocate.settling');
  return true;
}

function planOf(work: Work, { order, decided }: DecidedOrder): Planned {
  const plans = mergePlans(decided);
  const lines = planLines({ ...order, lines: refuseHeld(partnerOf(work.config, order.partner), order, work.now) }, plans);
  const reservations = plans.flatMap(({ lineId, reservations: some }) => some.map((reservation) => ({ lineId, ...reservation })));
  return { order, decided, plans, lines, lifecycle: lifecycleOf({ ...order, lines }), reservations };
}

function foresee(work: Work, fresh: readonly Planned[]): Promise<void> {
  const partners = [...new Set(fresh.map(({ order }) => order.partner))];
  return foreseeReleases(
    work,
    partners,
    fresh.flatMap(({ reservations }) => reservations),
  );
}

/** New orders: what each releases is planned first, so that all their work is stored together. */
async function carryOutNew(
  work: Work,
  fresh: readonly Planned[],
  holds: ReadonlyMap<number, readonly Hold[]>,
  changed: Line[],
): Promise<readonly DecisionEnd[]> {
  const releases: ReleasePlan[] = [];
  for (const { order, plans, lines, reservations } of fresh) {
    await promiseAnew(work, order, lines, plans);
    releases.push(withTrouble(await planRelease(work, { ...order, lines }, reservations), lowFill(work, order, plans)));
  }
  const given = await giveWorks(work, releases);
  const ends: DecisionEnd[] = [];
  for (const [index, planned] of fresh.entries()) {
    const released = releases[index]!;
    changed.push(...changedLines(planned.order, released));
    ends.push(await carryOutFirst(work, planned, released, { holds: holds.get(planned.order.id) ?? [], given }));
  }
  return ends;
}

/** Nothing of a new order has to be read, since all that there is of it was made here. */
async function carryOutFirst(
  work: Work,
  planned: Planned,
  released: ReleasePlan,
  { holds, given }: { readonly holds: readonly Hold[]; readonly given: GivenWork },
): Promise<DecisionEnd> {
  const { order, plans, lifecycle, reservations: held } = planned;
  await noteDecisions(work, planned);
  const state = { ...released.order, lifecycle, version: order.version + 1 };
  const answered = !asks(released) && (await respondToOrder(work, state, { held, holds, isNew: true }));
  if (order.respondedAt !== undefined && refusesAny(plans)) await correctResponse(work, state, held);
  const firm = await carryOutRelease(work, released, held, given);
  const lookAt = earliest(await nextLook(work, released.order, firm), troubledUntil(work, released));
  return { orderId: order.id, lookAt, respondedAt: answered ? work.now : undefined };
}

async function carryOutAgain(work: Work, planned: Planned): Promise<DecisionEnd> {
  const { order, plans, lines, reservations } = planned;
  const firm = [...(await readAllocations(work.tx, order.id, ['firm'])), ...reservations];
  const held = reservations.map((reservation) => ({ reservation, work: undefined }));
  await insertAllocations(work.tx, order.id, held);
  await promiseAnew(work, order, lines, plans);
  const released = withTrouble(await planRelease(work, { ...order, lines }, firm), lowFill(work, order, plans));
  await updateUnits(work.tx, changedLines(order, released));
  await noteDecisions(work, planned);
  if (!asks(released)) await respondToStored(work, order.id);
  await timeOutRequests(work, order);
  const told = await answerChanges(work, order.id);
  if (!told && order.respondedAt !== undefined && refusesAny(plans)) await correctStored(work, order.id);
  await carryOutRelease(work, released, firm, await giveWorks(work, [released]));
  const lookAt = earliest(await nextLook(work, released.order, []), troubledUntil(work, released), await invoiceComplete(work, released.order));
  return { orderId: order.id, lookAt, respondedAt: undefined };
}

function changedLines(order: StoredOrder, released: ReleasePlan): readonly Line[] {
  return released.order.lines.filter((line, index) => line !== order.lines[index]);
}

async function noteDecisions({ tx, now }: Work, { order, decided }: DecidedOrder): Promise<void> {
  for (const { decision, lines } of decided) {
    insertDecision(tx, order.id, 'allocation', { decision, lines }, now);
    await note(tx, { at: now, verb: 'allocate', partner: order.partner, orderId: order.id, text: describe(order, decision, lines) });
  }
}

function refusesAny(plans: readonly LinePlan[]): boolean {
  return plans.some(({ rejected }) => rejected > 0n);
}

function withTrouble(plan: ReleasePlan, trouble: ReleaseTrouble | undefined): ReleasePlan {
  return trouble ? { ...plan, troubles: [...plan.troubles, trouble] } : plan;
}

/** Whether somebody is asked about the order before its buyer is answered. */
function asks({ troubles }: ReleasePlan): boolean {
  return troubles.some(({ code }) => code === 'BELOW_MINIMUM');
}

function troubledUntil({ config, now }: Work, released: ReleasePlan): number | undefined {
  if (released.troubles.length === 0) return undefined;
  const due = asks(released) ? responseDue(partnerOf(config, released.order.partner), released.order) : undefined;
  return Math.min(now + LOOK_AGAIN, due ?? Infinity);
}

function earliest(...moments: readonly (number | undefined)[]): number | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

/** Takes the stock that orders are to have. False when less is there than was seen. */
function reserve(work: Work, all: readonly Planned[]): Promise<boolean> {
  const movements = all.flatMap(({ order, reservations }) =>
    reservations.map(({ lineId, sku, location, quantity }) => {
      const key = `allocate:${order.id}:${order.version}:${lineId}:${location}:${sku}`;
      return { sku, location, onHand: 0n, allocated: quantity, cause: 'allocation', key, orderId: order.id } as const;
    }),
  );
  return movements.length === 0 ? Promise.resolve(true) : reserveStock(work.tx, movements, work.now);
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
