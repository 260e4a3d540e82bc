import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasSshd, type Sshd } from '../../src/torture/sshd.ts';

/** Disks that are not like ext4, mounted by programs in user space. They are gone when the process ends. */
export type Disk = { readonly directory: string; readonly remove: () => void };

const mounted = new Set<string>();
process.once('exit', () => {
  for (const directory of mounted) spawnSync('umount', ['-l', directory]);
});

const run = (program: string, words: readonly string[]): string => execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

function mountedAt(directory: string): Disk {
  mounted.add(directory);
  return {
    directory,
    remove: () => {
      run('umount', ['-l', directory]);
      mounted.delete(directory);
    },
  };
}

/** A disk as cameras and USB sticks have it: names differ by more than their case, no file has two names, nobody has rights, times are coarse. */
export function mountExfat(directory: string): Disk {
  mkdirSync(directory, { recursive: true });
  const image = `${directory}.img`;
  run('truncate', ['-s', '64M', image]);
  run('mkfs.exfat', [image]);
  const device = run('losetup', ['-f', '--show', image]).trim();
  try {
    run('mount.exfat-fuse', [device, directory]);
  } finally {
    // It goes when nobody has it any more.
    run('losetup', ['-d', device]);
  }
  return mountedAt(directory);
}

/** A directory of a server as a folder: nobody tells when something changes there, and what did is seen after a second. */
export function mountRemote(directory: string, served: string, { port, username, keys }: Sshd): Disk {
  mkdirSync(directory, { recursive: true });
  const key = `${directory}.key`;
  writeFileSync(key, keys[0], { mode: 0o600 });
  const options = [`IdentityFile=${key}`, 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'reconnect', 'ServerAliveInterval=1', 'dcache_timeout=1'];
  run('sshfs', ['-p', String(port), '-o', options.join(), `${username}@127.0.0.1:${served}`, directory]);
  return mountedAt(directory);
}

/** Why exFAT cannot be mounted here; undefined when it can. It is found by doing it. */
export function exfatMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can mount';
  const directory = mkdtempSync(join(tmpdir(), 'wharf-exfat-'));
  try {
    mountExfat(join(directory, 'disk')).remove();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Why a directory of a server cannot be mounted here. */
export function remoteMissing(): string | undefined {
  if (process.getuid?.() !== 0 || !hasSshd) return "OpenSSH's server is not installed, or may not be started";
  return existsSync('/usr/bin/sshfs') && existsSync('/dev/fuse') ? undefined : 'sshfs is not installed';
}
