import { statfs } from 'node:fs/promises';

/** How much of a volume is left. */
export type Room = {
  /** Bytes. */
  readonly free: number;
  readonly size: number;
  /** Files that can still be made; undefined where the file system does not count them. */
  readonly inodes: number | undefined;
  /** The volume lies on a server: locks and syncs of a database cannot be relied on there. */
  readonly network: boolean;
};

/** NFS, SMB, SMB2, CIFS, 9P and Ceph, as Linux numbers them. */
const NETWORK = [0x6969, 0x517b, 0xfe534d42, 0xff534d42, 0x01021997, 0x00c36400];

/** What is left on the volume of a folder; undefined when it cannot be asked. */
export async function roomOn(directory: string): Promise<Room | undefined> {
  try {
    const { type, bsize, blocks, bavail, files, ffree } = await statfs(directory);
    return { free: bavail * bsize, size: blocks * bsize, inodes: files === 0 ? undefined : ffree, network: NETWORK.includes(type) };
  } catch {
    return undefined;
  }
}

/** Bytes as a person reads them: `1.5 GB`. */
export function showBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${step === 0 ? bytes : (bytes / 1000 ** step).toFixed(1)} ${units[step]}`;
}
