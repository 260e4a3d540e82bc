import type { QualifiedId } from '../../canonical/common.ts';
import { referencesOfAll } from '../../store/items.ts';
import type { StoredOrder } from '../../store/orders.ts';
import type { Work } from '../work.ts';

/** How the buyer knows the items that stand in for others of the order; by our SKU too, where the buyer has no number of its own. */
export async function substituteIds(
  work: Work,
  order: StoredOrder,
  held: readonly { readonly lineId: number; readonly sku: string }[],
): Promise<ReadonlyMap<string, readonly QualifiedId[]> | undefined> {
  const own = new Map(order.lines.map(({ id, sku }) => [id, sku]));
  const skus = [...new Set(held.filter(({ lineId, sku }) => own.get(lineId) !== sku).map(({ sku }) => sku))];
  if (skus.length === 0) return undefined;
  const references = await referencesOfAll(work.tx, order.partner, skus);
  return new Map(skus.map((sku) => [sku, [...(references.get(sku) ?? []), { qualifier: 'VN', value: sku }]]));
}
