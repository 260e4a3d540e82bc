import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { WharfError } from '../errors.ts';
import type { Io } from './command.ts';

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

/** What makes another file of one, piece by piece. */
export type Converter = { readonly push: (piece: Uint8Array) => Uint8Array; readonly end: () => Uint8Array };

/** Prints what `converterOf`, which sees the first piece, makes of a file; or writes it byte for byte to a file that must be new. */
export async function convert(file: string, to: string | undefined, io: Io, converterOf: (head: Uint8Array) => Converter): Promise<void> {
  let converter: Converter | undefined;
  const through = async (put: (bytes: Uint8Array) => void): Promise<void> => {
    await eachPiece(file, (piece) => put((converter ??= converterOf(piece)).push(piece)));
    if (converter) put(converter.end());
  };
  if (to === undefined) {
    const decoder = new TextDecoder();
    await through((bytes) => io.out(decoder.decode(bytes, { stream: true })));
    return io.out(decoder.decode());
  }
  // Before the new file is made: there may be nothing to make it of.
  await sizeOf(file);
  let out: number;
  try {
    out = openSync(to, 'wx');
  } catch (cause) {
    throw notWritten(to, cause);
  }
  try {
    await through((bytes) => writeAll(out, bytes));
  } finally {
    closeSync(out);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** What went wrong with a file that is to be written and must be new. */
function notWritten(file: string, cause: unknown): WharfError {
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
