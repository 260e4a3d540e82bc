import { randomBytes } from 'node:crypto';
import { syncDirectory } from './durable-file.ts';
import { deliverTo } from './folder/delivery.ts';
import { listFolder } from './folder/listing.ts';
import { probeFolder } from './folder/probe.ts';
import { readEntry } from './folder/reading.ts';
import { folderRoot } from './folder/root.ts';
import { takeFrom } from './folder/taking.ts';
import { wakeOn } from './folder/wake.ts';
import { globTest, refusalsOnce, temporaryNames } from './names.ts';
import type { Refusal, Transport } from './transport.ts';

export type FolderOptions = {
  readonly directory: string;
  /** Globs of the names to take in (`*.edi`); letter case is ignored. All names when absent. */
  readonly pattern?: readonly string[];
  /** Globs of names that senders use while they still write, besides the usual ones (`temporaryNames`). */
  readonly temporary?: readonly string[];
  /** Files above this size are refused without being opened. */
  readonly maxBytes: number;
  /** Whether files with another hard link are taken. Not by default: the other name may be somebody else's file. */
  readonly hardLinks?: boolean;
  /** Permissions of files written, lessened by the umask of the process. Default 0o640. */
  readonly fileMode?: number;
  /** Told of each thing that is never taken, once for as long as it is there. */
  readonly refused?: (refusal: Refusal) => void;
};

/**
 * A transport on a local directory. Nothing is touched until it is used; a directory that is missing then is FOLDER_UNUSABLE.
 * A link as the last part of `directory` is followed once; if the directory becomes a link later, it is refused.
 */
export function openFolder(options: FolderOptions): Transport {
  const root = folderRoot(options.directory);
  const token = randomBytes(4).toString('hex');
  const taking = takeFrom(root, token);
  const wanted = globTest(options.pattern ?? ['*']);
  const temporary = globTest([...temporaryNames, ...(options.temporary ?? [])]);
  const listing = listFolder(root, {
    wanted,
    hasPattern: options.pattern !== undefined,
    temporary,
    maxBytes: options.maxBytes,
    hardLinks: options.hardLinks ?? false,
    refusals: refusalsOnce(options.refused),
    restore: taking.restore,
  });
  const delivery = deliverTo(root, options.fileMode ?? 0o640);
  const stops = new Set<() => void>();
  return {
    ...delivery,
    list: listing,
    read: (entry) => readEntry(root, entry),
    dispose: taking.dispose,
    syncRemovals: async () => syncDirectory(await root.check()),
    probe: () => probeFolder(root, token),
    watch(wake) {
      const stop = wakeOn(options.directory, (name) => wanted(name) && !temporary(name), wake);
      stops.add(stop);
      return () => {
        stops.delete(stop);
        stop();
      };
    },
    async close() {
      for (const stop of stops) stop();
      stops.clear();
    },
  };
}
