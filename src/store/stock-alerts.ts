import type { Decimal } from '../decimal.ts';
import { fromColumn } from '../decimal.ts';
import type { Row, Tx } from './transaction.ts';

/** A stock row that somebody should look at. Quantities in base units. */
export type AlertedStock = {
  readonly sku: string;
  readonly location: string;
  readonly onHand: Decimal;
  readonly onHold: Decimal;
  readonly allocated: Decimal;
  readonly safety: Decimal;
  readonly reorderPoint: Decimal;
};

/** Rows of which more is promised than there is, or of which what is left is below the safety stock or the reorder point. */
export async function stockToLookAt(tx: Tx): Promise<readonly AlertedStock[]> {
  const rows = await tx.many(
    `select * from {stock} where allocated > on_hand - on_hold or on_hand - on_hold - allocated < safety or on_hand - on_hold - allocated < reorder_point order by sku, location`,
  );
  return rows.map(toAlerted);
}

/** How many items of a location are low, and the first of them. */
export type LowStock = { readonly location: string; readonly count: number; readonly first: string };

const LOW = { oversold: 'allocated > on_hand - on_hold', reorder: 'reorder_point > 0 and on_hand - on_hold - allocated < reorder_point' };

/** Where more is promised than there is, or what is left is below the reorder point. */
export async function lowStock(tx: Tx, how: keyof typeof LOW): Promise<readonly LowStock[]> {
  const rows = await tx.many(`select location, count(*) as n, min(sku) as first from {stock} where ${LOW[how]} group by location order by location`);
  return rows.map((row) => ({ location: row['location'] as string, count: Number(row['n']), first: row['first'] as string }));
}

/** When each location that holds stock last said what it has (milliseconds since 1970), by an import or a report; undefined when it never did. */
export async function lastCounts(tx: Tx): Promise<readonly { readonly location: string; readonly at: number | undefined }[]> {
  const rows = await tx.many(
    `select s.location, max(s.counted_at) as counted, (select max(r.at) from {stock_report} r where r.location = s.location) as reported
      from {stock} s group by s.location order by s.location`,
  );
  return rows.map((row) => {
    const at = Math.max(Number(row['counted'] ?? 0), Number(row['reported'] ?? 0));
    return { location: row['location'] as string, at: at > 0 ? at : undefined };
  });
}

/** Notes that a location was counted, and the level at which an item is to be ordered again where the count says so. The row must be there. */
export async function markCounted(tx: Tx, sku: string, location: string, now: number, reorderPoint: Decimal | undefined): Promise<void> {
  await tx.run('update {stock} set counted_at = ?, reorder_point = coalesce(?, reorder_point) where sku = ? and location = ?', [
    now,
    reorderPoint ?? null,
    sku,
    location,
  ]);
}

function toAlerted(row: Row): AlertedStock {
  const quantity = (column: string) => fromColumn(row[column]);
  return {
    sku: row['sku'] as string,
    location: row['location'] as string,
    onHand: quantity('on_hand'),
    onHold: quantity('on_hold'),
    allocated: quantity('allocated'),
    safety: quantity('safety'),
    reorderPoint: quantity('reorder_point'),
  };
}
