import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { armFailPoints } from '../../src/fail-point.ts';
import { makeLog } from '../../src/log.ts';
import { makeDeliver } from '../../src/pipeline/deliver.ts';
import { type Gateway, startGateway } from '../../src/pipeline/gateway.ts';
import { openDatabase } from '../../src/store/database.ts';
import { markSent } from '../../src/store/deliveries.ts';
import { migrate } from '../../src/store/migrate.ts';
import { packPayload, storePayload } from '../../src/store/payload.ts';
import type { Database, Row, SqlValue } from '../../src/store/transaction.ts';
import { openFolder } from '../../src/transports/folder.ts';
import { scratch, settingsIn } from '../support/database.ts';
import { folderConfig } from '../support/gateway.ts';
import { onServer, patience } from '../support/test-server.ts';

const silent = makeLog('silent');
const eventually = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 10_000 * patience, interval: 20 });

async function start(directory: string, options?: Parameters<typeof folderConfig>[1]): Promise<Gateway> {
  const gateway = await startGateway({ config: await folderConfig(directory, options), log: silent, steps: [makeDeliver()] });
  onTestFinished(() => gateway.stop());
  return gateway;
}

async function queue(db: Database, name: string, text: string, changes: Readonly<Record<string, SqlValue>> = {}): Promise<number> {
  const bytes = Buffer.from(text);
  return db.transaction(async (tx) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const fixed = { partner: 'acme', kind: 'order-response', unique_key: name, canonical: '{}', created_at: 0, channel: 'acme/out', status: 'rendered' };
    const id = await tx.insert('outbox', { ...fixed, file_name: name, size: bytes.length, sha256, ...changes });
    await storePayload(tx, 'outbox', id, packPayload(bytes));
    return id;
  });
}

/** A database beside the configuration, as a process that ended left it. */
async function earlier(directory: string, work: (db: Database) => Promise<void>): Promise<void> {
  const db = await openDatabase(await settingsIn(join(directory, 'gateway.yaml')));
  await migrate(db);
  await work(db);
  await db.close();
}
const rowsOf = (gateway: Gateway): Promise<readonly Row[]> => gateway.context.db.read((tx) => tx.many('select * from {outbox} order by id'));
const outbox = (directory: string): Promise<string[]> => readdir(join(directory, 'out'));

test('a rendered file appears whole under its name and nothing else stays', async () => {
  const directory = await scratch();
  const gateway = await start(directory);
  await queue(gateway.context.db, '855_1.edi', 'ISA~');
  gateway.context.wake('deliver');
  await eventually(async () => expect(await rowsOf(gateway)).toMatchObject([{ status: 'done', temporary_name: null, attempts: 1 }]));
  expect(await outbox(directory)).toEqual(['855_1.edi']);
  expect(await readFile(join(directory, 'out', '855_1.edi'), 'utf8')).toBe('ISA~');
  expect(await gateway.context.db.read((tx) => tx.many('select verb, outbox_id from {activity}'))).toEqual([{ verb: 'deliver', outbox_id: 1 }]);
});

test('temporary files that a process left a day ago are removed when the channel is used; younger ones and those of others stay', async () => {
  const directory = await scratch();
  await folderConfig(directory);
  await mkdir(join(directory, 'out'), { recursive: true });
  const old = new Date(Date.now() - 25 * 3_600_000);
  for (const name of ['.wharf.out.9-1-dead.old.edi', '.someone', '.wharf.out.9-1-dead.young.edi']) await writeFile(join(directory, 'out', name), 'x');
  for (const name of ['.wharf.out.9-1-dead.old.edi', '.someone']) await utimes(join(directory, 'out', name), old, old);
  const gateway = await start(directory);
  await queue(gateway.context.db, '855_1.edi', 'ISA~');
  gateway.context.wake('deliver');
  await eventually(async () => expect((await outbox(directory)).toSorted()).toEqual(['.someone', '.wharf.out.9-1-dead.young.edi', '855_1.edi']));
});

