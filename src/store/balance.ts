import type { Decimal } from '../decimal.ts';
import { fromColumn } from '../decimal.ts';
import type { Row, SqlValue, Tx } from './transaction.ts';

/** Which part of the ledger: received in `[from, to)` (milliseconds since 1970), of one partner. */
export type LedgerScope = { readonly from?: number | undefined; readonly to?: number | undefined; readonly partner?: string | undefined };

/** Something whose two sides do not agree. */
export type LedgerRow = { readonly id: number; readonly partner: string; readonly about: string; readonly orderId?: number | undefined; readonly values: Row };

type Where = { readonly sql: string; readonly values: readonly SqlValue[] };

function within(scope: LedgerScope, at: string, alias = ''): Where {
  const parts: string[] = [];
  const values: SqlValue[] = [];
  const add = (sql: string, value: SqlValue | undefined): void => {
    if (value === undefined) return;
    parts.push(`${alias}${sql}`);
    values.push(value);
  };
  add(`${at} >= ?`, scope.from);
  add(`${at} < ?`, scope.to);
  add('partner = ?', scope.partner);
  return { sql: parts.length > 0 ? ` and ${parts.join(' and ')}` : '', values };
}

/** How many rows there are of each state. */
export type Counts = Readonly<Record<string, number>>;

async function countBy(tx: Tx, view: string, column: string, where: Where, only = '1 = 1'): Promise<Counts> {
  const rows = await tx.many(
    `select ${column} as state, count(*) as n from {${view}} where ${only}${where.sql} group by ${column} order by ${column}`,
    where.values,
  );
  return Object.fromEntries(rows.map((row) => [row['state'] as string, Number(row['n'])]));
}

export const countFiles = (tx: Tx, scope: LedgerScope): Promise<Counts> =>
  countBy(tx, 'inbound_file', 'status', within(scope, 'received_at'), `status <> 'receiving'`);
export const countInterchanges = (tx: Tx, scope: LedgerScope): Promise<Counts> => countBy(tx, 'interchange', 'status', within(scope, 'received_at'));
export const countDocuments = (tx: Tx, scope: LedgerScope): Promise<Counts> => countBy(tx, 'document_ledger', 'outcome', within(scope, 'received_at'));
export const countOrderDocuments = (tx: Tx, scope: LedgerScope): Promise<Counts> =>
  countBy(tx, 'document_ledger', 'outcome', within(scope, 'received_at'), `kind = 'order'`);
export const countOrders = (tx: Tx, scope: LedgerScope): Promise<Counts> => countBy(tx, 'sales_order', 'lifecycle', within(scope, 'received_at'));

/** Base units of all lines by bucket, and what shipments and invoices say of them. */
export type Units = Readonly<Record<'base' | 'still_open' | 'shipped' | 'overshipped' | 'cancelled' | 'rejected' | 'invoiced', Decimal>>;

export async function sumUnits(tx: Tx, scope: LedgerScope): Promise<Units> {
  const names = ['base', 'still_open', 'shipped', 'overshipped', 'cancelled', 'rejected', 'invoiced'] as const;
  const where = within(scope, 'received_at');
  const sums = names.map((name) => `coalesce(sum(${name}), 0) as ${name}`).join(', ');
  const row = await tx.one(`select ${sums} from {line_ledger} where 1 = 1${where.sql}`, where.values);
  return Object.fromEntries(names.map((name) => [name, fromColumn(row?.[name] ?? 0)])) as Units;
}

async function find(tx: Tx, sql: string, where: Where, about: string): Promise<readonly LedgerRow[]> {
  const rows = await tx.many(`${sql}${where.sql} order by id ${tx.limit(1000)}`, where.values);
  return rows.map((row) => ({
    id: row['id'] as number,
    partner: (row['partner'] as string | null) ?? '',
    about: String(row[about] ?? ''),
    orderId: (row['order_id'] as number | null | undefined) ?? undefined,
    values: row,
  }));
}

/** Files that are done and of which nothing came, not even a duplicate. */
export const filesOfNothing = (tx: Tx, scope: LedgerScope) =>
  find(
    tx,
    `select * from {file_ledger} where status = 'done' and interchanges = 0 and documents = 0
      and id not in (select unpacked_from from {inbound_file} where unpacked_from is not null)`,
    within(scope, 'received_at'),
    'name',
  );

/** Interchanges that were accepted and hold no set, or whose sets nobody acknowledged. */
export const interchangesOfNothing = (tx: Tx, scope: LedgerScope) =>
  find(tx, `select * from {interchange_ledger} where status = 'accepted' and documents = 0`, within(scope, 'received_at'), 'control');
export const unansweredInterchanges = (tx: Tx, scope: LedgerScope) =>
  find(
    tx,
    `select * from {interchange_ledger} where status = 'accepted' and to_acknowledge > 0 and acknowledgments = 0`,
    within(scope, 'received_at'),
    'control',
  );

