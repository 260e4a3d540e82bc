import { chmod, mkdir, readdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { makeLog } from '../../src/log.ts';
import type { Step } from '../../src/pipeline/context.ts';
import { type Gateway, startGateway } from '../../src/pipeline/gateway.ts';
import { lookAt, type Look, rememberChannel } from '../../src/pipeline/receive/channel.ts';
import { makeReceive } from '../../src/pipeline/receive.ts';
import { readPayload } from '../../src/store/payload.ts';
import type { Row } from '../../src/store/transaction.ts';
import { scratch } from '../support/database.ts';
import { folderConfig } from '../support/gateway.ts';
import { patience } from '../support/test-server.ts';

const silent = makeLog('silent');
type Options = Parameters<typeof folderConfig>[1];

async function start(directory: string, options?: Options, steps: readonly Step[] = [makeReceive()]): Promise<Gateway> {
  const gateway = await startGateway({ config: await folderConfig(directory, options), log: silent, steps });
  onTestFinished(() => gateway.stop());
  return gateway;
}
/** Drops a whole file, as a partner does who renames. */
async function drop(directory: string, name: string, content: string | Uint8Array): Promise<void> {
  await writeFile(join(directory, 'whole'), content);
  await rename(join(directory, 'whole'), join(directory, 'in', name));
}
const filesOf = (gateway: Gateway): Promise<readonly Row[]> => gateway.context.db.read((tx) => tx.many('select * from {inbound_file} order by id'));
const eventually = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 10_000 * patience, interval: 20 });

async function bytesOf(gateway: Gateway, id: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of readPayload(gateway.context.db, 'inbound', id)) parts.push(part);
  return Buffer.concat(parts);
}

test('a dropped file is stored with its bytes and leaves the folder', async () => {
  const directory = await scratch();
  const gateway = await start(directory);
  await drop(directory, 'a.edi', 'ISA*00~');
  await eventually(async () => {
    expect(await filesOf(gateway)).toMatchObject([
      { partner: 'acme', channel: 'acme/in', name: 'a.edi', size: 7, status: 'pending', disposed_at: expect.any(Number) },
    ]);
  });
  expect(await readdir(join(directory, 'in'))).toEqual([]);
  expect((await bytesOf(gateway, 1)).toString()).toBe('ISA*00~');
  const notes = await gateway.context.db.read((tx) => tx.many('select verb, inbound_file_id from {activity}'));
  expect(notes).toEqual([{ verb: 'receive', inbound_file_id: 1 }]);
});

test('files that came while the daemon was down are taken, many at once, oldest first', async () => {
  const directory = await scratch();
  const config = await folderConfig(directory);
  for (let index = 0; index < 300; index += 1) {
    const path = join(directory, 'in', `f${(index * 7) % 300}.csv`);
    await writeFile(path, `row ${index}`);
    await utimes(path, 1_000_000 + index, 1_000_000 + index);
  }
  const gateway = await startGateway({ config, log: silent, steps: [makeReceive()] });
  onTestFinished(() => gateway.stop());
  await eventually(async () => expect(await filesOf(gateway)).toHaveLength(300));
  expect((await filesOf(gateway)).map(({ name }) => name)).toEqual(Array.from({ length: 300 }, (_, index) => `f${(index * 7) % 300}.csv`));
});

test('a large file comes back byte for byte', async () => {
  const directory = await scratch();
  const gateway = await start(directory);
  const bytes = Buffer.from(Uint8Array.from({ length: 9_000_001 }, (_, index) => (index * index) % 251));
  await drop(directory, 'large.edi', bytes);
  await eventually(async () => expect(await filesOf(gateway)).toMatchObject([{ name: 'large.edi', status: 'pending', size: 9_000_001 }]));
  expect((await bytesOf(gateway, 1)).equals(bytes)).toBe(true);
});

