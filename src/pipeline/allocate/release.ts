import { WharfError } from '../../errors.ts';
import type { Reservation } from '../../orders/model.ts';
import { note } from '../../store/activity.ts';
import { appendAllocations, insertAllocations, releaseAllocations, removeFirm } from '../../store/allocations.ts';
import { wakeDocuments } from '../../store/documents.ts';
import { insertFulfilmentOrders } from '../../store/fulfilment.ts';
import { insertHold, openHolds, resolveHold } from '../../store/holds.ts';
import { reserveLots } from '../../store/lots.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { useRequests } from '../../store/routing-requests.ts';
import type { Tx } from '../../store/transaction.ts';
import { announce } from '../announce.ts';
import { workKey } from '../apply/waits.ts';
import type { PlannedWork, ReleasePlan, ReleaseTrouble } from './plan-release.ts';
import { DECIDED_HOLDS } from './release-holds.ts';
import { askRouting } from './routing-request.ts';
import type { Work } from '../work.ts';

/**
 * Tells each warehouse and vendor what was planned for it, once. `firm` is what the plan was made of; storing the order's units is the caller's. What a
 * new order holds is stored here, where it is known what becomes of it. Gives what the order still holds and nobody was told to ship, of a new one.
 */
export async function carryOutRelease(work: Work, plan: ReleasePlan, firm: readonly Reservation[], given: GivenWork): Promise<readonly Reservation[]> {
  const { order, works, remarks } = plan;
  const about = { at: work.now, verb: 'hold', partner: order.partner, orderId: order.id } as const;
  for (const detail of remarks) await note(work.tx, { ...about, text: `not released: ${detail}` });
  await settleHolds(work, order, plan.troubles);
  for (const ask of plan.asks) await askRouting(work, order, ask);
  const isNew = order.version === 1;
  const places = Map.groupBy(works, ({ release }) => release.location);
  const held: Part[] = [];
  for (const [location, group] of places) {
    const there = firm.filter((each) => each.location === location);
    const ids = group.map((each) => given.get(each)!);
    for (const each of group) await tellWork(work, order, each, given.get(each)!);
    if (!isNew) await useRequests(work.tx, order.id, location, work.now);
    const left = there.filter((each) => !group.some((one) => one.held.includes(each)));
    const whole = group.length === 1 && left.length === 0;
    const parts = whole
      ? [{ held: there, id: ids[0] }]
      : [...group.map((one, at) => ({ held: one.held, id: ids[at] })), { held: leftOver(there, group), id: undefined }];
    if (isNew) held.push(...parts);
    else if (whole) await releaseAllocations(work.tx, order.id, location, ids[0]!);
    else await divideAllocations(work, order, location, parts);
  }
  if (!isNew) return [];
  held.push({ held: firm.filter(({ location }) => !places.has(location)), id: undefined });
  const rows = held.flatMap(({ held: some, id }) => some.map((reservation) => ({ reservation, work: id })));
  appendAllocations(
    work.tx,
    order.id,
    rows.toSorted((a, b) => firm.indexOf(a.reservation) - firm.indexOf(b.reservation)),
  );
  return rows.flatMap(({ reservation, work: id }) => (id === undefined ? [reservation] : []));
}

/** What work takes of what an order holds at a location; without `id` nobody was told. */
type Part = { readonly held: readonly Reservation[]; readonly id: number | undefined };

/** The ids of work that is stored. */
export type GivenWork = ReadonlyMap<PlannedWork, number>;

/** Stores the work that plans give to locations, with what of their lots it takes, and wakes the documents that came before it. */
export async function giveWorks({ tx, now }: Work, plans: readonly ReleasePlan[]): Promise<GivenWork> {
  const all = plans.flatMap(({ order, works }) => works.map((each) => ({ orderId: order.id, each })));
  if (all.length === 0) return new Map();
  const rows = all.map(({ orderId, each: { release, store } }) => {
    const { location, number, lines } = release;
    return { orderId, location, number, destination: store, lines };
  });
  const places = [...Map.groupBy(rows, ({ location }) => location)];
  const [ids] = await Promise.all([
    insertFulfilmentOrders(tx, rows, now),
    ...places.map(([location, some]) => takeLots(tx, location, some)),
    ...rows.map(({ number }) => wakeDocuments(tx, workKey(number))),
  ]);
  return new Map(all.map(({ each }, index) => [each, ids[index]!]));
}

