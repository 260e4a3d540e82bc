import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const program = '/usr/sbin/sshd';
export const hasSshd = existsSync(program);

export type Sshd = {
  readonly port: number;
  readonly username: string;
  /** `SHA256:…` of the host key in use. */
  readonly hostKey: string;
  /** Private keys in OpenSSH form; the second has the passphrase `open sesame`. Both may log in. */
  readonly keys: readonly [string, string];
  /** A private key that may not log in. */
  readonly strangerKey: string;
  /** What the server wrote to its log so far. */
  readonly log: () => string;
  /** Lets only the given of `keys` log in from now on. */
  readonly allow: (...keys: readonly (0 | 1)[]) => void;
  /** The processes that serve connections now, without the listener. */
  readonly sessions: () => readonly number[];
  /** Sends a signal to each process that serves a connection. */
  readonly signalSessions: (signal: NodeJS.Signals) => void;
  readonly stop: () => Promise<void>;
};

/** Those that run: none must outlive who started it. */
const living = new Set<ChildProcess>();
process.once('exit', () => {
  for (const server of living) server.kill('SIGKILL');
});

/** Starts OpenSSH's server on a free port of the loopback with keys and configuration of its own. `sftp` is the program that serves files. */
export async function startSshd(settings: readonly string[] = [], sftp = 'internal-sftp'): Promise<Sshd> {
  const home = mkdtempSync(join(tmpdir(), 'wharf-sshd-'));
  const file = (name: string): string => join(home, name);
  for (const [name, passphrase] of [
    ['host', ''],
    ['key0', ''],
    ['key1', 'open sesame'],
    ['stranger', ''],
  ] as const) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', name, '-f', file(name)]);
  }
  const read = (name: string): string => readFileSync(file(name), 'utf8');
  const allow = (...keys: readonly (0 | 1)[]): void => {
    writeFileSync(file('authorized'), keys.map((key) => read(`key${key}.pub`)).join(''), { mode: 0o600 });
  };
  allow(0, 1);
  const port = await freePort();
  const configuration = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${file('host')}`,
    `PidFile ${file('pid')}`,
    `AuthorizedKeysFile ${file('authorized')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin yes',
    'LogLevel DEBUG1',
    'MaxStartups 100',
    `Subsystem sftp ${sftp}`,
    ...settings,
  ];
  writeFileSync(file('config'), `${configuration.join('\n')}\n`);
  chmodSync(file('host'), 0o600);
  // The directory of privilege separation, which packages make when they start the service.
  mkdirSync('/run/sshd', { recursive: true });
  const server = spawn(program, ['-D', '-f', file('config'), '-E', file('log')], { stdio: 'ignore' });
  living.add(server);
  server.once('exit', () => living.delete(server));
  const log = (): string => (existsSync(file('log')) ? read('log') : '');
  await waitForPort(port, server, log);
  const hostKey = execFileSync('ssh-keygen', ['-lf', file('host.pub')], { encoding: 'utf8' }).split(' ')[1]!;
  const sessions = (): readonly number[] => descendants(server.pid!);
  return {
    port,
    username: userInfo().username,
    hostKey,
    keys: [read('key0'), read('key1')],
    strangerKey: read('stranger'),
    log,
    allow,
    sessions,
    signalSessions(signal) {
      // The end of one may take another along before its turn comes.
      for (const pid of sessions()) signalQuietly(pid, signal);
    },
    async stop() {
      for (const pid of sessions()) signalQuietly(pid, 'SIGKILL');
      const ended = new Promise((resolve) => server.once('exit', resolve));
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGKILL');
        await ended;
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function waitForPort(port: number, server: ChildProcess, log: () => string): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (server.exitCode !== null) break;
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (open) return;
    await delay(20);
  }
  throw new Error(`sshd did not start: ${log()}`);
}

function descendants(pid: number): readonly number[] {
  let children: string;
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  } catch {
    return [];
  }
  const direct = children.split(' ').filter(Boolean).map(Number);
  return direct.flatMap((child) => [...descendants(child), child]);
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}