test('fault/C1 a file that is still growing is not taken', async () => {
  const directory = await scratch();
  const gateway = await start(directory, { intervals: 'poll: 20ms, quiet: 1500ms, idle: 20ms' });
  const path = join(directory, 'in', 'slow.edi');
  for (let size = 1; size <= 12; size += 1) {
    await writeFile(path, 'x'.repeat(size * 10));
    expect(await filesOf(gateway)).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  await eventually(async () => expect(await filesOf(gateway)).toMatchObject([{ size: 120 }]));
});

test('fault/C9 fault/C10 fault/C16 an empty file, a link and a file over the limit are parked with their reason; temporary names are left', async () => {
  const directory = await scratch();
  const gateway = await start(directory, { limits: 'fileBytes: 1KB' });
  const inbox = join(directory, 'in');
  await writeFile(join(inbox, 'empty.edi'), '');
  await symlink('/etc/hostname', join(inbox, 'link.edi'));
  await drop(directory, 'big.edi', 'x'.repeat(2_000));
  await writeFile(join(inbox, 'half.edi.tmp'), 'x');
  await eventually(async () => expect(await filesOf(gateway)).toHaveLength(3));
  const rows = new Map((await filesOf(gateway)).map((row) => [row['name'], row['reason']]));
  expect(Object.fromEntries(rows)).toEqual({ 'empty.edi': 'FILE_EMPTY', 'link.edi': 'FILE_NOT_REGULAR', 'big.edi': 'FILE_TOO_LARGE' });
  expect((await readdir(inbox)).toSorted()).toEqual(['big.edi', 'half.edi.tmp', 'link.edi']);
  await gateway.stop();
  const again = await start(directory, { limits: 'fileBytes: 1KB' });
  await drop(directory, 'good.edi', 'x');
  await eventually(async () => expect(await filesOf(again)).toHaveLength(4));
});

test('fault/C8 the same name with other bytes and the same bytes with another name are files of their own', async () => {
  const directory = await scratch();
  const gateway = await start(directory);
  for (const [name, text] of [
    ['a', 'one'],
    ['a', 'two'],
    ['b', 'two'],
  ] as const) {
    const before = (await filesOf(gateway)).length;
    await drop(directory, name, text);
    await eventually(async () => {
      const rows = await filesOf(gateway);
      expect(rows).toHaveLength(before + 1);
      expect(rows.at(-1)?.['disposed_at']).not.toBeNull();
    });
  }
  expect((await filesOf(gateway)).map(({ name, size }) => [name, size])).toEqual([
    ['a', 3],
    ['a', 3],
    ['b', 3],
  ]);
});

test('taken files go to the folder that the channel names', async () => {
  const directory = await scratch();
  await mkdir(join(directory, 'in', 'taken'), { recursive: true });
  const gateway = await start(directory, { channels: '{ in: { type: folder, directory: ../in, pattern: "[a-z]*", moveTo: taken } }' });
  await drop(directory, 'a.edi', 'x');
  await eventually(async () => expect(await readdir(join(directory, 'in', 'taken'))).toEqual(['a.edi']));
  await eventually(async () => expect((await filesOf(gateway))[0]?.['disposed_at']).not.toBeNull());
});

test.skipIf(process.getuid?.() === 0)('a file that cannot be taken away is stored once', async () => {
  const directory = await scratch();
  const gateway = await start(directory);
  await drop(directory, 'a.edi', 'x');
  await chmod(join(directory, 'in'), 0o500);
  await eventually(async () => expect(await filesOf(gateway)).toHaveLength(1));
  await chmod(join(directory, 'in'), 0o700);
  await eventually(async () => expect(await readdir(join(directory, 'in'))).toEqual([]));
  expect(await filesOf(gateway)).toHaveLength(1);
});

test('a file that was stored and not taken away before the process ended is taken away and not stored again', async () => {
  const directory = await scratch();
  const first = await start(directory);
  const path = join(directory, 'in', 'a.edi');
  await drop(directory, 'a.edi', 'x');
  await eventually(async () => expect(await filesOf(first)).toMatchObject([{ disposed_at: expect.any(Number) }]));
  await first.stop();
  // What a cut between the commit and the disposal leaves: the row is there and its file, too.
  const again = await start(directory, { channels: '{ out: { type: folder, directory: ../out } }' });
  await writeFile(path, 'x');
  const { ino, mtimeNs, mtimeMs } = await import('node:fs/promises').then(({ stat }) => stat(path, { bigint: true }));
  await again.context.db.transaction((tx) =>
    tx.run('update {inbound_file} set disposed_at = null, source_id = ?, modified_at = ?', [`${ino}.${mtimeNs}`, mtimeMs]),
  );
  await again.stop();
  const last = await start(directory);
  await eventually(async () => expect(await readdir(join(directory, 'in'))).toEqual([]));
  await eventually(async () => expect(await filesOf(last)).toMatchObject([{ disposed_at: expect.any(Number) }]));
  // And one with the same name and size but other bytes is another file.
  await drop(directory, 'a.edi', 'y');
  await eventually(async () => expect(await filesOf(last)).toHaveLength(2));
});

test('fault/B10 a folder that is missing stops only its own channel, and is used when it is there', async () => {
  const directory = await scratch();
  const channels = '{ in: { type: folder, directory: ../absent }, in2: { type: folder, directory: ../in } }';
  const gateway = await start(directory, { channels });
  await drop(directory, 'a.edi', 'x');
  await eventually(async () => expect(await filesOf(gateway)).toMatchObject([{ channel: 'acme/in2' }]));
  await mkdir(join(directory, 'absent'), { recursive: true });
  await writeFile(join(directory, 'absent', 'b.edi'), 'x');
  await eventually(async () => expect((await filesOf(gateway)).map(({ channel }) => channel)).toEqual(['acme/in2', 'acme/in']));
});

test('fault/C23 a channel that the configuration takes away or adds is left or looked at', async () => {
  const directory = await scratch();
  const gateway = await start(directory, { channels: '{ out: { type: folder, directory: ../out } }' });
  await drop(directory, 'a.edi', 'x');
  await gateway.follow(await folderConfig(directory));
  await eventually(async () => expect(await filesOf(gateway)).toHaveLength(1));
});

test.each([2, 3])('filesPerPoll: one look takes %i files, and the rest waits for the next', async (most) => {
  const directory = await scratch();
  const { context } = await start(directory, { limits: `fileBytes: 20MB, filesPerPoll: ${most}` }, []);
  for (let index = 0; index < 6; index += 1) await drop(directory, `f${index}.csv`, `row ${index}`);
  const channel = context.channels().get('acme/in')!;
  const memory = rememberChannel(channel);
  const looks: Look[] = [];
  // The first looks only learn how large the files are.
  await eventually(async () => {
    looks.push(await lookAt(context, channel, memory, context.config().limits.filesPerPoll));
    expect(await readdir(join(directory, 'in'))).toEqual([]);
  });
  const taking = looks.filter(({ stored }) => stored > 0);
  expect(taking.map(({ stored }) => stored)).toEqual(Array.from({ length: 6 / most }, () => most));
  expect(taking.map(({ more }) => more)).toEqual(taking.map((_, index) => index < taking.length - 1));
});
