import { gtinForms, gtinOf } from '../orders/identifiers.ts';
import type { ItemReference } from '../store/items.ts';
import { findReferences, referencesOfItems } from '../store/items.ts';
import type { Tx } from '../store/transaction.ts';
import type { ItemRow } from './item-rows.ts';

type Identifier = Omit<ItemReference, 'sku'>;

/** Whose each identifier is, as the rows of a file leave it one after the other. */
export type Owners = {
  readonly ownerOf: (reference: Identifier) => string | undefined;
  /** Gives an item these identifiers and no others; gives those that it had and has no more. */
  readonly keep: (sku: string, references: readonly Identifier[]) => readonly ItemReference[];
};

/** The item that has an identifier already. A bar code is one, however many zeros stand before it. */
export async function ownerOf(tx: Tx, reference: Identifier): Promise<string | undefined> {
  const known = await findReferences(tx, reference.partner, formsOf(reference));
  return known.find((each) => keyOf(each) === keyOf(reference))?.sku;
}

/** What is stored of the identifiers of items, and of those that the items are to have; few statements, however many items. */
export async function readOwners(tx: Tx, items: readonly ItemRow[]): Promise<Owners> {
  const wanted = Map.groupBy(
    items.flatMap(({ references }) => references ?? []),
    ({ partner }) => partner,
  );
  const [own, ...found] = await Promise.all([
    referencesOfItems(
      tx,
      items.map(({ sku }) => sku),
    ),
    ...[...wanted].map(([partner, references]) => findReferences(tx, partner, [...new Set(references.flatMap(formsOf))])),
  ]);
  const owners = new Map([...found.flat(), ...own].toReversed().map((each) => [keyOf(each), each.sku]));
  const bySku = Map.groupBy(own, ({ sku }) => sku);
  return {
    ownerOf: (reference) => owners.get(keyOf(reference)),
    keep: (sku, references) => {
      const gone = (bySku.get(sku) ?? []).filter((each) => !references.some((kept) => isSame(kept, each)));
      for (const each of gone) owners.delete(keyOf(each));
      for (const each of references) owners.set(keyOf(each), sku);
      return gone;
    },
  };
}

function isSame(a: Identifier, b: Identifier): boolean {
  return a.partner === b.partner && a.qualifier === b.qualifier && a.value === b.value;
}

function formsOf(reference: Identifier): readonly string[] {
  const gtin = gtinOf(reference);
  return gtin === undefined ? [reference.value] : gtinForms(gtin);
}

function keyOf(reference: Identifier): string {
  const gtin = gtinOf(reference);
  return gtin === undefined ? `${reference.partner}\n${reference.qualifier} ${reference.value}` : `${reference.partner}\n${gtin}`;
}
