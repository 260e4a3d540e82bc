import type { Order } from '../canonical/order.ts';
import { fromColumn } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { LotRow } from '../orders/allocation.ts';
import type { Lot } from '../orders/lots.ts';
import { inList, inParts } from './in-list.ts';
import { recall } from './recall.ts';
import type { Row, Tx } from './transaction.ts';
import { updateFrom } from './values.ts';

/** What is there of a lot at a location, in base units; a lot without `expires` does not spoil. */
export type LotStock = {
  readonly sku: string;
  readonly location: string;
  readonly lot: string;
  readonly expires: string | undefined;
  readonly receivedOn: string;
  readonly onHand: Decimal;
};

/** A change of what is on hand of a lot, and of what of it work is to ship. */
export type LotMove = { readonly sku: string; readonly lot: string; readonly onHand: Decimal; readonly allocated: Decimal };

/** Those of these items of which a location keeps lots; read once in a transaction that works on several orders. */
export async function keptInLots(tx: Tx, location: string, skus: readonly string[]): Promise<readonly string[]> {
  const kept = await recall(tx, `lots at ${location}`, skus, async (missing) => {
    const rows = await inParts(missing, (part) => {
      const list = inList(part);
      return tx.many(`select distinct sku from {lot_stock} where location = ? and sku in ${list.sql}`, [location, ...list.values]);
    });
    return new Map(rows.map((row) => [row['sku'] as string, true]));
  });
  return [...kept.keys()];
}

/** The lots of items at a location, by SKU, with what of each is not spoken for. Items that are kept without lots are left out. */
export async function readLots(tx: Tx, location: string, skus: readonly string[]): Promise<ReadonlyMap<string, readonly Lot[]>> {
  const rows = await inParts(await keptInLots(tx, location, skus), async (part) => {
    const list = inList(part);
    return tx.many(`select * from {lot_stock} where location = ? and sku in ${list.sql} order by sku, lot`, [location, ...list.values]);
  });
  const bySku = Map.groupBy(rows, (row) => row['sku'] as string);
  return new Map(
    [...bySku].map(([sku, lots]) => [
      sku,
      lots.map((row) => ({
        lot: row['lot'] as string,
        expires: (row['expires'] as string | null) ?? undefined,
        receivedAt: row['received_on'] as string,
        available: fromColumn(row['on_hand']) - fromColumn(row['allocated']),
      })),
    ]),
  );
}

/** What of each lot of items is not spoken for, wherever it is. */
export async function freeLots(tx: Tx, skus: readonly string[]): Promise<readonly LotRow[]> {
  const rows = await inParts(skus, async (part) => {
    const list = inList(part);
    return tx.many(
      `select sku, location, expires, on_hand - allocated as free from {lot_stock} where sku in ${list.sql} order by sku, location, lot`,
      list.values,
    );
  });
  return rows.map((row) => ({
    sku: row['sku'] as string,
    location: row['location'] as string,
    quantity: fromColumn(row['free']),
    goodUntil: (row['expires'] as string | null) ?? '9999-12-31',
  }));
}

/** What is reserved of items at locations and no work ships yet, so that no lot is spoken for: whose it is, and when at the earliest it may ship. */
export async function reservedWithoutLot(
  tx: Tx,
  skus: readonly string[],
  locations: readonly string[],
): Promise<readonly (Omit<LotRow, 'goodUntil'> & { readonly partner: string; readonly shipNotBefore: string | undefined })[]> {
  const rows = await inParts(skus, async (part) => {
    const list = inList(part);
    const places = inList(locations);
    return tx.many(
      `select a.sku, a.location, a.quantity, o.partner, o.document from {allocation} a join {sales_order} o on o.id = a.order_id
        where a.sku in ${list.sql} and a.location in ${places.sql} and a.state = 'firm' order by a.id`,
      [...list.values, ...places.values],
    );
  });
  return rows.map((row) => ({
    sku: row['sku'] as string,
    location: row['location'] as string,
    quantity: fromColumn(row['quantity']),
    partner: row['partner'] as string,
    shipNotBefore: (JSON.parse(row['document'] as string) as Order).shipNotBefore,
  }));
}