async function takeLots(tx: Tx, location: string, rows: readonly Pick<PlannedWork['release'], 'lines'>[]): Promise<void> {
  const lines = rows.flatMap((row) => row.lines);
  const lots = lines.flatMap(({ sku, quantity, lot }) => (lot === undefined ? [] : [{ sku, lot, onHand: 0n, allocated: quantity }]));
  if (!(await reserveLots(tx, location, lots))) throw new WharfError('DATABASE_CONFLICT', `lots at ${location} were taken at the same time`);
}

async function tellWork(work: Work, order: StoredOrder, { release, place, store }: PlannedWork, id: number): Promise<void> {
  const { number, location, lines, document } = release;
  await announce(work, place.partner, document, { key: `release:${id}`, orderId: order.id, causeDocumentId: order.documentId, isNew: true });
  const told = `${location} is to ship ${lines.length} line${lines.length === 1 ? '' : 's'} as ${number}${store === undefined ? '' : ` for ${store}`}`;
  await note(work.tx, { at: work.now, verb: 'release', partner: place.partner.id, orderId: order.id, text: told });
}

/** What an order holds at a location and no work takes. */
function leftOver(there: readonly Reservation[], works: readonly PlannedWork[]): readonly Reservation[] {
  const key = ({ lineId, sku }: Reservation): string => `${lineId} ${sku}`;
  const left = new Map<string, { reservation: Reservation; quantity: bigint; covers: bigint }>();
  const add = (reservation: Reservation, sign: bigint): void => {
    const entry = left.get(key(reservation)) ?? { reservation, quantity: 0n, covers: 0n };
    const covers = reservation.covers ?? reservation.quantity;
    left.set(key(reservation), { ...entry, quantity: entry.quantity + sign * reservation.quantity, covers: entry.covers + sign * covers });
  };
  for (const each of there) add(each, 1n);
  for (const { held } of works) for (const each of held) add(each, -1n);
  return [...left.values()].filter(({ quantity }) => quantity > 0n).map(({ reservation, quantity, covers }) => ({ ...reservation, quantity, covers }));
}

/** Where a location was given several pieces of work, or not all, each gets reservations of its own. */
async function divideAllocations(work: Work, order: StoredOrder, location: string, parts: readonly Part[]): Promise<void> {
  await removeFirm(work.tx, order.id, location);
  const rows = parts.flatMap(({ held, id }) => held.map((reservation) => ({ reservation, work: id })));
  await insertAllocations(work.tx, order.id, rows);
}

/** Puts what stops the release on hold, once, and ends the holds of what stops it no more. */
async function settleHolds(work: Work, order: StoredOrder, troubles: readonly ReleaseTrouble[]): Promise<void> {
  if (order.version === 1 && troubles.length === 0) return;
  const about = { at: work.now, partner: order.partner, orderId: order.id };
  const codes: readonly string[] = DECIDED_HOLDS;
  const open = (await openHolds(work.tx, order.id)).filter(({ code }) => codes.includes(code));
  for (const hold of open) {
    if (troubles.some(({ code, value }) => code === hold.code && value === hold.value)) continue;
    await resolveHold(work.tx, hold.id, hold.code === 'BELOW_MINIMUM' ? 'it is so no more, or the answer was due' : 'it stops the release no more', work.now);
    await note(work.tx, { ...about, verb: 'release', text: `${hold.code} ${hold.value ?? ''} is over` });
  }
  for (const [, [trouble]] of Map.groupBy(troubles, ({ code, value }) => `${code} ${value}`)) {
    const { code, value, detail } = trouble!;
    if (open.some((hold) => hold.code === code && hold.value === value)) continue;
    await insertHold(work.tx, { orderId: order.id, lineId: undefined, code, value, detail, documentId: order.documentId }, work.now);
    await note(work.tx, { ...about, verb: 'hold', text: `${code}: ${detail}` });
  }
}
