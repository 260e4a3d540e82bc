import { describe, expect, test } from 'vitest';
import { balance } from '../../src/pipeline/balance.ts';
import { repairDrifts } from '../../src/acts/repair-stock.ts';
import type { LedgerScope } from '../../src/store/balance.ts';
import type { Brain } from '../support/brain.ts';
import { openBrain } from '../support/brain.ts';

const look = ({ db, config }: Brain, scope: LedgerScope = {}) => db.read((tx) => balance(tx, config, scope));
const change = ({ db }: Brain, sql: string) => db.transaction((tx) => tx.run(sql));

async function shipped(): Promise<Brain> {
  const brain = await openBrain();
  await brain.drop('acme', 'acme/three-sets-one-bad/in.edi');
  await brain.drop('acme', 'acme/over-shipment/in.1.edi');
  await brain.drop('acme', 'acme/over-shipment/in.1.edi', (text) => text.replaceAll('000000213', '000000333'));
  const [{ number } = { number: '' }] = (await brain.db.read((tx) =>
    tx.many(`select f.number from {fulfilment_order} f join {sales_order} o on o.id = f.order_id where o.po_number = '4500014900'`),
  )) as { number: string }[];
  await brain.drop('northwind', 'acme/over-shipment/in.2.northwind.945.edi', (text) => text.replaceAll('W000001-1', number));
  return brain;
}

describe('the daily balance', () => {
  test('what came in is what became of it, also when sets are rejected, repeated, shipped short or over', async () => {
    const brain = await shipped();
    const found = await look(brain);
    expect(found.differences).toEqual([]);
    expect(found.files).toEqual({ done: 4 });
    expect(found.orderDocuments).toMatchObject({ duplicate: 1 });
    const documents = Object.values(found.documents).reduce((sum, count) => sum + count, 0);
    expect(documents).toBe(6);
    const { base, still_open: open, shipped: left, cancelled, rejected } = found.units;
    expect(base).toBe(open + left + cancelled + rejected);
    expect(await look(brain, { partner: 'northwind' })).toMatchObject({ files: { done: 1 }, units: { base: 0n } });
    expect(await look(brain, { from: brain.now() + 1 })).toMatchObject({ files: {}, documents: {}, orders: {} });
  });

  test('every difference has its name and place', async () => {
    const brain = await shipped();
    await change(brain, `update {shipment_line} set quantity = quantity - 1000000`);
    await change(brain, `update {order_line} set invoiced = invoiced - 2000000 where invoiced > 0`);
    await change(brain, `delete from {outbox} where kind in ('shipment') or unique_key like 'ack:1:%'`);
    await change(brain, `update {document} set order_id = null where id = 1`);
    const { differences } = await look(brain);
    expect(differences.map(({ code, detail }) => [code, detail])).toEqual([
      ['INTERCHANGE_UNANSWERED', expect.stringMatching(/^\d sets were accepted/)],
      ['DOCUMENT_WITHOUT_ORDER', expect.any(String)],
      ['LINE_OUT_OF_BALANCE', 'line 1: 48 shipped, 47 in its shipments'],
      ['SHIPMENT_UNTOLD', expect.stringContaining('BLW')],
      ['SHIPPED_NOT_INVOICED', expect.stringMatching(/48 shipped and 2 above the order, 46 invoiced/)],
    ]);
  });

  test('a stock counter that drifted is found, repaired from its movements and the orders, and noted', async () => {
    const brain = await shipped();
    await change(brain, `update {stock} set on_hand = on_hand + 5000000, allocated = allocated + 3000000 where sku = 'HL-MUG-01' and location = 'NW'`);
    await change(
      brain,
      `insert into {stock_movement} (sku, location, on_hand, allocated, cause, unique_key, at) values ('HL-CND-01', 'HB', 0, 1000000, 'allocation', 'lost', 1)`,
    );
    const { differences } = await look(brain);
    expect(differences.map(({ code, id }) => [code, id])).toEqual([
      ['STOCK_DRIFT', 'HL-CND-01 HB'],
      ['STOCK_DRIFT', 'HL-MUG-01 NW'],
    ]);
    expect(await repairDrifts(brain.db, brain.now(), 'anna')).toHaveLength(2);
    expect((await look(brain)).differences).toEqual([]);
    expect(await repairDrifts(brain.db, brain.now(), 'anna')).toEqual([]);
    const notes = await brain.db.read((tx) => tx.many(`select text from {activity} where text like '%repaired by anna%' order by id`));
    expect(notes).toHaveLength(2);
  });
});
