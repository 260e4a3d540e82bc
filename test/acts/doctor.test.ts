import { chmod, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { configOf, edit, sampleCompany, stockedCompany, wharf, wharfJson, write } from '../cli/support.ts';
import { hasSshd, startSshd } from '../../src/torture/sshd.ts';
import { onServer } from '../support/test-server.ts';

type Found = readonly { readonly state: string; readonly about: string; readonly code?: string; readonly text: string; readonly remedy?: string }[];
const ailments = (found: Found): readonly string[] => found.filter(({ state }) => state !== 'ok').map(({ about, code }) => `${code} ${about}`);

test.skipIf(onServer)('doctor finds a missing folder, an exposed database and a stopped daemon, each with what to do', async () => {
  const folder = await stockedCompany();
  const { config } = await loadConfig(configOf(folder));
  for (const { channels } of config!.partners.values()) for (const channel of channels) await mkdir(channel.directory, { recursive: true });
  expect((await stat(join(folder, 'var', 'wharf.db'))).mode & 0o777).toBe(0o600);
  await chmod(join(folder, 'var'), 0o755);
  await chmod(join(folder, 'var', 'wharf.db'), 0o644);
  await rm(join(folder, 'var', 'partners', 'acme', 'in'), { recursive: true });
  const { code, data } = await wharfJson(folder, 'doctor');
  const found = data as Found;
  expect(code).toBe(1);
  expect(ailments(found)).toEqual(
    expect.arrayContaining(['DATABASE_EXPOSED database', 'DAEMON_STOPPED daemon', 'BACKUP_OLD backup', 'FOLDER_UNUSABLE acme/in']),
  );
  expect(found.find(({ about, text }) => about === 'database' && text === 'synchronous is 2')?.state).toBe('ok');
  for (const { state, remedy } of found) if (state !== 'ok') expect(remedy).toMatch(/\w/);
  await chmod(join(folder, 'var', 'wharf.db'), 0o600);
  await mkdir(join(folder, 'var', 'partners', 'acme', 'in'));
  const healed = (await wharfJson(folder, 'doctor')).data as Found;
  expect(healed.filter(({ state }) => state === 'error')).toEqual([]);
  expect((await wharf(folder, 'doctor')).out).toMatch(/0 wrong\n$/);
});

test('doctor tells a configuration with errors from one without', async () => {
  const folder = await sampleCompany();
  await edit(folder, 'config/gateway.yaml', (text) => text.replace('timezone: America/New_York', 'timezone: Nowhere'));
  const { code, data } = await wharfJson(folder, 'doctor');
  expect(code).toBe(1);
  expect((data as Found).some(({ state, about }) => state === 'error' && about.includes('gateway.yaml:'))).toBe(true);
});

describe.skipIf(!hasSshd)('an SFTP server', () => {
  test('its key is shown, pinned with an act of the audit, and doctor finds the channel well; another key is told', async () => {
    const folder = await stockedCompany();
    const sshd = await startSshd();
    onTestFinished(() => sshd.stop());
    await mkdir(join(folder, 'var', 'remote'), { recursive: true });
    await mkdir(join(folder, 'config', 'secrets'), { recursive: true });
    await chmod(await write(folder, 'config/secrets/key', sshd.keys[0]), 0o600);
    const channels = `channels:
  # the server of the test
  out: { type: sftp, host: 127.0.0.1, port: ${sshd.port}, username: ${sshd.username}, directory: ${join(folder, 'var', 'remote')}, auth: [{ privateKey: { secret: key } }] }
`;
    await write(folder, 'partners/remote.yaml', `id: remote\nname: Remote\nrole: customer\n${channels}`);
    const shown = await wharf(folder, 'partner', 'pin', 'remote', 'out');
    expect(`${shown.code} ${shown.out}`).toContain(`1 127.0.0.1:${sshd.port} shows ${sshd.hostKey}`);
    expect((await wharf(folder, 'partner', 'pin', 'remote', 'out', '--write')).code).toBe(0);
    const text = await readFile(join(folder, 'partners', 'remote.yaml'), 'utf8');
    expect(text).toContain(sshd.hostKey);
    expect(text).toContain('# the server of the test');
    const acts = (await wharfJson(folder, 'audit')).data.acts;
    expect(acts[0]).toMatchObject({ act: 'partner pin', target: 'remote/out', before: [], after: [sshd.hostKey] });
    const found = (await wharfJson(folder, 'doctor')).data as Found;
    expect(found.find(({ about }) => about === 'remote/out')?.state).toBe('ok');
    await edit(folder, 'partners/remote.yaml', (before) => before.replace(sshd.hostKey, `SHA256:${'A'.repeat(43)}`));
    expect(ailments((await wharfJson(folder, 'doctor')).data as Found)).toContain('SFTP_HOST_KEY remote/out');
  });
});
