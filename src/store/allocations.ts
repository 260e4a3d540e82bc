import { fromColumn } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Tx } from './transaction.ts';

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

/** Stores a reservation that `reserveStock` granted. */
export async function insertAllocation(
  tx: Tx,
  allocation: Omit<Allocation, 'id'> & { readonly orderId: number; readonly fulfilmentOrderId?: number },
): Promise<void> {
  await tx.insertMany('allocation', [
    {
      order_id: allocation.orderId,
      line_id: allocation.lineId,
      sku: allocation.sku,
      location: allocation.location,
      quantity: allocation.quantity,
      covers: allocation.covers,
      state: allocation.state,
      fulfilment_order_id: allocation.fulfilmentOrderId ?? null,
    },
  ]);
}

/** The allocations of an order in one of these states. */
export async function readAllocations(tx: Tx, orderId: number, states: readonly AllocationState[]): Promise<readonly Allocation[]> {
  const rows = await tx.many(`select * from {allocation} where order_id = ? and state in (${states.map(() => '?').join(', ')}) order by id`, [
    orderId,
    ...states,
  ]);
  return rows.map((row) => ({
    id: row['id'] as number,
    lineId: row['line_id'] as number,
    sku: row['sku'] as string,
    location: row['location'] as string,
    quantity: fromColumn(row['quantity']),
    covers: fromColumn(row['covers']),
    state: row['state'] as AllocationState,
  }));
}

/** Moves firm allocations of a line at a location to its warehouse work. */
export async function releaseAllocations(tx: Tx, lineId: number, location: string, fulfilmentOrderId: number): Promise<void> {
  await tx.run(`update {allocation} set state = 'released', fulfilment_order_id = ? where line_id = ? and location = ? and state = 'firm'`, [
    fulfilmentOrderId,
    lineId,
    location,
  ]);
}

/** Ends the allocations of a line of warehouse work: consumed when goods left for it, void when they will not. */
export async function endAllocations(tx: Tx, fulfilmentOrderId: number, lineId: number, state: 'consumed' | 'void'): Promise<void> {
  await tx.run(`update {allocation} set state = ? where fulfilment_order_id = ? and line_id = ? and state = 'released'`, [state, fulfilmentOrderId, lineId]);
}

/** Remembers a decision and its reasons, as JSON, for `wharf why`. */
export async function insertDecision(tx: Tx, orderId: number, kind: string, content: unknown, now: number): Promise<number> {
  return tx.insert('decision', {
    order_id: orderId,
    at: now,
    kind,
    content: JSON.stringify(content, (_key, value) => (typeof value === 'bigint' ? value.toString() : value)),
  });
}
