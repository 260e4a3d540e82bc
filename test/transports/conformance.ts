import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync, appendFileSync, utimesSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WharfError } from '../../src/errors.ts';
import type { Entry, Refusal, Transport } from '../../src/transports/transport.ts';

export type OpenOptions = { readonly pattern?: readonly string[]; readonly maxBytes?: number; readonly refused?: (refusal: Refusal) => void };

/** A kind of transport onto a local directory, so that what it does can be seen from outside. */
export type Subject = {
  readonly open: (directory: string, options?: OpenOptions) => Transport;
  readonly makeDirectory: () => string;
  readonly start?: () => Promise<void>;
  readonly stop?: () => Promise<void>;
};

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export async function readAll(transport: Transport, entry: Entry): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of transport.read(entry)) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

export async function entryNamed(transport: Transport, name: string): Promise<Entry> {
  const entry = (await transport.list(1000)).find((found) => found.name === name);
  if (entry === undefined) throw new Error(`${name} is not listed`);
  return entry;
}

/** The code of the WharfError that the work ends with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof WharfError) return error.code;
    throw error;
  }
  return 'no error';
}

/** What every transport must do, run on each. */
export function conformance(title: string, subject: Subject): void {
  describe(title, () => {
    let directory: string;
    let transport: Transport;
    const opened: Transport[] = [];
    const open = (options?: OpenOptions): Transport => {
      const made = subject.open(directory, options);
      opened.push(made);
      return made;
    };
    const put = (name: string, text: string | Uint8Array): void => writeFileSync(join(directory, name), text);
    const text = (name: string): string => readFileSync(join(directory, name), 'utf8');
    const names = (): string[] => readdirSync(directory).toSorted();
    const listed = async (from: Transport = transport): Promise<string[]> => (await from.list(1000)).map(({ name }) => name).toSorted();

    beforeAll(async () => subject.start?.());
    afterAll(async () => subject.stop?.());
    beforeEach(() => {
      directory = subject.makeDirectory();
      transport = open();
    });
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close();
      rmSync(directory, { recursive: true, force: true });
    });

    describe('list', () => {
      it('shows regular files with size and time', async () => {
        put('a.edi', 'abc');
        utimesSync(join(directory, 'a.edi'), 1_700_000_000, 1_700_000_000);
        put('empty', '');
        mkdirSync(join(directory, 'processed'));
        expect(await listed()).toEqual(['a.edi', 'empty']);
        expect(await entryNamed(transport, 'a.edi')).toMatchObject({ size: 3, modifiedAt: 1_700_000_000_000 });
      });

      it('leaves out temporary names and what the pattern does not take', async () => {
        for (const name of ['.hidden', 'a.tmp', 'a.part', 'a.filepart', 'a.crdownload', 'A.EDI', 'b.edi', 'b.txt']) put(name, 'x');
        expect(await listed()).toEqual(['A.EDI', 'b.edi', 'b.txt']);
        expect(await listed(open({ pattern: ['*.edi'] }))).toEqual(['A.EDI', 'b.edi']);
      });

      it('stops at the limit, and known files do not count', async () => {
        for (let number = 0; number < 150; number += 1) put(`f${number}`, 'x');
        expect(await transport.list(7)).toHaveLength(7);
        const known = await transport.list(100);
        const seen = new Set(known.map(({ name }) => name));
        const rest = await transport.list(100, ({ name }) => seen.has(name));
        expect(new Set([...known, ...rest].map(({ name }) => name)).size).toBe(150);
      });

      it('fault/C15 fault/C16 refuses links, pipes and folders named like files, and says so once', async () => {
        put('real.edi', 'x');
        symlinkSync('/etc/passwd', join(directory, 'passwd.edi'));
        symlinkSync('nowhere', join(directory, 'dangling.edi'));
        execFileSync('mkfifo', [join(directory, 'pipe.edi')]);
        mkdirSync(join(directory, 'folder.edi'));
        const refusals: Refusal[] = [];
        const watching = open({ pattern: ['*.edi'], refused: (refusal) => refusals.push(refusal) });
        expect(await listed(watching)).toEqual(['real.edi']);
        expect(await listed(watching)).toEqual(['real.edi']);
        expect(refusals.map(({ name, code }) => `${name} ${code}`).toSorted()).toEqual(
          ['dangling.edi', 'folder.edi', 'passwd.edi', 'pipe.edi'].map((name) => `${name} FILE_NOT_REGULAR`),
        );
      });

      it('fault/C10 refuses a file over the limit without reading it', async () => {
        put('big.edi', 'x');
        execFileSync('truncate', ['-s', '10G', join(directory, 'big.edi')]);
        const refusals: Refusal[] = [];
        expect(await listed(open({ maxBytes: 1000, refused: (refusal) => refusals.push(refusal) }))).toEqual([]);
        expect(refusals).toMatchObject([{ name: 'big.edi', code: 'FILE_TOO_LARGE' }]);
      });

      it('fault/C18 lists names with odd characters as they are and refuses bytes that are no text', async () => {
        const odd = ['-rf', 'a\nb', 'CON', '\u202Egpj.exe', '📦.edi', '%2e%2e', 'x'.repeat(255), 'a b', "';drop"];
        for (const name of odd) put(name, name);
        const broken = Buffer.concat([Buffer.from(`${directory}/bad-`), Buffer.from([0xff, 0xfe])]);
        writeFileSync(broken, 'x');
        const refusals: Refusal[] = [];
        const watching = open({ refused: (refusal) => refusals.push(refusal) });
        expect(await listed(watching)).toEqual(odd.toSorted());
        for (const name of odd) expect(Buffer.from(await readAll(watching, await entryNamed(watching, name))).toString()).toBe(name);
        expect(refusals.map(({ code }) => code)).toEqual(['FILE_NAME_INVALID']);
        for (const entry of await watching.list(100)) await watching.dispose(entry, undefined);
        expect(await listed(watching)).toEqual([]);
      });

      it('fault/B10 says that a folder which is gone cannot be used', async () => {
        await transport.list(1);
        rmSync(directory, { recursive: true });
        expect(await codeOf(transport.list(1))).toBe('FOLDER_UNUSABLE');
        mkdirSync(directory);
        expect(await listed()).toEqual([]);
      });
    });

    describe('read', () => {
      it('gives the very bytes, whatever the size', async () => {
        await fc.assert(
          fc.asyncProperty(fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 2_000_000 })), async (size) => {
            const bytes = Buffer.alloc(size);
            for (let at = 0; at < size; at += 997) bytes[at] = at % 251;
            put('bytes.bin', bytes);
            expect(sha256(await readAll(transport, await entryNamed(transport, 'bytes.bin')))).toBe(sha256(bytes));
          }),
          { numRuns: 15 },
        );
      });

      it('fault/C1 fault/C6 refuses a file that grew, shrank or was rewritten since it was listed', async () => {
        put('grew', 'abc');
        put('shrank', 'abcdef');
        put('rewritten', 'abc');
        const old = new Date(Date.now() - 60_000);
        utimesSync(join(directory, 'rewritten'), old, old);
        const entries = await transport.list(10);
        appendFileSync(join(directory, 'grew'), 'd');
        put('shrank', 'abc');
        put('rewritten', 'xyz');
        for (const entry of entries) expect(await codeOf(readAll(transport, entry))).toBe('FILE_UNREADABLE');
      });

      it('fault/C1 refuses a file that grows while it is read', async () => {
        put('slow', Buffer.alloc(3_000_000, 'a'));
        const entry = await entryNamed(transport, 'slow');
        const reading = transport.read(entry)[Symbol.asyncIterator]();
        await reading.next();
        appendFileSync(join(directory, 'slow'), 'more');
        const rest = (async () => {
          while (!(await reading.next()).done);
        })();
        expect(await codeOf(rest)).toBe('FILE_UNREADABLE');
      });

      it('fault/C6 refuses a file that is rewritten in place while it is read, to the same size', async () => {
        put('rewritten', Buffer.alloc(3_000_000, 'a'));
        utimesSync(join(directory, 'rewritten'), 1_700_000_000, 1_700_000_000);
        const entry = await entryNamed(transport, 'rewritten');
        const reading = transport.read(entry)[Symbol.asyncIterator]();
        await reading.next();
        put('rewritten', Buffer.alloc(3_000_000, 'b'));
        const rest = (async () => {
          while (!(await reading.next()).done);
        })();
        expect(await codeOf(rest)).toBe('FILE_UNREADABLE');
      });

      it('fault/C3 says that a file is gone', async () => {
        put('gone', 'x');
        const entry = await entryNamed(transport, 'gone');
        rmSync(join(directory, 'gone'));
        expect(await codeOf(readAll(transport, entry))).toBe('FILE_UNREADABLE');
      });
    });

    describe('dispose', () => {
      it('deletes, and says of a file that is gone already that it did not take it', async () => {
        put('a', 'x');
        const entry = await entryNamed(transport, 'a');
        expect(await transport.dispose(entry, undefined)).toBe(true);
        expect(await transport.dispose(entry, undefined)).toBe(false);
        expect(names()).toEqual([]);
      });

      it('moves to a folder that it makes, and never onto another file', async () => {
        for (const content of ['one', 'two', 'three']) {
          put('orders.edi', content);
          expect(await transport.dispose(await entryNamed(transport, 'orders.edi'), 'processed')).toBe(true);
        }
        expect(names()).toEqual(['processed']);
        const moved = readdirSync(join(directory, 'processed'));
        expect(moved).toHaveLength(3);
        expect(moved.map((name) => text(join('processed', name))).toSorted()).toEqual(['one', 'three', 'two']);
      });

      it('fault/C4 fault/C5 leaves a file alone that took the name or changed since', async () => {
        put('replaced', 'first');
        put('appended', 'first');
        const replaced = await entryNamed(transport, 'replaced');
        const appended = await entryNamed(transport, 'appended');
        put('.new', 'second one');
        renameSync(join(directory, '.new'), join(directory, 'replaced'));
        appendFileSync(join(directory, 'appended'), ' and more');
        expect(await transport.dispose(replaced, undefined)).toBe(false);
        expect(await transport.dispose(appended, 'processed')).toBe(false);
        expect(names()).toEqual(['appended', 'replaced']);
        expect([text('replaced'), text('appended')]).toEqual(['second one', 'first and more']);
      });
    });

    it('fault/H1 of a file that one takes away while another gives it back, one of them knows, and it is there or gone, once', async () => {
      for (let round = 0; round < 30; round += 1) {
        put('a', 'x');
        const entry = await entryNamed(transport, 'a');
        const woken = [open(), open()];
        const [away] = await Promise.all([transport.dispose(entry, undefined), ...woken.map((other) => other.list(10))]);
        await transport.list(10);
        await transport.list(10);
        expect(names()).toEqual(away ? [] : ['a']);
        rmSync(join(directory, 'a'), { force: true });
      }
    });

    describe('stage, publish and witness', () => {
      const bytes = bytesOf('ISA*00*outgoing~');

      it('puts a whole file in place and leaves nothing else', async () => {
        const staged = await transport.stage('out.edi', bytes, 'a1');
        expect(names()).toEqual([staged.temporaryName]);
        expect(staged.temporaryName.startsWith('.')).toBe(true);
        await transport.publish(staged);
        expect(names()).toEqual(['out.edi']);
        expect(text('out.edi')).toBe('ISA*00*outgoing~');
        expect(await transport.witness(staged, sha256(bytes))).toBe('delivered');
      });

      it('carries any bytes', async () => {
        for (const size of [0, 1, 32_768, 32_769, 1_500_001]) {
          const any = Buffer.alloc(size, 'wharf');
          await transport.publish(await transport.stage(`size-${size}`, any, 'a1'));
          expect(sha256(readFileSync(join(directory, `size-${size}`)))).toBe(sha256(any));
        }
      });

      it('does many at once', async () => {
        const all = Array.from({ length: 60 }, (_, number) => number);
        const staged = await Promise.all(all.map((number) => transport.stage(`f-${number}`, bytesOf(`content ${number}`), `x${number}`)));
        await Promise.all(staged.map((each) => transport.publish(each)));
        expect(names()).toEqual(all.map((number) => `f-${number}`).toSorted());
        for (const number of all) expect(text(`f-${number}`)).toBe(`content ${number}`);
      });

      it('an attempt staged twice is one file', async () => {
        await transport.stage('out.edi', bytesOf('half of something'), 'a1');
        await transport.publish(await transport.stage('out.edi', bytes, 'a1'));
        expect(names()).toEqual(['out.edi']);
        expect(text('out.edi')).toBe('ISA*00*outgoing~');
      });

      it('fault/G12 never replaces another file, and takes an equal one for its own', async () => {
        put('out.edi', 'someone else');
        const staged = await transport.stage('out.edi', bytes, 'a1');
        expect(await codeOf(transport.publish(staged))).toBe('NAME_COLLISION');
        expect(text('out.edi')).toBe('someone else');
        expect(await transport.witness(staged, sha256(bytes))).toBe('name-collision');
        put('out.edi', bytes);
        await transport.publish(staged);
        expect(names()).toEqual(['out.edi']);
      });

      it('fault/G5 the witness knows each way a crash can leave things', async () => {
        const hash = sha256(bytes);
        const crashBeforeRename = await transport.stage('one.edi', bytes, 'a1');
        expect(await transport.witness(crashBeforeRename, hash)).toBe('not-delivered');
        await transport.publish(crashBeforeRename);
        expect(await transport.witness(crashBeforeRename, hash)).toBe('delivered');

        const crashInRename = await transport.stage('two.edi', bytes, 'a1');
        linkSync(join(directory, crashInRename.temporaryName), join(directory, 'two.edi'));
        expect(await transport.witness(crashInRename, hash)).toBe('delivered');
        expect(names()).toEqual(['one.edi', 'two.edi']);

        const collected = await transport.stage('three.edi', bytes, 'a1');
        await transport.publish(collected);
        rmSync(join(directory, 'three.edi'));
        expect(await transport.witness(collected, hash)).toBe('delivered');
      });

      it('a second publishing after a lost answer does no harm', async () => {
        const staged = await transport.stage('out.edi', bytes, 'a1');
        await transport.publish(staged);
        expect(['DELIVERY_FAILED', 'DELIVERY_SWEPT', 'no error']).toContain(await codeOf(transport.publish(staged)));
        expect(names()).toEqual(['out.edi']);
      });

      it('a withdrawn file cannot be published any more', async () => {
        const staged = await transport.stage('out.edi', bytes, 'a1');
        expect(await transport.unstage(staged)).toBe(true);
        expect(await transport.unstage(staged)).toBe(false);
        expect(await codeOf(transport.publish(staged))).toBe('DELIVERY_SWEPT');
        expect(names()).toEqual([]);
      });

      it('refuses to publish a temporary file that was cut short', async () => {
        const staged = await transport.stage('out.edi', bytes, 'a1');
        put(staged.temporaryName, 'ISA');
        expect(await codeOf(transport.publish(staged))).toBe('DELIVERY_FAILED');
        expect(names()).not.toContain('out.edi');
      });

      it('refuses names that are paths or could be hidden', async () => {
        for (const name of ['../x', 'a/b', '.hidden', '', 'a..b', 'a b', 'x'.repeat(201), 'ümlaut']) {
          expect(await codeOf(transport.stage(name, bytes, 'a1'))).toBe('FILE_NAME_INVALID');
        }
        expect(names()).toEqual([]);
      });

      it('sweeps its own old temporary files and nothing else', async () => {
        const staged = await transport.stage('out.edi', bytes, 'a1');
        put('.other.part', 'x');
        const written = statSync(join(directory, staged.temporaryName)).mtimeMs;
        expect(await transport.sweep(written - 10_000)).toBe(0);
        expect(await transport.sweep(written + 10_000)).toBe(1);
        expect(names()).toEqual(['.other.part']);
      });
    });

    it('probes what can be done and leaves nothing', async () => {
      expect(await transport.probe()).toEqual({ write: true, exclusiveCreate: true, rename: true, replace: true, sync: true, weaknesses: [] });
      expect(names()).toEqual([]);
    });
  });
}
