import * as openpgp from 'openpgp';

export type KeyPair = { readonly privateKey: string; readonly publicKey: string };

/** A fresh key pair, armoured. */
export async function makeKeys(
  name: string,
  options: { readonly passphrase?: string; readonly expiresInSeconds?: number; readonly date?: Date } = {},
): Promise<KeyPair> {
  const { passphrase, expiresInSeconds, date } = options;
  return openpgp.generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name, email: `${name}@example.com` }],
    format: 'armored',
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(expiresInSeconds === undefined ? {} : { keyExpirationTime: expiresInSeconds }),
    ...(date === undefined ? {} : { date }),
  });
}
