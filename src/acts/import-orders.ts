import { createHash } from 'node:crypto';
import { toDocument } from '../canonical/document.ts';
import type { Order } from '../canonical/order.ts';
import { parseDecimal } from '../decimal.ts';
import { note } from '../store/activity.ts';
import { insertOrderFile } from '../store/imported-orders.ts';
import type { OrderEntry } from '../store/imported-orders.ts';
import { fromPlain } from '../tree.ts';
import type { ImportContext } from './import-items.ts';
import type { ImportRow, RefusedRow } from './import-rows.ts';
import { inOrder, readImport, refuse } from './import-rows.ts';
import { dayIn, hashOf } from '../pipeline/work.ts';

export type OrderImport = {
  readonly rows: number;
  /** Orders that are taken; those that are here already turn out to be duplicates when they are applied. */
  readonly orders: number;
  readonly refused: readonly RefusedRow[];
  readonly ignoredColumns: readonly string[];
};

const COLUMNS = {
  required: ['partner', 'po_number', 'line', 'item', 'quantity', 'unit'],
  optional: [
    'item_qualifier',
    'price',
    'description',
    'order_date',
    'release_number',
    'po_type',
    'currency',
    'ship_to',
    'requested_ship',
    'ship_no_later',
    'cancel_after',
    'answered',
  ],
} as const;

/** Columns of the heading and the members they become; the first row of an order says them. */
const HEADING = {
  release_number: 'releaseNumber',
  po_type: 'poType',
  currency: 'currency',
  requested_ship: 'requestedShip',
  ship_no_later: 'shipNoLater',
  cancel_after: 'cancelAfter',
} as const;

/**
 * Takes orders that are open in another system from a CSV file, a row a line: with what is still to be shipped, and whether the buyer has been answered.
 * An order is taken as a whole or not at all. They go on as if they had just come; the same order again is a duplicate.
 * @throws WharfError HEADER_INVALID, FILE_EMPTY, FILE_MALFORMED.
 */
export async function importOrders(context: ImportContext, bytes: Uint8Array): Promise<OrderImport> {
  const { db, config, now, file } = context;
  const read = await readImport(file, bytes, COLUMNS);
  const refused = [...read.refused];
  const entries: OrderEntry[] = [];
  const today = dayIn(config.company.timezone, now);
  for (const rows of Map.groupBy(read.rows, (row) => `${row.cell('partner') ?? ''}\n${row.cell('po_number') ?? ''}`).values()) {
    const wrong = rows.flatMap((row) => wrongIn(row, config.partners));
    const made = wrong.length > 0 ? { wrong } : orderOf(rows, today);
    if ('wrong' in made) refused.push(...made.wrong);
    else entries.push({ partner: rows[0]!.cell('partner')!, order: made.order, contentHash: hashOf(made.order) });
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await db.transaction(async (tx) => {
    const fileId = entries.length > 0 ? await insertOrderFile(tx, { name: file, bytes, sha256 }, entries, now) : undefined;
    await note(tx, { at: now, verb: 'import', fileId, text: `${entries.length} orders from ${file}, ${refused.length} values refused` });
  });
  return { rows: read.total, orders: entries.length, refused: inOrder(refused), ignoredColumns: read.ignored };
}

function wrongIn(row: ImportRow, partners: ReadonlyMap<string, unknown>): readonly RefusedRow[] {
  const refused: RefusedRow[] = [];
  const quantity = parseDecimal(row.cell('quantity') ?? '');
  if (!partners.has(row.cell('partner') ?? '')) refused.push(refuse(row, 'partner', 'is no partner'));
  for (const column of ['po_number', 'line', 'item', 'unit']) if (!row.cell(column)) refused.push(refuse(row, column, 'is missing'));
  if (quantity === undefined || quantity <= 0n) refused.push(refuse(row, 'quantity', 'is not a number above 0'));
  if (!['', 'yes', 'no'].includes(row.cell('answered') ?? '')) refused.push(refuse(row, 'answered', 'is not yes or no'));
  return refused;
}

function orderOf(rows: readonly ImportRow[], today: string): { readonly order: Order } | { readonly wrong: readonly RefusedRow[] } {
  const first = rows[0]!;
  const heading = Object.entries(HEADING).flatMap(([column, member]) => (first.cell(column) ? [[member, first.cell(column)!]] : []));
  const plain = {
    poNumber: first.cell('po_number'),
    orderDate: first.cell('order_date') || today,
    ...Object.fromEntries(heading),
    ...(first.cell('ship_to') && { shipTo: { code: first.cell('ship_to'), qualifier: '92' } }),
    // Whoever says nothing else has answered: these orders are not new.
    ...(first.cell('answered') !== 'no' && { answered: 'yes' }),
    lines: rows.map((row) => ({
      lineRef: row.cell('line'),
      ids: [{ qualifier: row.cell('item_qualifier') || 'SK', value: row.cell('item') }],
      quantity: row.cell('quantity'),
      unit: row.cell('unit')!.toUpperCase(),
      ...(row.cell('price') && { price: row.cell('price') }),
      ...(row.cell('description') && { description: row.cell('description') }),
    })),
  };
  const made = toDocument('order', fromPlain('order', plain));
  if ('document' in made) return { order: made.document as Order };
  return { wrong: made.findings.map(({ message }) => refuse(first, 'po_number', `makes no order: ${message}`)) };
}
