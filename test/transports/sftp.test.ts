import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { openSftp } from '../../src/transports/sftp.ts';
import { hasSshd, startSshd, type Sshd } from '../../src/torture/sshd.ts';
import { conformance } from './conformance.ts';

const makeDirectory = (): string => mkdtempSync(join(tmpdir(), 'wharf-sftp-'));

if (hasSshd) {
  let sshd: Sshd;
  conformance('sftp', {
    makeDirectory,
    start: async () => {
      sshd = await startSshd();
    },
    stop: () => sshd.stop(),
    open: (directory, options) =>
      openSftp({
        host: '127.0.0.1',
        port: sshd.port,
        username: sshd.username,
        auth: [{ privateKey: sshd.keys[0] }],
        hostKeys: [sshd.hostKey],
        directory,
        maxBytes: 100_000_000,
        ...options,
      }),
  });
} else {
  describe('sftp', () => it.skip('needs /usr/sbin/sshd', () => undefined));
}
