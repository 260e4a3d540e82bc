import { createHash } from 'node:crypto';
import { failPoint } from '../../fail-point.ts';
import { WharfError } from '../../errors.ts';
import { isAnswer, isMissing } from './errors.ts';
import { attributesOfOpen, closeFile, type Handle, openFile, readAt, remove, syncFile, writeAt } from './requests.ts';
import type { Session } from './session.ts';

/** What every server takes in one request. */
const chunkBytes = 32 * 1024;
/** Requests under way at once: enough to fill a line of 100 ms and 5 MB/s. */
const window = 16;

export type Expected = { readonly size: number; readonly modifiedAt: number };

/**
 * The bytes of a remote file in order, read by position. The file must have the expected size and time before and after, and give exactly
 * that many bytes: one more is asked for at the end, so that a longer file shows itself. @throws WharfError FILE_UNREADABLE.
 */
export async function* download(session: Session, path: string, expected: Expected): AsyncGenerator<Uint8Array> {
  const handle = await openFile(session, path, 'r');
  try {
    const before = quiet(attributesOfOpen(session, handle));
    const chunks = chunksOf(session, handle, expected.size);
    let total = 0;
    for await (const chunk of chunks) {
      if (total === 0) checkSame(await before, expected, path);
      total += chunk.length;
      if (total > expected.size) throw changed(path, `gave more than its ${expected.size} bytes`);
      yield chunk;
    }
    checkSame(await before, expected, path);
    if (total !== expected.size) throw changed(path, `gave only ${total} of its ${expected.size} bytes`);
    checkSame(await attributesOfOpen(session, handle), expected, path);
  } finally {
    await closeFile(session, handle).catch(() => undefined);
  }
}

/** Asks for several chunks ahead and gives them in order. */
async function* chunksOf(session: Session, handle: Handle, size: number): AsyncGenerator<Uint8Array> {
  const ahead: Promise<Uint8Array>[] = [];
  let asked = 0;
  for (;;) {
    while (ahead.length < window && asked <= size) {
      const length = Math.min(chunkBytes, size + 1 - asked);
      ahead.push(quiet(readFully(session, handle, asked, length, size)));
      asked += length;
    }
    const next = ahead.shift();
    if (next === undefined) return;
    const chunk = await next;
    if (chunk.length > 0) yield chunk;
  }
}

/** Goes on where a server answers with less than was asked, until the file ends. */
async function readFully(session: Session, handle: Handle, position: number, length: number, size: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let got = 0;
  while (got < length) {
    const part = await readAt(session, handle, position + got, length - got);
    if (part.length === 0) break;
    parts.push(part);
    got += part.length;
    // The last byte asked for lies behind the end: its absence needs no second answer.
    if (position + got === size) break;
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** A promise that is awaited later must not count as unheard when it fails before. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function checkSame(now: Expected & { readonly isRegular: boolean | undefined }, expected: Expected, path: string): void {
  if (now.isRegular === false) throw new WharfError('FILE_NOT_REGULAR', `"${path}" is no regular file now`, { value: path });
  if (now.size !== expected.size || now.modifiedAt !== expected.modifiedAt) throw changed(path, 'changed since it was listed');
}

function changed(path: string, what: string): WharfError {
  return new WharfError('FILE_UNREADABLE', `"${path}" ${what}; it is tried again when it is stable`, { value: path });
}

/** Creates a file; one that an unheard-of try left under this name is removed first. */
async function create(session: Session, path: string): Promise<Handle> {
  try {
    return await openFile(session, path, 'wx');
  } catch (error) {
    if (!isAnswer(error) || isMissing(error) || !(await remove(session, path))) throw error;
    return openFile(session, path, 'wx');
  }
}

/**
 * Writes a new file, syncs it where the server can, and asks for its size.
 * @throws WharfError DELIVERY_FAILED when the server kept another number of bytes; the server's refusal otherwise.
 */
export async function upload(session: Session, path: string, bytes: Uint8Array): Promise<void> {
  failPoint('sftp.creating');
  await fill(session, path, await create(session, path), bytes);
}

/** The same for a name that may be somebody else's: what is there is never removed. */
export async function uploadNew(session: Session, path: string, bytes: Uint8Array): Promise<void> {
  const handle = await openFile(session, path, 'wx');
  try {
    await fill(session, path, handle, bytes);
  } catch (error) {
    await remove(session, path).catch(() => false);
    throw error;
  }
}

async function fill(session: Session, path: string, handle: Handle, bytes: Uint8Array): Promise<void> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    failPoint('sftp.created');
    const under = new Set<Promise<void>>();
    for (let at = 0; at < buffer.length; at += chunkBytes) {
      if (under.size >= window) await Promise.race(under);
      const writing = quiet(writeAt(session, handle, at, buffer.subarray(at, at + chunkBytes)));
      under.add(writing);
      writing.then(
        () => under.delete(writing),
        () => undefined,
      );
    }
    await Promise.all(under);
    failPoint('sftp.written');
    await syncFile(session, handle);
    const { size } = await attributesOfOpen(session, handle);
    if (size !== buffer.length) throw new WharfError('DELIVERY_FAILED', `The server kept ${size} of ${buffer.length} bytes`, { value: path });
  } catch (error) {
    await closeFile(session, handle).catch(() => undefined);
    throw error;
  }
  await closeFile(session, handle);
}

/** SHA-256 (hex) of a remote file that has `size` bytes; undefined when it is gone. Reads no more than one byte beyond. */
export async function remoteHash(session: Session, path: string, size: number): Promise<string | undefined> {
  let handle: Handle;
  try {
    handle = await openFile(session, path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const hash = createHash('sha256');
    for await (const chunk of chunksOf(session, handle, size)) hash.update(chunk);
    return hash.digest('hex');
  } finally {
    await closeFile(session, handle).catch(() => undefined);
  }
}
