import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { importItems } from '../../src/acts/import-items.ts';
import { importStock } from '../../src/acts/import-stock.ts';
import { loadConfig } from '../../src/config/load.ts';
import { awaited } from '../../src/store/awaited.ts';
import { noticesOf } from '../../src/store/conversation.ts';
import { unsentAnswers, unsentNotices } from '../../src/store/deadlines.ts';
import { channelsToDeliver, claimDeliveries } from '../../src/store/deliveries.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { nextDue, queues, recover, renew } from '../../src/store/queue.ts';
import { openRehearsal } from '../../src/workbench/rehearse.ts';
import { scratch } from '../support/database.ts';

/** Tables that stay small, whatever a gateway has seen: reading them whole costs nothing. */
const SMALL = new Set(['lease', 'control_number', 'gateway_switch', 'migration', 'audit_head', 'given', 'item_unit']);

const home = join(import.meta.dirname, '..', '..');

test('no statement of an order from file to answers reads a whole table that grows', async () => {
  const { config } = await loadConfig(join(home, 'config', 'gateway.yaml'));
  const file = join(await scratch(), 'plans.db');
  const now = Date.parse('2026-03-02T15:00:00Z');
  const rehearsal = await openRehearsal(config!, { type: 'sqlite', file }, () => now);
  onTestFinished(() => rehearsal.close());
  const importing = { db: rehearsal.db, config: config!, now, file: 'x' };
  await importItems(importing, await readFile(join(home, 'samples', 'master', 'items.csv')));
  await importStock(importing, await readFile(join(home, 'samples', 'master', 'stock.csv')));

  const statements = new Set<string>();
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the database that it belongs to
  const prepare = DatabaseSync.prototype.prepare;
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string, ...rest: []) {
    statements.add(sql);
    return prepare.call(this, sql, ...rest);
  };
  onTestFinished(() => void (DatabaseSync.prototype.prepare = prepare));
  // Connections keep what they have prepared: what comes twice is seen at the first time.
  await rehearsal.give('acme', 'in.edi', await readFile(join(home, 'samples', 'acme', 'happy-path', 'in.edi')));
  await rehearsal.run();
  const owner = 'plans';
  await rehearsal.db.transaction(async (tx) => {
    await claimDeliveries(tx, 'acme/out', { owner, now, leaseMs: 1000, count: 50 });
    await channelsToDeliver(tx, now);
    for (const queue of Object.values(queues)) {
      await renew(tx, queue, owner, now + 1000);
      await recover(tx, queue, now - 1000, 3);
      await nextDue(tx, queue);
    }
    await unsentAnswers(tx);
    await unsentNotices(tx);
    await noticesOf(tx, 1, 'acme');
    await awaited(tx, { since: 0, open: true }, 50);
  });

  const plain = new DatabaseSync(file, { readOnly: true });
  onTestFinished(() => plain.close());
  const scans: string[] = [];
  for (const sql of statements) {
    if (!/^\s*(select|update|delete|insert)/i.test(sql)) continue;
    // A list is as long as it gets: of a short one the engine thinks better.
    const long = sql.replace(/ in \(\?(, \?)*\)/g, ` in (${Array.from({ length: 64 }, () => '?').join(', ')})`);
    const plan = prepare.call(plain, `explain query plan ${long}`).all() as { readonly detail: string }[];
    for (const { detail } of plan) {
      // `SCAN x` reads all of it; `SCAN x USING … INDEX` reads all of an index, which grows just the same but where it holds few rows only.
      const table = /^SCAN (\w+)/.exec(detail)?.[1];
      // Rows with a list of ids or keys are found by it: all that has the same status is as long as the queue.
      const lax = / in \(\?/.test(sql) && /^SEARCH (?!given)\w+ USING (COVERING )?INDEX \w+ \(status=\?\)/.test(detail);
      if (lax || (table !== undefined && !SMALL.has(table) && !/CONSTANT|SUBQUERY|VALUES|outbox_with_errors/.test(detail)))
        scans.push(`${detail}: ${sql.replace(/\s+/g, ' ').slice(0, 160)}`);
    }
  }
  expect(statements.size).toBeGreaterThan(40);
  expect(scans).toEqual([]);
});

test('no view reads a whole table for each of its rows', async () => {
  const file = join(await scratch(), 'views.db');
  const db = await openDatabase({ type: 'sqlite', file });
  await migrate(db);
  await db.close();
  const plain = new DatabaseSync(file, { readOnly: true });
  onTestFinished(() => plain.close());
  const scans: string[] = [];
  const views = plain.prepare(`select name from sqlite_schema where type = 'view'`).all() as { readonly name: string }[];
  for (const { name } of views) {
    const steps = plain.prepare(`explain query plan select * from ${name}`).all() as {
      readonly id: number;
      readonly parent: number;
      readonly detail: string;
    }[];
    const byId = new Map(steps.map((step) => [step.id, step]));
    const repeated = (id: number): boolean => {
      const step = byId.get(id);
      return step !== undefined && (step.detail.startsWith('CORRELATED') || repeated(step.parent));
    };
    for (const { detail, parent } of steps) if (detail.startsWith('SCAN') && repeated(parent)) scans.push(`${name}: ${detail}`);
  }
  expect(views.length).toBeGreaterThan(5);
  expect(scans).toEqual([]);
});
