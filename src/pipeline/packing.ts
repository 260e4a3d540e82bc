import { reveal, type Secret } from '../config/secret.ts';
import type { Channel } from '../config/types.ts';
import type { Packing } from '../packing/packing.ts';
import type { OpeningKeys, PrivateKeyText, SealingKeys } from '../packing/pgp.ts';

/** How the files of a channel that takes in are wrapped, with the keys in clear for the moment in which they are used; undefined when they are not. */
export function openingOf({ compression, pgp }: Channel): Packing<OpeningKeys> | undefined {
  if (!compression && !pgp) return undefined;
  const keys = pgp && { decrypt: (pgp.decrypt ?? []).map(keyOf), verify: (pgp.verify ?? []).map(reveal) };
  return { compression, pgp: keys };
}

/** How the files of a channel that sends are wrapped; undefined when they leave as they are. */
export function sealingOf({ compression, pgp }: Channel): Packing<SealingKeys> | undefined {
  if (!compression && !pgp) return undefined;
  const keys = pgp && { sign: pgp.sign && keyOf(pgp.sign), encrypt: (pgp.encrypt ?? []).map(reveal), armor: pgp.armor };
  return { compression, pgp: keys };
}

/** Every PGP key that a channel names, and what it is for. */
export function keysOf({ pgp }: Channel): readonly { readonly use: string; readonly key: string | PrivateKeyText }[] {
  if (!pgp) return [];
  return [
    ...(pgp.decrypt ?? []).map((key) => ({ use: 'decrypt', key: keyOf(key) })),
    ...(pgp.verify ?? []).map((key) => ({ use: 'verify', key: reveal(key) })),
    ...(pgp.sign ? [{ use: 'sign', key: keyOf(pgp.sign) }] : []),
    ...(pgp.encrypt ?? []).map((key) => ({ use: 'encrypt', key: reveal(key) })),
  ];
}

function keyOf({ privateKey, passphrase }: { readonly privateKey: Secret; readonly passphrase?: Secret | undefined }): PrivateKeyText {
  return { privateKey: reveal(privateKey), passphrase: passphrase && reveal(passphrase) };
}