test('fault/D14 what stands in a functional group waits for its acknowledgment, an acknowledgment for nothing', async () => {
  const directory = await scratch();
  const gateway = await start(directory);
  await queue(gateway.context.db, '855.edi', 'x', { group_control: '1' });
  await queue(gateway.context.db, '997.edi', 'x', { group_control: '2', kind: 'acknowledgment' });
  await eventually(async () => {
    expect(await rowsOf(gateway)).toMatchObject([
      { status: 'sent', ack_due_at: expect.any(Number) },
      { status: 'done', ack_due_at: null },
    ]);
  });
});

test('an acknowledgment that comes before our own note of sending is not lost', async () => {
  const directory = await scratch();
  await folderConfig(directory);
  await earlier(directory, async (db) => {
    await queue(db, '855.edi', 'x', { group_control: '1', status: 'sending', claimed_by: 'me', attempts: 1 });
    await db.transaction((tx) => tx.run(`update {outbox} set status = 'acknowledged', settled_at = 5`));
    await db.transaction((tx) => markSent(tx, { id: 1, owner: 'me' }, 7, 99));
    expect(await db.read((tx) => tx.one('select * from {outbox}'))).toMatchObject({ status: 'acknowledged', settled_at: 5, sent_at: 7, ack_due_at: null });
    await expect(db.transaction((tx) => markSent(tx, { id: 1, owner: 'other' }, 8, 99))).rejects.toMatchObject({ code: 'CLAIM_LOST' });
  });
});

test('many files go out, each once', async () => {
  const directory = await scratch();
  const gateway = await start(directory);
  const names = Array.from({ length: 230 }, (_, index) => `f${String(index).padStart(3, '0')}.edi`);
  for (const name of names) await queue(gateway.context.db, name, name);
  gateway.context.wake('deliver');
  await eventually(async () => expect((await rowsOf(gateway)).filter(({ status }) => status !== 'done')).toEqual([]));
  expect((await outbox(directory)).toSorted()).toEqual(names);
});

test.each([1, 2, 3, 4, 5, 6])('a commit whose answer is lost, the %i., keeps no file', async (visit) => {
  const directory = await scratch();
  const gateway = await start(directory, { intervals: 'retryFirst: 5ms, retryLongest: 10ms, idle: 10ms' });
  onTestFinished(() => armFailPoints([]));
  for (const name of ['a.edi', 'b.edi']) await queue(gateway.context.db, name, name);
  armFailPoints([{ point: 'store.committed', action: 'EIO', visit }]);
  gateway.context.wake('deliver');
  await queue(gateway.context.db, 'c.edi', 'c').catch(() => undefined);
  await eventually(async () => expect((await rowsOf(gateway)).map(({ status }) => status)).toEqual(['done', 'done', 'done']));
  expect((await outbox(directory)).toSorted()).toEqual(['a.edi', 'b.edi', 'c.edi']);
});

// The fail point is of the embedded database.
test.skipIf(onServer).each([2, 3, 4])(
  'a mistake of ours, and another in the %i. transaction after it, as what was claimed is given back, keep no file',
  async (visit) => {
    const directory = await scratch();
    const gateway = await start(directory, { intervals: 'retryFirst: 5ms, retryLongest: 10ms, idle: 10ms' });
    onTestFinished(() => armFailPoints([]));
    for (const name of ['a.edi', 'b.edi']) await queue(gateway.context.db, name, name);
    armFailPoints([
      { point: 'deliver.marked', action: 'error', visit: 1 },
      { point: 'store.beginning', action: 'error', visit },
    ]);
    gateway.context.wake('deliver');
    await eventually(async () => expect((await rowsOf(gateway)).map(({ status }) => status)).toEqual(['done', 'done']));
    expect((await outbox(directory)).filter((name) => !name.startsWith('.')).toSorted()).toEqual(['a.edi', 'b.edi']);
  },
);

