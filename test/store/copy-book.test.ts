import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { balance } from '../../src/pipeline/balance.ts';
import { importItems } from '../../src/acts/import-items.ts';
import { importStock } from '../../src/acts/import-stock.ts';
import { loadConfig } from '../../src/config/load.ts';
import { copyBook } from '../../src/store/copy-book.ts';
import { openDatabase } from '../../src/store/database.ts';
import { describeState } from '../../src/store/state.ts';
import { openRehearsal } from '../../src/workbench/rehearse.ts';
import { freshSettings, scratch } from '../support/database.ts';

const home = join(import.meta.dirname, '..', '..');
const sample = (name: string) => readFile(join(home, 'samples', name));
const now = Date.parse('2026-03-02T15:00:00Z');

test.skipIf(!process.env['WHARF_TEST_MSSQL_URL'])(
  'a book that began in the embedded database goes on, on SQL Server, where it was (needs WHARF_TEST_MSSQL_URL)',
  { timeout: 300_000 },
  async () => {
    const { config } = await loadConfig(join(home, 'config', 'gateway.yaml'));
    const file = { type: 'sqlite', file: join(await scratch(), 'book.db') } as const;
    const before = await openRehearsal(config!, file, () => now);
    const importing = { db: before.db, config: config!, now, file: 'x' };
    await importItems(importing, await sample('master/items.csv'));
    await importStock(importing, await sample('master/stock.csv'));
    await before.give('acme', '1.edi', await sample('acme/happy-path/in.edi'));
    await before.run();
    const told = await before.db.read(describeState);
    const to = await freshSettings();
    if (to.type !== 'mssql') throw new Error('no server');

    const copied = await copyBook(before.db, to, () => undefined);
    expect(copied.find(({ table }) => table === 'sales_order')?.rows).toBe(1);
    expect(copied.find(({ table }) => table === 'payload')!.rows).toBeGreaterThan(2);
    await expect(copyBook(before.db, to, () => undefined)).rejects.toMatchObject({ code: 'COPY_REFUSED' });
    await before.close();

    const after = await openRehearsal(config!, to, () => now);
    onTestFinished(() => after.close());
    expect(await after.db.read(describeState)).toBe(told);
    await after.give('acme', '2.edi', await sample('acme/over-shipment/in.1.edi'));
    await after.run();
    const ids = await after.db.read((tx) => tx.many('select id from {sales_order} order by id'));
    expect(ids.length).toBe(2);
    expect((await after.db.read((tx) => balance(tx, config!, {}))).differences).toEqual([]);
    const db = await openDatabase(to);
    onTestFinished(() => db.close());
    expect((await db.read((tx) => tx.many('select * from {v_balance} where bucket_difference <> 0'))).length).toBe(0);
  },
);
