import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'vitest';
import { seededRandom } from '../../src/simulate/random.ts';
import { hasSshd, startSshd } from '../../src/torture/sshd.ts';
import { openSftp, type SftpOptions } from '../../src/transports/sftp.ts';
import { type Line, startSlowProxy } from '../support/slow-proxy.ts';
import { readAll, sha256 } from './conformance.ts';

type Ending = Pick<TestContext, 'onTestFinished'>;

async function slowly({ onTestFinished }: Ending, line: Line, more: Partial<SftpOptions> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'wharf-slow-'));
  const sshd = await startSshd();
  const proxy = await startSlowProxy(sshd.port, line);
  const auth = [{ privateKey: sshd.keys[0] }];
  const transport = openSftp({
    host: '127.0.0.1',
    port: proxy.port,
    username: sshd.username,
    auth,
    hostKeys: [sshd.hostKey],
    directory,
    maxBytes: 1e9,
    ...more,
  });
  onTestFinished(async () => {
    await transport.close();
    await proxy.stop();
    await sshd.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return { directory, transport };
}

describe.skipIf(!hasSshd)('over a slow line (needs /usr/sbin/sshd)', () => {
  test.concurrent('fault/G15 500 ms there and back, 8 KB in a second, packets lost: files come and go whole', { timeout: 120_000 }, async (context) => {
    const { expect } = context;
    const random = seededRandom(1);
    const { directory, transport } = await slowly(context, { delay: 250, bytesPerSecond: 8 * 1024, loss: { share: 0.3, again: 300, random } });
    const bytes = Buffer.alloc(3_000, 'ISA*00*');
    writeFileSync(join(directory, 'in.edi'), bytes);
    const [entry] = await transport.list(10);
    expect(await readAll(transport, entry!)).toEqual(bytes);
    expect(await transport.dispose(entry!, undefined)).toBe(true);
    const staged = await transport.stage('out.edi', bytes, '1');
    await transport.publish(staged);
    expect(await transport.witness(staged, sha256(bytes))).toBe('delivered');
    expect(readdirSync(directory)).toEqual(['out.edi']);
    expect(readFileSync(join(directory, 'out.edi'))).toEqual(bytes);
  });

  test.concurrent('fault/G15 files that take longer than one answer may: what waits behind others is not late', { timeout: 120_000 }, async (context) => {
    const { expect } = context;
    // All that is asked for at once takes three times as long as the deadline; one answer a fiftieth of it.
    const deadlines = { connectMs: 20_000, operationMs: 1_500 };
    const { directory, transport } = await slowly(context, { delay: 5, bytesPerSecond: 400 * 1024 }, { deadlines });
    const bytes = Buffer.alloc(900_000, 'ISA*00*');
    for (const name of ['a.edi', 'b.edi']) writeFileSync(join(directory, name), bytes);
    const entries = await transport.list(10);
    const read = await Promise.all(entries.map((entry) => readAll(transport, entry)));
    expect(read.every((each) => bytes.equals(each))).toBe(true);
    const staged = await Promise.all(['c.edi', 'd.edi'].map((name) => transport.stage(name, bytes, '1')));
    expect(staged.map(({ size }) => size)).toEqual([bytes.length, bytes.length]);
  });
});
