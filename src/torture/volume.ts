import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own in a file, which can be cut off as a power cut does, or be full. */
export type Volume = {
  readonly directory: string;
  /** All that was written so far is on the disk. */
  readonly sync: () => void;
  /** What was not synced is lost: nothing more is written, not even the journal. */
  readonly cut: () => void;
  /** Taken off and mounted again: what a machine finds after the power is back. Whoever used it must be gone. */
  readonly remount: () => void;
  readonly remove: () => void;
};

/** Asks ext4 and xfs to stop at once without writing anything (FS_IOC_SHUTDOWN, NOLOGFLUSH). */
const SHUTDOWN = 'open(my $d, "<", $ARGV[0]) or die $!; my $how = pack("L", 2); defined(ioctl($d, 0x8004587d, $how)) or die $!';

const run = (program: string, words: readonly string[]): string => execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Why no volume can be mounted here; undefined when one can. It is found by doing it. */
export function volumesMissing(directory: string): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can mount';
  try {
    const volume = makeVolume(join(directory, 'try'), 16);
    volume.cut();
    volume.remount();
    volume.remove();
    return undefined;
  } catch (error) {
    return `no file can be mounted here as a file system that is cut off (${(error as Error).message.split('\n')[0]!})`;
  }
}

/** Those that are mounted: none must outlive who mounted it. */
const mounted = new Set<string>();
process.once('exit', () => {
  for (const directory of mounted) spawnSync('umount', ['-l', directory]);
});

/** ext4, which writes new data as late as it can; with `writeback` a name may be on the disk before the bytes that it names. XFS does that always. */
export type VolumeKind = 'ext4' | 'ext4 writeback' | 'xfs';

/** Those that can be made here. */
export function volumeKinds(): readonly VolumeKind[] {
  const xfs = spawnSync('mkfs.xfs', ['-V']).status === 0 && readFileSync('/proc/filesystems', 'utf8').includes('\txfs\n');
  return ['ext4', 'ext4 writeback', ...(xfs ? (['xfs'] as const) : [])];
}

/** XFS takes no file system that is smaller (megabytes); its file has holes. */
const LEAST_XFS = 320;

const making: Readonly<Record<VolumeKind, { readonly mkfs: readonly [string, ...string[]]; readonly mount: string }>> = {
  ext4: { mkfs: ['mkfs.ext4', '-q', '-F', '-m', '0'], mount: 'loop,noauto_da_alloc,commit=60,data=ordered' },
  'ext4 writeback': { mkfs: ['mkfs.ext4', '-q', '-F', '-m', '0'], mount: 'loop,noauto_da_alloc,commit=60,data=writeback' },
  xfs: { mkfs: ['mkfs.xfs', '-q', '-f'], mount: 'loop' },
};

/** Makes a file system of so many megabytes in a file beside the directory and mounts it there. */
export function makeVolume(directory: string, megabytes: number, kind: VolumeKind = 'ext4'): Volume {
  const {
    mkfs: [mkfs, ...words],
    mount: options,
  } = making[kind];
  const image = `${directory}.img`;
  mkdirSync(directory, { recursive: true });
  rmSync(image, { force: true });
  run('truncate', ['-s', `${kind === 'xfs' ? Math.max(megabytes, LEAST_XFS) : megabytes}M`, image]);
  run(mkfs, [...words, image]);
  const mount = (): void => {
    run('mount', ['-o', options, image, directory]);
    mounted.add(directory);
  };
  mount();
  return {
    directory,
    sync: () => void run('sync', ['-f', directory]),
    cut: () => void run('perl', ['-e', SHUTDOWN, directory]),
    remount: () => {
      unmount(directory);
      mount();
    },
    remove: () => {
      unmount(directory);
      rmSync(image, { force: true });
    },
  };
}

function unmount(directory: string): void {
  run('umount', [directory]);
  mounted.delete(directory);
}

/** A file system in memory with so much room (`size=1m`, `nr_inodes=100`). */
export function makeSmallVolume(directory: string, room: string): Pick<Volume, 'directory' | 'remove'> {
  mkdirSync(directory, { recursive: true });
  run('mount', ['-t', 'tmpfs', '-o', room, 'tmpfs', directory]);
  mounted.add(directory);
  return { directory, remove: () => unmount(directory) };
}
