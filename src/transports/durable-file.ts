import { createHash } from 'node:crypto';
import { constants, promises as fs, linkSync, unlinkSync, lstatSync, renameSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failPoint } from '../fail-point.ts';

/**
 * The few file operations that survive a power cut, in one place. Errors are those of Node, with their `code`; callers give them a meaning.
 */

/** The `code` of a system error, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const createOnly = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
/** A pipe must not make the open wait, and a link must not be followed. */
const readOnly = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Creates a file that must not exist yet, writes all bytes and syncs them to disk. Its name is safe only after `syncDirectory`.
 * On any error the file is removed again: after a failed sync the bytes cannot be trusted, so the next try must be a new file.
 */
export async function writeNewFile(path: string, bytes: Uint8Array | AsyncIterable<Uint8Array>, mode: number): Promise<void> {
  failPoint('folder.creating');
  const handle = await fs.open(path, createOnly, mode);
  try {
    try {
      failPoint('folder.created');
      if (bytes instanceof Uint8Array) await writeFully(handle, bytes);
      else for await (const chunk of bytes) await writeFully(handle, chunk);
      failPoint('folder.written');
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await removeFile(path).catch(() => false);
    throw error;
  }
}

async function writeFully(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written);
    written += bytesWritten;
  }
}

/**
 * Gives a file another name in the same file system without replacing what has it.
 * @returns false when the name is taken.
 */
export async function linkNew(path: string, newPath: string): Promise<boolean> {
  try {
    linkSync(path, newPath);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') {
      // Cut off between the two names, an earlier call left both on one file: what is missing is to take the first away.
      if (!(await isSameFile(path, newPath))) return false;
      await fs.unlink(path);
      return true;
    }
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EMLINK') throw error;
    // File systems without hard links (FAT, some network shares) leave an instant between the look and the rename.
    if (await exists(newPath)) return false;
    await fs.rename(path, newPath);
    return true;
  }
  // In one breath with the link: a process that ends between the two leaves two names, and whoever then takes the second away makes the first look
  // as if it had never had another. Through the thread pool, that instant would last as long as all the files of a batch.
  unlinkSync(path);
  return true;
}

/**
 * Gives a file another name in one step: a process that ends meanwhile, even inside the system call, leaves it with one of the two names and never
 * with both. For names that only we use: a file that appears between the look and the step would be replaced.
 * @returns false when the name is taken.
 */
export function renameNew(path: string, newPath: string): boolean {
  if (lstatSync(newPath, { throwIfNoEntry: false }) !== undefined) return false;
  failPoint('folder.renaming');
  renameSync(path, newPath);
  failPoint('folder.renamed');
  return true;
}

async function isSameFile(path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([path, other].map((each) => fs.lstat(each, { bigint: true }).catch(() => undefined)));
  return one !== undefined && one.ino === two?.ino && one.dev === two.dev;
}

/** Removes a file. @returns false when there was none. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await fs.unlink(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await fs.lstat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Opens for reading without following a link and without waiting for the other end of a pipe. */
export function openForReading(path: string): Promise<FileHandle> {
  return fs.open(path, readOnly);
}

/** Size and SHA-256 (hex) of a regular file, or undefined when there is none of that name. */
export async function fingerprint(path: string): Promise<{ readonly size: number; readonly sha256: string } | undefined> {
  let handle: FileHandle;
  try {
    handle = await openForReading(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const hash = createHash('sha256');
    let size = 0;
    const buffer = new Uint8Array(256 * 1024);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, size);
      if (bytesRead === 0) return { size, sha256: hash.digest('hex') };
      hash.update(buffer.subarray(0, bytesRead));
      size += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

type Syncing = { readonly running: Promise<void>; next: Promise<void> | undefined };
const syncing = new Map<string, Syncing>();

/**
 * Makes the names in a directory durable. Calls made while a sync is under way share the one that starts after it,
 * so that staging many files at once costs two directory syncs and not one each.
 */
export function syncDirectory(directory: string): Promise<void> {
  const current = syncing.get(directory);
  if (current === undefined) return startSync(directory);
  current.next ??= current.running.catch(() => undefined).then(() => startSync(directory));
  return current.next;
}

function startSync(directory: string): Promise<void> {
  const running = syncNow(directory);
  const mine: Syncing = { running, next: undefined };
  syncing.set(directory, mine);
  const forget = (): void => {
    if (syncing.get(directory) === mine && mine.next === undefined) syncing.delete(directory);
  };
  running.then(forget, forget);
  return running;
}

async function syncNow(directory: string): Promise<void> {
  const handle = await fs.open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a directory and those above it that are missing, each durable in its parent. */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await fs.mkdir(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw error;
    await makeDirectory(dirname(path));
    await fs.mkdir(path);
  }
  await syncDirectory(path);
  await syncDirectory(dirname(path));
}
