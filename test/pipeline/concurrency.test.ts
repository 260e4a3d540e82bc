import { expect, onTestFinished, test } from 'vitest';
import { fromColumn, whole } from '../../src/decimal.ts';
import { allocate } from '../../src/pipeline/allocate.ts';
import { apply } from '../../src/pipeline/apply.ts';
import type { PipelineContext } from '../../src/pipeline/context.ts';
import { importItems } from '../../src/acts/import-items.ts';
import { importStock } from '../../src/acts/import-stock.ts';
import { openRehearsal } from '../../src/workbench/rehearse.ts';
import { makeTranslate } from '../../src/pipeline/translate.ts';
import { openDatabase } from '../../src/store/database.ts';
import { saveItem } from '../../src/store/items.ts';
import { moveStock, reserveStock } from '../../src/store/stock.ts';
import type { Database } from '../../src/store/transaction.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openCompany, purchaseOrder } from '../support/company.ts';
import { freshSettings } from '../support/database.ts';

/** `WHARF_TEST_SLOW=1` tries as often as the acceptance asks: some minutes. */
const slow = process.env['WHARF_TEST_SLOW'] === '1';

/** What the counters of all stock rows say beside what the ledger and the reservations add up to. */
async function ledger(
  db: Database,
): Promise<readonly { readonly allocated: bigint; readonly onHand: bigint; readonly moved: bigint; readonly held: bigint }[]> {
  const rows = await db.read((tx) =>
    tx.many(`select s.allocated, s.on_hand,
      (select coalesce(sum(m.allocated), 0) from {stock_movement} m where m.sku = s.sku and m.location = s.location) as moved,
      (select coalesce(sum(a.quantity), 0) from {allocation} a where a.sku = s.sku and a.location = s.location and a.state in ('firm', 'released')) as held
      from {stock} s`),
  );
  return rows.map((row) => ({
    allocated: fromColumn(row['allocated']),
    onHand: fromColumn(row['on_hand']),
    moved: fromColumn(row['moved']),
    held: fromColumn(row['held']),
  }));
}

test(
  'two allocators that decide about the same orders at once: 10 are there, two orders want 8 each (S13)',
  { timeout: slow ? 600_000 : 300_000 },
  async () => {
    const items = Array.from({ length: slow ? 200 : 40 }, (_, at) => `S13-${at}`);
    const company = await openCompany([], { 'partners/acme.yaml': (text) => `${text}prices: { onMismatch: accept }\n` });
    await importItems(company.importing('items.csv'), Buffer.from(`sku,base_unit\n${items.map((sku) => `${sku},EA\n`).join('')}`));
    await importStock(company.importing('stock.csv'), Buffer.from(`sku,location,on_hand\n${items.map((sku) => `${sku},NW,10\n`).join('')}`));
    // Half of the orders take what they get (N), the other half want all (SC).
    for (const [at, sku] of items.entries()) {
      for (const which of ['A', 'B'])
        await company.give('acme', purchaseOrder(`${which}${at}`, [`PO1*1*8*EA***VN*${sku}`], [`CSH*${at % 2 === 0 ? 'N' : 'SC'}`]));
    }
    const translate = makeTranslate();
    for (const step of [translate, apply]) while ((await step.run(company.context)) > 0) await translate.settle?.();
    const other = await openRehearsal(company.config, company.settings, company.context.now);
    onTestFinished(() => other.close());
    const drain = async (context: PipelineContext): Promise<void> => {
      while ((await allocate.run(context)) > 0);
    };
    await Promise.all([drain(company.context), drain({ ...other.context, owner: 'other' })]);

    for (const row of await ledger(company.db)) {
      expect(row.allocated).toBeLessThanOrEqual(row.onHand);
      expect(row.moved).toBe(row.allocated);
      expect(row.held).toBe(row.allocated);
    }
    for (const at of items.keys()) {
      const both = [...(await company.lines(`A${at}`)), ...(await company.lines(`B${at}`))].toSorted();
      expect(both, items[at]).toEqual(at % 2 === 0 ? ['released 2, rejected 6', 'released 8'] : ['backordered 8', 'released 8']);
    }
  },
);

test('fault/F5 many writers take single units of one row: never one more than there is, and none is left (S14)', { timeout: slow ? 600_000 : 300_000 }, async () => {
  const settings = await freshSettings();
  const open = async (): Promise<Database> => {
    const db = await openDatabase(settings);
    onTestFinished(() => db.close());
    return db;
  };
  const first = await open();
  await migrate(first);
  const there = slow ? 50_000 : 500;
  await first.transaction(async (tx) => {
    await saveItem(tx, { sku: 'X', description: '', baseUnit: 'EA', pack: whole(1) });
    await moveStock(tx, { sku: 'X', location: 'NW', onHand: whole(there), allocated: 0n, cause: 'import', key: 'opening' }, 0);
  });
  // 64 writers over four connections, each of which queues its own.
  const connections = [first, await open(), await open(), await open()];
  const tries = slow ? 100_000 : 1_600;
  let granted = 0;
  const writer = async (number: number): Promise<void> => {
    for (let at = number; at < tries; at += 64) {
      const movement = { sku: 'X', location: 'NW', onHand: 0n, allocated: whole(1), cause: 'allocation', key: `try:${at}` } as const;
      if (await connections[number % connections.length]!.transaction((tx) => reserveStock(tx, [movement], at))) granted += 1;
    }
  };
  await Promise.all(Array.from({ length: 64 }, (_, number) => writer(number)));
  expect(granted).toBe(there);
  const row = await first.read((tx) =>
    tx.one('select s.allocated, (select sum(m.allocated) from {stock_movement} m) as moved, (select count(*) from {stock_movement}) as n from {stock} s'),
  );
  expect(fromColumn(row?.['allocated'])).toBe(whole(there));
  expect(fromColumn(row?.['moved'])).toBe(whole(there));
  expect(row?.['n']).toBe(there + 1);
});
