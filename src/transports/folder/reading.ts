import type { FileHandle } from 'node:fs/promises';
import { WharfError } from '../../errors.ts';
import { openForReading, systemCode } from '../durable-file.ts';
import type { Entry } from '../transport.ts';
import { isEntry } from './listing.ts';
import { type FolderRoot, pathIn } from './root.ts';

const chunkBytes = 256 * 1024;

/**
 * Reads a listed file through one descriptor, never again by its name. It must be the file that was listed before the first byte and
 * after the last, and give exactly the size listed; else what was read is not to be used.
 */
export async function* readEntry(root: FolderRoot, entry: Entry): AsyncGenerator<Uint8Array> {
  const handle = await openEntry(await root.check(), entry);
  try {
    await checkUnchanged(handle, entry);
    let total = 0;
    for (;;) {
      const wanted = Math.min(chunkBytes, entry.size - total + 1);
      const { bytesRead, buffer } = await handle.read(new Uint8Array(wanted), 0, wanted, total);
      if (bytesRead === 0) break;
      total += bytesRead;
      if (total > entry.size) break;
      yield buffer.subarray(0, bytesRead);
    }
    if (total !== entry.size) throw changed(entry, `gave ${total > entry.size ? 'more' : `only ${total}`} of its ${entry.size} bytes`);
    await checkUnchanged(handle, entry);
  } catch (error) {
    if (error instanceof WharfError) throw error;
    throw new WharfError('FILE_UNREADABLE', `"${entry.name}" could not be read (${systemCode(error) ?? String(error)})`, { value: entry.name, cause: error });
  } finally {
    await handle.close();
  }
}

async function openEntry(directory: string, entry: Entry): Promise<FileHandle> {
  try {
    return await openForReading(pathIn(directory, entry.name));
  } catch (error) {
    if (error instanceof WharfError) throw error;
    const code = systemCode(error);
    if (code === 'ELOOP' || code === 'ENXIO') {
      throw new WharfError('FILE_NOT_REGULAR', `"${entry.name}" is a link, a pipe or a socket now`, { value: entry.name, cause: error });
    }
    const why = code === 'ENOENT' ? 'is gone' : `could not be opened (${code ?? String(error)})`;
    throw new WharfError('FILE_UNREADABLE', `"${entry.name}" ${why}`, { value: entry.name, cause: error });
  }
}

async function checkUnchanged(handle: FileHandle, entry: Entry): Promise<void> {
  const stat = await handle.stat({ bigint: true });
  if (!stat.isFile()) throw new WharfError('FILE_NOT_REGULAR', `"${entry.name}" is no regular file now`, { value: entry.name });
  if (!isEntry(entry, stat)) throw changed(entry, 'changed since it was listed');
}

function changed(entry: Entry, what: string): WharfError {
  return new WharfError('FILE_UNREADABLE', `"${entry.name}" ${what}; it is tried again when it is stable`, { value: entry.name });
}
