import { promises as fs } from 'node:fs';
import { failPoint } from '../../fail-point.ts';
import { WharfError } from '../../errors.ts';
import { exists, fingerprint, removeFile, renameNew, syncDirectory, systemCode, writeNewFile } from '../durable-file.ts';
import { isStagedName, stagedName } from '../names.ts';
import type { Staged, Transport } from '../transport.ts';
import { type FolderRoot, pathIn } from './root.ts';

type Delivery = Pick<Transport, 'stage' | 'publish' | 'witness' | 'unstage' | 'sweep'>;

/** Writes files so that nobody ever sees one in part. Call `stage` and `publish` of many files at once: they share directory syncs. */
export function deliverTo(root: FolderRoot, mode: number): Delivery {
  const inFolder = async <T>(name: string, what: string, work: (directory: string) => Promise<T>): Promise<T> => {
    const directory = await root.check();
    try {
      return await work(directory);
    } catch (error) {
      if (error instanceof WharfError) throw error;
      throw new WharfError('DELIVERY_FAILED', `"${name}" could not be ${what} in ${directory} (${systemCode(error) ?? String(error)})`, {
        value: name,
        cause: error,
      });
    }
  };
  return {
    stage(finalName, bytes, attempt) {
      return inFolder(finalName, 'written', async (directory) => {
        const temporaryName = stagedName(finalName, attempt);
        const temporary = pathIn(directory, temporaryName);
        // The same attempt again: what is there was never heard of as staged.
        await removeFile(temporary);
        await writeNewFile(temporary, bytes, mode);
        failPoint('folder.synced');
        // The temporary name must outlive a power cut: its absence will mean that it was published.
        await syncDirectory(directory);
        return { temporaryName, finalName, size: bytes.length };
      });
    },
    publish: (staged) => inFolder(staged.finalName, 'put in place', (directory) => publish(directory, staged)),
    witness: (staged, sha256) =>
      inFolder(staged.finalName, 'found', async (directory) => {
        const temporary = pathIn(directory, staged.temporaryName);
        const waiting = await exists(temporary);
        const final = await fingerprint(pathIn(directory, staged.finalName));
        if (final === undefined) return waiting ? 'not-delivered' : 'delivered';
        if (final.size !== staged.size || final.sha256 !== sha256) return 'name-collision';
        if (waiting) await removeFile(temporary);
        await syncDirectory(directory);
        return 'delivered';
      }),
    unstage: (staged) =>
      inFolder(staged.finalName, 'withdrawn', async (directory) => {
        const removed = await removeFile(pathIn(directory, staged.temporaryName));
        if (removed) await syncDirectory(directory);
        return removed;
      }),
    sweep: (before) => inFolder('temporary files', 'swept', (directory) => sweep(directory, before)),
  };
}

async function publish(directory: string, staged: Staged): Promise<void> {
  const temporary = pathIn(directory, staged.temporaryName);
  const final = pathIn(directory, staged.finalName);
  if (!(await gaveName(temporary, final, staged))) {
    const [ours, theirs] = await Promise.all([fingerprint(temporary), fingerprintOfAny(final)]);
    // Somebody who took us for gone has published it: the next attempt's witness tells.
    if (ours === undefined) throw new WharfError('DELIVERY_FAILED', `${staged.temporaryName} is not there any more`, { value: staged.finalName });
    if (ours.sha256 !== theirs?.sha256) {
      throw new WharfError('NAME_COLLISION', `${directory} holds another file named "${staged.finalName}"`, { value: staged.finalName });
    }
    await removeFile(temporary);
  }
  await syncDirectory(directory);
}

/** False when the final name is taken. Not by a second name: with two of them for an instant, a partner that takes the file right then makes it look as if it had never been sent. */
async function gaveName(temporary: string, final: string, { temporaryName, finalName, size }: Staged): Promise<boolean> {
  try {
    const stat = await fs.lstat(temporary);
    if (!stat.isFile() || stat.size !== size)
      throw new WharfError('DELIVERY_FAILED', `${temporaryName} has ${stat.size} bytes, not ${size}`, { value: finalName });
    return renameNew(temporary, final);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    throw new WharfError('DELIVERY_SWEPT', `${temporaryName} is not there any more`, { value: finalName });
  }
}

/** A link or a pipe that has our name is another file, too. */
async function fingerprintOfAny(path: string): ReturnType<typeof fingerprint> {
  const stat = await fs.lstat(path);
  return stat.isFile() ? fingerprint(path) : undefined;
}

async function sweep(directory: string, before: number): Promise<number> {
  let swept = 0;
  for await (const { name } of await fs.opendir(directory)) {
    if (!isStagedName(name)) continue;
    const path = pathIn(directory, name);
    const stat = await fs.lstat(path).catch(() => undefined);
    if (stat?.isFile() === true && stat.mtimeMs < before && (await removeFile(path))) swept += 1;
  }
  return swept;
}
