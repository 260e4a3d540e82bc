import { fromColumn } from '../decimal.ts';
import type { Decimal } from '../decimal.ts';
import type { Commitment, Inbound, Substitute } from '../orders/allocation.ts';
import { inList, inParts } from './in-list.ts';
import type { Row, Tx } from './transaction.ts';

/** `toSku` may stand in for `sku` for a partner, or for everybody where `partner` is ''; dates are inclusive. Smaller ranks come first. */
export type Relation = {
  readonly sku: string;
  readonly toSku: string;
  readonly partner: string;
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly rank: number;
  readonly validFrom: string | undefined;
  readonly validTo: string | undefined;
};

/** Goods on their way to a location, in base units; `usableOn` is the first day on which they can ship. */
export type ExpectedReceipt = {
  readonly reference: string;
  readonly sku: string;
  readonly location: string;
  readonly quantity: Decimal;
  readonly arrives: string;
  readonly usableOn: string;
};

/** Adds or changes what may stand in for an item. */
export async function saveRelation(tx: Tx, relation: Relation): Promise<'created' | 'updated' | 'unchanged'> {
  const { sku, toSku, partner, numerator, denominator, rank, validFrom = null, validTo = null } = relation;
  const known = await tx.one('select * from {item_relation} where sku = ? and to_sku = ? and partner = ?', [sku, toSku, partner]);
  if (!known) {
    await tx.insertMany('item_relation', [{ sku, to_sku: toSku, partner, numerator, denominator, rank, valid_from: validFrom, valid_to: validTo }]);
    return 'created';
  }
  const same = BigInt(known['numerator'] as number) === numerator && BigInt(known['denominator'] as number) === denominator && known['rank'] === rank;
  if (same && known['valid_from'] === validFrom && known['valid_to'] === validTo) return 'unchanged';
  await tx.run(
    'update {item_relation} set numerator = ?, denominator = ?, rank = ?, valid_from = ?, valid_to = ? where sku = ? and to_sku = ? and partner = ?',
    [numerator, denominator, rank, validFrom, validTo, sku, toSku, partner],
  );
  return 'updated';
}

/** What may stand in for these items on a day, the best first, each with its pack. */
export async function readSubstitutes(tx: Tx, skus: readonly string[], day: string): Promise<readonly Substitute[]> {
  const rows = await inParts(skus, async (part) => {
    const list = inList(part);
    return tx.many(
      `select r.*, i.pack from {item_relation} r join {item} i on i.sku = r.to_sku where r.sku in ${list.sql}
        and coalesce(r.valid_from, '') <= ? and coalesce(r.valid_to, '9999-12-31') >= ? order by r.sku, r.rank, r.to_sku, r.partner`,
      [...list.values, day, day],
    );
  });
  return rows.map((row) => ({
    from: row['sku'] as string,
    to: row['to_sku'] as string,
    partner: (row['partner'] as string) || undefined,
    numerator: BigInt(row['numerator'] as number),
    denominator: BigInt(row['denominator'] as number),
    pack: fromColumn(row['pack']),
  }));
}

/** Adds or changes an expected receipt; what of it has come stays. A quantity of 0 means that nothing more comes. */
export async function saveExpected(tx: Tx, receipt: ExpectedReceipt, now: number): Promise<'created' | 'updated' | 'unchanged'> {
  const { reference, sku, location, quantity, arrives, usableOn } = receipt;
  const known = await tx.one('select * from {inbound_supply} where reference = ? and sku = ? and location = ?', [reference, sku, location]);
  if (!known) {
    await tx.insertMany('inbound_supply', [{ reference, sku, location, quantity, arrives, usable_on: usableOn, at: now }]);
    return 'created';
  }
  if (fromColumn(known['quantity']) === quantity && known['arrives'] === arrives && known['usable_on'] === usableOn) return 'unchanged';
  await tx.run('update {inbound_supply} set quantity = ?, arrives = ?, usable_on = ?, at = ? where reference = ? and sku = ? and location = ?', [
    quantity,
    arrives,
    usableOn,
    now,
    reference,
    sku,
    location,
  ]);
  return 'updated';
}

