import { expect, onTestFinished, test, vi } from 'vitest';
import { makeLog } from '../../src/log.ts';
import type { Step } from '../../src/pipeline/context.ts';
import { type Gateway, startGateway } from '../../src/pipeline/gateway.ts';
import { queues } from '../../src/store/queue.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { scratch, settingsIn } from '../support/database.ts';
import { folderConfig } from '../support/gateway.ts';
import { onServer, patience } from '../support/test-server.ts';

async function start(directory: string, steps: readonly Step[], options: Parameters<typeof folderConfig>[1] = {}, lines: string[] = []): Promise<Gateway> {
  const config = await folderConfig(directory, options);
  const gateway = await startGateway({ config, log: makeLog('info', (line) => lines.push(line)), steps });
  onTestFinished(() => gateway.stop());
  return gateway;
}
const slow = { intervals: 'idle: 1h, drain: 5s' };
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000 * patience, interval: 2 });

test('a step runs again while it finds work, and when it is woken, long before its interval', async () => {
  let left = 3;
  let runs = 0;
  const step: Step = { name: 'apply', run: async () => (runs++, left > 0 ? left-- : 0) };
  const gateway = await start(await scratch(), [step], slow);
  await until(() => expect(runs).toBe(4));
  left = 1;
  gateway.context.wake('apply');
  await until(() => expect(runs).toBe(6));
});

test('a wake that comes while a step runs is not lost', async () => {
  let runs = 0;
  let gateway: Gateway | undefined;
  const step: Step = {
    name: 'apply',
    run: async () => {
      runs += 1;
      if (runs === 1) await until(() => expect(gateway).toBeDefined());
      if (runs === 1) gateway!.context.wake('apply');
      return 0;
    },
  };
  gateway = await start(await scratch(), [step], slow);
  await until(() => expect(runs).toBe(2));
});

test('a step that throws is told, and runs again; the others go on', async () => {
  let failures = 0;
  let others = 0;
  const lines: string[] = [];
  const bad: Step = { name: 'apply', run: () => (failures++ < 2 ? Promise.reject(new Error('secret of a document')) : Promise.resolve(0)) };
  const good: Step = { name: 'render', run: async () => (others++, 0) };
  await start(await scratch(), [bad, good], { intervals: 'idle: 10ms' }, lines);
  await until(() => expect([failures, others].every((count) => count > 2)).toBe(true));
  expect(lines.filter((line) => line.includes('a step failed'))).toHaveLength(2);
  expect(lines.join('')).not.toContain('secret of a document');
});

test('stopping lets the work in hand end and begins nothing', async () => {
  let begun = 0;
  let ended = 0;
  const step: Step = {
    name: 'apply',
    run: async ({ stopping }) => {
      begun += 1;
      await until(() => expect(stopping()).toBe(true));
      ended += 1;
      return 1;
    },
  };
  const gateway = await start(await scratch(), [step]);
  await until(() => expect(begun).toBe(1));
  await gateway.stop();
  expect([begun, ended]).toEqual([1, 1]);
  await expect(gateway.context.db.transaction(async () => 1)).rejects.toThrow();
});

test('work that does not end in time is left', async () => {
  const lines: string[] = [];
  let release: (() => void) | undefined;
  const step: Step = { name: 'apply', run: () => new Promise((resolve) => (release = () => resolve(0))) };
  const gateway = await start(await scratch(), [step], { intervals: 'drain: 50ms' }, lines);
  await gateway.stop();
  expect(lines.join('')).toContain('work in hand was left');
  release?.();
});

test.skipIf(onServer)('fault/A15 a second daemon on the same database is refused and harms nothing', async () => {
  const directory = await scratch();
  const first = await start(directory, []);
  await expect(start(directory, [])).rejects.toMatchObject({ code: 'DATABASE_LOCKED' });
  await first.stop();
  await start(directory, []);
});

test('what a process that died had claimed is taken up at the start', async () => {
  const directory = await scratch();
  await folderConfig(directory);
  const db = await openDatabase(await settingsIn(`${directory}/gateway.yaml`));
  await migrate(db);
  const file = {
    channel: 'acme/in',
    name: 'a',
    size: 1,
    modified_at: 0,
    source_id: '',
    sha256: '',
    received_at: 0,
    status: queues.translate.working,
    claimed_by: 'dead',
    // On a server other daemons live: there a claim is nobody's when it ran out.
    claimed_until: onServer ? 0 : 9e15,
  };
  await db.transaction((tx) =>
    tx.insertMany('inbound_file', [
      { ...file, attempts: 1 },
      { ...file, attempts: 3 },
    ]),
  );
  await db.close();
  const gateway = await start(directory, []);
  const rows = await gateway.context.db.read((tx) => tx.many('select status, reason from {inbound_file} order by id'));
  expect(rows).toEqual([
    { status: 'pending', reason: null },
    { status: 'parked', reason: 'POISON_CRASH' },
  ]);
});
