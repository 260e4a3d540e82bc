import type { QualifiedId } from '../../canonical/common.ts';
import type { LineFacts } from '../../orders/enter.ts';
import { gtinForms, gtinOf, itemOf } from '../../orders/identifiers.ts';
import type { Item } from '../../store/items.ts';
import { findReferences, readItemUnits, readItems, readPrices } from '../../store/items.ts';
import type { Tx } from '../../store/transaction.ts';

/** What a document says of an item: its identifiers, and the unit it is counted in. */
export type NamedItem = { readonly ids: readonly QualifiedId[]; readonly unit: string };

const NOTHING: LineFacts = { sku: undefined, description: undefined, baseUnit: undefined, pack: undefined, conversion: undefined, ourPrice: undefined };

/** What the master data knows of the items that a partner's document names, in their order; few statements, however many lines. */
export async function lineFacts(tx: Tx, partner: string, named: readonly NamedItem[]): Promise<readonly LineFacts[]> {
  const { skus, items } = await findItems(
    tx,
    partner,
    named.map(({ ids }) => ids),
  );
  const known = [...new Set(skus.filter((sku) => sku !== undefined))];
  const [allUnits, allPrices] = await Promise.all([readItemUnits(tx, known), readPrices(tx, partner, known)]);
  const units = new Map(allUnits.map((unit) => [`${unit.sku} ${unit.unit}`, unit]));
  const prices = new Map(allPrices.toReversed().map(({ sku, unit, price }) => [`${sku} ${unit}`, price]));
  return named.map(({ unit }, index): LineFacts => {
    const item = items.get(skus[index] ?? '');
    if (!item) return NOTHING;
    const { sku, description, baseUnit, pack } = item;
    const conversion = unit === baseUnit ? { unit, numerator: 1n, denominator: 1n } : units.get(`${sku} ${unit}`);
    return { sku, description, baseUnit, pack, conversion, ourPrice: prices.get(`${sku} ${unit}`) };
  });
}

/**
 * The items that identifiers of a partner's document mean, each list of them one item: the SKU, or undefined where none goes by them. The partner's own
 * cross-reference comes first, then the common one, then the GTIN however it is written, then our SKU.
 */
export async function findItems(
  tx: Tx,
  partner: string,
  named: readonly (readonly QualifiedId[])[],
): Promise<{ readonly skus: readonly (string | undefined)[]; readonly items: ReadonlyMap<string, Item> }> {
  const formsOf = (id: QualifiedId): readonly string[] => {
    const gtin = gtinOf(id);
    return gtin === undefined ? [] : gtinForms(gtin);
  };
  const values = new Set(named.flat().flatMap((id) => [id.value, ...formsOf(id)]));
  const references = new Map<string, string>();
  const gtins = new Map<string, string>();
  // The partner's own come first and stay.
  for (const { qualifier, value, sku } of await findReferences(tx, partner, [...values])) {
    const key = `${qualifier} ${value}`;
    const gtin = gtinOf({ qualifier, value });
    if (!references.has(key)) references.set(key, sku);
    if (gtin !== undefined && !gtins.has(gtin)) gtins.set(gtin, sku);
  }
  const items = await readItems(tx, [...new Set([...references.values(), ...values])]);
  const lookup = {
    ofReference: (qualifier: string, value: string) => references.get(`${qualifier} ${value}`),
    ofGtin: (gtin: string) => gtins.get(gtin),
    isSku: (value: string) => items.has(value),
  };
  return { skus: named.map((ids) => itemOf(ids, lookup)), items };
}
