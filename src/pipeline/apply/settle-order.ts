import type { Lifecycle, OrderState } from '../../orders/model.ts';
import { open } from '../../orders/quantities.ts';

/** Where an order stands by what its units are: shipped when nothing is open and something left, rejected or cancelled when nothing ever will. */
export function lifecycleOf(order: Pick<OrderState, 'lifecycle' | 'lines'>): Lifecycle {
  if (order.lifecycle !== 'open' && order.lifecycle !== 'held') return order.lifecycle;
  if (order.lines.some((line) => open(line.buckets) > 0n)) return order.lifecycle;
  if (order.lines.some((line) => line.buckets.shipped > 0n)) return 'shipped';
  return order.lines.some((line) => line.buckets.cancelled > 0n) ? 'cancelled' : 'rejected';
}
