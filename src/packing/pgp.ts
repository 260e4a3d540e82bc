import * as openpgp from 'openpgp';
import { WharfError } from '../errors.ts';
import { mostBytes, PGP_ENDINGS, tooMuch, type Unpacked, type UnpackLimits, withoutEnding } from './limits.ts';

/** A private key of ours, armoured, and its passphrase where it has one. */
export type PrivateKeyText = { readonly privateKey: string; readonly passphrase?: string | undefined };

/** Keys of a channel that takes in; armoured. `verify` is empty where signatures are not asked for, `decrypt` where files are only signed. */
export type OpeningKeys = { readonly decrypt: readonly PrivateKeyText[]; readonly verify: readonly string[] };
/** Keys of a channel that sends. */
export type SealingKeys = { readonly sign: PrivateKeyText | undefined; readonly encrypt: readonly string[]; readonly armor: boolean };

/**
 * The content of an OpenPGP message (RFC 9580): decrypted, and its signature checked, before any byte of it is given. Messages without integrity
 * protection are refused. @throws WharfError PGP_KEY_WRONG, PGP_SIGNATURE, PGP_INVALID, PGP_KEY_INVALID, PACKING_LIMIT.
 */
export async function openPgp(name: string, packed: Uint8Array, keys: OpeningKeys, limits: UnpackLimits): Promise<Unpacked> {
  const most = mostBytes(packed.length, limits);
  const config = { maxDecompressedMessageSize: most };
  const own = await Promise.all(keys.decrypt.map(privateKeyOf));
  const theirs = await Promise.all(keys.verify.map(publicKeyOf));
  try {
    const message = await readMessage(packed, config);
    const options = { message, verificationKeys: [...theirs], format: 'binary' as const, config };
    if (own.length > 0) requireOurs(name, message, own);
    const { data, signatures } = await (own.length > 0 ? openpgp.decrypt({ ...options, decryptionKeys: [...own] }) : openpgp.verify(options));
    if (theirs.length > 0) await requireSigned(name, signatures, theirs);
    if (data.length > most) throw tooMuch(name, packed.length, most);
    return { name: withoutEnding(name, PGP_ENDINGS), bytes: data };
  } catch (error) {
    if (error instanceof WharfError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    if (/maximum decompressed/iu.test(said)) throw tooMuch(name, packed.length, most);
    throw new WharfError('PGP_INVALID', `"${name}" cannot be trusted: ${said}`, { value: name, cause: error });
  }
}

function readMessage(packed: Uint8Array, config: openpgp.PartialConfig): Promise<openpgp.Message<Uint8Array>> {
  const text = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const armored = text.subarray(0, 200).toString('latin1').trimStart().startsWith('-----BEGIN PGP MESSAGE-----');
  return armored ? openpgp.readMessage({ armoredMessage: text.toString('utf8').trimStart(), config }) : openpgp.readMessage({ binaryMessage: packed, config });
}

/** The key id of a message that does not say whom it is for. */
const ANYBODY = '0000000000000000';
type Signatures = openpgp.DecryptMessageResult['signatures'];

/** A message names the keys that it is for, or leaves that open (id zero). */
function requireOurs(name: string, message: openpgp.Message<Uint8Array>, own: readonly openpgp.PrivateKey[]): void {
  const asked = message.getEncryptionKeyIDs();
  if (asked.length === 0) throw new WharfError('PGP_INVALID', `"${name}" is not encrypted to a key`, { value: name });
  const ours = own.flatMap((key) => key.getKeyIDs());
  if (asked.some((id) => id.toHex() === ANYBODY || ours.some((our) => our.equals(id)))) return;
  const ids = (list: readonly openpgp.KeyID[]): string => list.map((id) => id.toHex().toUpperCase()).join(', ');
  throw new WharfError('PGP_KEY_WRONG', `"${name}" is encrypted to ${ids(asked)}; ours is ${ids(ours)}`, { value: name });
}

async function requireSigned(name: string, signatures: Signatures, theirs: readonly openpgp.PublicKey[]): Promise<void> {
  if (signatures.length === 0) throw new WharfError('PGP_SIGNATURE', `"${name}" is not signed`, { value: name });
  const faults: string[] = [];
  for (const { keyID, verified } of signatures) {
    try {
      if (await verified) return;
    } catch (error) {
      const known = theirs.some((key) => key.getKeyIDs().some((id) => id.equals(keyID)));
      const why = known ? (error instanceof Error ? error.message : String(error)) : 'which is not a key of the partner';
      faults.push(`by ${keyID.toHex().toUpperCase()}, ${why}`);
    }
  }
  throw new WharfError('PGP_SIGNATURE', `"${name}" is signed ${faults.join('; ')}`, { value: name });
}

/** Bytes as an OpenPGP message: signed, encrypted, or both. @throws WharfError PGP_KEY_INVALID, also for a key that is expired. */
export async function makePgp(name: string, bytes: Uint8Array, keys: SealingKeys): Promise<Uint8Array> {
  const signingKeys = keys.sign === undefined ? [] : [await privateKeyOf(keys.sign)];
  const encryptionKeys = await Promise.all(keys.encrypt.map(publicKeyOf));
  try {
    const message = await openpgp.createMessage({ binary: bytes, filename: name });
    const seal = (format: 'armored' | 'binary'): Promise<string | Uint8Array> =>
      encryptionKeys.length > 0
        ? openpgp.encrypt({ message, encryptionKeys, ...(signingKeys.length > 0 ? { signingKeys } : {}), format: format as 'binary' })
        : openpgp.sign({ message, signingKeys, format: format as 'binary' });
    const sealed = await seal(keys.armor ? 'armored' : 'binary');
    return typeof sealed === 'string' ? new TextEncoder().encode(sealed) : sealed;
  } catch (error) {
    throw new WharfError('PGP_KEY_INVALID', `"${name}" cannot be sealed: ${error instanceof Error ? error.message : String(error)}`, {
      value: name,
      cause: error,
    });
  }
}

/** A key as people know it: its id (hexadecimal) and when it ends (milliseconds since 1970), where it does. */
export type KeyFacts = { readonly id: string; readonly expiresAt: number | undefined };

/** What an armoured key says of itself; of a key and its parts the end that comes first. @throws WharfError PGP_KEY_INVALID. */
export async function factsOfKey(text: string | PrivateKeyText): Promise<KeyFacts> {
  const key = typeof text === 'string' ? await publicKeyOf(text) : await privateKeyOf(text);
  const ends = await Promise.all([key, ...key.subkeys].map((part) => part.getExpirationTime().catch(() => null)));
  const dated = ends.flatMap((end) => (end instanceof Date ? [end.getTime()] : []));
  return { id: key.getKeyID().toHex().toUpperCase(), expiresAt: dated.length > 0 ? Math.min(...dated) : undefined };
}

async function publicKeyOf(text: string): Promise<openpgp.PublicKey> {
  try {
    const key = await openpgp.readKey({ armoredKey: text });
    return key.toPublic();
  } catch (error) {
    throw unusable('public', error);
  }
}

async function privateKeyOf({ privateKey: text, passphrase }: PrivateKeyText): Promise<openpgp.PrivateKey> {
  try {
    const key = await openpgp.readPrivateKey({ armoredKey: text });
    if (key.isDecrypted()) return key;
    return await openpgp.decryptKey({ privateKey: key, passphrase: passphrase ?? '' });
  } catch (error) {
    throw unusable('private', error);
  }
}

function unusable(kind: string, error: unknown): WharfError {
  return new WharfError('PGP_KEY_INVALID', `A ${kind} key cannot be used: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}
