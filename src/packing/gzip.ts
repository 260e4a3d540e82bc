import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { mostBytes, notPacked, tooMuch, type Unpacked, type UnpackLimits, withoutEnding } from './limits.ts';

const unpack = promisify(gunzip);
const pack = promisify(gzip);

/** The content of a gzip file (RFC 1952), which may have several members. @throws WharfError PACKING_INVALID, PACKING_LIMIT. */
export async function openGzip(name: string, packed: Uint8Array, limits: UnpackLimits): Promise<Unpacked> {
  const most = mostBytes(packed.length, limits);
  try {
    return { name: withoutEnding(name, ['.gz', '.gzip']), bytes: await unpack(packed, { maxOutputLength: most }) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooMuch(name, packed.length, most);
    throw notPacked(name, 'is no whole gzip file', error);
  }
}

/** Bytes as a gzip file. */
export function makeGzip(bytes: Uint8Array): Promise<Uint8Array> {
  return pack(bytes);
}
