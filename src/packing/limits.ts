import { WharfError } from '../errors.ts';

/** How much a packed file may become. */
export type UnpackLimits = {
  /** Bytes of all that comes out of one file. */
  readonly bytes: number;
};

/** One file that came out of a packed one. */
export type Unpacked = { readonly name: string; readonly bytes: Uint8Array };

/** Files in one archive. */
export const MOST_FILES = 100;
/** So many times its own size a file may become, once it is beyond what needs no look: text of business documents packs to a tenth, seldom to a fiftieth. */
const MOST_RATIO = 200;
const UNSUSPICIOUS = 10_000_000;

/** Bytes that may come out of a file of `packed` bytes. */
export function mostBytes(packed: number, limits: UnpackLimits): number {
  return Math.min(limits.bytes, Math.max(UNSUSPICIOUS, packed * MOST_RATIO));
}

/** The error for a file that would become more than it may. */
export function tooMuch(name: string, packed: number, most: number): WharfError {
  return new WharfError('PACKING_LIMIT', `"${name}" has ${packed} bytes and would become more than ${most}`, { value: name });
}

/** The error for a file that is not packed as was agreed, or is damaged. */
export function notPacked(name: string, why: string, cause?: unknown): WharfError {
  return new WharfError('PACKING_INVALID', `"${name}" ${why}`, { value: name, ...(cause === undefined ? {} : { cause }) });
}

/** What the names of OpenPGP messages end with. */
export const PGP_ENDINGS = ['.pgp', '.gpg', '.asc'];

/** `orders.csv.gz` without one of the endings; the name as it is where it has none. */
export function withoutEnding(name: string, endings: readonly string[]): string {
  const found = endings.find((ending) => name.toLowerCase().endsWith(ending) && name.length > ending.length);
  return found === undefined ? name : name.slice(0, -found.length);
}
