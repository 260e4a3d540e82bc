import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { inList, inParts } from './in-list.ts';
import type { Database, Tx } from './transaction.ts';

/** Whose bytes: an inbound file's, an outbox row's, or an outbox row's as they leave, where they are packed. */
export type PayloadOwner = 'inbound' | 'outbox' | 'packed';

/** Bytes of a file that go into one row, before they are compressed. */
export const CHUNK_BYTES = 256 * 1024;
/** Chunks fetched in one statement when a payload is read as a stream. */
const CHUNKS_AT_ONCE = 8;

/** Compresses bytes for storage, a chunk a row; done outside the transaction that stores them. */
export function packPayload(bytes: Uint8Array): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) chunks.push(deflateRawSync(bytes.subarray(start, start + CHUNK_BYTES), { level: 1 }));
  return chunks;
}

/** Stores packed chunks with the end of the transaction; `first` is the number of the first of them. */
export function storePayload(tx: Tx, owner: PayloadOwner, ownerId: number, chunks: readonly Uint8Array[], first = 0): Promise<void> {
  for (const [index, bytes] of chunks.entries()) tx.append('payload', { owner, owner_id: ownerId, chunk: first + index, bytes });
  return Promise.resolve();
}

/** The bytes of a payload that is known to be small: an outgoing file. */
export async function readWholePayload(tx: Tx, owner: PayloadOwner, ownerId: number): Promise<Uint8Array> {
  return (await readWholePayloads(tx, owner, [ownerId])).get(ownerId) ?? Buffer.alloc(0);
}

/** The first bytes of a payload, at most `CHUNK_BYTES`; none where it was removed. */
export async function readFirstChunk(tx: Tx, owner: PayloadOwner, ownerId: number): Promise<Uint8Array> {
  const row = await tx.one('select bytes from {payload} where owner = ? and owner_id = ? and chunk = 0', [owner, ownerId]);
  return row ? inflateRawSync(row['bytes'] as Uint8Array) : new Uint8Array();
}

/** The bytes of several payloads that are known to be small, by owner. */
export async function readWholePayloads(tx: Tx, owner: PayloadOwner, ownerIds: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>> {
  const rows = await inParts(ownerIds, (part) => {
    const list = inList(part);
    return tx.many(`select owner_id, bytes from {payload} where owner = ? and owner_id in ${list.sql} order by owner_id, chunk`, [owner, ...list.values]);
  });
  const byOwner = Map.groupBy(rows, (row) => row['owner_id'] as number);
  return new Map([...byOwner].map(([id, chunks]) => [id, Buffer.concat(chunks.map((row) => inflateRawSync(row['bytes'] as Uint8Array)))]));
}

/** The bytes of a payload of any size. No transaction is held between two chunks, so that the reader may take its time. */
export async function* readPayload(db: Database, owner: PayloadOwner, ownerId: number): AsyncGenerator<Uint8Array> {
  for (let chunk = 0; ; chunk += CHUNKS_AT_ONCE) {
    const rows = await db.read((tx) =>
      tx.many('select bytes from {payload} where owner = ? and owner_id = ? and chunk >= ? and chunk < ? order by chunk', [
        owner,
        ownerId,
        chunk,
        chunk + CHUNKS_AT_ONCE,
      ]),
    );
    for (const row of rows) yield inflateRawSync(row['bytes'] as Uint8Array);
    if (rows.length < CHUNKS_AT_ONCE) return;
  }
}

/** Removes a payload. */
export async function dropPayload(tx: Tx, owner: PayloadOwner, ownerId: number): Promise<void> {
  await tx.run('delete from {payload} where owner = ? and owner_id = ?', [owner, ownerId]);
}
