import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { type Packing, unpack } from '../../packing/packing.ts';
import type { OpeningKeys } from '../../packing/pgp.ts';
import { note } from '../../store/activity.ts';
import { type InboundFile, insertFile } from '../../store/files.ts';
import { CHUNK_BYTES, readPayload } from '../../store/payload.ts';
import { queues, settle } from '../../store/queue.ts';
import type { PipelineContext } from '../context.ts';

const deflate = promisify(deflateRaw);

/** What the format of a file is called that only holds others. */
const PACKED = 'packed';

/**
 * Opens a packed file. What is in it become files of their own, which are committed together with its end: done again after a crash, none is there
 * twice. @throws WharfError PACKING_INVALID, PACKING_LIMIT, PGP_KEY_WRONG, PGP_SIGNATURE, PGP_INVALID, PGP_KEY_INVALID.
 */
export async function unpackFile(context: PipelineContext, file: InboundFile, packing: Packing<OpeningKeys>): Promise<void> {
  const parts: Uint8Array[] = [];
  for await (const part of readPayload(context.db, 'inbound', file.id)) parts.push(part);
  const found = await unpack(file.name, Buffer.concat(parts), packing, { bytes: context.config().limits.unpackedBytes });
  const inside: { name: string; size: number; sha256: string; chunks: readonly Uint8Array[] }[] = [];
  for (const { name, bytes } of found) {
    inside.push({ name, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), chunks: await chunksOf(bytes) });
  }
  const now = context.now();
  const { id: unpackedFrom, partner, channel, modifiedAt } = file;
  await context.db.transaction(async (tx) => {
    for (const [index, { name, size, sha256, chunks }] of inside.entries()) {
      const entry = { partner, channel, name, size, modifiedAt, sourceId: `file:${unpackedFrom}/${index + 1}`, receivedAt: now, unpackedFrom };
      const refused = size === 0 ? { reason: 'FILE_EMPTY', detail: 'the file has 0 bytes' } : undefined;
      const id = await insertFile(tx, entry, sha256, chunks, refused);
      await note(tx, { at: now, verb: 'receive', partner, fileId: id, text: `${name}, ${size} bytes, out of ${file.name} (file:${unpackedFrom})` });
    }
    const done = { format: PACKED, finished_at: now, reason: null, detail: null };
    await settle(tx, queues.translate, { id: file.id, owner: context.owner }, 'done', done);
    const names = inside.map(({ name }) => name).join(', ');
    await note(tx, { at: now, verb: 'translate', partner, fileId: file.id, text: `opened: ${names.length > 300 ? `${inside.length} files` : names}` });
  });
  context.wake('translate');
}

/** Pieces for storage, compressed beside the event loop: what comes out may be large. */
async function chunksOf(bytes: Uint8Array): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) chunks.push(await deflate(bytes.subarray(start, start + CHUNK_BYTES), { level: 1 }));
  return chunks;
}
