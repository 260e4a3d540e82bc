import type { Order } from '../canonical/order.ts';
import type { WarehouseOrder } from '../canonical/warehouse-order.ts';
import { formatDecimal, greatest, total } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Part } from './change.ts';
import type { ReleasedLine } from './release.ts';

/** Work as a location was told it. */
export type ReleasedWork = { readonly location: string; readonly document: WarehouseOrder | Order; readonly lines: readonly ReleasedLine[] };

/**
 * Asks a location not to ship parts of its work: the same document again with what it still is to ship, or as a cancellation when nothing
 * is left. Parts for other locations do not count. Undefined when it is asked for nothing. It is a request: until the location has
 * answered, the work stands as it was.
 */
export function recall(work: ReleasedWork, parts: readonly Part[]): WarehouseOrder | Order | undefined {
  const mine = parts.filter((part) => part.location === work.location);
  const left = new Map<string, Decimal>();
  let cut = 0n;
  for (const line of work.lines) {
    const asked = total(mine.filter((part) => part.lineId === line.lineId && part.sku === line.sku).map((part) => part.quantity));
    const quantity = greatest(0n, line.quantity - asked);
    cut += line.quantity - quantity;
    left.set(line.lineRef, quantity);
  }
  if (cut === 0n) return undefined;
  const { document } = work;
  const sum = total(left.values());
  if (sum === 0n) return { ...document, purpose: 'cancel' };
  if (document.kind === 'warehouse-order') {
    return { ...document, purpose: 'change', totalQuantity: formatDecimal(sum), lines: document.lines.map((line) => withQuantity(line, left)) };
  }
  return { ...document, purpose: 'replace', lines: document.lines.map((line) => withQuantity(line, left)) };
}

function withQuantity<T extends { readonly lineRef: string; readonly quantity: string }>(line: T, left: ReadonlyMap<string, Decimal>): T {
  const quantity = left.get(line.lineRef);
  return quantity === undefined ? line : { ...line, quantity: formatDecimal(quantity) };
}
