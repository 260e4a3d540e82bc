import { closeSync, existsSync, fstatSync, lstatSync, openSync, readSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { createHash, generateKeyPairSync } from 'node:crypto';
import type { Stats } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { AuthContext, Connection, SFTPWrapper } from 'ssh2';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

/** What a request can be made to do instead of its work. `true` means that the hook has seen to the answer, or that none will come. */
export type Hooks = {
  /** Called with the name of each request (`OPEN`, `READ`, …) before it is done. */
  readonly before?: (request: string, answer: { readonly ok: () => void; readonly fail: () => void; readonly cut: () => void }) => boolean;
  /** Called after a request was done, before its answer. */
  readonly after?: (request: string, answer: { readonly ok: () => void; readonly fail: () => void; readonly cut: () => void }) => boolean;
  /** Changes the bytes of an answer to a read. */
  readonly data?: (bytes: Buffer) => Buffer;
  /** Names that are listed besides the real ones. */
  readonly names?: () => readonly string[];
  /** Lists page after page without an end. */
  readonly endless?: boolean;
  readonly size?: (size: number) => number;
  /** Undefined: the hook answers by itself. */
  readonly authenticate?: (context: AuthContext) => boolean | readonly ('password' | 'publickey' | 'keyboard-interactive')[] | undefined;
};

export type ScriptedServer = {
  readonly port: number;
  readonly hostKey: string;
  /** Replaces the hooks from now on. */
  readonly script: (hooks: Hooks) => void;
  readonly requests: readonly string[];
  readonly stop: () => Promise<void>;
};

/** An SFTP server of version 3 on a real directory, without any extension, that misbehaves as it is told. */
export async function startScriptedServer(directory: string): Promise<ScriptedServer> {
  const hostKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' });
  const parsed = ssh2.utils.parseKey(hostKey);
  if (parsed instanceof Error) throw parsed;
  let hooks: Hooks = {};
  const requests: string[] = [];
  const clients = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      const verdict = hooks.authenticate === undefined ? true : hooks.authenticate(context);
      if (verdict === undefined) return;
      if (verdict === true) context.accept();
      else if (verdict === false) context.reject();
      else context.reject([...verdict]);
    });
    client.on('ready', () => {
      client.on('session', (accept) => {
        accept().on('sftp', (acceptSftp) => serve(acceptSftp(), directory, { hooks: () => hooks, requests, cut: () => client.end() }));
      });
    });
  });
  // A listener of our own, because the library's waits for more to send before each small packet.
  const listener = createServer({ noDelay: true }, (socket) => server.injectSocket(socket));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    hostKey: `SHA256:${createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/u, '')}`,
    script: (next) => (hooks = next),
    requests,
    async stop() {
      for (const client of clients) client.end();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function handleOf(number: number): Buffer {
  const handle = Buffer.alloc(4);
  handle.writeUInt32BE(number);
  return handle;
}

type Context = { readonly hooks: () => Hooks; readonly requests: string[]; readonly cut: () => void };

function serve(sftp: SFTPWrapper, directory: string, { hooks, requests, cut }: Context): void {
  const open = new Map<number, { readonly fd: number } | { listed: boolean }>();
  let next = 0;
  const pathOf = (name: string): string => join(directory, name.split('/').at(-1) ?? '');
  const status = (id: number, code: number): void => sftp.status(id, code);
  const attributes = (stat: Stats): { mode: number; uid: number; gid: number; size: number; atime: number; mtime: number } => ({
    mode: stat.mode,
    uid: 0,
    gid: 0,
    size: hooks().size?.(stat.size) ?? stat.size,
    atime: 0,
    mtime: Math.floor(stat.mtimeMs / 1000),
  });
  const handle = (request: string, id: number, work: () => void | (() => void)): void => {
    requests.push(request);
    const answer = { ok: () => status(id, STATUS_CODE.OK), fail: () => status(id, STATUS_CODE.FAILURE), cut };
    if (hooks().before?.(request, answer) === true) return;
    try {
      const reply = work() ?? answer.ok;
      if (hooks().after?.(request, answer) !== true) reply();
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      status(id, missing ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE);
    }
  };
  const opened = (number: Buffer): { readonly fd: number } => {
    const found = open.get(number.readUInt32BE());
    if (found === undefined || !('fd' in found)) throw new Error('no such handle');
    return found;
  };
  const look = (request: string) => (id: number, path: string) =>
    handle(request, id, () => {
      const stat = lstatSync(pathOf(path));
      return () => sftp.attrs(id, attributes(stat));
    });

  sftp.on('OPEN', (id, path, flags) =>
    handle('OPEN', id, () => {
      const mode = (flags & OPEN_MODE.WRITE) === 0 ? 'r' : (flags & OPEN_MODE.EXCL) === 0 ? 'w' : 'wx';
      const fd = openSync(pathOf(path), mode);
      open.set((next += 1), { fd });
      const number = next;
      return () => sftp.handle(id, handleOf(number));
    }),
  );
  sftp.on('READ', (id, number, offset, length) =>
    handle('READ', id, () => {
      const buffer = Buffer.alloc(length);
      const read = readSync(opened(number).fd, buffer, 0, length, offset);
      const bytes = hooks().data?.(buffer.subarray(0, read)) ?? buffer.subarray(0, read);
      return () => (bytes.length === 0 ? status(id, STATUS_CODE.EOF) : sftp.data(id, bytes));
    }),
  );
  sftp.on('WRITE', (id, number, offset, data) => handle('WRITE', id, () => void writeSync(opened(number).fd, data, 0, data.length, offset)));
  sftp.on('FSTAT', (id, number) =>
    handle('FSTAT', id, () => {
      const stat = fstatSync(opened(number).fd);
      return () => sftp.attrs(id, attributes(stat));
    }),
  );
  sftp.on('LSTAT', look('LSTAT'));
  sftp.on('STAT', look('STAT'));
  sftp.on('CLOSE', (id, number) =>
    handle('CLOSE', id, () => {
      const found = open.get(number.readUInt32BE());
      open.delete(number.readUInt32BE());
      if (found !== undefined && 'fd' in found) closeSync(found.fd);
    }),
  );
  sftp.on('OPENDIR', (id) =>
    handle('OPENDIR', id, () => {
      open.set((next += 1), { listed: false });
      const number = next;
      return () => sftp.handle(id, handleOf(number));
    }),
  );
  sftp.on('READDIR', (id, number) =>
    handle('READDIR', id, () => {
      const listing = open.get(number.readUInt32BE());
      if (listing === undefined || 'fd' in listing) throw new Error('no such handle');
      if (listing.listed && hooks().endless !== true) return () => status(id, STATUS_CODE.EOF);
      listing.listed = true;
      const real = readdirSync(directory);
      const names = [...real, ...(hooks().names?.() ?? [])];
      const stats = names.map((name, at) => lstatSync(at < real.length ? join(directory, name) : directory));
      const plain = { mode: 0o100644, uid: 0, gid: 0, size: 1, atime: 0, mtime: 1 };
      return () =>
        sftp.name(
          id,
          names.map((filename, at) => ({ filename, longname: filename, attrs: at < real.length ? attributes(stats[at]!) : plain })),
        );
    }),
  );
  sftp.on('REMOVE', (id, path) => handle('REMOVE', id, () => rmSync(pathOf(path))));
  sftp.on('RENAME', (id, from, to) =>
    handle('RENAME', id, () => {
      if (existsSync(pathOf(to))) throw new Error('exists');
      renameSync(pathOf(from), pathOf(to));
    }),
  );
}
