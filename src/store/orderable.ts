import type { QualifiedId } from '../canonical/common.ts';
import type { Decimal } from '../decimal.ts';
import { readItems, readPrices, referencesOfAll } from './items.ts';
import type { Row, Tx } from './transaction.ts';

/** An item that a partner can name: in its base unit, with its price for that partner, and what the partner calls it first. */
export type Orderable = {
  readonly sku: string;
  readonly description: string;
  readonly unit: string;
  readonly price: Decimal | undefined;
  readonly ids: readonly QualifiedId[];
};

/** The items that a partner has identifiers of its own for, or where it has none, those with a bar code that everybody knows; by SKU, at most `count`. */
export async function itemsOrderableBy(tx: Tx, partner: string, count: number): Promise<readonly Orderable[]> {
  const of = (whose: string): Promise<readonly Row[]> =>
    tx.many(`select distinct sku from {item_reference} where partner = ? and qualifier <> 'UK' order by sku ${tx.limit(count)}`, [whose]);
  const own = await of(partner);
  const rows = own.length > 0 ? own : await of('');
  const skus = rows.map((row) => row['sku'] as string);
  const items = await readItems(tx, skus);
  const prices = await readPrices(tx, partner, skus);
  const references = await referencesOfAll(tx, partner, skus);
  return skus.flatMap((sku) => {
    const item = items.get(sku);
    if (!item) return [];
    const { description, baseUnit: unit } = item;
    const price = prices.find((each) => each.sku === sku && each.unit === unit)?.price;
    // A GTIN of a case would not be one of the base unit.
    return [{ sku, description, unit, price, ids: (references.get(sku) ?? []).filter(({ qualifier }) => qualifier !== 'UK') }];
  });
}