/**
 * Until when the lots are good that locations were told to ship to partners, shipped or not: by partner and SKU, the last of them. What does not spoil is left
 * out. It reads all that ever shipped of these items.
 */
export async function lotsHad(tx: Tx, partners: readonly string[], skus: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const read = async (some: readonly string[], part: readonly string[]): Promise<readonly Row[]> => {
    const list = inList(part);
    const who = inList(some);
    return tx.many(
      `select o.partner, a.sku, max(s.expires) as expires from {allocation} a join {sales_order} o on o.id = a.order_id
        join {fulfilment_line} l on l.fulfilment_order_id = a.fulfilment_order_id and l.sku = a.sku
        join {lot_stock} s on s.sku = l.sku and s.location = a.location and s.lot = l.lot
        where a.sku in ${list.sql} and o.partner in ${who.sql} and l.quantity > l.short and s.expires is not null group by o.partner, a.sku`,
      [...list.values, ...who.values],
    );
  };
  const rows = await inParts(partners, (some) => inParts(skus, (part) => read(some, part)));
  const had = new Map<string, Record<string, string>>();
  for (const row of rows) {
    const partner = row['partner'] as string;
    had.set(partner, { ...had.get(partner), [row['sku'] as string]: row['expires'] as string });
  }
  return had;
}

/** Speaks for lots that work is to ship. False when one of them has less left; the caller must undo its transaction then. */
export async function reserveLots(tx: Tx, location: string, moves: readonly LotMove[]): Promise<boolean> {
  const rows = summed(moves).map(({ sku, lot, allocated }) => ({ item: sku, place: location, batch: lot, taken: allocated }));
  const where = 'sku = given.item and location = given.place and lot = given.batch and on_hand - allocated >= given.taken';
  return (await updateFrom(tx, 'lot_stock', rows, { set: 'allocated = allocated + given.taken', where })) === rows.length;
}

/** Moves lots that are known; what is said of other lots is left out, since nobody knows how long they live. */
export async function moveLots(tx: Tx, location: string, moves: readonly LotMove[]): Promise<void> {
  const rows = summed(moves).map(({ sku, lot, onHand, allocated }) => ({ item: sku, place: location, batch: lot, more: onHand, taken: allocated }));
  await updateFrom(tx, 'lot_stock', rows, {
    set: 'on_hand = on_hand + given.more, allocated = case when allocated + given.taken < 0 then 0 else allocated + given.taken end',
    where: 'sku = given.item and location = given.place and lot = given.batch',
  });
}

function summed(moves: readonly LotMove[]): readonly LotMove[] {
  return [...Map.groupBy(moves, ({ sku, lot }) => `${sku}\n${lot}`).values()].map((group) => ({
    ...group[0]!,
    onHand: group.reduce((sum, each) => sum + each.onHand, 0n),
    allocated: group.reduce((sum, each) => sum + each.allocated, 0n),
  }));
}

/** Adds or changes a lot; what work is to ship of it stays. */
export async function saveLot(
  tx: Tx,
  { sku, location, lot, expires = null, receivedOn, onHand }: Omit<LotStock, 'expires'> & { readonly expires?: string | null | undefined },
): Promise<'created' | 'updated' | 'unchanged'> {
  const known = await tx.one('select * from {lot_stock} where sku = ? and location = ? and lot = ?', [sku, location, lot]);
  if (!known) {
    await tx.insertMany('lot_stock', [{ sku, location, lot, expires, received_on: receivedOn, on_hand: onHand }]);
    return 'created';
  }
  if (fromColumn(known['on_hand']) === onHand && known['expires'] === expires && known['received_on'] === receivedOn) return 'unchanged';
  await tx.run('update {lot_stock} set expires = ?, received_on = ?, on_hand = ? where sku = ? and location = ? and lot = ?', [
    expires,
    receivedOn,
    onHand,
    sku,
    location,
    lot,
  ]);
  return 'updated';
}

/** What all lots of an item at a location come to. */
export async function totalOfLots(tx: Tx, sku: string, location: string): Promise<Decimal> {
  const row = await tx.one('select coalesce(sum(on_hand), 0) as on_hand from {lot_stock} where sku = ? and location = ?', [sku, location]);
  return fromColumn(row?.['on_hand'] ?? 0);
}
