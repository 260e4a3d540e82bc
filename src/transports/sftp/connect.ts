import { createHash } from 'node:crypto';
import { connect as connectSocket, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import type { AnyAuthMethod, AuthHandlerMiddleware } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { WharfError } from '../../errors.ts';
import { algorithms } from './algorithms.ts';
import { type Login, type SftpServer, usualDeadlines } from './options.ts';
import { makeSession, type Session } from './session.ts';

const ignore = (): void => undefined;

/** What came to light while connecting; it gives a failure its meaning. */
type Course = { hostKey?: string; login?: number; level?: string; message?: string };

/** Connects and logs in, until `given` is aborted. @throws WharfError SFTP_UNREACHABLE, SFTP_HOST_KEY, SFTP_LOGIN, SFTP_KEY, SFTP_ALGORITHMS. */
export async function connect(server: SftpServer, given?: AbortSignal): Promise<{ readonly session: Session; readonly login: number }> {
  const { connectMs, operationMs } = server.deadlines ?? usualDeadlines;
  const methods = server.auth.map((login) => methodsOf(login, server.username));
  const course: Course = {};
  const socket = connectSocket({ host: server.host, port: server.port, noDelay: true });
  const tooLate = setTimeout(() => socket.destroy(new Error(`no session within ${connectMs} ms`)), connectMs);
  const giveUp = (): void => void socket.destroy(new Error('the connection was given up'));
  given?.addEventListener('abort', giveUp, { once: true });
  let session: ReturnType<typeof makeSession> | undefined;
  const client = new SftpClient('wharf', { error: ignore, end: ignore, close: ignore });
  client.on('error', (error: Error & { level?: string }) => {
    course.level ??= error.level ?? '';
    course.message ??= error.message;
  });
  try {
    await connected(socket);
    const sftp = await client.connect({
      sock: socket,
      username: server.username,
      hostVerifier: (key: Buffer) => {
        course.hostKey = fingerprintOf(key);
        return server.hostKeys.some((pinned) => pinned.replace(/=$/u, '') === course.hostKey);
      },
      authHandler: tryInOrder(methods, course),
      algorithms: algorithms(server.legacyAlgorithms ?? false),
      readyTimeout: connectMs,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 3,
    });
    session = makeSession({ sftp, operationMs, cut: () => socket.destroy(), bid: () => void client.end().catch(ignore), gather: () => gather(socket) });
    const ended = session.closed;
    socket.once('close', ended);
    sftp.once('close', ended);
    sftp.on('error', (error: Error) =>
      session?.destroy(new WharfError('SFTP_PROTOCOL', `The server's answer made no sense: ${error.message}`, { cause: error })),
    );
    if (socket.destroyed) ended();
    return { session, login: course.login ?? 0 };
  } catch (error) {
    socket.destroy();
    throw whyNot(server, course, error);
  } finally {
    clearTimeout(tooLate);
    given?.removeEventListener('abort', giveUp);
  }
}

/** The fingerprint of the host key that a server shows, as for pinning; nothing is sent but the key exchange. @throws WharfError SFTP_UNREACHABLE. */
export async function hostKeyOf(server: Pick<SftpServer, 'host' | 'port' | 'legacyAlgorithms' | 'deadlines'>): Promise<string> {
  try {
    const { session } = await connect({ ...server, username: 'wharf', auth: [], hostKeys: [] });
    session.destroy(new WharfError('SFTP_LOST', 'The connection was closed'));
  } catch (error) {
    if (error instanceof WharfError && error.code === 'SFTP_HOST_KEY' && error.value !== undefined) return error.value;
    throw error;
  }
  throw new WharfError('SFTP_PROTOCOL', `${server.host} showed no host key`);
}

/** `SHA256:…` as OpenSSH writes it: base64 without padding. */
function fingerprintOf(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/u, '')}`;
}

/** The ways in which one login can be tried; a password also goes as the answer to a prompt, where that is all a server takes. */
function methodsOf(login: Login, username: string): readonly AnyAuthMethod[] {
  if ('password' in login) {
    const { password } = login;
    return [
      { type: 'password', username, password },
      { type: 'keyboard-interactive', username, prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => password)) },
    ];
  }
  const key = ssh2.utils.parseKey(login.privateKey, login.passphrase);
  if (key instanceof Error) throw new WharfError('SFTP_KEY', `A private key cannot be read: ${key.message}`, { cause: key });
  return [{ type: 'publickey', username, key }];
}

function gather(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}

async function connected(socket: Socket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket
      .once('connect', resolve)
      .once('error', reject)
      .once('close', () => reject(new Error('closed')));
  });
  // Errors after this reach the client; without a listener of its own a late one would end the process.
  socket.on('error', ignore);
}

/** Tries the logins in order, and of each the first way that the server says it takes; it says so in its first refusal. */
function tryInOrder(logins: readonly (readonly AnyAuthMethod[])[], course: Course): AuthHandlerMiddleware {
  const waiting = logins.flatMap((methods, login) => methods.map((method) => ({ login, method })));
  let last: (typeof waiting)[number] | undefined;
  return (left, _partial, then) => {
    // Before its first refusal nobody knows what the server takes.
    const refused = (left ?? undefined) !== undefined;
    const takes = (method: AnyAuthMethod): boolean => !refused || left.includes(method.type);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      // A second way of the same login is for servers that do not take the first, not for a second try.
      const again = last?.login === next.login && takes(last.method);
      if (again || !takes(next.method)) continue;
      last = next;
      course.login = next.login;
      return then(next.method);
    }
    // The types do not know that `false` says: no more.
    return Reflect.apply(then, undefined, [false]);
  };
}

function whyNot(server: SftpServer, course: Course, error: unknown): WharfError {
  const where = `${server.username}@${server.host}:${server.port}`;
  const said = course.message ?? (error instanceof Error ? error.message : String(error));
  const options = { cause: error };
  const { hostKey } = course;
  if (hostKey !== undefined && !server.hostKeys.some((pinned) => pinned.replace(/=$/u, '') === hostKey)) {
    return new WharfError('SFTP_HOST_KEY', `${server.host}:${server.port} showed ${hostKey}, which is not pinned`, { ...options, value: hostKey });
  }
  if (course.level === 'client-authentication') return new WharfError('SFTP_LOGIN', `${where} refused each of ${server.auth.length} logins`, options);
  if (/no matching/iu.test(said)) return new WharfError('SFTP_ALGORITHMS', `${where}: ${said}`, options);
  return new WharfError('SFTP_UNREACHABLE', `${where} gave no session: ${said}`, { ...options, value: server.host });
}
