import type { OrderChange } from '../canonical/order-change.ts';
import type { ChangeLine } from '../orders/change-lines.ts';
import type { Row, Tx } from './transaction.ts';

/** A change of an order, the buyer's or ours, until it is answered and after. */
export type StoredChange = {
  readonly id: number;
  readonly orderId: number;
  /** Undefined where we make the change ourselves. */
  readonly documentId: number | undefined;
  readonly initiative: 'buyer' | 'seller';
  readonly sequence: string | undefined;
  readonly contentHash: string;
  readonly document: OrderChange | undefined;
  readonly lines: readonly ChangeLine[];
  readonly receivedAt: number;
  readonly answeredAt: number | undefined;
};

export type NewChange = Omit<StoredChange, 'id' | 'answeredAt'>;

/** Stores a change that was carried out as far as that goes, and gives its id. */
export function insertChange(tx: Tx, change: NewChange): Promise<number> {
  return tx.insert('order_change', {
    order_id: change.orderId,
    document_id: change.documentId ?? null,
    initiative: change.initiative,
    sequence: change.sequence ?? '',
    content_hash: change.contentHash,
    document: change.document === undefined ? null : JSON.stringify(change.document),
    lines: packLines(change.lines),
    received_at: change.receivedAt,
    answered_at: null,
  });
}

/** All changes of an order, in the order in which they came. */
export async function changesOf(tx: Tx, orderId: number): Promise<readonly StoredChange[]> {
  return (await tx.many('select * from {order_change} where order_id = ? order by id', [orderId])).map(toChange);
}

/** All changes of these orders. */
export async function changesOfAll(tx: Tx, orderIds: readonly number[]): Promise<readonly StoredChange[]> {
  if (orderIds.length === 0) return [];
  const rows = await tx.many(`select * from {order_change} where order_id in (${orderIds.map(() => '?').join(', ')}) order by id`, orderIds);
  return rows.map(toChange);
}

/** Stores how far the lines of a change have come. */
export async function updateChangeLines(tx: Tx, id: number, lines: readonly ChangeLine[]): Promise<void> {
  await tx.run('update {order_change} set lines = ? where id = ?', [packLines(lines), id]);
}

/** Notes that a change is answered. */
export async function markChangeAnswered(tx: Tx, id: number, now: number): Promise<void> {
  await tx.run('update {order_change} set answered_at = ? where id = ?', [now, id]);
}

function toChange(row: Row): StoredChange {
  return {
    id: row['id'] as number,
    orderId: row['order_id'] as number,
    documentId: (row['document_id'] as number | null) ?? undefined,
    initiative: row['initiative'] as StoredChange['initiative'],
    sequence: (row['sequence'] as string) || undefined,
    contentHash: row['content_hash'] as string,
    document: row['document'] === null ? undefined : (JSON.parse(row['document'] as string) as OrderChange),
    lines: unpackLines(row['lines'] as string),
    receivedAt: Number(row['received_at']),
    answeredAt: (row['answered_at'] as number | null) ?? undefined,
  };
}

const QUANTITIES = ['before', 'wanted', 'remains', 'asked', 'granted', 'added'] as const;

function packLines(lines: readonly ChangeLine[]): string {
  return JSON.stringify(lines, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

function unpackLines(text: string): readonly ChangeLine[] {
  const plain = JSON.parse(text) as readonly Record<string, unknown>[];
  return plain.map((line) => ({ ...line, ...Object.fromEntries(QUANTITIES.map((name) => [name, BigInt(line[name] as string)])) }) as unknown as ChangeLine);
}
