import type { Decimal } from '../../decimal.ts';
import type { Held } from '../../orders/change.ts';
import { readAllocations } from '../../store/allocations.ts';
import type { Allocation } from '../../store/allocations.ts';
import type { FulfilmentLine, FulfilmentOrder } from '../../store/fulfilment.ts';
import { fulfilmentOrdersOf } from '../../store/fulfilment.ts';
import type { Tx } from '../../store/transaction.ts';

/** All that an order holds: stock that nobody was told to ship yet, and the work that locations were given. */
export type OrderHolding = { readonly firm: readonly Allocation[]; readonly works: readonly FulfilmentOrder[]; readonly held: readonly Held[] };

/** What an order holds. What a location is already asked not to ship is left out: it is not asked twice. */
export async function holdingOf(tx: Tx, orderId: number): Promise<OrderHolding> {
  const firm = await readAllocations(tx, orderId, ['firm']);
  const works = await fulfilmentOrdersOf(tx, orderId);
  const released = works.flatMap((work) =>
    work.lines.flatMap((line): readonly Held[] => {
      const quantity = outstanding(line) - line.ask;
      if (quantity <= 0n) return [];
      const { lineId, sku } = line;
      return [{ lineId, sku, location: work.location, quantity, covers: coveredBy(line, quantity), state: 'released' }];
    }),
  );
  const reserved = firm.map(({ lineId, sku, location, quantity, covers }): Held => ({ lineId, sku, location, quantity, covers, state: 'firm' }));
  return { firm, works, held: [...reserved, ...released] };
}

/** What of a line of warehouse work has neither shipped nor been given back. */
export function outstanding(line: FulfilmentLine): Decimal {
  return line.quantity - line.shipped - line.short;
}

/** The base units of the order line's own item that a quantity of the work stands for. */
export function coveredBy(line: FulfilmentLine, quantity: Decimal): Decimal {
  return line.covers === undefined || line.quantity === 0n ? quantity : (quantity * line.covers) / line.quantity;
}
