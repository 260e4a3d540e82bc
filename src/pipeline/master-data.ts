import type { QualifiedId } from '../canonical/common.ts';
import type { LineFacts } from '../orders/enter.ts';
import { findConversion, findPrice, findSku, readItem } from '../store/items.ts';
import type { Tx } from '../store/transaction.ts';

/** What the master data knows of an item that a partner names by these identifiers, in this unit. */
export async function lineFacts(tx: Tx, partner: string, ids: readonly QualifiedId[], unit: string): Promise<LineFacts> {
  const nothing = { sku: undefined, description: undefined, baseUnit: undefined, pack: undefined, conversion: undefined, ourPrice: undefined };
  const sku = await findSku(tx, partner, ids);
  const item = sku === undefined ? undefined : await readItem(tx, sku);
  if (!item) return nothing;
  return {
    sku: item.sku,
    description: item.description,
    baseUnit: item.baseUnit,
    pack: item.pack,
    conversion: await findConversion(tx, item, unit),
    ourPrice: await findPrice(tx, partner, item.sku, unit),
  };
}
