import type { Return } from '../canonical/return.ts';
import type { Decimal } from '../decimal.ts';
import { fromColumn } from '../decimal.ts';
import type { Row, Tx } from './transaction.ts';

export type ReturnState = 'authorised' | 'denied' | 'received' | 'inspected' | 'credited';

/** Units of an order line that come back. Quantities in base units, money in the order's currency. */
export type ReturnLine = {
  readonly id: number;
  readonly lineId: number;
  readonly lineRef: string;
  readonly sku: string;
  readonly reason: string | undefined;
  readonly requested: Decimal;
  readonly authorised: Decimal;
  readonly deniedBecause: string | undefined;
  readonly received: Decimal;
  readonly restocked: Decimal;
  readonly quarantined: Decimal;
  readonly scrapped: Decimal;
  readonly credited: Decimal;
  readonly amount: Decimal;
  /** Where it was received. */
  readonly location: string | undefined;
};

export type StoredReturn = {
  readonly id: number;
  /** Ours, under which the goods come back. */
  readonly number: string;
  readonly partner: string;
  readonly buyerRef: string;
  readonly orderId: number;
  readonly state: ReturnState;
  readonly document: Return;
  readonly requestedAt: number;
  readonly lines: readonly ReturnLine[];
};

export type NewReturn = Omit<StoredReturn, 'id' | 'lines'> & {
  readonly documentId: number;
  readonly lines: readonly Pick<ReturnLine, 'lineId' | 'lineRef' | 'sku' | 'reason' | 'requested' | 'authorised' | 'deniedBecause'>[];
};

/** Stores a return that was asked for. @throws a unique violation when the buyer's reference is known. */
export async function insertReturn(tx: Tx, entry: NewReturn): Promise<number> {
  const id = await tx.insert('return_order', {
    number: entry.number,
    partner: entry.partner,
    buyer_ref: entry.buyerRef,
    order_id: entry.orderId,
    state: entry.state,
    document: JSON.stringify(entry.document),
    document_id: entry.documentId,
    requested_at: entry.requestedAt,
  });
  await tx.insertMany(
    'return_line',
    entry.lines.map((line) => ({
      return_id: id,
      line_id: line.lineId,
      line_ref: line.lineRef,
      sku: line.sku,
      reason: line.reason?.slice(0, 10) ?? null,
      requested: line.requested,
      authorised: line.authorised,
      denied_because: line.deniedBecause ?? null,
    })),
  );
  return id;
}

/** A return by our number. */
export const findReturn = (tx: Tx, number: string): Promise<StoredReturn | undefined> => readOne(tx, 'number = ?', [number.trim()]);

/** A return by the buyer's number of it. */
export const findRequested = (tx: Tx, partner: string, buyerRef: string): Promise<StoredReturn | undefined> =>
  readOne(tx, 'partner = ? and buyer_ref = ?', [partner, buyerRef]);

/** Returns in some states, the latest first. */
export async function listReturns(tx: Tx, states: readonly ReturnState[], count: number): Promise<readonly StoredReturn[]> {
  const rows = await tx.many(`select * from {return_order} where state in (${states.map(() => '?').join(', ')}) order by id desc ${tx.limit(count)}`, states);
  return Promise.all(rows.map((row) => withLines(tx, row)));
}

/** How many returns an order has had. */
export async function countReturns(tx: Tx, orderId: number): Promise<number> {
  return Number((await tx.one('select count(*) as n from {return_order} where order_id = ?', [orderId]))?.['n'] ?? 0);
}

/** What of an order line may come back or was credited already, in base units. */
export async function returnedSoFar(tx: Tx, lineId: number): Promise<{ readonly authorised: Decimal; readonly credited: Decimal }> {
  const row = await tx.one('select coalesce(sum(authorised), 0) as authorised, coalesce(sum(credited), 0) as credited from {return_line} where line_id = ?', [
    lineId,
  ]);
  return { authorised: fromColumn(row?.['authorised'] ?? 0), credited: fromColumn(row?.['credited'] ?? 0) };
}

/** Goods of a line came back to a location. */
export async function receiveLine(tx: Tx, lineId: number, quantity: Decimal, location: string): Promise<void> {
  await tx.run('update {return_line} set received = received + ?, location = ? where id = ?', [quantity, location, lineId]);
}

/** What inspection found of a line. */
export async function inspectLine(
  tx: Tx,
  lineId: number,
  found: { readonly restock: Decimal; readonly quarantine: Decimal; readonly scrap: Decimal },
): Promise<void> {
  await tx.run('update {return_line} set restocked = ?, quarantined = ?, scrapped = ? where id = ?', [found.restock, found.quarantine, found.scrap, lineId]);
}

/** What was given back for a line. */
export async function creditLine(tx: Tx, lineId: number, quantity: Decimal, amount: Decimal): Promise<void> {
  await tx.run('update {return_line} set credited = ?, amount = ? where id = ?', [quantity, amount, lineId]);
}

/** Moves a return on, from one of the states in which that is possible. False when it is in none of them. */
export async function setReturnState(tx: Tx, id: number, from: readonly ReturnState[], to: ReturnState, now: number): Promise<boolean> {
  const stamp = { authorised: '', denied: '', received: ', received_at = ?', inspected: ', inspected_at = ?', credited: ', credited_at = ?' }[to];
  const values = stamp === '' ? [to, id, ...from] : [to, now, id, ...from];
  return (await tx.run(`update {return_order} set state = ?${stamp} where id = ? and state in (${from.map(() => '?').join(', ')})`, values)) === 1;
}

async function readOne(tx: Tx, where: string, values: readonly string[]): Promise<StoredReturn | undefined> {
  const row = await tx.one(`select * from {return_order} where ${where}`, values);
  return row && withLines(tx, row);
}

async function withLines(tx: Tx, row: Row): Promise<StoredReturn> {
  const lines = await tx.many('select * from {return_line} where return_id = ? order by id', [row['id'] as number]);
  return {
    id: row['id'] as number,
    number: row['number'] as string,
    partner: row['partner'] as string,
    buyerRef: row['buyer_ref'] as string,
    orderId: row['order_id'] as number,
    state: row['state'] as ReturnState,
    document: JSON.parse(row['document'] as string) as Return,
    requestedAt: row['requested_at'] as number,
    lines: lines.map(toLine),
  };
}

function toLine(row: Row): ReturnLine {
  const text = (column: string) => (row[column] as string | null) ?? undefined;
  const quantity = (column: string) => fromColumn(row[column]);
  return {
    id: row['id'] as number,
    lineId: row['line_id'] as number,
    lineRef: row['line_ref'] as string,
    sku: row['sku'] as string,
    reason: text('reason'),
    requested: quantity('requested'),
    authorised: quantity('authorised'),
    deniedBecause: text('denied_because'),
    received: quantity('received'),
    restocked: quantity('restocked'),
    quarantined: quantity('quarantined'),
    scrapped: quantity('scrapped'),
    credited: quantity('credited'),
    amount: quantity('amount'),
    location: text('location'),
  };
}
