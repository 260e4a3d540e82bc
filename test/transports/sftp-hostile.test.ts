import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSftp, type SftpOptions } from '../../src/transports/sftp.ts';
import type { Refusal, Transport } from '../../src/transports/transport.ts';
import { type ScriptedServer, startScriptedServer } from '../support/sftp-server.ts';
import { bytesOf, codeOf, entryNamed, readAll, sha256 } from './conformance.ts';

const impatient = { firstMs: 0, longestMs: 0, refusedLogins: 1000, pauseMs: 0 };

describe('sftp with a server that misbehaves', () => {
  let directory: string;
  let server: ScriptedServer;
  let opened: Transport[] = [];
  const open = (options: Partial<SftpOptions> = {}): Transport => {
    const made = openSftp({
      host: '127.0.0.1',
      port: server.port,
      username: 'acme',
      auth: [{ password: 'secret' }],
      hostKeys: [server.hostKey],
      directory: 'outbox',
      maxBytes: 10_000_000,
      deadlines: { connectMs: 5000, operationMs: 5000 },
      patience: impatient,
      ...options,
    });
    opened.push(made);
    return made;
  };
  const names = (): string[] => readdirSync(directory).toSorted();
  const bytes = bytesOf('ISA*00*outgoing~');

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'wharf-hostile-'));
    server = await startScriptedServer(directory);
  });
  afterEach(async () => {
    for (const transport of opened) await transport.close();
    opened = [];
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('fault/G9 does its work without any extension, and says what is weaker', async () => {
    const transport = open();
    await transport.publish(await transport.stage('out.edi', bytes, 'a1'));
    expect(names()).toEqual(['out.edi']);
    expect(Buffer.from(await readAll(transport, await entryNamed(transport, 'out.edi')))).toEqual(Buffer.from(bytes));
    await transport.dispose(await entryNamed(transport, 'out.edi'), undefined);
    const found = await transport.probe();
    expect(found).toMatchObject({ write: true, exclusiveCreate: true, rename: true, replace: false, sync: false });
    expect(found.weaknesses).toHaveLength(2);
    expect(names()).toEqual([]);
  });

  it('fault/G10 a rename that was done but answered as failed is a delivery', async () => {
    const transport = open();
    const staged = await transport.stage('out.edi', bytes, 'a1');
    server.script({ after: (request, answer) => request === 'RENAME' && (answer.fail(), true) });
    await transport.publish(staged);
    expect(names()).toEqual(['out.edi']);
  });

  it('fault/G10 a rename that was answered as done but was not is no delivery', async () => {
    const transport = open();
    const staged = await transport.stage('out.edi', bytes, 'a1');
    server.script({ before: (request, answer) => request === 'RENAME' && (answer.ok(), true) });
    expect(await codeOf(transport.publish(staged))).toBe('DELIVERY_FAILED');
    server.script({});
    expect(await transport.witness(staged, sha256(bytes))).toBe('not-delivered');
    await transport.publish(staged);
    expect(names()).toEqual(['out.edi']);
  });

  it('fault/G5 an answer lost after the rename is found out by the witness', async () => {
    const transport = open();
    const staged = await transport.stage('out.edi', bytes, 'a1');
    server.script({ after: (request, answer) => request === 'RENAME' && (answer.cut(), true) });
    expect(await codeOf(transport.publish(staged))).toBe('SFTP_LOST');
    server.script({});
    expect(await transport.witness(staged, sha256(bytes))).toBe('delivered');
    expect(names()).toEqual(['out.edi']);
  });

  it.each(['OPEN', 'WRITE', 'FSTAT', 'CLOSE', 'LSTAT', 'RENAME'])(
    'fault/G3 a server that falls silent at %s is given up, and the delivery ends well',
    async (silent) => {
      const transport = open({ deadlines: { connectMs: 5000, operationMs: 500 } });
      server.script({ before: (request) => request === silent });
      const failed = await codeOf(transport.stage('out.edi', bytes, 'a1').then((staged) => transport.publish(staged)));
      expect(failed).toBe('SFTP_TIMEOUT');
      expect(names()).not.toContain('out.edi');
      server.script({});
      await transport.publish(await transport.stage('out.edi', bytes, 'a1'));
      expect(names()).toEqual(['out.edi']);
      expect(readFileSync(join(directory, 'out.edi'))).toEqual(Buffer.from(bytes));
    },
  );

  it.each(['OPENDIR', 'READDIR', 'OPEN', 'FSTAT', 'READ'])('fault/G3 a server that falls silent at %s while it is read is given up', async (silent) => {
    writeFileSync(join(directory, 'in.edi'), Buffer.alloc(100_000));
    const transport = open({ deadlines: { connectMs: 5000, operationMs: 500 } });
    const entry = await entryNamed(transport, 'in.edi');
    server.script({ before: (request) => request === silent });
    const failed = await codeOf(transport.list(10).then(() => readAll(transport, entry)));
    expect(failed).toBe('SFTP_TIMEOUT');
    server.script({});
    expect(await readAll(transport, entry)).toHaveLength(100_000);
  });

  it('fault/G11 goes on after short answers', async () => {
    const content = Buffer.from(Array.from({ length: 5000 }, (_, at) => at % 251));
    writeFileSync(join(directory, 'in.edi'), content);
    server.script({ data: (part) => part.subarray(0, 700) });
    const transport = open();
    expect(sha256(await readAll(transport, await entryNamed(transport, 'in.edi')))).toBe(sha256(content));
  });

  it('fault/G11 refuses a file that is not as long as the server says', async () => {
    writeFileSync(join(directory, 'in.edi'), 'twelve bytes');
    for (const difference of [-3, 3]) {
      server.script({ size: (size) => size + difference });
      const transport = open();
      expect(await codeOf(readAll(transport, await entryNamed(transport, 'in.edi')))).toBe('FILE_UNREADABLE');
    }
  });

  it('fault/G11 refuses a server that sends more than was asked', async () => {
    writeFileSync(join(directory, 'in.edi'), 'twelve bytes');
    server.script({ data: (part) => Buffer.concat([part, Buffer.alloc(100, 'x')]) });
    const transport = open();
    const entry = await entryNamed(transport, 'in.edi');
    expect(['FILE_UNREADABLE', 'SFTP_PROTOCOL']).toContain(await codeOf(readAll(transport, entry)));
  });

  it('fault/G11 drops names that could be paths, and says so', async () => {
    writeFileSync(join(directory, 'in.edi'), 'x');
    server.script({ names: () => ['../../etc/passwd', 'a/b', '/abs', 'z\0ero', '', 'in.edi'] });
    const refusals: Refusal[] = [];
    const listed = await open({ refused: (refusal) => refusals.push(refusal) }).list(100);
    expect(listed.map(({ name }) => name)).toEqual(['in.edi']);
    expect(refusals.map(({ code }) => code)).toEqual(Array.from({ length: 5 }, () => 'FILE_NAME_INVALID'));
  });

  it('fault/G11 a listing that never ends is stopped', async () => {
    let count = 0;
    server.script({ endless: true, names: () => Array.from({ length: 200 }, () => `f${(count += 1)}`) });
    expect(await open().list(1500)).toHaveLength(1500);
    server.script({ endless: true, names: () => [] });
    expect(await codeOf(open().list(10))).toBe('SFTP_PROTOCOL');
  });

  it('an upload that the server keeps wrongly is never published', async () => {
    const transport = open({ verify: 'hash' });
    server.script({ data: (part) => Buffer.alloc(part.length, 'x') });
    expect(await codeOf(transport.stage('out.edi', bytes, 'a1'))).toBe('DELIVERY_FAILED');
    expect(names()).toEqual([]);
  });

  it('logs in with a password, also where only keyboard-interactive is taken, and tries the logins in order', async () => {
    const seen: string[] = [];
    const logins: number[] = [];
    server.script({
      authenticate: (context) => {
        seen.push(context.method);
        if (context.method !== 'keyboard-interactive') return ['keyboard-interactive'];
        context.prompt([{ prompt: 'Password:', echo: false }], (answers) =>
          answers[0] === 'right' ? context.accept() : context.reject(['keyboard-interactive']),
        );
        return undefined;
      },
    });
    const transport = open({ auth: [{ password: 'wrong' }, { password: 'right' }], connected: ({ login }) => logins.push(login) });
    expect(await transport.list(1)).toEqual([]);
    expect(logins).toEqual([1]);
    expect(seen).toEqual(['password', 'keyboard-interactive', 'keyboard-interactive']);
  });
});
