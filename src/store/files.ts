import { WharfError } from '../errors.ts';
import { inList, inParts } from './in-list.ts';
import { dropPayload, storePayload } from './payload.ts';
import type { Row, Tx } from './transaction.ts';

/** A file as a channel showed it. */
export type NewFile = {
  readonly partner: string;
  /** `partner/channel`. */
  readonly channel: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, by the sender's clock. */
  readonly modifiedAt: number;
  /** What the transport tells equal names apart by. */
  readonly sourceId: string;
  readonly receivedAt: number;
  /** The packed file that it came out of; such a file has left its channel with that one. */
  readonly unpackedFrom?: number | undefined;
};

export type InboundFile = NewFile & {
  readonly id: number;
  /** SHA-256 (hex) of its bytes. */
  readonly sha256: string;
  readonly format: string | undefined;
  readonly status: string;
  readonly reason: string | undefined;
  readonly detail: string | undefined;
  readonly attempts: number;
  readonly disposedAt: number | undefined;
  readonly finishedAt: number | undefined;
};

export type Refused = { readonly reason: string; readonly detail: string };

/** Stores a file with all its bytes: ready to be translated, or parked for a reason. Gives its id. */
export async function insertFile(tx: Tx, file: NewFile, sha256: string, chunks: readonly Uint8Array[], refused?: Refused): Promise<number> {
  const id = await tx.insert('inbound_file', {
    ...toRow(file),
    sha256,
    status: refused ? 'parked' : 'pending',
    reason: refused?.reason ?? null,
    detail: refused?.detail ?? null,
  });
  await storePayload(tx, 'inbound', id, chunks);
  return id;
}

/** Begins a file that is too large for one transaction. Nothing looks at it until `completeFile`. */
export function beginFile(tx: Tx, file: NewFile): Promise<number> {
  return tx.insert('inbound_file', { ...toRow(file), sha256: '', status: 'receiving' });
}

/** Ends what `beginFile` began: all its chunks are stored. @throws WharfError CLAIM_LOST when another process dropped it meanwhile. */
export async function completeFile(tx: Tx, id: number, sha256: string): Promise<void> {
  const changed = await tx.run(`update {inbound_file} set status = 'pending', sha256 = ? where id = ? and status = 'receiving'`, [sha256, id]);
  if (changed === 0) throw new WharfError('CLAIM_LOST', `what was stored of file ${id} was dropped`);
}

/** Forgets a file that was begun and not completed; its sender still has it. */
export async function abandonFile(tx: Tx, id: number): Promise<void> {
  await dropPayload(tx, 'inbound', id);
  await tx.run(`delete from {inbound_file} where id = ? and status = 'receiving'`, [id]);
}

/** The files of a channel that were begun and not completed: what a crash left. */
export async function unfinishedFiles(tx: Tx, channel: string): Promise<readonly number[]> {
  const rows = await tx.many(`select id from {inbound_file} where channel = ? and disposed_at is null and status = 'receiving'`, [channel]);
  return rows.map((row) => row['id'] as number);
}

/** The files of a channel that are stored but were not seen to leave it yet. */
export async function undisposedFiles(tx: Tx, channel: string): Promise<readonly InboundFile[]> {
  const rows = await tx.many(`select * from {inbound_file} where channel = ? and disposed_at is null and status <> 'receiving'`, [channel]);
  return rows.map(toFile);
}

/** Notes that files have left their channel. */
export async function markDisposed(tx: Tx, ids: readonly number[], at: number): Promise<void> {
  await inParts(ids, async (part) => {
    const list = inList(part);
    await tx.run(`update {inbound_file} set disposed_at = ? where id in ${list.sql}`, [at, ...list.values]);
    return [];
  });
}

/** A file by its id. */
export async function readFile(tx: Tx, id: number): Promise<InboundFile | undefined> {
  const row = await tx.one('select * from {inbound_file} where id = ?', [id]);
  return row && toFile(row);
}

/** A row of the inbound file table, such as one that was claimed. */
export function toFile(row: Row): InboundFile {
  const text = (column: string) => (row[column] as string | null) ?? undefined;
  const at = (column: string) => (row[column] as number | null) ?? undefined;
  return {
    id: row['id'] as number,
    partner: row['partner'] as string,
    channel: row['channel'] as string,
    name: row['name'] as string,
    size: row['size'] as number,
    modifiedAt: row['modified_at'] as number,
    sourceId: row['source_id'] as string,
    sha256: row['sha256'] as string,
    format: text('format'),
    receivedAt: row['received_at'] as number,
    unpackedFrom: at('unpacked_from'),
    status: row['status'] as string,
    reason: text('reason'),
    detail: text('detail'),
    attempts: row['attempts'] as number,
    disposedAt: at('disposed_at'),
    finishedAt: at('finished_at'),
  };
}

function toRow(file: NewFile) {
  return {
    partner: file.partner,
    channel: file.channel,
    name: file.name.slice(0, 255),
    size: file.size,
    modified_at: file.modifiedAt,
    source_id: file.sourceId.slice(0, 120),
    received_at: file.receivedAt,
    ...(file.unpackedFrom === undefined ? {} : { unpacked_from: file.unpackedFrom, disposed_at: file.receivedAt }),
  };
}
