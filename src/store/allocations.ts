import { fromColumn } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Reservation } from '../orders/model.ts';
import type { NewRow } from './insert.ts';
import type { Row, Tx } from './transaction.ts';

/** Stock that a line holds: firm until the warehouse is told, then released, then consumed by a shipment or void. */
export type Allocation = {
  readonly id: number;
  readonly lineId: number;
  readonly sku: string;
  readonly location: string;
  readonly quantity: Decimal;
  /** Base units of the line's own item that it stands for; the same as `quantity` unless it is a substitute. */
  readonly covers: Decimal;
  readonly state: AllocationState;
};
export type AllocationState = 'firm' | 'released' | 'consumed' | 'void';

/** A reservation that `reserveStock` granted, and the warehouse work that takes it, where one does. */
type Held = { readonly reservation: Reservation; readonly work: number | undefined };

/** Stores what an order holds. */
export async function insertAllocations(tx: Tx, orderId: number, held: readonly Held[]): Promise<void> {
  await tx.insertMany(
    'allocation',
    held.map((each) => allocationRow(orderId, each)),
  );
}

/** The same of an order that is decided about for the first time: stored with the end of the transaction. */
export function appendAllocations(tx: Tx, orderId: number, held: readonly Held[]): void {
  for (const each of held) tx.append('allocation', allocationRow(orderId, each));
}

function allocationRow(orderId: number, { reservation, work }: Held): NewRow {
  const { lineId, sku, location, quantity, covers = quantity } = reservation;
  const state: AllocationState = work === undefined ? 'firm' : 'released';
  return { order_id: orderId, line_id: lineId, sku, location, quantity, covers, state, fulfilment_order_id: work ?? null };
}

/** The allocations of an order in one of these states. */
export async function readAllocations(tx: Tx, orderId: number, states: readonly AllocationState[]): Promise<readonly Allocation[]> {
  const rows = await tx.many(`select * from {allocation} where order_id = ? and state in (${states.map(() => '?').join(', ')}) order by id`, [
    orderId,
    ...states,
  ]);
  return rows.map(toAllocation);
}

function toAllocation(row: Row): Allocation {
  return {
    id: row['id'] as number,
    lineId: row['line_id'] as number,
    sku: row['sku'] as string,
    location: row['location'] as string,
    quantity: fromColumn(row['quantity']),
    covers: fromColumn(row['covers']),
    state: row['state'] as AllocationState,
  };
}

/** Stock of an item at a location that orders hold and that the location was not told to ship. */
export async function firmAt(
  tx: Tx,
  sku: string,
  location: string,
): Promise<readonly { readonly allocation: Allocation; readonly orderId: number; readonly partner: string; readonly receivedAt: string }[]> {
  const rows = await tx.many(
    `select a.*, o.partner, o.received_at from {allocation} a join {sales_order} o on o.id = a.order_id
      where a.sku = ? and a.location = ? and a.state = 'firm' order by a.id`,
    [sku, location],
  );
  return rows.map((row) => ({
    allocation: toAllocation(row),
    orderId: row['order_id'] as number,
    partner: row['partner'] as string,
    receivedAt: new Date(Number(row['received_at'])).toISOString(),
  }));
}

/** Moves all firm allocations of an order at a location to its warehouse work. */
export async function releaseAllocations(tx: Tx, orderId: number, location: string, fulfilmentOrderId: number): Promise<void> {
  await tx.run(`update {allocation} set state = 'released', fulfilment_order_id = ? where order_id = ? and location = ? and state = 'firm'`, [
    fulfilmentOrderId,
    orderId,
    location,
  ]);
}

/** Takes all firm allocations of an order at a location away, for those who put others in their place. */
export async function removeFirm(tx: Tx, orderId: number, location: string): Promise<void> {
  await tx.run(`delete from {allocation} where order_id = ? and location = ? and state = 'firm'`, [orderId, location]);
}

/** A line of warehouse work: an order line may have several, of its own item and of what stands in for it. */
export type WorkLine = { readonly fulfilmentOrderId: number; readonly lineId: number; readonly sku: string };

/** Ends reservations of a line of warehouse work for `quantity` units: consumed when goods left for it, void when they will not. */
export async function endAllocations(tx: Tx, { fulfilmentOrderId, lineId, sku }: WorkLine, quantity: Decimal, state: 'consumed' | 'void'): Promise<void> {
  const sql = `select * from {allocation} where fulfilment_order_id = ? and line_id = ? and sku = ? and state = 'released' order by id`;
  let left = quantity;
  for (const allocation of (await tx.many(sql, [fulfilmentOrderId, lineId, sku])).map(toAllocation)) {
    const part = left < allocation.quantity ? left : allocation.quantity;
    if (part > 0n) await reduceAllocation(tx, allocation, part, (part * allocation.covers) / allocation.quantity, state);
    left -= part;
  }
}

/** Takes part of an allocation, or all of it, away from its line. The stock is moved by the caller. */
export async function reduceAllocation(tx: Tx, allocation: Allocation, quantity: Decimal, covers: Decimal, state: 'consumed' | 'void' = 'void'): Promise<void> {
  if (quantity >= allocation.quantity) await tx.run('update {allocation} set state = ? where id = ?', [state, allocation.id]);
  else await tx.run('update {allocation} set quantity = quantity - ?, covers = covers - ? where id = ?', [quantity, covers, allocation.id]);
}

/** Remembers a decision and its reasons, as JSON, for `wharf why`; stored with the end of the transaction. */
export function insertDecision(tx: Tx, orderId: number, kind: string, content: unknown, now: number): void {
  const text = JSON.stringify(content, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  tx.append('decision', { order_id: orderId, at: now, kind, content: text });
}

/** A decision as it was stored; its content has quantities and money as bigint again. */
export type StoredDecision = { readonly at: number; readonly kind: string; readonly content: unknown };

const DECIMALS = new Set(
  'quantity opening covers allocated backordered rejected pending cost fill supply demand share pack loose elsewhere minimum missing held'.split(' '),
);

/** All that was decided about an order, in its order. */
export async function decisionsOf(tx: Tx, orderId: number): Promise<readonly StoredDecision[]> {
  const rows = await tx.many('select at, kind, content from {decision} where order_id = ? order by id', [orderId]);
  return rows.map((row) => ({
    at: Number(row['at']),
    kind: row['kind'] as string,
    content: JSON.parse(row['content'] as string, (key, value: unknown) => (DECIMALS.has(key) && typeof value === 'string' ? BigInt(value) : value)) as unknown,
  }));
}