/** What of these items is on its way. */
export async function readInbound(tx: Tx, skus: readonly string[]): Promise<readonly Inbound[]> {
  const rows = await inParts(skus, async (part) => {
    const list = inList(part);
    return tx.many(
      `select sku, location, quantity - received as left_over, usable_on from {inbound_supply} where sku in ${list.sql} and quantity > received
        order by usable_on, location, reference, sku`,
      list.values,
    );
  });
  return rows.map((row) => ({
    sku: row['sku'] as string,
    location: row['location'] as string,
    quantity: fromColumn(row['left_over']),
    usableOn: row['usable_on'] as string,
  }));
}

/** What is expected at a location under one number, with the goods that have come already. */
export async function expectedUnder(tx: Tx, location: string, reference: string): Promise<readonly (ExpectedReceipt & { readonly received: Decimal })[]> {
  const rows = await tx.many('select * from {inbound_supply} where reference = ? and location = ? order by sku', [reference, location]);
  return rows.map((row) => ({
    reference,
    location,
    sku: row['sku'] as string,
    quantity: fromColumn(row['quantity']),
    received: fromColumn(row['received']),
    arrives: row['arrives'] as string,
    usableOn: row['usable_on'] as string,
  }));
}

/** Takes what came in off what was expected of an item at a location: of the announced goods, else of those that were due first. */
export async function receiveExpected(tx: Tx, sku: string, location: string, quantity: Decimal, announced: string | undefined): Promise<void> {
  const rows = await tx.many(
    'select reference, quantity - received as left_over from {inbound_supply} where sku = ? and location = ? and quantity > received order by usable_on, reference',
    [sku, location],
  );
  const named = rows.filter((row) => row['reference'] === announced);
  let left = quantity;
  for (const row of named.length > 0 ? named : rows) {
    const open = fromColumn(row['left_over']);
    const part = left < open ? left : open;
    if (part <= 0n) return;
    left -= part;
    await tx.run('update {inbound_supply} set received = received + ? where reference = ? and sku = ? and location = ?', [
      part,
      row['reference'] as string,
      sku,
      location,
    ]);
  }
}

/** A promise to a line: units of its own item that ship on a day, when supply has come. */
export type LinePromise = { readonly lineId: number; readonly sku: string; readonly quantity: Decimal; readonly date: string };

/** Puts new promises to an order in the place of those it had. */
export async function replacePromises(tx: Tx, orderId: number, promises: readonly LinePromise[], known: boolean): Promise<void> {
  if (known) await tx.run('delete from {promise} where order_id = ?', [orderId]);
  if (promises.length === 0) return;
  const days = Map.groupBy(promises, ({ lineId, sku, date }) => `${lineId} ${sku} ${date}`);
  const rows = [...days.values()].map((group) => {
    const { lineId, sku, date } = group[0]!;
    return { order_id: orderId, line_id: lineId, sku, date, quantity: group.reduce((sum, each) => sum + each.quantity, 0n) };
  });
  await tx.insertMany('promise', rows);
}

/** What is promised of these items to orders that are open. */
export async function readCommitments(tx: Tx, skus: readonly string[]): Promise<readonly Commitment[]> {
  const rows = await inParts(skus, async (part) => {
    const list = inList(part);
    return tx.many(
      `select p.order_id, p.sku, p.quantity, p.date from {promise} p join {order_line} l on l.id = p.line_id
        where p.sku in ${list.sql} and l.backordered > 0 order by p.date, p.order_id, p.line_id`,
      list.values,
    );
  });
  return rows.map((row) => ({ orderId: row['order_id'] as number, ...toPromise(row) }));
}

/** What the lines of an order are promised, in the order of the dates. */
export async function promisesOf(tx: Tx, orderId: number): Promise<readonly LinePromise[]> {
  const rows = await tx.many('select line_id, sku, quantity, date from {promise} where order_id = ? order by date, line_id', [orderId]);
  return rows.map((row) => ({ lineId: row['line_id'] as number, ...toPromise(row) }));
}

function toPromise(row: Row): Commitment {
  return { sku: row['sku'] as string, quantity: fromColumn(row['quantity']), date: row['date'] as string };
}
