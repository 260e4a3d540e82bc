import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { armFailPoints } from '../../src/fail-point.ts';
import { makeLog } from '../../src/log.ts';
import { startGateway } from '../../src/pipeline/gateway.ts';
import { makeReceive } from '../../src/pipeline/receive.ts';
import { chosen, shareWork } from '../../src/pipeline/sharing.ts';
import { openDatabase } from '../../src/store/database.ts';
import { renewLeases, takeLease } from '../../src/store/leases.ts';
import { migrate } from '../../src/store/migrate.ts';
import { freshDatabase, scratch } from '../support/database.ts';
import { folderConfig } from '../support/gateway.ts';
import { onServer, patience } from '../support/test-server.ts';

test.skipIf(onServer)('fault/H1 a daemon whose lock was taken away takes nothing in any more, the one that took over does', async () => {
  const directory = await scratch();
  const config = await folderConfig(directory, { intervals: 'poll: 20ms, quiet: 0s, idle: 20ms' });
  const options = { config, log: makeLog('silent'), steps: [makeReceive()] };
  const frozen = await startGateway(options);
  onTestFinished(() => frozen.stop());
  // What a person does who takes it for dead.
  for (const end of ['', '-wal', '-shm']) await rm(join(directory, `wharf.db-daemon${end}`), { force: true });
  const heir = await startGateway({ ...options, steps: [makeReceive()] });
  onTestFinished(() => heir.stop());
  for (let count = 0; count < 200; count += 1) {
    await writeFile(join(directory, 'whole'), `file ${count}`);
    await rename(join(directory, 'whole'), join(directory, 'in', `f${count}.edi`));
  }
  await vi.waitFor(async () => expect(await readdir(join(directory, 'in'))).toEqual([]), { timeout: 20_000 * patience });
  const rows = await heir.context.db.read((tx) => tx.many('select name, count(*) as n from {inbound_file} group by name order by n desc'));
  expect(rows).toHaveLength(200);
  expect(rows[0]).toMatchObject({ n: 1 });
});

test.skipIf(onServer)('an embedded database belongs to the daemon that started last, and the one before finds that out', async () => {
  const db = await openDatabase({ type: 'sqlite', file: join(await scratch(), 'wharf.db') });
  onTestFinished(() => db.close());
  await migrate(db);
  const [first, second] = [shareWork(db, 'first'), shareWork(db, 'second')];
  await first.refresh(1000, 2000);
  await first.refresh(1000, 2000);
  expect(first.reign()).toMatchObject({ owner: 'first', token: 1 });
  await second.refresh(1000, 2000);
  expect(second.reign()).toMatchObject({ owner: 'second', token: 2 });
  await expect(first.refresh(1000, 2000)).rejects.toMatchObject({ code: 'DATABASE_LOCKED' });
  await second.refresh(1000, 2000);
});

test.skipIf(!onServer)('who decides lets go when a daemon comes that is to decide from then on (needs WHARF_TEST_MSSQL_URL)', async () => {
  const db = await freshDatabase();
  const first = shareWork(db, 'first');
  const names = Array.from({ length: 100 }, (_, index) => `daemon ${index}`);
  const later = names.find((name) => chosen('allocate', ['first', name]) === name)!;
  await first.refresh(1000, 2000);
  expect(await db.transaction((tx) => takeLease(tx, 'allocate', 'first', 1000, 1000))).toMatchObject({ token: 1 });
  const second = shareWork(db, later);
  await second.refresh(1000, 2000);
  expect([first.mine('allocate'), second.mine('allocate')]).toEqual([true, true]);
  await first.refresh(1000, 2000);
  expect(first.mine('allocate')).toBe(false);
  await db.transaction((tx) => renewLeases(tx, 'first', 1000, 3000));
  expect(await db.transaction((tx) => takeLease(tx, 'allocate', later, 1000, 1000))).toMatchObject({ token: 2 });
});

test('a file that was stored although the answer to its commit was an error is not stored again', async () => {
  const directory = await scratch();
  const config = await folderConfig(directory, { intervals: 'poll: 20ms, quiet: 0s, idle: 20ms' });
  await writeFile(join(directory, 'in', 'a.edi'), 'bytes');
  armFailPoints([{ point: 'receive.stored', action: 'EIO', visit: 1 }]);
  onTestFinished(() => armFailPoints([]));
  const gateway = await startGateway({ config, log: makeLog('silent'), steps: [makeReceive()] });
  onTestFinished(() => gateway.stop());
  await vi.waitFor(async () => expect(await readdir(join(directory, 'in'))).toEqual([]), { timeout: 20_000 * patience });
  await vi.waitFor(
    async () =>
      expect(await gateway.context.db.read((tx) => tx.many('select name from {inbound_file} where disposed_at is not null'))).toEqual([{ name: 'a.edi' }]),
    { timeout: 20_000 * patience },
  );
  expect(await gateway.context.db.read((tx) => tx.many('select name from {inbound_file}'))).toHaveLength(1);
});
