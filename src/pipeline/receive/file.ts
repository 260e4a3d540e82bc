import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { failPoint } from '../../fail-point.ts';
import { WharfError } from '../../errors.ts';
import { note } from '../../store/activity.ts';
import { abandonFile, beginFile, completeFile, insertFile, markDisposed, type NewFile, type Refused } from '../../store/files.ts';
import { holdsLease, type Lease } from '../../store/leases.ts';
import { CHUNK_BYTES, packPayload, storePayload } from '../../store/payload.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Entry } from '../../transports/transport.ts';
import type { OpenChannel, PipelineContext } from '../context.ts';

const deflate = promisify(deflateRaw);

/** Chunks of a large file that go into one transaction. */
const CHUNKS_A_COMMIT = 16;

/** A file that was read whole and is not stored yet. */
export type ReadFile = { readonly entry: Entry; readonly sha256: string; readonly chunks: readonly Uint8Array[]; readonly refused: Refused | undefined };
/** A file whose bytes are in the database. */
export type StoredFile = { readonly entry: Entry; readonly fileId: number };

/** Reads a small file whole. @throws WharfError FILE_UNREADABLE when it changed meanwhile or is gone. */
export async function readSmall(channel: OpenChannel, entry: Entry): Promise<ReadFile> {
  const parts: Uint8Array[] = [];
  for await (const part of channel.transport.read(entry)) parts.push(part);
  const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const refused = bytes.length === 0 ? { reason: 'FILE_EMPTY', detail: 'the file has 0 bytes' } : undefined;
  return { entry, sha256, chunks: packPayload(bytes), refused };
}

/** Stores files that were read, all in one commit. */
export async function storeAll(
  context: PipelineContext,
  channel: OpenChannel,
  files: readonly ReadFile[],
  lease: Lease | undefined,
): Promise<readonly StoredFile[]> {
  const now = context.now();
  return context.db.transaction(
    async (tx) => {
      await requireLease(tx, lease, now);
      const stored: StoredFile[] = [];
      for (const file of files) {
        const fileId = await insertFile(tx, newFile(channel, file.entry, now), file.sha256, file.chunks, file.refused);
        await noteReceipt(tx, channel, file.entry, fileId, now, file.refused);
        stored.push({ entry: file.entry, fileId });
      }
      failPoint('receive.storing');
      return stored;
    },
    () => context.wake('translate'),
  );
}

/** Stores a large file while it is read, in commits of a few megabytes. No step sees it before the last; a crash leaves nothing that counts. */
export async function storeLarge(context: PipelineContext, channel: OpenChannel, entry: Entry, lease: Lease | undefined): Promise<StoredFile> {
  const now = context.now();
  const fileId = await context.db.transaction((tx) => beginFile(tx, newFile(channel, entry, now)));
  try {
    const hash = createHash('sha256');
    let stored = 0;
    let packed: Uint8Array[] = [];
    const flush = async (): Promise<void> => {
      const chunks = packed;
      packed = [];
      await context.db.transaction((tx) => storePayload(tx, 'inbound', fileId, chunks, stored));
      stored += chunks.length;
    };
    for await (const chunk of inChunks(channel.transport.read(entry))) {
      hash.update(chunk);
      packed.push(await deflate(chunk, { level: 1 }));
      if (packed.length === CHUNKS_A_COMMIT) await flush();
    }
    await flush();
    const sha256 = hash.digest('hex');
    await context.db.transaction(async (tx) => {
      await requireLease(tx, lease, context.now());
      await completeFile(tx, fileId, sha256);
      await noteReceipt(tx, channel, entry, fileId, now, undefined);
    });
    return { entry, fileId };
  } catch (error) {
    await context.db.transaction((tx) => abandonFile(tx, fileId));
    throw error;
  }
}

/** Stores that something in the folder will never be taken, so that a person sees it. */
export async function storeRefusal(context: PipelineContext, channel: OpenChannel, name: string, refused: Refused): Promise<number> {
  const now = context.now();
  const entry = refusedEntry(name);
  return context.db.transaction(async (tx) => {
    const fileId = await insertFile(tx, newFile(channel, entry, now), '', [], refused);
    await noteReceipt(tx, channel, entry, fileId, now, refused);
    return fileId;
  });
}

/** How something that was refused unseen stands in the database. */
export function refusedEntry(name: string): Entry {
  return { name, size: 0, modifiedAt: 0, id: '' };
}

/** What became of files that were to leave: taken away, or not there under their names. The others are tried again later. */
export type Left = { readonly gone: ReadonlySet<number>; readonly missing: ReadonlySet<number> };

/** Takes stored files away from the channel. */
export async function disposeAll(context: PipelineContext, channel: OpenChannel, files: readonly StoredFile[], again = false): Promise<Left> {
  const gone = new Set<number>();
  const missing = new Set<number>();
  await Promise.all(
    files.map(async ({ entry, fileId }) => {
      try {
        const away = await channel.transport.dispose(entry, channel.channel.moveTo);
        (away ? gone : missing).add(fileId);
      } catch (error) {
        if (!again) context.log.warn('a file could not be taken away', { step: 'receive', channel: channel.key, fileId, error });
      }
    }),
  );
  failPoint('receive.taken');
  try {
    if (gone.size > 0) await noteGone(context, channel, [...gone], undefined);
  } catch (error) {
    context.log.warn('what was taken away may come back', { step: 'receive', channel: channel.key, count: gone.size, error });
    return { gone: new Set(), missing: new Set([...gone, ...missing]) };
  }
  failPoint('receive.noted');
  return { gone, missing };
}

/** Notes that files have left, when the disk has it: what a power cut brings back is known as long as it is not noted. */
export async function noteGone(context: PipelineContext, channel: OpenChannel, ids: readonly number[], lease: Lease | undefined): Promise<void> {
  await channel.transport.syncRemovals?.();
  await context.db.transaction(async (tx) => {
    await requireLease(tx, lease, context.now());
    await markDisposed(tx, ids, context.now());
  });
}

/** A daemon that stood still while another took the channel over stores nothing more of it. */
export async function requireLease(tx: Tx, lease: Lease | undefined, now: number): Promise<void> {
  if (lease && !(await holdsLease(tx, lease, now))) throw new WharfError('CLAIM_LOST', `${lease.resource} was taken over`);
}

function newFile(channel: OpenChannel, entry: Entry, now: number): NewFile {
  const { name, size, modifiedAt, id } = entry;
  return { partner: channel.partner, channel: channel.key, name, size, modifiedAt, sourceId: id, receivedAt: now };
}

async function noteReceipt(tx: Tx, channel: OpenChannel, entry: Entry, fileId: number, now: number, refused: Refused | undefined): Promise<void> {
  const text = refused ? `${entry.name} parked, ${refused.reason}: ${refused.detail}` : `${entry.name}, ${entry.size} bytes, from ${channel.key}`;
  await note(tx, { at: now, verb: 'receive', partner: channel.partner, fileId, text });
}

/** The same bytes in pieces of the size that is stored. */
async function* inChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  let length = 0;
  for await (const part of source) {
    rest.push(part);
    length += part.length;
    if (length < CHUNK_BYTES) continue;
    const bytes = Buffer.concat(rest);
    let start = 0;
    for (; bytes.length - start >= CHUNK_BYTES; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES);
    rest = [bytes.subarray(start)];
    length = bytes.length - start;
  }
  if (length > 0) yield Buffer.concat(rest);
}
