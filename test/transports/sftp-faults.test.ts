import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WharfError } from '../../src/errors.ts';
import { openSftp, type SftpOptions } from '../../src/transports/sftp.ts';
import { hostKeyOf } from '../../src/transports/sftp/connect.ts';
import type { Staged, Transport } from '../../src/transports/transport.ts';
import { startCuttingProxy } from '../../src/torture/proxy.ts';
import { hasSshd, startSshd, type Sshd } from '../../src/torture/sshd.ts';
import { bytesOf, codeOf, entryNamed, readAll, sha256 } from './conformance.ts';

const impatient = { firstMs: 0, longestMs: 0, refusedLogins: 1000, pauseMs: 0 };

describe.skipIf(!hasSshd)('sftp when things go wrong (needs /usr/sbin/sshd)', () => {
  let sshd: Sshd;
  let directory: string;
  let opened: Transport[] = [];
  const options = (server: Sshd): SftpOptions => ({
    host: '127.0.0.1',
    port: server.port,
    username: server.username,
    auth: [{ privateKey: server.keys[0] }],
    hostKeys: [server.hostKey],
    directory,
    maxBytes: 1_000_000_000,
    patience: impatient,
  });
  const open = (changes: Partial<SftpOptions> = {}, server: Sshd = sshd): Transport => {
    const made = openSftp({ ...options(server), ...changes });
    opened.push(made);
    return made;
  };
  const names = (): string[] => readdirSync(directory).toSorted();
  const bytes = bytesOf('ISA*00*outgoing~');
  const big = Buffer.alloc(30_000_000, 'wharf');

  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wharf-sftp-'));
    sshd.allow(0, 1);
  });
  afterEach(async () => {
    for (const transport of opened) await transport.close();
    opened = [];
    rmSync(directory, { recursive: true, force: true });
  });

  describe('who is there', () => {
    it('fault/G6 refuses a host key that is not pinned, before any login, and does not come back at once', async () => {
      const before = sshd.log().length;
      const proxy = await startCuttingProxy(sshd.port);
      try {
        const transport = open({ port: proxy.port, hostKeys: [`SHA256:${'A'.repeat(43)}`], patience: { ...impatient, pauseMs: 60_000 } });
        const error = await transport.list(1).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'SFTP_HOST_KEY', value: sshd.hostKey });
        expect(await codeOf(transport.list(1))).toBe('SFTP_HOST_KEY');
        expect(proxy.connections()).toBe(1);
      } finally {
        await proxy.stop();
      }
      await expect.poll(() => sshd.log().slice(before), { timeout: 10_000 }).toContain('Connection closed by');
      expect(sshd.log().slice(before)).not.toMatch(/userauth-request|Postponed|Accepted|Failed/u);
    });

    it('takes either of two pinned keys, and shows the key for pinning', async () => {
      expect(await hostKeyOf({ host: '127.0.0.1', port: sshd.port })).toBe(sshd.hostKey);
      expect(await open({ hostKeys: [`SHA256:${'A'.repeat(43)}`, sshd.hostKey] }).list(1)).toEqual([]);
    });

    it('fault/G7 stops after five refused logins, so that the account is not locked', async () => {
      const proxy = await startCuttingProxy(sshd.port);
      try {
        const transport = open({ port: proxy.port, auth: [{ privateKey: sshd.strangerKey }], patience: { ...impatient, refusedLogins: 5, pauseMs: 60_000 } });
        for (let tries = 0; tries < 9; tries += 1) expect(await codeOf(transport.list(1))).toBe('SFTP_LOGIN');
        expect(proxy.connections()).toBe(5);
      } finally {
        await proxy.stop();
      }
    });

    it('fault/G18 goes over to the second key when the first is withdrawn, even from a live connection', async () => {
      const logins: number[] = [];
      const auth = [{ privateKey: sshd.keys[0] }, { privateKey: sshd.keys[1], passphrase: 'open sesame' }];
      const transport = open({ auth, connected: ({ login }) => logins.push(login) });
      await transport.list(1);
      sshd.allow(1);
      await transport.list(1);
      sshd.signalSessions('SIGKILL');
      await expect.poll(() => codeOf(transport.list(1)), { timeout: 10_000 }).toBe('no error');
      expect([...new Set(logins)]).toEqual([0, 1]);
    });

    it('says that a key cannot be read, without connecting', async () => {
      const auth = [{ privateKey: sshd.keys[1], passphrase: 'close sesame' }];
      expect(await codeOf(open({ auth, port: 1 }).list(1))).toBe('SFTP_KEY');
      expect(await codeOf(open({ auth: [{ privateKey: 'nonsense' }], port: 1 }).list(1))).toBe('SFTP_KEY');
    });

    it('fault/G17 meets a server of old algorithms only where that is allowed', async () => {
      const old = await startSshd(['KexAlgorithms diffie-hellman-group14-sha1', 'Ciphers aes128-cbc', 'MACs hmac-sha1']);
      try {
        expect(await codeOf(open({}, old).list(1))).toBe('SFTP_ALGORITHMS');
        expect(await open({ legacyAlgorithms: true }, old).list(1)).toEqual([]);
      } finally {
        await old.stop();
      }
    });

    it('fault/G1 fault/G2 gives up a server that is not there or never speaks', async () => {
      expect(await codeOf(open({ port: 1 }).list(1))).toBe('SFTP_UNREACHABLE');
      expect(await codeOf(open({ host: 'host.invalid' }).list(1))).toBe('SFTP_UNREACHABLE');
      const sockets: Socket[] = [];
      const silent = createServer((socket) => sockets.push(socket));
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const address = silent.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      expect(await codeOf(open({ port, deadlines: { connectMs: 300, operationMs: 300 } }).list(1))).toBe('SFTP_UNREACHABLE');
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => silent.close(resolve));
    });
  });

  describe('in the middle of work', () => {
    it('fault/G4 the server dies while a file is read: the read fails, and the next one is whole', async () => {
      writeFileSync(join(directory, 'in.edi'), big);
      const transport = open();
      const entry = await entryNamed(transport, 'in.edi');
      const reading = transport.read(entry)[Symbol.asyncIterator]();
      await reading.next();
      sshd.signalSessions('SIGKILL');
      const rest = (async () => {
        while (!(await reading.next()).done);
      })();
      expect(await codeOf(rest)).toBe('SFTP_LOST');
      expect(sha256(await readAll(transport, entry))).toBe(sha256(big));
    });

    it('fault/G4 the server dies while a file is written: nothing is seen of it, and the next attempt is whole', async () => {
      const transport = open();
      const staging = codeOf(transport.stage('out.edi', Buffer.alloc(150_000_000), 'a1'));
      await expect.poll(() => names().length, { interval: 2, timeout: 10_000 }).toBe(1);
      sshd.signalSessions('SIGKILL');
      expect(await staging).toBe('SFTP_LOST');
      expect(names().filter((name) => !name.startsWith('.'))).toEqual([]);
      await transport.publish(await transport.stage('out.edi', big, 'a2'));
      expect(sha256(readFileSync(join(directory, 'out.edi')))).toBe(sha256(big));
      expect(await transport.sweep(Date.now() + 60_000)).toBe(1);
      expect(names()).toEqual(['out.edi']);
    });

    it('fault/G3 a frozen server is given up in time, and everything that waits for it hears of it', async () => {
      writeFileSync(join(directory, 'in.edi'), big);
      const transport = open({ deadlines: { connectMs: 10_000, operationMs: 1000 } });
      const entry = await entryNamed(transport, 'in.edi');
      sshd.signalSessions('SIGSTOP');
      const begun = performance.now();
      const waiting = [
        transport.list(1),
        readAll(transport, entry),
        transport.stage('out.edi', bytes, 'a1'),
        transport.dispose(entry, undefined),
        transport.probe(),
      ];
      expect(new Set(await Promise.all(waiting.map(codeOf)))).toEqual(new Set(['SFTP_TIMEOUT']));
      expect(performance.now() - begun).toBeLessThan(10_000);
      sshd.signalSessions('SIGKILL');
      expect(await transport.list(1)).toHaveLength(1);
    });

    it('fault/G3 closing does not wait for a frozen server', async () => {
      const transport = open();
      await transport.list(1);
      sshd.signalSessions('SIGSTOP');
      const begun = performance.now();
      await transport.close();
      expect(performance.now() - begun).toBeLessThan(5000);
      sshd.signalSessions('SIGKILL');
      expect(await codeOf(transport.list(1))).toBe('SFTP_LOST');
    });

    it('fault/G4 fault/G5 cut at any byte, a file is delivered once and is never seen in part', async () => {
      const proxy = await startCuttingProxy(sshd.port);
      const content = Buffer.alloc(70_000, 'wharf');
      try {
        let attempts = 0;
        for (let cut = 0; cut < 90_000; cut += cut < 6_000 ? 331 : 9_001) {
          const name = `out-${cut}.edi`;
          const transport = open({ port: proxy.port });
          proxy.cutAfter(cut);
          attempts += await deliver(transport, name, content, () => {
            if (existsSync(join(directory, name))) expect(sha256(readFileSync(join(directory, name)))).toBe(sha256(content));
            proxy.cutAfter(undefined);
          });
          await transport.close();
          expect(sha256(readFileSync(join(directory, name)))).toBe(sha256(content));
          rmSync(join(directory, name));
        }
        expect(attempts).toBeGreaterThan(20);
      } finally {
        await proxy.stop();
      }
    }, 60_000);

    it('fault/G8 a folder that may only be read', async () => {
      const readOnly = await startSshd(['ForceCommand internal-sftp -R']);
      try {
        const transport = open({}, readOnly);
        writeFileSync(join(directory, 'in.edi'), 'x');
        expect(await codeOf(transport.stage('out.edi', bytes, 'a1'))).toBe('DELIVERY_FAILED');
        expect(await transport.probe()).toMatchObject({ write: false });
        const entry = await entryNamed(transport, 'in.edi');
        expect(await codeOf(transport.dispose(entry, undefined))).toBe('SFTP_REFUSED');
        expect(names()).toEqual(['in.edi']);
      } finally {
        await readOnly.stop();
      }
    });

    it('fault/G8 a full disk leaves no part of a file, and delivery goes on when there is room', async ({ skip }) => {
      const mount = join(directory, 'small');
      execFileSync('mkdir', [mount]);
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mount], { stdio: 'ignore' });
      } catch {
        skip('needs the right to mount');
      }
      try {
        const transport = open({ directory: mount });
        expect(await codeOf(transport.stage('big.edi', Buffer.alloc(1_000_000), 'a1'))).toBe('DELIVERY_FAILED');
        expect(readdirSync(mount)).toEqual([]);
        await transport.publish(await transport.stage('small.edi', bytes, 'a1'));
        expect(readdirSync(mount)).toEqual(['small.edi']);
      } finally {
        for (const transport of opened.splice(0)) await transport.close();
        execFileSync('umount', [mount]);
      }
    });

    it('gives back what an ended process was taking away', async () => {
      writeFileSync(join(directory, '.wharf.claim.0badcafe.orders.edi'), 'taken');
      writeFileSync(join(directory, 'orders.edi'), 'newer');
      await open().list(10);
      expect(names()).toEqual(['orders.edi', 'orders~1.edi']);
    });

    it('publishes by the replacing rename where asked, and still refuses a file of the same name', async () => {
      const transport = open({ rename: 'posix' });
      await transport.publish(await transport.stage('out.edi', bytes, 'a1'));
      const other = await transport.stage('out.edi', bytesOf('other'), 'a2');
      expect(await codeOf(transport.publish(other))).toBe('NAME_COLLISION');
      expect(readFileSync(join(directory, 'out.edi'))).toEqual(Buffer.from(bytes));
    });
  });
});

/** Delivers as the pipeline does: a staged file is asked after before it is staged anew. Returns the number of attempts. */
async function deliver(transport: Transport, name: string, content: Uint8Array, afterFailure: () => void): Promise<number> {
  let staged: Staged | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (staged !== undefined && (await transport.witness(staged, sha256(content))) === 'delivered') return attempt;
      staged ??= await transport.stage(name, content, `a${attempt}`);
      await transport.publish(staged);
      return attempt;
    } catch (error) {
      if (!(error instanceof WharfError)) throw error;
      afterFailure();
    }
  }
}
