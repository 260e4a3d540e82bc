import type { BigIntStats } from 'node:fs';
import { promises as fs } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { failPoint } from '../../fail-point.ts';
import { systemCode } from '../durable-file.ts';
import { claimOf, nameProblem, type refusalsOnce } from '../names.ts';
import type { Entry, Refusal } from '../transport.ts';
import { type FolderRoot, pathIn, unusable } from './root.ts';

export type ListingRules = {
  readonly wanted: (name: string) => boolean;
  readonly hasPattern: boolean;
  readonly temporary: (name: string) => boolean;
  readonly maxBytes: number;
  readonly hardLinks: boolean;
  readonly refusals: ReturnType<typeof refusalsOnce<Refusal>>;
  /** Puts a file back that an ended process was taking away. */
  readonly restore: (claim: string) => Promise<void>;
};

const lookedAtTogether = 64;

/** Lists the folder as a stream of names, so that a million files cost no more memory than `limit` of them. */
export function listFolder(root: FolderRoot, rules: ListingRules): (limit: number, known?: (entry: Entry) => boolean) => Promise<readonly Entry[]> {
  return async (limit, known) => {
    const directory = await root.check();
    const entries: Entry[] = [];
    let batch: string[] = [];
    const lookAtBatch = async (): Promise<void> => {
      const looked = await Promise.all(batch.map((name) => lookAt(directory, name, rules)));
      batch = [];
      for (const entry of looked) {
        if (entry !== undefined && entries.length < limit && known?.(entry) !== true) entries.push(entry);
      }
    };
    try {
      for await (const name of namesIn(directory, rules)) {
        batch.push(name);
        if (batch.length >= lookedAtTogether) await lookAtBatch();
        if (entries.length >= limit) return entries;
      }
      await lookAtBatch();
    } catch (error) {
      throw unusable(directory, error);
    }
    rules.refusals.listingDone();
    return entries;
  };
}

/** The names worth looking at. */
async function* namesIn(directory: string, rules: ListingRules): AsyncGenerator<string> {
  // Names are bytes on Linux: read as such, so that a name that is not UTF-8 is seen for what it is. The types know only strings.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const handle = await fs.opendir(directory, { encoding: 'buffer' as BufferEncoding, bufferSize: 512 });
  failPoint('folder.listing');
  for await (const found of handle) {
    const bytes: unknown = found.name;
    if (!Buffer.isBuffer(bytes)) continue;
    const name = bytes.toString('utf8');
    if (!isUtf8(bytes)) {
      rules.refusals.add({ name, code: 'FILE_NAME_INVALID', detail: `The name ${escapeBytes(bytes)} is not valid UTF-8` });
    } else if (claimOf(name) !== undefined) {
      await rules.restore(name);
    } else if (nameProblem(name) === undefined && rules.wanted(name) && !rules.temporary(name)) {
      yield name;
    }
  }
}

async function lookAt(directory: string, name: string, rules: ListingRules): Promise<Entry | undefined> {
  let stat: BigIntStats;
  try {
    stat = await fs.lstat(pathIn(directory, name), { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  if (stat.isDirectory() && !rules.hasPattern) return undefined;
  if (!stat.isFile()) {
    rules.refusals.add({ name, code: 'FILE_NOT_REGULAR', detail: `"${name}" is ${kindOf(stat)}` });
    return undefined;
  }
  if (stat.nlink > 1n && !rules.hardLinks) {
    // Programs that put a file in place by linking have two names for an instant: only a lasting one is worth a word.
    rules.refusals.add({ name, code: 'FILE_NOT_REGULAR', detail: `"${name}" has ${stat.nlink} hard links` }, 1);
    return undefined;
  }
  if (stat.size > BigInt(rules.maxBytes)) {
    rules.refusals.add({ name, code: 'FILE_TOO_LARGE', detail: `"${name}" has ${stat.size} bytes; the limit is ${rules.maxBytes}` });
    return undefined;
  }
  return entryOf(name, stat);
}

/** An entry whose id changes with the inode and with every write, to the nanosecond. */
export function entryOf(name: string, stat: BigIntStats): Entry {
  return { name, size: Number(stat.size), modifiedAt: Number(stat.mtimeNs / 1_000_000n), id: `${stat.ino}.${stat.mtimeNs}` };
}

/** Whether a file is still the one listed, unchanged. */
export function isEntry(entry: Entry, stat: BigIntStats): boolean {
  return stat.isFile() && entryOf(entry.name, stat).id === entry.id && stat.size === BigInt(entry.size);
}

function kindOf(stat: BigIntStats): string {
  if (stat.isSymbolicLink()) return 'a symbolic link';
  if (stat.isDirectory()) return 'a folder';
  if (stat.isFIFO()) return 'a pipe';
  if (stat.isSocket()) return 'a socket';
  return 'a device';
}

function escapeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`)).join('');
}
