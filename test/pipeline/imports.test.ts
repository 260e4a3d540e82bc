import { describe, expect, test } from 'vitest';
import { balance } from '../../src/pipeline/balance.ts';
import { importOrders } from '../../src/acts/import-orders.ts';
import { importPrices } from '../../src/acts/import-prices.ts';
import { importShipTos } from '../../src/acts/import-ship-tos.ts';
import { importStock } from '../../src/acts/import-stock.ts';
import { stockAlerts } from '../../src/acts/stock-alerts.ts';
import { openHolds } from '../../src/store/holds.ts';
import { openBrain } from '../support/brain.ts';

const csv = (...lines: readonly string[]): Uint8Array => Buffer.from(`${lines.join('\n')}\n`);
const DAY = 86_400_000;

describe('ship-tos', () => {
  test('an order that waited for a place goes on when it is imported; the same again changes nothing; each bad row has its reason', async () => {
    const brain = await openBrain();
    await brain.drop('acme', 'acme/unknown-ship-to/in.edi');
    const [hold] = await brain.db.read((tx) => openHolds(tx, 1));
    expect(hold?.code).toBe('SHIP_TO_UNKNOWN');
    const file = csv(
      'partner,code,name,address,city,state,postal_code',
      `acme,${hold!.value},Acme Store,1 New Road,Gary,IN,46402`,
      'nobody,1,Store,,,,',
      'acme,,,,,,',
      `acme,${hold!.value},Another,,,,`,
    );
    const first = await importShipTos(brain.importing('places.csv'), file);
    expect(first).toMatchObject({ rows: 4, created: 1, updated: 0, unchanged: 0, healed: { holds: 1, orders: [1] } });
    expect(first.refused.map(({ row, field }) => [row, field])).toEqual([
      [3, 'partner'],
      [4, 'code'],
      [4, 'name'],
      [5, 'code'],
    ]);
    expect(await importShipTos(brain.importing('places.csv'), file)).toMatchObject({ created: 0, unchanged: 1, healed: { holds: 0 } });
    const sent = await brain.run();
    const work = sent.find(({ kind }) => kind === 'warehouse-order')!;
    expect(Buffer.from(work.bytes).toString('latin1')).toContain('1 New Road');
  });

  test('one imported place makes every other code of the partner unknown; the partner file stays first', async () => {
    const brain = await openBrain((partner) => (partner.id === 'acme' ? { ...partner, shipTos: undefined } : partner));
    await importShipTos(brain.importing('places.csv'), csv('partner,code,name', 'acme,7777,Elsewhere'));
    await brain.drop('acme', 'acme/happy-path/in.edi');
    expect(await brain.db.read((tx) => openHolds(tx, 1))).toMatchObject([{ code: 'SHIP_TO_UNKNOWN', value: '0042' }]);
    const listed = await openBrain();
    await importShipTos(listed.importing('places.csv'), csv('partner,code,name', 'acme,0042,Wrong Place'));
    const sent = await listed.drop('acme', 'acme/happy-path/in.edi');
    expect(sent.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('')).not.toContain('Wrong Place');
  });
});

test('prices: created, changed, unchanged, and refused for what is not known', async () => {
  const brain = await openBrain();
  const file = csv(
    'sku,unit,price,partner',
    'HL-MUG-01,EA,5.95,acme',
    'HL-MUG-01,EA,6.50,',
    'HL-NONE,EA,1,',
    'HL-MUG-01,XX,1,',
    'HL-MUG-02,EA,-1,',
    'HL-MUG-02,EA,1,nobody',
  );
  const first = await importPrices(brain.importing('prices.csv'), file);
  expect(first).toMatchObject({ rows: 6, created: 1, updated: 1, unchanged: 0 });
  expect(first.refused.map(({ row, field }) => [row, field])).toEqual([
    [4, 'sku'],
    [5, 'unit'],
    [6, 'price'],
    [7, 'partner'],
  ]);
  expect(await importPrices(brain.importing('prices.csv'), file)).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
});

test('stock alerts: oversold, below safety, to be ordered again, and a location that is silent', async () => {
  const brain = await openBrain();
  const alerts = (days = 7) => brain.db.read((tx) => stockAlerts(tx, brain.config, brain.now(), days));
  expect(await alerts()).toEqual([]);
  await brain.drop('acme', 'acme/over-shipment/in.1.edi');
  await importStock(
    brain.importing('stock.csv'),
    csv('sku,location,on_hand,safety,reorder_point', 'HL-MUG-01,NW,40,0,', 'HL-MUG-02,NW,10,12,', 'HL-MUG-02,HB,90,0,100', 'HL-BWL-01,NW,60,0,x'),
  );
  expect((await alerts()).map(({ code, sku, location, detail }) => [code, sku, location, detail])).toEqual([
    ['OVERSOLD', 'HL-MUG-01', 'NW', '48 promised, 40 there'],
    ['REORDER', 'HL-MUG-02', 'HB', '90 left, to be ordered again below 100'],
    ['BELOW_SAFETY', 'HL-MUG-02', 'NW', '10 left, the safety stock is 12'],
  ]);
  brain.advance(8 * DAY);
  expect((await alerts()).slice(3)).toEqual([
    { code: 'FEED_STALE', sku: undefined, location: 'HB', detail: 'has said nothing of its stock for 8 days' },
    { code: 'FEED_STALE', sku: undefined, location: 'NW', detail: 'has said nothing of its stock for 8 days' },
    { code: 'FEED_STALE', sku: undefined, location: 'PINE', detail: 'has said nothing of its stock for 8 days' },
  ]);
  expect(await alerts(9)).toHaveLength(3);
});

describe('open orders', () => {
  const file = csv(
    'partner,po_number,line,item,quantity,unit,price,ship_to,cancel_after,answered,item_qualifier',
    'acme,4500099001,1,HL-MUG-01,24,EA,6.25,0042,2026-03-20,,',
    'acme,4500099001,2,1008,2,CA,107.40,0042,2026-03-20,,BP',
    'acme,4500099002,1,HL-MUG-01,12,EA,6.25,0042,,no,',
    'acme,4500099003,1,HL-MUG-01,0,EA,6.25,0042,,,',
    'acme,4500099003,2,HL-MUG-02,12,EA,6.25,0042,,,',
    'acme,4500099004,1,HL-MUG-01,12,EA,6.25,0042,soon,,',
  );

  test('are shipped as if they had just come; only who is not answered yet gets an answer; the same again is a duplicate', async () => {
    const brain = await openBrain();
    const report = await importOrders(brain.importing('orders.csv'), file);
    expect(report).toMatchObject({ rows: 6, orders: 2 });
    expect(report.refused.map(({ row, field }) => [row, field])).toEqual([
      [5, 'quantity'],
      [7, 'po_number'],
    ]);
    const sent = await brain.run();
    expect(sent.map(({ partner, kind }) => `${partner} ${kind}`).toSorted()).toEqual([
      'acme order-response',
      'harbor warehouse-order',
      'northwind warehouse-order',
      'northwind warehouse-order',
    ]);
    await importOrders(brain.importing('orders.csv'), file);
    expect(await brain.run()).toEqual([]);
    expect(await brain.db.read((tx) => tx.many(`select count(*) as n from {document} where reason = 'DUPLICATE'`))).toMatchObject([{ n: 2 }]);
    expect((await brain.db.read((tx) => balance(tx, brain.config, {}))).differences).toEqual([]);
  });
});
