import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { WharfError } from '../errors.ts';

const SHOW_PROGRESS_FROM = 20_000_000;
const BAR = 30;

/**
 * Gives a file to `take` piece by piece, whatever its size, with a bar on the terminal when it is big. @throws WharfError FILE_NOT_REGULAR or
 * FILE_UNREADABLE.
 */
export async function eachPiece(file: string, take: (piece: Buffer) => void): Promise<void> {
  const size = await sizeOf(file);
  const progress = progressBar(size);
  let done = 0;
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    take(piece);
    progress((done += piece.length));
  }
  progress(size);
}

/** What went wrong with a file that is to be written and must be new. */
export function notWritten(file: string, cause: unknown): WharfError {
  const there = (cause as NodeJS.ErrnoException).code === 'EEXIST';
  return new WharfError('USAGE', there ? `${file} is there already: choose another name` : `${file} cannot be written: ${(cause as Error).message}`, {
    value: file,
    cause,
  });
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new WharfError('FILE_NOT_REGULAR', `${file} is not a file`, { place: { file } });
    return found.size;
  } catch (cause) {
    if (cause instanceof WharfError) throw cause;
    throw new WharfError('FILE_UNREADABLE', `${file} cannot be read: ${(cause as Error).message}`, { place: { file }, cause });
  }
}

/** A bar on the terminal for a big file; nothing where the output is no terminal. */
function progressBar(size: number): (done: number) => void {
  let last = -1;
  return (done) => {
    const filled = size === 0 ? BAR : Math.floor((done / size) * BAR);
    if (size < SHOW_PROGRESS_FROM || !process.stderr.isTTY || filled === last) return;
    last = filled;
    process.stderr.write(
      `\r[${'#'.repeat(filled)}${' '.repeat(BAR - filled)}] ${(done / 1e6).toFixed(0)} of ${(size / 1e6).toFixed(0)} MB${filled === BAR ? '\n' : ''}`,
    );
  };
}
