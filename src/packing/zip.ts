import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { WharfError } from '../errors.ts';
import { MOST_FILES, mostBytes, notPacked, tooMuch, type Unpacked, type UnpackLimits } from './limits.ts';

const deflate = promisify(deflateRaw);

/** First bytes of zip, gzip, 7z, xz and bzip2 files. */
const ARCHIVES = ['504b0304', '504b0506', '1f8b08', '377abcaf', 'fd377a58', '425a68'];

/**
 * The files in a zip archive, in its order, each by the last part of its path: it never becomes a path here. Sizes are not believed but held to.
 * @throws WharfError PACKING_INVALID for what is damaged, encrypted, a link or an archive itself; PACKING_LIMIT.
 */
export async function openZip(name: string, packed: Uint8Array, limits: UnpackLimits): Promise<readonly Unpacked[]> {
  const most = mostBytes(packed.length, limits);
  try {
    const { default: yauzl } = await import('yauzl');
    const zip = await yauzl.fromBufferPromise(Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength), { autoClose: false });
    if (zip.entryCount > MOST_FILES)
      throw new WharfError('PACKING_LIMIT', `"${name}" holds ${zip.entryCount} files; the limit is ${MOST_FILES}`, { value: name });
    const files: Unpacked[] = [];
    let [declared, stored] = [0, 0];
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      declared += entry.uncompressedSize;
      stored += entry.compressedSize;
      if (declared > most) throw tooMuch(name, packed.length, most);
      // Entries that share their bytes make a small archive large.
      if (stored > packed.length) throw notPacked(name, 'has entries that overlap');
      files.push(await readEntry(name, zip, entry));
    }
    if (files.length === 0) throw notPacked(name, 'is an archive without a file');
    return files;
  } catch (error) {
    if (error instanceof WharfError) throw error;
    throw notPacked(name, `is no whole zip archive (${error instanceof Error ? error.message : String(error)})`, error);
  }
}

async function readEntry(name: string, zip: ZipFile, entry: Entry): Promise<Unpacked> {
  const inner = entry.fileName.split('/').at(-1) ?? '';
  if (entry.isEncrypted()) throw notPacked(name, `holds "${inner}" under a password`);
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) throw notPacked(name, `holds "${inner}", a link`);
  const parts: Uint8Array[] = [];
  // Held to the size that the archive gives: more bytes, or fewer, are an error.
  for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Uint8Array);
  const bytes = Buffer.concat(parts);
  if (crc32(bytes) !== entry.crc32) throw notPacked(name, `holds "${inner}" with a wrong check sum`);
  const head = bytes.subarray(0, 4).toString('hex');
  if (ARCHIVES.some((archive) => head.startsWith(archive))) throw notPacked(name, `holds "${inner}", an archive itself`);
  return { name: inner, bytes };
}

/** One file as a zip archive (APPNOTE 6.3, version 2.0). Its time is the first that the format knows, so that the same file makes the same archive. */
export async function makeZip(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const packed = await deflate(bytes);
  const nameBytes = Buffer.from(name, 'utf8');
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(0x0800, 2); // the name is UTF-8
  common.writeUInt16LE(8, 4); // deflate
  common.writeUInt16LE(0x21, 8); // 1 January 1980
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(nameBytes.length, 22);
  const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, nameBytes, packed]);
  const central = Buffer.concat([Buffer.from('504b01021400', 'hex'), common, Buffer.alloc(14), nameBytes]);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
