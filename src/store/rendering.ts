import { packPayload, storePayload } from './payload.ts';
import type { Row, Tx } from './transaction.ts';

/** An outbox row that is to become bytes. */
export type PendingDocument = {
  readonly id: number;
  readonly partner: string;
  readonly kind: string;
  readonly mapping: string | undefined;
  readonly channel: string | undefined;
  readonly businessKey: string;
  readonly orderId: number | undefined;
  readonly canonical: unknown;
  /** Names the cause: `shipment:12:x12/856`. */
  readonly uniqueKey: string;
  /** Who had it sent although it contradicts its order. */
  readonly waivedBy: string | undefined;
};

/** What a document became: its bytes are stored in `storeRendered`, its numbers are the partner's to quote. Control numbers are without leading zeros. */
export type Rendered = {
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  /** The bytes that leave, where the channel packs its files. */
  readonly packed?: { readonly bytes: Uint8Array; readonly sha256: string } | undefined;
  readonly mappingHash: string | undefined;
  readonly setId: string | undefined;
  readonly interchangeControl: string | undefined;
  readonly groupType: string | undefined;
  readonly groupControl: string | undefined;
  readonly setControl: string | undefined;
};

/** A claimed outbox row. */
export function toPending(row: Row): PendingDocument {
  const optional = (column: string) => (row[column] as string | null) ?? undefined;
  return {
    id: row['id'] as number,
    partner: row['partner'] as string,
    kind: row['kind'] as string,
    mapping: optional('mapping'),
    channel: optional('channel'),
    businessKey: optional('business_key') ?? '',
    orderId: (row['order_id'] as number | null) ?? undefined,
    canonical: JSON.parse(row['canonical'] as string),
    uniqueKey: row['unique_key'] as string,
    waivedBy: optional('waived_by'),
  };
}

/** The document that an outbox row is made of, by its id. */
export async function readPending(tx: Tx, id: number): Promise<PendingDocument | undefined> {
  const row = await tx.one('select * from {outbox} where id = ?', [id]);
  return row && toPending(row);
}

/** Stores the bytes of a rendered document and gives the columns that its row gets when the claim is settled. */
export async function storeRendered(tx: Tx, id: number, rendered: Rendered, now: number) {
  const { packed } = rendered;
  await storePayload(tx, 'outbox', id, packPayload(rendered.bytes));
  if (packed) await storePayload(tx, 'packed', id, packPayload(packed.bytes));
  return {
    file_name: rendered.fileName,
    size: rendered.bytes.length,
    sha256: rendered.sha256,
    packed_size: packed?.bytes.length ?? null,
    packed_sha256: packed?.sha256 ?? null,
    mapping_hash: rendered.mappingHash ?? null,
    set_id: rendered.setId ?? null,
    interchange_control: rendered.interchangeControl ?? null,
    group_type: rendered.groupType ?? null,
    group_control: rendered.groupControl ?? null,
    set_control: rendered.setControl ?? null,
    rendered_at: now,
    attempts: 0,
    due_at: 0,
  };
}

export type TakenDocument = { readonly id: number; readonly partner: string; readonly kind: string; readonly fileName: string; readonly grouped: boolean };

/**
 * Marks everything that is rendered as sent, for a rehearsal that has no channels, and gives it in the order in which it was made. `dueAt` says until
 * when a document has to be acknowledged, or nothing when it is settled by being sent.
 */
export async function takeRendered(tx: Tx, now: number, dueAt: (document: TakenDocument) => number | undefined): Promise<readonly TakenDocument[]> {
  const rows = await tx.many(`select id, partner, kind, file_name, group_control from {outbox} where status = 'rendered' order by id`);
  const taken = rows.map((row) => ({
    id: row['id'] as number,
    partner: row['partner'] as string,
    kind: row['kind'] as string,
    fileName: row['file_name'] as string,
    grouped: row['group_control'] !== null,
  }));
  const marked = taken.map((document) => {
    const due = dueAt(document);
    const [status, column, value] = due === undefined ? ['done', 'settled_at', now] : ['sent', 'ack_due_at', due];
    return tx.run(`update {outbox} set status = ?, sent_at = ?, ${column} = ? where id = ?`, [status, now, value, document.id]);
  });
  await Promise.all(marked);
  return taken;
}
