import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasSshd, startSshd } from '../../src/torture/sshd.ts';
import { openSftp } from '../../src/transports/sftp.ts';
import { quantile } from './stage.ts';

const FILES = 1_000;
const BYTES = 5_000;
const PAIRS = 5;

/** A thousand small files by SFTP, listed and read, beside `sftp -b` on the same server; and a listing of ten thousand. */
export async function benchSftp(): Promise<void> {
  if (!hasSshd) return console.log('sftp: this machine has no sshd');
  const sshd = await startSshd();
  const home = mkdtempSync(join(tmpdir(), 'wharf-bench-sftp-'));
  const folder = (name: string): string => join(home, name);
  try {
    for (const name of ['in', 'many', 'got']) mkdirSync(folder(name));
    for (let at = 0; at < FILES; at += 1) writeFileSync(join(folder('in'), `${at}.edi`), Buffer.alloc(BYTES, at));
    for (let at = 0; at < 10 * FILES; at += 1) writeFileSync(join(folder('many'), `${at}.edi`), 'x');
    writeFileSync(folder('key'), sshd.keys[0], { mode: 0o600 });
    const ratios: number[] = [];
    const ours: number[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const mine = await readAll(sshd, folder('in'));
      const theirs = batch(sshd, folder, `cd ${folder('in')}\nlcd ${folder('got')}\nmget *\n`);
      if (readdirSync(folder('got')).length !== FILES) throw new Error('sftp has not fetched all');
      ours.push(mine);
      ratios.push(mine / theirs);
    }
    console.log(
      `sftp, ${FILES} files of ${BYTES} bytes: ${quantile(ours, 0.5).toFixed(0)} ms, ${quantile(ratios, 0.5).toFixed(2)} of sftp -b; the goal is 0.5`,
    );
    const transport = open(sshd, folder('many'));
    await transport.list(1);
    const began = performance.now();
    const listed = await transport.list(20 * FILES);
    const mine = performance.now() - began;
    await transport.close();
    const theirs = batch(sshd, folder, `cd ${folder('many')}\nls -l\n`);
    console.log(`sftp, listing of ${listed.length}: ${mine.toFixed(0)} ms, ${(mine / theirs).toFixed(2)} of sftp -b with its login; the goal is 0.5`);
  } finally {
    await sshd.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

type Sshd = Awaited<ReturnType<typeof startSshd>>;

function open(sshd: Sshd, directory: string) {
  const login = { host: '127.0.0.1', port: sshd.port, username: sshd.username, auth: [{ privateKey: sshd.keys[0] }], hostKeys: [sshd.hostKey] };
  return openSftp({ ...login, directory, maxBytes: 1_000_000 });
}

/** Milliseconds to log in, list and read everything as the gateway does, 64 files at once. */
async function readAll(sshd: Sshd, directory: string): Promise<number> {
  const began = performance.now();
  const transport = open(sshd, directory);
  const entries = await transport.list(10 * FILES);
  let bytes = 0;
  for (let at = 0; at < entries.length; at += 64) {
    await Promise.all(
      entries.slice(at, at + 64).map(async (entry) => {
        for await (const part of transport.read(entry)) bytes += part.length;
      }),
    );
  }
  const took = performance.now() - began;
  await transport.close();
  if (bytes !== FILES * BYTES) throw new Error(`${bytes} bytes of ${FILES * BYTES}`);
  return took;
}

/** Milliseconds that OpenSSH's client takes for a batch of commands, its login included. */
function batch(sshd: Sshd, folder: (name: string) => string, commands: string): number {
  writeFileSync(folder('commands'), commands);
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'].flatMap((option) => ['-o', option]);
  const began = performance.now();
  execFileSync('sftp', ['-q', '-b', folder('commands'), '-i', folder('key'), '-P', String(sshd.port), ...options, `${sshd.username}@127.0.0.1`], {
    stdio: 'ignore',
  });
  return performance.now() - began;
}
