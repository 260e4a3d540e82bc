import { formatDecimal } from '../../decimal.ts';
import { moveAll } from '../../orders/quantities.ts';
import { WharfError } from '../../errors.ts';
import { note } from '../../store/activity.ts';
import { readAllocations, reduceAllocation } from '../../store/allocations.ts';
import { readOrder, touchOrder, updateUnits, wakeOrdersWaitingFor } from '../../store/orders.ts';
import type { StoredOrder } from '../../store/orders.ts';
import { moveStocks } from '../../store/stock.ts';
import type { Work } from '../work.ts';

/** Whether an order holds stock while the rest of it is still to come. */
export function isAccumulating({ lines }: Pick<StoredOrder, 'lines'>): boolean {
  return lines.some(({ buckets }) => buckets.pending + buckets.backordered > 0n) && lines.some(({ buckets }) => buckets.allocated > 0n);
}

/** Gives back what an order has held for long enough, so that others have it while there is time. */
export async function freeAccumulated(work: Work, orderId: number): Promise<void> {
  const { tx, now } = work;
  const order = (await readOrder(tx, orderId))!;
  const firm = await readAllocations(tx, orderId, ['firm']);
  for (const allocation of firm) await reduceAllocation(tx, allocation, allocation.quantity, allocation.covers);
  const movements = firm.map(({ id, sku, location, quantity }) => {
    return { sku, location, onHand: 0n, allocated: -quantity, cause: 'deallocation', key: `free:${id}`, orderId } as const;
  });
  await moveStocks(tx, movements, now);
  const lines = order.lines.map((line) => {
    const back = firm.filter(({ lineId }) => lineId === line.id).reduce((sum, { covers }) => sum + covers, 0n);
    return back === 0n ? line : { ...line, buckets: moveAll(line.buckets, [{ from: 'allocated', to: 'pending', quantity: back }]) };
  });
  if (!(await touchOrder(tx, order, {}))) throw new WharfError('DATABASE_CONFLICT', `order ${orderId} was changed at the same time`);
  await updateUnits(
    tx,
    lines.filter((line, index) => line !== order.lines[index]),
  );
  await wakeOrdersWaitingFor(tx, [...new Set(firm.map(({ sku }) => sku))], now);
  const units = formatDecimal(firm.reduce((sum, { quantity }) => sum + quantity, 0n));
  const text = `${order.document.poNumber} is not complete in time: the ${units} that it held are given back`;
  await note(tx, { at: now, verb: 'allocate', partner: order.partner, orderId, text });
}
