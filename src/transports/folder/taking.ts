import { randomBytes } from 'node:crypto';
import { constants, promises as fs } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { resolve } from 'node:path';
import { failPoint } from '../../fail-point.ts';
import { WharfError } from '../../errors.ts';
import { linkNew, makeDirectory, openForReading, removeFile, syncDirectory, systemCode, writeNewFile } from '../durable-file.ts';
import { claimName, claimOf, numberedName } from '../names.ts';
import type { Entry } from '../transport.ts';
import { isEntry } from './listing.ts';
import { type FolderRoot, pathIn } from './root.ts';

export type Taking = {
  readonly dispose: (entry: Entry, moveTo: string | undefined) => Promise<boolean>;
  readonly restore: (claim: string) => Promise<void>;
};

/**
 * Takes files away. A sender may replace a file at any instant, even between a look at it and its removal: so the name is first taken by
 * renaming to a hidden one, then the file is looked at, and a file that is not the one stored gets its name back.
 * A process that ends in between leaves the hidden name; the next listing gives the file back, and it is known by its identity.
 * Whoever has the hidden name may be alive after all, and one that stood still may give back what another is taking away. So the name is taken over by
 * one rename first, and only one of them has it: the other finds it gone, and says that it did not take the file away.
 */
export function takeFrom(root: FolderRoot, token: string): Taking {
  return {
    async dispose(entry, moveTo) {
      const directory = await root.check();
      const path = pathIn(directory, entry.name);
      const claim = pathIn(directory, claimName(entry.name, token));
      let taken = claim;
      try {
        failPoint('folder.taking');
        taken = (await rename(path, claim)) ?? path;
        failPoint('folder.taken');
        const stat = await look(taken);
        if (stat === undefined) return false;
        if (!isEntry(entry, stat)) {
          await giveBack(taken, directory, entry.name);
          return false;
        }
        if (stat.nlink > 1n) await dropClaims(directory, stat, token);
        const away = moveTo === undefined ? await removeFile(taken) : await moveInto(taken, resolve(directory, moveTo), entry);
        failPoint('folder.removed');
        return away;
      } catch (error) {
        await giveBack(taken, directory, entry.name).catch(() => undefined);
        if (error instanceof WharfError) throw error;
        const code = systemCode(error) ?? String(error);
        throw new WharfError('FILE_UNREADABLE', `"${entry.name}" was taken in but could not be taken away (${code})`, { value: entry.name, cause: error });
      }
    },
    async restore(name) {
      const claim = claimOf(name);
      if (claim === undefined || claim.token === token) return;
      const directory = await root.check();
      // A name that nobody else has: neither whoever had it before, nor a second process that restores it, nor an earlier claim of ours.
      const mine = pathIn(directory, claimName(claim.original, randomBytes(4).toString('hex')));
      try {
        await fs.rename(pathIn(directory, name), mine);
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return;
        throw error;
      }
      await giveBack(mine, directory, claim.original);
    },
  };
}

/** A process that stands still between the two names of a file that it gives back leaves the hidden one, by which the file would come back again. */
async function dropClaims(directory: string, { ino }: BigIntStats, token: string): Promise<void> {
  for (const name of await fs.readdir(directory)) {
    const claim = claimOf(name);
    if (claim === undefined || claim.token === token) continue;
    const path = pathIn(directory, name);
    if ((await look(path))?.ino === ino) await removeFile(path);
  }
}

/** @returns the new path, or undefined when the file system has no room for the longer name. */
async function rename(path: string, claim: string): Promise<string | undefined> {
  try {
    await fs.rename(path, claim);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENAMETOOLONG') return undefined;
    if (code !== 'ENOENT') throw error;
  }
  return claim;
}

async function look(path: string): Promise<BigIntStats | undefined> {
  try {
    return await fs.lstat(path, { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function giveBack(path: string, directory: string, name: string): Promise<void> {
  if (path === pathIn(directory, name)) return;
  try {
    await linkFree(path, directory, name, 1);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

/** Links under the name, or the first numbered one that is free. */
async function linkFree(path: string, directory: string, name: string, from: number): Promise<void> {
  if (await linkNew(path, pathIn(directory, name))) return;
  for (let number = from; ; number += 1) {
    if (await linkNew(path, pathIn(directory, numberedName(name, number)))) return;
  }
}

async function moveInto(path: string, folder: string, entry: Entry): Promise<true> {
  const place = (): Promise<void> => linkFree(path, folder, entry.name, entry.modifiedAt);
  try {
    await place().catch(async (error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw error;
      await makeDirectory(folder);
      await place();
    });
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') throw error;
    await copyInto(path, folder, entry);
  }
  return true;
}

/** To another file system: copied and synced there before it is removed here. */
async function copyInto(path: string, folder: string, entry: Entry): Promise<void> {
  const copy = pathIn(folder, `.wharf.copy.${entry.id}`);
  await removeFile(copy);
  const source = await openForReading(path);
  try {
    await writeNewFile(copy, source.createReadStream({ autoClose: false, start: 0 }), constants.S_IRUSR | constants.S_IWUSR | constants.S_IRGRP);
  } finally {
    await source.close();
  }
  await linkFree(copy, folder, entry.name, entry.modifiedAt);
  await syncDirectory(folder);
  await removeFile(path);
}
