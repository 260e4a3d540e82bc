import { appendFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { makeLog } from '../../src/log.ts';
import { pack } from '../../src/packing/packing.ts';
import { openPgp } from '../../src/packing/pgp.ts';
import { startGateway } from '../../src/pipeline/gateway.ts';
import { makeSteps } from '../../src/pipeline/steps.ts';
import { configOf, edit, home, stockedCompany, wharf, wharfJson } from '../cli/support.ts';
import { writeFiles } from '../support/config-folder.ts';
import { type KeyPair, makeKeys } from '../packing/keys.ts';
import { patience } from '../support/test-server.ts';

const order = join(home, 'samples', 'acme', 'happy-path');
const eventually = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000 * patience, interval: 30 });
let ours: KeyPair;
let acme: KeyPair;
let stranger: KeyPair;

beforeAll(async () => {
  [ours, acme, stranger] = await Promise.all([makeKeys('ours', { passphrase: 'open sesame' }), makeKeys('acme'), makeKeys('stranger')]);
});

/** The sample company, whose partner acme sends archives that are encrypted and gets encrypted files. */
async function company(): Promise<string> {
  const folder = await stockedCompany();
  const own = '{ privateKey: { secret: our-pgp }, passphrase: { secret: our-pgp-pass } }';
  await appendFile(
    join(folder, 'partners', 'acme.yaml'),
    `channels:
  in: { compression: zip, pgp: { decrypt: [${own}], verify: [{ secret: acme-pgp }] } }
  out: { pgp: { sign: ${own}, encrypt: [{ secret: acme-pgp }] } }
`,
  );
  await writeFiles(folder, {
    'config/secrets/our-pgp': ours.privateKey,
    'config/secrets/our-pgp-pass': 'open sesame\n',
    'config/secrets/acme-pgp': acme.publicKey,
  });
  return folder;
}

async function start(folder: string): Promise<void> {
  const loaded = await loadConfig(configOf(folder));
  if (!loaded.config) throw new Error(JSON.stringify(loaded.problems));
  for (const direction of ['in', 'out']) await mkdir(join(folder, 'var', 'partners', 'acme', direction), { recursive: true });
  const gateway = await startGateway({ config: loaded.config, log: makeLog('silent'), steps: makeSteps() });
  onTestFinished(() => gateway.stop());
}

async function drop(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const file = join(folder, 'var', 'partners', 'acme', 'in', name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.tmp`, bytes);
  await rename(`${file}.tmp`, file);
}

async function sealed(name: string, keys: { readonly signer?: KeyPair; readonly reader?: KeyPair } = {}): Promise<Uint8Array> {
  const packing = {
    compression: 'zip',
    pgp: { sign: { privateKey: (keys.signer ?? acme).privateKey }, encrypt: [(keys.reader ?? ours).publicKey], armor: true },
  } as const;
  return pack(name, await readFile(join(order, 'in.edi')), packing);
}

test('an encrypted archive becomes an order, and what answers it leaves encrypted; verify knows both', async () => {
  const folder = await company();
  await start(folder);
  await drop(folder, 'po.edi.zip.pgp', await sealed('po.edi.zip.pgp'));
  const out = join(folder, 'var', 'partners', 'acme', 'out');
  const names = await eventually(async () => {
    const found = (await readdir(out)).filter((name) => !name.startsWith('.'));
    expect(found.length).toBeGreaterThanOrEqual(2);
    return found;
  });
  for (const name of names) {
    const bytes = await readFile(join(out, name));
    expect(bytes.includes('ISA*')).toBe(false);
    const opened = await openPgp(name, bytes, { decrypt: [{ privateKey: acme.privateKey }], verify: [ours.publicKey] }, { bytes: 1_000_000 });
    expect(Buffer.from(opened.bytes).toString()).toMatch(/^ISA\*/);
  }
  const { data } = await wharfJson(folder, 'trace', 'po.edi.zip.pgp');
  expect(data.files).toMatchObject([
    { name: 'po.edi.zip.pgp', status: 'done' },
    { name: 'po.edi', status: 'done' },
  ]);
  expect(data.orders).toHaveLength(1);
  expect((await wharfJson(folder, 'verify')).data.faults).toEqual([]);
});

test('fault/C20 what cannot be opened is parked with its reason, and goes on once the key is right', async () => {
  const folder = await company();
  await start(folder);
  await drop(folder, 'forged.pgp', await sealed('forged.pgp', { signer: stranger }));
  await drop(folder, 'other.pgp', await sealed('other.pgp', { reader: stranger }));
  await drop(folder, 'plain.edi', Buffer.from('ISA*00'));
  const needs = await eventually(async () => {
    const { data } = await wharfJson(folder, 'status');
    expect(data.needs).toHaveLength(3);
    return data.needs as readonly { readonly id: string; readonly code: string; readonly detail: string; readonly remedy: string }[];
  });
  expect(needs.map(({ code }) => code).toSorted()).toEqual(['PGP_INVALID', 'PGP_KEY_WRONG', 'PGP_SIGNATURE']);
  for (const { remedy } of needs) expect(remedy).not.toBe('');
  const forged = needs.find(({ code }) => code === 'PGP_SIGNATURE')!;
  expect(await wharfJson(folder, 'replay', forged.id)).toMatchObject({ code: 0 });
  await eventually(async () => {
    const { data } = await wharfJson(folder, 'status');
    expect(data.needs.map(({ code }: { code: string }) => code)).toContain('PGP_SIGNATURE');
  });
});

test('`wharf try` opens a packed file as the daemon would, and takes one that is not packed', async () => {
  const folder = await company();
  const packed = join(folder, 'po.edi.zip.pgp');
  await writeFile(packed, await sealed('po.edi.zip.pgp'));
  for (const file of [packed, join(order, 'in.edi')]) {
    const { code, out } = await wharf(folder, 'try', file, '--partner', 'acme');
    expect(out).toContain('4500012345');
    expect(code, out).toBe(0);
  }
  await writeFile(packed, await sealed('po.edi.zip.pgp', { signer: stranger }));
  expect(await wharf(folder, 'try', packed, '--partner', 'acme')).toMatchObject({ code: 2, err: expect.stringContaining('PGP_SIGNATURE') });
});

test('unpackedBytes: a file that would become larger than that is parked', async () => {
  const folder = await company();
  await edit(folder, 'config/gateway.yaml', (text) => text.replace('limits: {', 'limits: { unpackedBytes: 400B,'));
  await start(folder);
  // The order has 502 bytes.
  await drop(folder, 'po.edi.zip.pgp', await sealed('po.edi.zip.pgp'));
  await eventually(async () => expect((await wharfJson(folder, 'status')).data.needs).toMatchObject([{ code: 'PACKING_LIMIT' }]));
});
