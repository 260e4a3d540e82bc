/** What is offered to a server, best first. AES-GCM before the rest: it is the fastest in Node. */
const safe = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
    'diffie-hellman-group14-sha256',
  ],
  serverHostKey: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256'],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
} as const;

/** What old servers need: SHA-1, CBC, small groups. */
const legacy = {
  kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group-exchange-sha1', 'diffie-hellman-group1-sha1'],
  serverHostKey: ['ssh-rsa'],
  cipher: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
  hmac: ['hmac-sha1-etm@openssh.com', 'hmac-sha1'],
} as const;

/** The algorithms offered; the legacy ones come after all safe ones. */
export function algorithms(withLegacy: boolean) {
  const more = <A, B>(good: readonly A[], bad: readonly B[]): (A | B)[] => (withLegacy ? [...good, ...bad] : [...good]);
  return {
    kex: more(safe.kex, legacy.kex),
    serverHostKey: more(safe.serverHostKey, legacy.serverHostKey),
    cipher: more(safe.cipher, legacy.cipher),
    hmac: more(safe.hmac, legacy.hmac),
  };
}
