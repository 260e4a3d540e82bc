import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openpgp from 'openpgp';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { factsOfKey, makePgp, openPgp } from '../../src/packing/pgp.ts';
import { codeOf } from '../transports/conformance.ts';
import { type KeyPair, makeKeys } from './keys.ts';

const limits = { bytes: 50_000_000 };
const bytes = new TextEncoder().encode('ISA*00*          *00*  …~\n');
let ours: KeyPair;
let acme: KeyPair;
let stranger: KeyPair;

beforeAll(async () => {
  [ours, acme, stranger] = await Promise.all([makeKeys('ours', { passphrase: 'open sesame' }), makeKeys('acme'), makeKeys('stranger')]);
});

const own = () => ({ privateKey: ours.privateKey, passphrase: 'open sesame' });
const opening = (change: object = {}) => ({ decrypt: [own()], verify: [acme.publicKey], ...change });
/** What acme sends us. */
const sent = (change: object = {}) =>
  makePgp('a.edi.pgp', bytes, { sign: { privateKey: acme.privateKey }, encrypt: [ours.publicKey], armor: false, ...change });

describe('openPgp', () => {
  it.each([true, false])('gives what was signed and encrypted for us, armoured: %s', async (armor) => {
    const message = await sent({ armor });
    expect(Buffer.from(message).includes('ISA')).toBe(false);
    expect(await openPgp('a.edi.PGP', message, opening(), limits)).toEqual({ name: 'a.edi', bytes });
  });

  it('takes a message for the second of our keys, and one that is only signed', async () => {
    expect((await openPgp('a', await sent(), opening({ decrypt: [{ privateKey: stranger.privateKey }, own()] }), limits)).bytes).toEqual(bytes);
    expect((await openPgp('a', await sent({ encrypt: [] }), opening({ decrypt: [] }), limits)).bytes).toEqual(bytes);
  });

  it('fault/C20 says why a message is not taken', async () => {
    const open = async (message: Uint8Array, keys = opening(), most = limits): Promise<string> => codeOf(openPgp('a.pgp', message, keys, most));
    expect(await open(await sent({ encrypt: [stranger.publicKey] }))).toBe('PGP_KEY_WRONG');
    expect(await open(await sent({ sign: undefined }))).toBe('PGP_SIGNATURE');
    expect(await open(await sent({ sign: { privateKey: stranger.privateKey } }))).toBe('PGP_SIGNATURE');
    expect(await open(await sent({ encrypt: [] }))).toBe('PGP_INVALID');
    expect(await open(bytes)).toBe('PGP_INVALID');
    expect(await open(new Uint8Array())).toBe('PGP_INVALID');
    expect(await open(await sent(), opening({ decrypt: [{ ...own(), passphrase: 'wrong' }] }))).toBe('PGP_KEY_INVALID');
    expect(await open(await sent(), opening({ verify: ['no key'] }))).toBe('PGP_KEY_INVALID');
  });

  it('fault/C20 gives nothing of a message that was cut, changed or goes on after its end', async () => {
    const message = await sent();
    for (const cut of [10, 100, message.length - 1]) expect(await codeOf(openPgp('a', message.subarray(0, cut), opening(), limits))).toBe('PGP_INVALID');
    for (let at = message.length - 60; at < message.length; at += 7) {
      const changed = Uint8Array.from(message);
      changed[at]! ^= 1;
      expect(await codeOf(openPgp('a', changed, opening(), limits)), `byte ${at}`).toBe('PGP_INVALID');
    }
    const armored = Buffer.from(await sent({ armor: true })).toString();
    const half = armored.slice(0, armored.length / 2);
    expect(await codeOf(openPgp('a', Buffer.from(half), opening(), limits))).toBe('PGP_INVALID');
    expect((await openPgp('a', Buffer.from(`${armored}\nISA*forged~`), opening(), limits)).bytes).toEqual(bytes);
  });

  it('fault/C20 refuses a message without integrity protection, and a bomb inside one with it', async () => {
    const encryptionKeys = await openpgp.readKey({ armoredKey: ours.publicKey });
    const bomb = await openpgp.createMessage({ binary: new Uint8Array(60_000_000) });
    const config = { preferredCompressionAlgorithm: openpgp.enums.compression.zlib };
    const packed = await openpgp.encrypt({ message: bomb, encryptionKeys, format: 'binary', config });
    expect(packed.length).toBeLessThan(200_000);
    expect(await codeOf(openPgp('a', packed as Uint8Array, opening({ verify: [] }), limits))).toBe('PACKING_LIMIT');
    if (!existsSync('/usr/bin/gpg')) return;
    const home = gpgHome();
    writeFileSync(join(home, 'key'), ours.publicKey);
    gpg(home, '--import', join(home, 'key'));
    const weak = gpg(home, '--rfc2440', '--disable-mdc', '--cipher-algo', '3DES', '-r', 'ours', '--trust-model', 'always', '-e');
    expect(await codeOf(openPgp('a', weak, opening({ verify: [] }), limits))).toBe('PGP_INVALID');
  });

  it.runIf(existsSync('/usr/bin/gpg'))('opens what GnuPG makes, and GnuPG opens what it makes', async () => {
    const home = gpgHome();
    writeFileSync(join(home, 'ours'), ours.publicKey);
    writeFileSync(join(home, 'acme'), acme.privateKey);
    gpg(home, '--import', join(home, 'ours'), join(home, 'acme'));
    const message = gpg(home, '-r', 'ours', '-u', 'acme', '--trust-model', 'always', '-z', '6', '-se');
    expect((await openPgp('a', message, opening(), limits)).bytes).toEqual(Uint8Array.from(bytes));
    const reply = await makePgp('b.edi.pgp', bytes, { sign: own(), encrypt: [acme.publicKey], armor: true });
    expect(gpg(home, '--trust-model', 'always', '-d', { input: reply })).toEqual(Buffer.from(bytes));
  });
});

describe('keys', () => {
  it('tells id and end of a key, and refuses to encrypt to one that is over', async () => {
    const date = new Date(Date.now() - 10 * 86_400_000);
    const soon = await makeKeys('soon', { expiresInSeconds: 20 * 86_400, date });
    const facts = await factsOfKey(soon.publicKey);
    expect(facts.id).toMatch(/^[0-9A-F]{16}$/);
    expect(Math.round((facts.expiresAt! - Date.now()) / 86_400_000)).toBe(10);
    expect((await factsOfKey(own())).expiresAt).toBeUndefined();
    const over = await makeKeys('over', { expiresInSeconds: 86_400, date });
    expect(await codeOf(sent({ encrypt: [over.publicKey] }))).toBe('PGP_KEY_INVALID');
    expect(await codeOf(sent({ sign: { privateKey: over.privateKey } }))).toBe('PGP_KEY_INVALID');
  });
});

function gpgHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'gpg-'));
  onTestFinished(() => {
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    rmSync(home, { recursive: true, force: true });
  });
  return home;
}

function gpg(home: string, ...args: readonly (string | { readonly input: Uint8Array })[]): Uint8Array {
  const given = args.find((arg) => typeof arg !== 'string');
  const words = args.filter((arg) => typeof arg === 'string');
  return execFileSync('gpg', ['--homedir', home, '--batch', '--yes', '--quiet', '--pinentry-mode', 'loopback', ...words], {
    input: given?.input ?? bytes,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}
