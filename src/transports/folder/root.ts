import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { WharfError } from '../../errors.ts';
import { systemCode } from '../durable-file.ts';

/** The directory of a folder transport. */
export type FolderRoot = {
  /** The real path of the directory. @throws WharfError FOLDER_UNUSABLE. */
  readonly check: () => Promise<string>;
};

/** Finds the real path once, and afterwards insists that it is a directory itself, not a link that somebody put in its place. */
export function folderRoot(directory: string): FolderRoot {
  let real: string | undefined;
  return {
    async check() {
      try {
        real ??= await fs.realpath(directory);
        const stat = await fs.lstat(real);
        if (stat.isDirectory()) return real;
      } catch (error) {
        throw unusable(directory, error);
      }
      throw new WharfError('FOLDER_UNUSABLE', `${directory} is not a folder`, { value: directory });
    },
  };
}

/** What a failed operation on the folder as a whole means. */
export function unusable(directory: string, error: unknown): WharfError {
  if (error instanceof WharfError) return error;
  const code = systemCode(error);
  const why = code === 'ENOENT' ? 'is not there' : code === 'EACCES' || code === 'EPERM' ? 'may not be entered' : `cannot be used (${code ?? String(error)})`;
  return new WharfError('FOLDER_UNUSABLE', `${directory} ${why}`, { value: directory, cause: error });
}

/** A path for a name that was listed; names with separators never get this far, and this makes sure. */
export function pathIn(directory: string, name: string): string {
  if (name.includes('/') || name === '.' || name === '..' || name === '') {
    throw new WharfError('FILE_NAME_INVALID', 'A file name holds a path', { value: name });
  }
  return join(directory, name);
}
