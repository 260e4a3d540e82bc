import type { Stats } from 'ssh2';
import { isEndOfFile, isMissing, isUnsupported } from './errors.ts';
import type { Session } from './session.ts';

/** The requests of SFTP, one function each. Refusals come as the server gave them; see errors.ts. */

export type Handle = Buffer;
export type Attributes = {
  readonly size: number;
  /** Milliseconds since 1970; the protocol knows whole seconds. */
  readonly modifiedAt: number;
  /** Undefined where the server does not say. */
  readonly isRegular: boolean | undefined;
  readonly isDirectory: boolean;
};

export function attributesOf(stats: Stats): Attributes {
  const known = typeof stats.mode === 'number';
  return {
    size: stats.size,
    modifiedAt: (stats.mtime ?? 0) * 1000,
    isRegular: known ? stats.isFile() : undefined,
    isDirectory: known && stats.isDirectory(),
  };
}

/** `wx` creates a file that must not exist yet. */
export function openFile(session: Session, path: string, flags: 'r' | 'wx'): Promise<Handle> {
  return session.ask<Handle>(`Opening ${path}`, (sftp, done) => sftp.open(path, flags, done));
}

export function closeFile(session: Session, handle: Handle): Promise<void> {
  return session.ask<void>('Closing a file', (sftp, done) => sftp.close(handle, (error) => done(error, undefined)));
}

export async function attributesOfOpen(session: Session, handle: Handle): Promise<Attributes> {
  return attributesOf(await session.ask<Stats>('Looking at an open file', (sftp, done) => sftp.fstat(handle, done)));
}

/** Without following a link; undefined when there is nothing of that name. */
export async function lookAt(session: Session, path: string): Promise<Attributes | undefined> {
  try {
    return attributesOf(await session.ask<Stats>(`Looking at ${path}`, (sftp, done) => sftp.lstat(path, done)));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Up to `length` bytes from `position`; fewer at the end of the file, or where the server likes shorter answers. */
export async function readAt(session: Session, handle: Handle, position: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(length);
  try {
    const read = await session.ask<number>(`Reading at ${position}`, (sftp, done) => sftp.read(handle, buffer, 0, length, position, done));
    return buffer.subarray(0, read);
  } catch (error) {
    if (isEndOfFile(error)) return buffer.subarray(0, 0);
    throw error;
  }
}

export function writeAt(session: Session, handle: Handle, position: number, bytes: Buffer): Promise<void> {
  return session.ask<void>(`Writing at ${position}`, (sftp, done) => sftp.write(handle, bytes, 0, bytes.length, position, (error) => done(error, undefined)));
}

/** @returns false when the server cannot sync. */
export async function syncFile(session: Session, handle: Handle): Promise<boolean> {
  try {
    await session.ask<unknown>('Syncing a file', (sftp, done) => sftp.ext_openssh_fsync(handle, (error) => done(error, undefined)));
    return true;
  } catch (error) {
    if (isUnsupported(error)) return false;
    throw error;
  }
}

/** Most servers refuse to replace a file; the protocol says that they must. */
export function rename(session: Session, from: string, to: string): Promise<void> {
  return session.ask<void>(`Renaming ${from}`, (sftp, done) => sftp.rename(from, to, (error) => done(error, undefined)));
}

/** Replaces a file of that name. */
export function renameOver(session: Session, from: string, to: string): Promise<void> {
  return session.ask<void>(`Renaming ${from}`, (sftp, done) => sftp.ext_openssh_rename(from, to, (error) => done(error, undefined)));
}

/** @returns false when there was no such file. */
export async function remove(session: Session, path: string): Promise<boolean> {
  try {
    await session.ask<void>(`Removing ${path}`, (sftp, done) => sftp.unlink(path, (error) => done(error, undefined)));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

export function makeDirectory(session: Session, path: string): Promise<void> {
  return session.ask<void>(`Making ${path}`, (sftp, done) => sftp.mkdir(path, (error) => done(error, undefined)));
}

/** The names in a directory as the server gives them, a page at a time. */
export async function* pagesOf(session: Session, path: string): AsyncGenerator<readonly { readonly name: string; readonly attributes: Attributes }[]> {
  const handle = await session.ask<Handle>(`Opening ${path}`, (sftp, done) => sftp.opendir(path, done));
  try {
    for (;;) {
      const page = await session
        .ask<readonly { filename: string; attrs: Stats }[]>(`Listing ${path}`, (sftp, done) => sftp.readdir(handle, done as Parameters<typeof sftp.readdir>[1]))
        .catch((error: unknown) => {
          if (isEndOfFile(error)) return undefined;
          throw error;
        });
      if (page === undefined) return;
      yield page.map(({ filename, attrs }) => ({ name: filename, attributes: attributesOf(attrs) }));
    }
  } finally {
    await closeFile(session, handle).catch(() => undefined);
  }
}