test('a folder that is missing holds up only its own channel; what waits is sent when it is there, and no file is given up', async () => {
  const directory = await scratch();
  const channels = '{ out: { type: folder, directory: ../out }, out2: { type: folder, directory: ../absent } }';
  const gateway = await start(directory, { channels, intervals: 'retryFirst: 5ms, retryLongest: 10ms, retryAttempts: 2, idle: 10ms' });
  for (let index = 0; index < 5; index += 1) await queue(gateway.context.db, `bad${index}`, 'x', { channel: 'acme/out2' });
  await queue(gateway.context.db, 'good', 'x');
  await eventually(async () => expect(await outbox(directory)).toEqual(['good']));
  await eventually(async () => expect((await rowsOf(gateway))[0]).toMatchObject({ status: 'rendered', reason: 'FOLDER_UNUSABLE' }));
  await mkdir(join(directory, 'absent'));
  await eventually(async () => expect((await rowsOf(gateway)).filter(({ status }) => status !== 'done')).toEqual([]));
  expect((await readdir(join(directory, 'absent'))).toSorted()).toEqual(['bad0', 'bad1', 'bad2', 'bad3', 'bad4']);
});

test('fault/B14 a file whose stored bytes are damaged is parked, not sent', async () => {
  const directory = await scratch();
  const gateway = await start(directory);
  await queue(gateway.context.db, 'a', 'x', { sha256: '0'.repeat(64) });
  await queue(gateway.context.db, 'b', 'x');
  await eventually(async () => expect(await rowsOf(gateway)).toMatchObject([{ status: 'parked', reason: 'INTERNAL' }, { status: 'done' }]));
  expect(await outbox(directory)).toEqual(['b']);
});

test('fault/G12 a file of ours never replaces another of the same name', async () => {
  const directory = await scratch();
  const gateway = await start(directory);
  await writeFile(join(directory, 'out', 'a'), 'theirs');
  await queue(gateway.context.db, 'a', 'ours');
  await eventually(async () => expect(await rowsOf(gateway)).toMatchObject([{ status: 'parked', reason: 'NAME_COLLISION' }]));
  expect(await readFile(join(directory, 'out', 'a'), 'utf8')).toBe('theirs');
});

test.each([
  { cut: 'before the upload', staged: false, published: false, collected: false, committed: false },
  { cut: 'after the upload', staged: true, published: false, collected: false, committed: false },
  { cut: 'after the temporary name was committed', staged: true, published: false, collected: false, committed: true },
  { cut: 'after it got its name', staged: true, published: true, collected: false, committed: true },
  { cut: 'after the partner collected it', staged: true, published: true, collected: true, committed: true },
])('cut off $cut, a file is delivered once', async ({ staged, published, collected, committed }) => {
  const directory = await scratch();
  await folderConfig(directory);
  const out = join(directory, 'out');
  const folder = openFolder({ directory: out, maxBytes: 1_000 });
  let temporary: string | null = null;
  if (staged) {
    const upload = await folder.stage('a.edi', Buffer.from('ISA~'), '1-1');
    temporary = upload.temporaryName;
    if (published) await folder.publish(upload);
  }
  if (collected) await rm(join(out, 'a.edi'));
  await folder.close();
  // On a server other daemons live: there a claim is nobody's when it ran out.
  const until = onServer ? 0 : 9e15;
  await earlier(directory, async (db) => {
    await queue(db, 'a.edi', 'ISA~', {
      status: 'sending',
      claimed_by: 'dead',
      claimed_until: until,
      attempts: 1,
      temporary_name: committed ? temporary : null,
    });
  });
  const gateway = await start(directory);
  await eventually(async () => expect(await rowsOf(gateway)).toMatchObject([{ status: 'done' }]));
  const names = (await outbox(directory)).filter((name) => !name.startsWith('.'));
  expect(names).toEqual(collected ? [] : ['a.edi']);
  if (!collected) expect(await readFile(join(out, 'a.edi'), 'utf8')).toBe('ISA~');
});
