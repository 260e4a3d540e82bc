import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { importItems } from '../../src/acts/import-items.ts';
import { importStock } from '../../src/acts/import-stock.ts';
import { loadConfig } from '../../src/config/load.ts';
import { armFailPoints } from '../../src/fail-point.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate, requireSchema, SCHEMA_VERSION, schemaVersion } from '../../src/store/migrate.ts';
import type { Row, SqlValue, Tx } from '../../src/store/transaction.ts';
import { openRehearsal } from '../../src/workbench/rehearse.ts';
import { unmigratedSettings } from '../support/database.ts';

const home = join(import.meta.dirname, '..', '..');
const now = Date.parse('2026-03-02T15:00:00Z');

/** Rows of an order under way as the first schema takes them, in tables that later ones add columns to. */
const early: readonly (readonly [table: string, row: Readonly<Record<string, SqlValue>>])[] = [
  ['item', { sku: 'OLD', description: 'Old', base_unit: 'EA' }],
  ['stock', { sku: 'OLD', location: 'NW', on_hand: 7_000_000, allocated: 2_000_000 }],
  ['stock_movement', { sku: 'OLD', location: 'NW', on_hand: 7_000_000, allocated: 2_000_000, cause: 'count', unique_key: 'count:1', at: 1 }],
  [
    'sales_order',
    { partner: 'acme', po_number: 'OLD-1', release_number: '', lifecycle: 'open', document: '{}', content_hash: 'x', document_id: 1, received_at: 1 },
  ],
  [
    'order_line',
    {
      order_id: 1,
      line_no: 1,
      line_ref: '1',
      ids: '[]',
      sku: 'OLD',
      ordered: 2_000_000,
      unit: 'EA',
      numerator: 1,
      denominator: 1,
      base_unit: 'EA',
      base: 2_000_000,
      pack: 1_000_000,
      released: 2_000_000,
    },
  ],
  ['fulfilment_order', { order_id: 1, location: 'NW', number: 'W000001-1', state: 'released', created_at: 1 }],
  ['fulfilment_line', { fulfilment_order_id: 1, line_id: 1, line_ref: '1', sku: 'OLD', quantity: 2_000_000 }],
  ['outbox', { partner: 'acme', kind: 'order-response', unique_key: 'x', canonical: '{}', created_at: 1, status: 'done' }],
];

/** The rows of those tables, of each the columns that it began with. */
async function earlyRows(tx: Tx): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [table, row] of early) rows.push(...(await tx.many(`select ${Object.keys(row).join(', ')} from {${table}}`)));
  return rows;
}

test.each(Array.from({ length: SCHEMA_VERSION - 1 }, (_, index) => index + 1))(
  'a database of schema %i keeps what it holds, takes the columns that came later, and orders go on in it',
  { timeout: 300_000 },
  async (version) => {
    const settings = await unmigratedSettings();
    const db = await openDatabase(settings);
    onTestFinished(() => db.close());
    onTestFinished(() => armFailPoints([]));
    // The migration after it fails before it is committed, as if the process had ended there.
    armFailPoints([{ point: 'start.migrating', action: 'error', visit: version + 1 }]);
    await expect(migrate(db)).rejects.toThrow('start.migrating');
    expect(await schemaVersion(db)).toBe(version);
    await expect(requireSchema(db)).rejects.toMatchObject({ code: 'DATABASE_SCHEMA', value: String(version) });
    await db.transaction(async (tx) => {
      for (const [table, row] of early) await tx.insertMany(table, [row]);
    });

    expect(await migrate(db)).toHaveLength(SCHEMA_VERSION - version);
    await requireSchema(db);
    expect(await db.read(earlyRows)).toEqual(early.map(([, row]) => row));
    expect(await db.read((tx) => tx.many('select revision, request_state from {fulfilment_order}'))).toEqual([{ revision: 0, request_state: 'none' }]);

    const { config } = await loadConfig(join(home, 'config', 'gateway.yaml'));
    const rehearsal = await openRehearsal(config!, settings, () => now);
    onTestFinished(() => rehearsal.close());
    const importing = { db: rehearsal.db, config: config!, now, file: 'master' };
    await importItems(importing, await readFile(join(home, 'samples', 'master', 'items.csv')));
    await importStock(importing, await readFile(join(home, 'samples', 'master', 'stock.csv')));
    await rehearsal.give('acme', 'in.edi', await readFile(join(home, 'samples', 'acme', 'happy-path', 'in.edi')));
    expect((await rehearsal.run()).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['acknowledgment', 'order-response', 'warehouse-order']));
  },
);
