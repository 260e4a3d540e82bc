import { expect, onTestFinished, test } from 'vitest';
import { makeLog } from '../../src/log.ts';
import type { PipelineContext } from '../../src/pipeline/context.ts';
import { startGateway } from '../../src/pipeline/gateway.ts';
import { atLeastEachMinute, sparing, whenDue, whenToDecide } from '../../src/pipeline/sparing.ts';
import { openDatabase } from '../../src/store/database.ts';
import { queues } from '../../src/store/queue.ts';
import type { Database } from '../../src/store/transaction.ts';
import { scratch } from '../support/database.ts';
import { folderConfig } from '../support/gateway.ts';
import { onServer } from '../support/test-server.ts';

/** A gateway without steps, at an instant that the test sets, and a step that counts its looks and finds nothing. */
async function stage(nextAt: Parameters<typeof sparing>[1]) {
  const gateway = await startGateway({ config: await folderConfig(await scratch()), log: makeLog('silent'), steps: [] });
  onTestFinished(() => gateway.stop());
  let [looks, now, found] = [0, 1_000, 0];
  const step = sparing({ name: 'apply', run: async () => (looks++, found) }, nextAt);
  const context: PipelineContext = { ...gateway.context, now: () => now };
  const lookedOf = async (given: PipelineContext): Promise<boolean> => {
    const before = looks;
    await step.run(given);
    return looks > before;
  };
  return { context, lookedOf, looked: () => lookedOf(context), at: (instant: number) => (now = instant), finds: (count: number) => (found = count) };
}

const document = (db: Database, dueAt: number): Promise<unknown> =>
  db.transaction(async (tx) => {
    const file = { name: 'a', size: 1, modified_at: 0, source_id: 'a', sha256: 'x', received_at: 0, status: 'done', channel: 'acme/in' };
    const fileId = await tx.insert('inbound_file', file);
    await tx.insert('document', { inbound_file_id: fileId, position: 1, partner: 'acme', accepted: 1, received_at: 0, status: 'pending', due_at: dueAt });
  });
const note = (db: Database): Promise<unknown> =>
  db.transaction((tx) => tx.run(`insert into {control_number} (scope, next) values (?, 1)`, [String(Math.random())]));

test.skipIf(onServer)('a step that found nothing looks again only when something was stored, here or by another process', async () => {
  const { context, looked } = await stage(async () => undefined);
  expect([await looked(), await looked(), await looked()]).toEqual([true, false, false]);
  await note(context.db);
  expect([await looked(), await looked()]).toEqual([true, false]);
  const { database } = context.config();
  const other = await openDatabase({ type: 'sqlite', file: database.type === 'sqlite' ? database.file : '' });
  onTestFinished(() => other.close());
  await note(other);
  expect([await looked(), await looked()]).toEqual([true, false]);
});

test.skipIf(onServer)('what is not committed yet counts as stored: whoever is told of it before its commit shares that', async () => {
  const { context } = await stage(async () => undefined);
  const marks: unknown[] = [context.db.stored!()];
  await context.db.transaction(async (tx) => {
    await tx.run(`insert into {control_number} (scope, next) values ('x', 1)`);
    marks.push(context.db.stored!());
  });
  expect(marks[1]).not.toBe(marks[0]);
});

test.skipIf(onServer)('it looks when what waits is due, always while something waits that is not for later, and as long as it finds something', async () => {
  const { context, looked, at, finds } = await stage(whenDue(queues.apply));
  await document(context.db, 5_000);
  expect([await looked(), await looked()]).toEqual([true, false]);
  at(5_000);
  expect([await looked(), await looked()]).toEqual([true, true]);
  at(4_000);
  expect(await looked()).toBe(false);
  await document(context.db, 0);
  expect([await looked(), await looked()]).toEqual([true, true]);
  finds(1);
  expect([await looked(), await looked()]).toEqual([true, true]);
});

test.skipIf(onServer)('it looks when an order is to be decided, each minute where it is asked to, and with another configuration', async () => {
  const { context, looked, lookedOf, at } = await stage(atLeastEachMinute(whenToDecide));
  expect([await looked(), await looked()]).toEqual([true, false]);
  at(60_000);
  expect([await looked(), await looked()]).toEqual([true, false]);
  const other = { ...context.config() };
  expect([await lookedOf({ ...context, config: () => other }), await lookedOf({ ...context, config: () => other })]).toEqual([true, false]);
});

test('where the database does not tell what was stored, it looks every time', async () => {
  const { context, lookedOf } = await stage(async () => undefined);
  const { transaction, read, close, engine } = context.db;
  const db: Database = { engine, transaction, read, close };
  expect([await lookedOf({ ...context, db }), await lookedOf({ ...context, db })]).toEqual([true, true]);
});
