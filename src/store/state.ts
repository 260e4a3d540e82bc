import { formatDecimal, fromColumn } from '../decimal.ts';
import type { Finding } from '../finding.ts';
import type { Row, Tx } from './transaction.ts';

/**
 * All that an operator would see, as lines of text: files, interchanges that were not accepted, documents, orders with their units, holds, promised stock and the outbox. Without instants
 * and ids, so that the same story always reads the same. For small databases: everything is read at once.
 */
export async function describeState(tx: Tx): Promise<string> {
  const files = await tx.many('select * from {inbound_file} order by id');
  const interchanges = await tx.many(
    `select i.partner, i.control, i.status, f.name as first from {interchange} i left join {interchange} earlier on earlier.id = i.duplicate_of
      left join {inbound_file} f on f.id = earlier.inbound_file_id where i.status <> 'accepted' order by i.id`,
  );
  const documents = await tx.many('select * from {document} order by inbound_file_id, position');
  const orders = await tx.many('select * from {sales_order} order by id');
  const lines = await tx.many('select * from {order_line} order by id');
  const holds = await tx.many('select * from {order_hold} where resolved_at is null order by id');
  const stock = await tx.many('select * from {stock} where allocated <> 0 order by sku, location');
  const returned = await tx.many('select r.number, r.buyer_ref, r.state, l.* from {return_order} r join {return_line} l on l.return_id = r.id order by l.id');
  const deducted = await tx.many('select * from {deduction} order by id');
  const outbox = await tx.many('select * from {outbox} order by id');
  const sections = [
    ['files', files.map((row) => `${show(row, 'partner', 'name', 'format', 'status')}${why(row)}`)],
    ['interchanges', interchanges.map((row) => `${show(row, 'partner', 'control', 'status')}${row['first'] === null ? '' : ` of ${String(row['first'])}`}`)],
    ['documents', documents.map(showDocument)],
    [
      'orders',
      orders.flatMap((order) => [show(order, 'partner', 'po_number', 'lifecycle'), ...lines.filter((line) => line['order_id'] === order['id']).map(showLine)]),
    ],
    ['holds', holds.map((row) => show(row, 'code', 'detail'))],
    ['promised stock', stock.map((row) => `${show(row, 'sku', 'location')} ${quantity(row, 'allocated')} of ${quantity(row, 'on_hand')}`)],
    ['returns', returned.map(showReturn)],
    ['deductions', deducted.map((row) => `${show(row, 'partner', 'source', 'reference', 'code', 'invoice_number', 'state')} ${quantity(row, 'amount')}`)],
    ['outbox', outbox.map(showOutbox)],
  ] as const;
  return `${sections.flatMap(([title, rows]) => (rows.length > 0 ? [title, ...rows.map((row) => `  ${row}`)] : [])).join('\n')}\n`;
}

const buckets = ['pending', 'backordered', 'allocated', 'released', 'shipped', 'cancelled', 'rejected', 'overshipped', 'invoiced'];

function showDocument(row: Row): string {
  return `${show(row, 'partner', 'set_id', 'kind', 'business_key', 'status')}${row['accepted'] === 0 ? ' rejected' : ''}${why(row)}${warnings(row)}`;
}

function showLine(row: Row): string {
  const units = buckets.filter((name) => fromColumn(row[name]) !== 0n).map((name) => `${name} ${quantity(row, name)}`);
  const reason = row['reason'] ? ` (${String(row['reason'])})` : '';
  return `  ${show(row, 'line_ref', 'sku')} ${quantity(row, 'ordered')} ${String(row['unit'])}: ${units.join(', ') || 'nothing'}${reason}`;
}

function showReturn(row: Row): string {
  const units = ['requested', 'authorised', 'received', 'restocked', 'quarantined', 'scrapped', 'credited'].filter((name) => fromColumn(row[name]) !== 0n);
  return `${show(row, 'number', 'buyer_ref', 'state', 'line_ref', 'sku')}: ${units.map((name) => `${name} ${quantity(row, name)}`).join(', ')}`;
}

function showOutbox(row: Row): string {
  const told = row['ack_detail'] ? `: ${String(row['ack_detail'])}` : '';
  return `${show(row, 'partner', 'kind', 'business_key', 'file_name', 'status', 'ack_status')}${told}${why(row)}`;
}

/** What was strange about a document and did not stop it. */
function warnings(row: Row): string {
  const findings = JSON.parse((row['findings'] as string | null) ?? '[]') as readonly Finding[];
  return findings
    .filter(({ severity }) => severity === 'warning')
    .map(({ code, message }) => ` (${code}: ${message})`)
    .join('');
}

const quantity = (row: Row, column: string): string => formatDecimal(fromColumn(row[column]));
const show = (row: Row, ...columns: readonly string[]): string => columns.map((column) => row[column] ?? '-').join(' ');
const why = (row: Row): string => (row['reason'] ? ` ${String(row['reason'])}: ${String(row['detail'] ?? '')}` : '');