/** Order documents that were applied and belong to no order. */
export const documentsWithoutOrder = (tx: Tx, scope: LedgerScope) =>
  find(
    tx,
    `select * from {document_ledger} where kind = 'order' and outcome in ('applied', 'duplicate') and order_id is null`,
    within(scope, 'received_at'),
    'business_key',
  );

/** Orders whose document is not there. */
export const ordersWithoutDocument = (tx: Tx, scope: LedgerScope) =>
  find(
    tx,
    `select o.id, o.partner, o.po_number, o.id as order_id from {sales_order} o where not exists (select 1 from {document} d where d.id = o.document_id)`,
    within(scope, 'received_at', 'o.'),
    'po_number',
  );

/** The part of the ledger by the order of its lines, so that what came before it is not read. */
function withinLines(scope: LedgerScope): Where {
  const where = within(scope, 'received_at');
  if (scope.from === undefined) return where;
  return {
    sql: `${where.sql} and order_id >= (select coalesce(min(o.id), 0) from {sales_order} o where o.received_at >= ?)`,
    values: [...where.values, scope.from],
  };
}

/** Lines whose buckets, shipments and reservations do not agree. */
export const unbalancedLines = (tx: Tx, scope: LedgerScope) =>
  find(
    tx,
    `select * from {line_ledger} where (base <> still_open + shipped + cancelled + rejected or shipped <> in_shipments or overshipped <> over_in_shipments
      or allocated <> reserved)`,
    withinLines(scope),
    'po_number',
  );

/** Lines of which more was invoiced than left, or less. Which of those are due is for the partner's settings to say. */
export const unevenlyInvoiced = (tx: Tx, scope: LedgerScope) =>
  find(tx, `select * from {line_ledger} where (invoiced > shipped + overshipped or invoiced < shipped)`, withinLines(scope), 'po_number');

/** Shipments that nobody was told of. */
export const untoldShipments = (tx: Tx, scope: LedgerScope) =>
  find(tx, `select * from {shipment_ledger} where quantity > 0 and notices = 0`, within(scope, 'created_at'), 'shipment_ref');

/** A stock row whose counters are not what its ledger and the orders say. */
export type StockDrift = {
  readonly sku: string;
  readonly location: string;
  readonly onHand: Decimal;
  readonly onHold: Decimal;
  readonly allocated: Decimal;
  readonly moved: { readonly onHand: Decimal; readonly onHold: Decimal; readonly allocated: Decimal };
  /** What firm reservations and unreported work hold. */
  readonly held: Decimal;
};

/** The first so many items in stock after one, in their order. */
export async function skusInStock(tx: Tx, after: string, count: number): Promise<readonly string[]> {
  const rows = await tx.many(`select distinct sku from {stock} where sku > ? order by sku ${tx.limit(count)}`, [after]);
  return rows.map((row) => row['sku'] as string);
}

/** Stock rows that drifted: of all items, or of those after one up to another. */
export async function stockDrifts(tx: Tx, range?: { readonly after: string; readonly last: string }): Promise<readonly StockDrift[]> {
  const rows = await tx.many(
    `select * from {stock_ledger} where (on_hand <> moved_on_hand or on_hold <> moved_on_hold or allocated <> moved_allocated or allocated <> held_by_orders)
      ${range ? 'and sku > ? and sku <= ?' : ''} order by sku, location`,
    range ? [range.after, range.last] : [],
  );
  return rows.map((row) => ({
    sku: row['sku'] as string,
    location: row['location'] as string,
    onHand: fromColumn(row['on_hand']),
    onHold: fromColumn(row['on_hold']),
    allocated: fromColumn(row['allocated']),
    moved: { onHand: fromColumn(row['moved_on_hand']), onHold: fromColumn(row['moved_on_hold']), allocated: fromColumn(row['moved_allocated']) },
    held: fromColumn(row['held_by_orders']),
  }));
}

/**
 * Makes a stock row what its ledger says, and its reservations what the orders hold; where the ledger itself differs from those, a movement brings
 * it there. `key` names the repair once and for all.
 */
export async function repairStock(tx: Tx, drift: StockDrift, key: string, now: number): Promise<void> {
  const { sku, location, moved, held } = drift;
  if (moved.allocated !== held) {
    await tx.insertMany('stock_movement', [
      { sku, location, on_hand: 0n, on_hold: 0n, allocated: held - moved.allocated, cause: 'adjustment', unique_key: key, order_id: null, at: now },
    ]);
  }
  await tx.run('update {stock} set on_hand = ?, on_hold = ?, allocated = ? where sku = ? and location = ?', [moved.onHand, moved.onHold, held, sku, location]);
}
