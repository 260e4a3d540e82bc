import { execFileSync } from 'node:child_process';
import { appendFileSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFolder } from '../../src/transports/folder.ts';
import type { Refusal, Transport } from '../../src/transports/transport.ts';
import { codeOf, conformance, entryNamed, readAll } from './conformance.ts';

const makeDirectory = (): string => mkdtempSync(join(tmpdir(), 'wharf-folder-'));

conformance('folder', { makeDirectory, open: (directory, options) => openFolder({ directory, maxBytes: 100_000_000, ...options }) });

describe('folder on a local disk', () => {
  let directory: string;
  let transport: Transport;
  beforeEach(() => {
    directory = makeDirectory();
    transport = openFolder({ directory, maxBytes: 100_000_000 });
  });
  afterEach(async () => {
    await transport.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('fault/C4 reads the old file whole although it is replaced in between, and keeps the new one', async () => {
    const path = join(directory, 'orders.edi');
    writeFileSync(path, Buffer.alloc(1_000_000, 'a'));
    const entry = await entryNamed(transport, 'orders.edi');
    const reading = transport.read(entry)[Symbol.asyncIterator]();
    let size = (await reading.next()).value?.length ?? 0;
    writeFileSync(join(directory, '.new'), 'new');
    renameSync(join(directory, '.new'), path);
    for (let next = await reading.next(); !next.done; next = await reading.next()) size += next.value.length;
    expect(size).toBe(1_000_000);
    await transport.dispose(entry, undefined);
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('fault/C16 does not follow a link that took the place of a listed file', async () => {
    writeFileSync(join(directory, 'a'), 'x');
    const entry = await entryNamed(transport, 'a');
    rmSync(join(directory, 'a'));
    symlinkSync('/etc/passwd', join(directory, 'a'));
    expect(await codeOf(readAll(transport, entry))).toBe('FILE_NOT_REGULAR');
    await transport.dispose(entry, undefined);
    expect(readdirSync(directory)).toEqual(['a']);
  });

  it('fault/C15 does not hang on a pipe that took the place of a listed file', async () => {
    writeFileSync(join(directory, 'a'), 'x');
    const entry = await entryNamed(transport, 'a');
    rmSync(join(directory, 'a'));
    execFileSync('mkfifo', [join(directory, 'a')]);
    expect(await codeOf(readAll(transport, entry))).toBe('FILE_NOT_REGULAR');
  });

  it('fault/C17 refuses a file with a second name, but not for an instant of it', async () => {
    const refusals: Refusal[] = [];
    const watching = openFolder({ directory, maxBytes: 1000, refused: (refusal) => refusals.push(refusal) });
    writeFileSync(join(directory, 'a'), 'x');
    linkSync(join(directory, 'a'), join(directory, '.second'));
    expect(await watching.list(10)).toEqual([]);
    expect(refusals).toEqual([]);
    await watching.list(10);
    await watching.list(10);
    expect(refusals).toMatchObject([{ name: 'a', code: 'FILE_NOT_REGULAR' }]);
    rmSync(join(directory, '.second'));
    expect(await watching.list(10)).toMatchObject([{ name: 'a' }]);
    const allowing = openFolder({ directory, maxBytes: 1000, hardLinks: true });
    linkSync(join(directory, 'a'), join(directory, '.second'));
    expect(await allowing.list(10)).toMatchObject([{ name: 'a' }]);
  });

  it('fault/B10 refuses a folder that became a link, and follows one that was configured', async () => {
    const link = `${directory}-link`;
    symlinkSync(directory, link);
    writeFileSync(join(directory, 'a'), 'x');
    const through = openFolder({ directory: link, maxBytes: 1000 });
    expect(await through.list(10)).toHaveLength(1);
    rmSync(link);
    await transport.list(10);
    renameSync(directory, `${directory}-moved`);
    symlinkSync('/etc', directory);
    expect(await codeOf(transport.list(10))).toBe('FOLDER_UNUSABLE');
    rmSync(directory);
    renameSync(`${directory}-moved`, directory);
  });

  it('gives back what an ended process was taking away', async () => {
    writeFileSync(join(directory, '.wharf.claim.0badcafe.orders.edi'), 'taken');
    writeFileSync(join(directory, 'orders.edi'), 'newer');
    await transport.list(10);
    expect(readdirSync(directory).toSorted()).toEqual(['orders.edi', 'orders~1.edi']);
    expect(readFileSync(join(directory, 'orders~1.edi'), 'utf8')).toBe('taken');
  });

  it('fault/B11 moves to a folder on another file system', async () => {
    const other = mkdtempSync('/dev/shm/wharf-folder-');
    try {
      writeFileSync(join(directory, 'orders.edi'), 'content');
      await transport.dispose(await entryNamed(transport, 'orders.edi'), join(other, 'processed'));
      expect(readdirSync(directory)).toEqual([]);
      expect(readdirSync(join(other, 'processed'))).toEqual(['orders.edi']);
      expect(readFileSync(join(other, 'processed/orders.edi'), 'utf8')).toBe('content');
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  it('fault/B8 keeps the file in sight when it cannot be moved', async () => {
    writeFileSync(join(directory, 'orders.edi'), 'content');
    writeFileSync(join(directory, 'processed'), 'a file where the folder should be');
    const entry = await entryNamed(transport, 'orders.edi');
    expect(await codeOf(transport.dispose(entry, 'processed'))).toBe('FILE_UNREADABLE');
    expect(readdirSync(directory).toSorted()).toEqual(['orders.edi', 'processed']);
    await transport.dispose(entry, 'done');
    expect(readdirSync(join(directory, 'done'))).toEqual(['orders.edi']);
  });

  it('wakes for a file that is written and for one that is renamed into place', async () => {
    const one = join(directory, 'one');
    const two = join(directory, 'two');
    writeFileSync(one, 'x');
    let at = one;
    const renameToAndFro = (): void => renameSync(at, (at = at === one ? two : one));
    for (const arrive of [() => appendFileSync(at, 'x'), renameToAndFro]) {
      let wakes = 0;
      const stop = transport.watch!(() => (wakes += 1));
      // The watch takes a moment to stand; what comes before is found by listing, so here the file comes again and again.
      await expect.poll(() => (arrive(), wakes), { timeout: 10_000 }).toBeGreaterThan(0);
      stop();
    }
  });
});

it('wakes for a file under its final name only, and in a folder that was put in the place of another', async () => {
  const directory = makeDirectory();
  const transport = openFolder({ directory, maxBytes: 1000 });
  let wakes = 0;
  const stop = transport.watch!(() => (wakes += 1));
  try {
    writeFileSync(join(directory, 'a.tmp'), 'x');
    renameSync(join(directory, 'a.tmp'), join(directory, 'a'));
    await expect.poll(() => wakes).toBe(1);
    renameSync(directory, `${directory}-away`);
    mkdirSync(directory);
    await expect.poll(() => wakes, { timeout: 5_000 }).toBe(2);
    writeFileSync(join(directory, 'b'), 'x');
    await expect.poll(() => wakes).toBeGreaterThan(2);
  } finally {
    stop();
    for (const path of [directory, `${directory}-away`]) rmSync(path, { recursive: true });
  }
});

describe('fault/B1 folder on a full disk', () => {
  it('fails without leaving a truncated file, and goes on when there is room', async ({ skip }) => {
    const directory = makeDirectory();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory], { stdio: 'ignore' });
    } catch {
      rmSync(directory, { recursive: true });
      skip('needs the right to mount');
    }
    try {
      const transport = openFolder({ directory, maxBytes: 1000 });
      expect(await codeOf(transport.stage('big.edi', Buffer.alloc(1_000_000), 'a1'))).toBe('DELIVERY_FAILED');
      expect(readdirSync(directory)).toEqual([]);
      await transport.publish(await transport.stage('small.edi', Buffer.from('fits'), 'a1'));
      expect(readdirSync(directory)).toEqual(['small.edi']);
    } finally {
      execFileSync('umount', [directory]);
      rmSync(directory, { recursive: true });
    }
  });
});
