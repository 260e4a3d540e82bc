import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSftp } from '../../src/transports/sftp.ts';
import type { Transport } from '../../src/transports/transport.ts';
import { problemsOf } from '../support/config-folder.ts';
import { hasSshd, startSshd, type Sshd } from '../../src/torture/sshd.ts';
import { bytesOf, codeOf, sha256 } from './conformance.ts';

describe.runIf(hasSshd)('delivery where nobody may rename', () => {
  const bytes = bytesOf('ISA*00*outgoing~');
  let sshd: Sshd;
  let directory: string;
  let transport: Transport;
  const names = (): readonly string[] => readdirSync(directory).toSorted();

  beforeAll(async () => {
    sshd = await startSshd(['ForceCommand internal-sftp -P rename,posix-rename,hardlink']);
  });
  afterAll(() => sshd.stop());
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wharf-direct-'));
    const login = { host: '127.0.0.1', port: sshd.port, username: sshd.username, auth: [{ privateKey: sshd.keys[0] }], hostKeys: [sshd.hostKey] };
    transport = openSftp({ ...login, directory, maxBytes: 1_000_000, rename: 'none', sentinel: '.done' });
  });
  afterEach(async () => {
    await transport.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('writes the file under its name, then the mark; the witness knows each way a crash can leave things', async () => {
    const staged = await transport.stage('out.edi', bytes, 'a1');
    expect(names()).toEqual(['out.edi']);
    expect(await transport.witness(staged, sha256(bytes))).toBe('not-delivered');
    await transport.publish(staged);
    expect(names()).toEqual(['out.edi', 'out.edi.done']);
    expect(readFileSync(join(directory, 'out.edi'), 'utf8')).toBe('ISA*00*outgoing~');
    expect(await transport.witness(staged, sha256(bytes))).toBe('delivered');
    for (const name of names()) rmSync(join(directory, name));
    expect(await transport.witness(staged, sha256(bytes))).toBe('delivered');
  });

  it('takes up what an attempt that was cut off left: all of the bytes, or their beginning', async () => {
    for (const left of [bytes, bytes.subarray(0, 5), new Uint8Array()]) {
      writeFileSync(join(directory, 'out.edi'), left);
      await transport.publish(await transport.stage('out.edi', bytes, 'a2'));
      expect(readFileSync(join(directory, 'out.edi'), 'utf8')).toBe('ISA*00*outgoing~');
    }
    expect(names()).toEqual(['out.edi', 'out.edi.done']);
  });

  it('fault/G12 never replaces another file', async () => {
    for (const other of ['someone else', 'someone else, who wrote more than we do', 'ISA*00*outgoinG~']) {
      writeFileSync(join(directory, 'out.edi'), other);
      expect(await codeOf(transport.stage('out.edi', bytes, 'a1'))).toBe('NAME_COLLISION');
      expect(readFileSync(join(directory, 'out.edi'), 'utf8')).toBe(other);
    }
    expect(await codeOf(transport.stage('../out.edi', bytes, 'a1'))).toBe('FILE_NAME_INVALID');
  });

  it('is what a server needs that refuses every rename, as the probe tells', async () => {
    const { write, rename, replace, weaknesses } = await transport.probe();
    expect({ write, rename, replace }).toEqual({ write: true, rename: false, replace: false });
    expect(weaknesses.join('; ')).toMatch(/cannot be renamed/);
    expect(names()).toEqual([]);
  });

  it('keeps its mark to channels that need one', async () => {
    const out = (settings: string) => ({
      'partners/acme.yaml': `id: acme\nname: Acme\nrole: customer\nchannels:\n  out: { type: folder, directory: out${settings} }\n`,
    });
    expect((await problemsOf(out(', sentinel: .done'))).join('\n')).toContain('CONFIG_CONFLICT channels.out.sentinel');
  });
});
