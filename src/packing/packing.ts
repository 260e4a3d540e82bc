import { makeGzip, openGzip } from './gzip.ts';
import { PGP_ENDINGS, type Unpacked, type UnpackLimits, withoutEnding } from './limits.ts';
import type { OpeningKeys, SealingKeys } from './pgp.ts';
import { makeZip, openZip } from './zip.ts';

/** How the files of a channel are wrapped. */
export type Packing<Keys> = { readonly compression: 'gzip' | 'zip' | undefined; readonly pgp: Keys | undefined };

/** What is in a packed file: decrypted first, then unpacked. One file, or those of an archive. @throws WharfError PACKING_INVALID, PACKING_LIMIT, PGP_…. */
export async function unpack(name: string, bytes: Uint8Array, packing: Packing<OpeningKeys>, limits: UnpackLimits): Promise<readonly Unpacked[]> {
  // Loaded when it is used: a daemon should not start later for it.
  const plain = packing.pgp ? await (await import('./pgp.ts')).openPgp(name, bytes, packing.pgp, limits) : { name, bytes };
  if (packing.compression === 'gzip') return [await openGzip(plain.name, plain.bytes, limits)];
  if (packing.compression === 'zip') return openZip(plain.name, plain.bytes, limits);
  return [plain];
}

/** A file as it leaves: compressed first, then signed and encrypted. @throws WharfError PGP_KEY_INVALID. */
export async function pack(name: string, bytes: Uint8Array, packing: Packing<SealingKeys>): Promise<Uint8Array> {
  const inner = withoutEnding(name, PGP_ENDINGS);
  const compressed =
    packing.compression === 'gzip' ? await makeGzip(bytes) : packing.compression === 'zip' ? await makeZip(withoutEnding(inner, ['.zip']), bytes) : bytes;
  return packing.pgp ? (await import('./pgp.ts')).makePgp(inner, compressed, packing.pgp) : compressed;
}
