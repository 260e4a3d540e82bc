import type { QualifiedId } from '../../canonical/common.ts';
import type { LineFacts } from '../../orders/enter.ts';
import type { Item } from '../../store/items.ts';
import { findReferences, readItemUnits, readItems, readPrices } from '../../store/items.ts';
import type { Tx } from '../../store/transaction.ts';

/** What a document says of an item: its identifiers, and the unit it is counted in. */
export type NamedItem = { readonly ids: readonly QualifiedId[]; readonly unit: string };

const NOTHING: LineFacts = { sku: undefined, description: undefined, baseUnit: undefined, pack: undefined, conversion: undefined, ourPrice: undefined };

/** What the master data knows of the items that a partner's document names, in their order; few statements, however many lines. */
export async function lineFacts(tx: Tx, partner: string, named: readonly NamedItem[]): Promise<readonly LineFacts[]> {
  const values = [...new Set(named.flatMap(({ ids }) => ids.map(({ value }) => value)))];
  const references = new Map<string, string>();
  // The partner's own come first and stay.
  for (const { qualifier, value, sku } of await findReferences(tx, partner, values)) {
    const key = `${qualifier} ${value}`;
    if (!references.has(key)) references.set(key, sku);
  }
  const items = await readItems(tx, [...new Set([...references.values(), ...values])]);
  const skus = named.map(({ ids }) => skuOf(ids, references, items));
  const known = [...new Set(skus.filter((sku) => sku !== undefined))];
  const units = new Map((await readItemUnits(tx, known)).map((unit) => [`${unit.sku} ${unit.unit}`, unit]));
  const prices = new Map((await readPrices(tx, partner, known)).toReversed().map(({ sku, unit, price }) => [`${sku} ${unit}`, price]));
  return named.map(({ unit }, index): LineFacts => {
    const item = items.get(skus[index] ?? '');
    if (!item) return NOTHING;
    const { sku, description, baseUnit, pack } = item;
    const conversion = unit === baseUnit ? { unit, numerator: 1n, denominator: 1n } : units.get(`${sku} ${unit}`);
    return { sku, description, baseUnit, pack, conversion, ourPrice: prices.get(`${sku} ${unit}`) };
  });
}

/** The partner's cross-reference first, then the common one, then our own SKU. */
function skuOf(ids: readonly QualifiedId[], references: ReadonlyMap<string, string>, items: ReadonlyMap<string, Item>): string | undefined {
  for (const { qualifier, value } of ids) {
    const sku = references.get(`${qualifier} ${value}`);
    if (sku !== undefined) return sku;
  }
  return ids.find(({ value }) => items.has(value))?.value;
}
