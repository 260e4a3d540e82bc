import { expect, onTestFinished, test } from 'vitest';
import { importItems } from '../../src/acts/import-items.ts';
import { importPools } from '../../src/acts/import-pools.ts';
import { importStock } from '../../src/acts/import-stock.ts';
import { importSubstitutes } from '../../src/acts/import-substitutes.ts';
import { openRehearsal } from '../../src/workbench/rehearse.ts';
import type { Company } from '../support/company.ts';
import { openCompany, purchaseOrder } from '../support/company.ts';
import { expectConservation } from '../support/conservation.ts';

/** The company with this `allocation` in the file of Acme, and of Juniper, which orders as Acme does here. */
function company(stock: readonly string[], acme: string, juniper = acme): Promise<Company> {
  return openCompany(stock, {
    'partners/acme.yaml': (text) => text.replace(/^allocation:\n(  .*\n)+/m, `allocation: ${acme}\n`),
    'partners/juniper.yaml': () =>
      `id: juniper\nname: Juniper\nextends: retailer\nidentities: [{ theirs: ZZ/JUNIPER, groupTheirs: JUNIPER }]\nallocation: ${juniper}\n`,
  });
}

const order = (poNumber: string, quantity: number, sku = 'HL-BWL-01', ...head: readonly string[]): string =>
  purchaseOrder(poNumber, [`PO1*1*${quantity}*EA***VN*${sku}`], head);
const juniperOrder = (poNumber: string, quantity: number, sku = 'HL-BWL-01'): string =>
  purchaseOrder(poNumber, [`PO1*1*${quantity}*EA***VN*${sku}`], [], { isa: 'JUNIPER', gs: 'JUNIPER', shipTo: '0001' });

test('tier and class: who comes first is served first, whoever asked first', async () => {
  const tiers = await company(['HL-BWL-01,NW,50'], '{ tier: 2 }', '{ tier: 1 }');
  await tiers.give('acme', order('A1', 40));
  await tiers.give('juniper', juniperOrder('J1', 40));
  await tiers.run();
  expect(await tiers.lines('J1')).toEqual(['released 40']);
  expect(await tiers.lines('A1')).toEqual(['backordered 30, released 10']);

  const classes = await company(['HL-BWL-01,NW,50'], '{ tier: 9, class: 1 }', '{ tier: 1, class: 3 }');
  await classes.give('juniper', juniperOrder('J1', 40));
  await classes.give('acme', order('A1', 40));
  await classes.run();
  expect(await classes.lines('A1')).toEqual(['released 40']);
  expect(await classes.lines('J1')).toEqual(['backordered 30, released 10']);
});

test('fair share: what is short is divided in proportion (S2), and only among those who share', async () => {
  const { give, run, lines } = await company(['HL-BWL-01,NW,90'], '{ fairShare: true }');
  await give('acme', order('A1', 80));
  await give('acme', order('A2', 60));
  await give('juniper', juniperOrder('J1', 40));
  await run();
  expect(await lines('A1')).toEqual(['backordered 40, released 40']);
  expect(await lines('A2')).toEqual(['backordered 30, released 30']);
  expect(await lines('J1')).toEqual(['backordered 20, released 20']);
});

test('minimum fill by value (S5): below it nothing ships, above it what there is', async () => {
  const value = (percent: number, below: string): string =>
    `{ completeness: no-backorder, minimumFill: { percent: "${percent}", by: value, below: ${below} } }`;
  // 100 tumblers at 2.00 are there, and 20 of 50 bowls at 10.00: 400 of 700.
  const stock = ['HL-GLS-01,HB,100', 'HL-BWL-01,HB,20'];
  const po = purchaseOrder('A1', ['PO1*1*100*EA*2**VN*HL-GLS-01', 'PO1*2*50*EA*10**VN*HL-BWL-01']);
  const prices = (text: string): string => `${text}prices: { onMismatch: accept }\n`;
  for (const [percent, below, expected] of [
    [80, 'wait', ['pending 100', 'pending 50']],
    [80, 'reject', ['rejected 100', 'rejected 50']],
    [50, 'wait', ['released 100', 'released 20, rejected 30']],
  ] as const) {
    const { give, run, lines } = await openCompany(stock, {
      'partners/acme.yaml': (text) => prices(text.replace(/^allocation:\n(  .*\n)+/m, `allocation: ${value(percent, below)}\n`)),
    });
    await give('acme', po);
    await run();
    expect(await lines('A1'), `${percent} ${below}`).toEqual(expected);
  }
});

test('accumulate: an order that ships complete holds what there is (S4)', async () => {
  for (const [accumulate, first, second] of [
    [true, ['allocated 40', 'backordered 10, allocated 20'], ['backordered 20, released 10']],
    [false, ['backordered 40', 'backordered 30'], ['released 30']],
  ] as const) {
    const { give, run, lines } = await company(['HL-BWL-01,NW,50', 'HL-PLT-01,NW,20'], `{ tier: 1, accumulate: ${accumulate} }`, '{ tier: 2 }');
    await give('acme', purchaseOrder('A1', ['PO1*1*40*EA***VN*HL-BWL-01', 'PO1*2*30*EA***VN*HL-PLT-01'], ['CSH*SC']));
    await give('juniper', juniperOrder('J1', 30));
    await run();
    expect(await lines('A1')).toEqual(first);
    expect(await lines('J1')).toEqual(second);
  }
});

test('accumulate days: what is held for a complete order is given back while others have time for it', async () => {
  const opened = await company(['HL-BWL-01,NW,50'], '{ tier: 1, accumulate: true, accumulateDays: "4" }', '{ tier: 2 }');
  const { give, run, lines } = opened;
  await give('acme', purchaseOrder('A1', ['PO1*1*60*EA***VN*HL-BWL-01'], ['CSH*SC', 'DTM*001*20260312']));
  await give('juniper', juniperOrder('J1', 30));
  await run();
  expect([await lines('A1'), await lines('J1')]).toEqual([['backordered 10, allocated 50'], ['backordered 30']]);
  opened.advance(5 * 86_400_000);
  await run();
  expect([await lines('A1'), await lines('J1')]).toEqual([['backordered 10, allocated 50'], ['backordered 30']]);
  // The 8th has begun in Chicago.
  opened.advance(15 * 3_600_000);
  await run();
  expect([await lines('A1'), await lines('J1')]).toEqual([['backordered 60'], ['released 30']]);
  await expectConservation(opened.db);
  // What is there later is not held again.
  await importStock(opened.importing('more.csv'), Buffer.from('sku,location,on_hand\nHL-BWL-01,NW,75\n'));
  await run();
  expect(await lines('A1')).toEqual(['backordered 60']);
  await importStock(opened.importing('all.csv'), Buffer.from('sku,location,on_hand\nHL-BWL-01,NW,90\n'));
  await run();
  expect(await lines('A1')).toEqual(['released 60']);
});

test('warehouses, shipments and lines: where an order may come from, and in how many parts', async () => {
  const stock = ['HL-MUG-02,NW,30', 'HL-MUG-02,HB,30'];
  for (const [allocation, expected] of [
    ['{}', ['released 50']],
    ['{ maxShipments: 1 }', ['backordered 20, released 30']],
    ['{ splitLines: false }', ['backordered 50']],
    ['{ warehouses: [NW] }', ['backordered 20, released 30']],
  ] as const) {
    const { give, run, lines } = await company(stock, allocation);
    await give('acme', order('A1', 50, 'HL-MUG-02'));
    await run();
    expect(await lines('A1'), allocation).toEqual(expected);
  }
});

test('packs stay whole unless the partner takes loose units (S6b)', async () => {
  for (const [allocation, expected] of [
    ['{}', 'backordered 12'],
    ['{ breakPacks: true }', 'released 12'],
  ] as const) {
    const { give, run, lines, importing } = await company(['HL-MUG-02,NW,9', 'HL-MUG-02,HB,9'], allocation);
    await importItems(importing('items.csv'), Buffer.from('sku,base_unit,pack\nHL-MUG-02,EA,12\n'));
    await give('acme', order('A1', 12, 'HL-MUG-02'));
    await run();
    expect(await lines('A1'), allocation).toEqual([expected]);
  }
});

test('cost: with a small penalty two cheap shipments beat one that is dear, with a great one they do not (S7)', async () => {
  // A shipment costs 60.00 at both; a unit costs 1.00 at Harbor, which has all, and nothing at Northwind, which has one of the two.
  const stock = ['HL-MUG-02,NW,100', 'HL-TWL-01,HB,100', 'HL-MUG-02,HB,100'];
  const two = purchaseOrder('A1', ['PO1*1*100*EA***VN*HL-MUG-02', 'PO1*2*50*EA***VN*HL-TWL-01']);
  for (const [penalty, places] of [
    ['10.00', ['HB', 'NW']],
    ['100.00', ['HB']],
  ] as const) {
    const opened = await openCompany(stock, {
      'partners/acme.yaml': (text) => text.replace(/^allocation:\n(  .*\n)+/m, `allocation: { objective: cost, splitPenalty: "${penalty}" }\n`),
      'partners/harbor.yaml': (text) => text.replace(/^warehouse:\n/m, 'warehouse:\n  unitCost: "1.00"\n'),
    });
    await opened.give('acme', two);
    await opened.run();
    const rows = await opened.db.read((tx) => tx.many('select distinct location from {fulfilment_order} order by location'));
    expect(
      rows.map((row) => row['location']),
      penalty,
    ).toEqual(places);
  }
});

test('substitution: what may stand in does so only where the profile allows it', async () => {
  for (const [allocation, expected] of [
    ['{ substitution: true }', 'released 100'],
    ['{ substitution: false }', 'backordered 60, released 40'],
  ] as const) {
    const { give, run, lines, importing } = await company(['HL-MUG-01,NW,40', 'HL-MUG-02,NW,80'], allocation);
    await importSubstitutes(importing('substitutes.csv'), Buffer.from('sku,substitute\nHL-MUG-01,HL-MUG-02\n'));
    await give('acme', order('A1', 100, 'HL-MUG-01'));
    await run();
    expect(await lines('A1'), allocation).toEqual([expected]);
  }
});

test('zones, capabilities and what a location takes a day: only who may ship does, and tomorrow where today is full', async () => {
  const open = (harbor: string, acme = '{}') =>
    openCompany(['HL-MUG-02,NW,500', 'HL-MUG-02,HB,500'], {
      'partners/acme.yaml': (text) => text.replace(/^allocation:\n(  .*\n)+/m, `allocation: ${acme}\n`),
      'partners/harbor.yaml': (text) => text.replace(/^warehouse:\n/m, `warehouse:\n  ${harbor.split('\n').join('\n  ')}\n`),
    });
  const placesOf = async ({ db }: Company): Promise<readonly unknown[]> =>
    (await db.read((tx) => tx.many('select location from {fulfilment_order} order by id'))).map((row) => row['location']);
  // Acme's 0042 is in Illinois, 0149 in Wisconsin; Northwind comes first unless something says otherwise.
  const madison = purchaseOrder('A2', ['PO1*1*10*EA***VN*HL-MUG-02'], [], { isa: 'ACME', gs: 'ACMESTORES', shipTo: '0149' });
  const near = await open('zones: [{ states: [WI], fixedCost: "5.00" }]\ncapabilities: [cold]', '{ objective: cost }');
  await near.give('acme', order('A1', 10, 'HL-MUG-02'));
  await near.give('acme', madison);
  await near.run();
  expect(await placesOf(near)).toEqual(['NW', 'HB']);

  const cold = await open('capabilities: [cold]', '{ requires: [cold] }');
  await cold.give('acme', order('A1', 10, 'HL-MUG-02'));
  await cold.run();
  expect(await placesOf(cold)).toEqual(['HB']);

  const full = await open('dailyLines: "1"\ndailyUnits: "1000"', '{ warehouses: [HB] }');
  for (const number of [1, 2]) await full.give('acme', order(`A${number}`, 10, 'HL-MUG-02', 'DTM*038*20260303'));
  await full.give('acme', order('A3', 10, 'HL-MUG-02'));
  await full.run();
  expect([...(await full.lines('A1')), ...(await full.lines('A2')), ...(await full.lines('A3'))]).toEqual(['released 10', 'pending 10', 'released 10']);

  // An order that no location may ship is looked at again the next day, when one does.
  const nowhere = await open('zones: [{ countries: [CA] }]', '{ warehouses: [HB] }');
  await nowhere.give('acme', order('A1', 10, 'HL-MUG-02'));
  await nowhere.run();
  expect(await nowhere.lines('A1')).toEqual(['pending 10']);
  const harbor = nowhere.config.partners.get('harbor')!;
  const { zones: _zones, ...everywhere } = harbor.warehouse!;
  const partners = new Map([...nowhere.config.partners, ['harbor', { ...harbor, warehouse: everywhere }] as const]);
  nowhere.advance(86_400_000);
  const changed = await openRehearsal({ ...nowhere.config, partners }, nowhere.settings, nowhere.context.now);
  onTestFinished(() => changed.close());
  await changed.run();
  expect(await nowhere.lines('A1')).toEqual(['released 10']);
});

test('pools: what is kept is for their members, whoever asks first, until they have drawn it or it ends', async () => {
  const opened = await company(['HL-BWL-01,NW,100'], '{ tier: 1 }', '{ tier: 2, pools: [spring] }');
  const { give, run, lines, importing } = opened;
  const pools = (rows: string) => importPools(importing('pools.csv'), Buffer.from(`pool,sku,location,quantity,valid_to\n${rows}\n`));
  expect(await pools('spring,HL-BWL-01,NW,40,2026-03-09\nautumn,HL-BWL-01,NW,40,')).toMatchObject({
    created: 1,
    refused: [{ row: 3, field: 'pool', value: 'autumn', message: 'is named by no partner under allocation.pools; there are spring' }],
  });
  expect(await pools('spring,HL-BWL-01,NW,40,2026-03-09')).toMatchObject({ unchanged: 1, refused: [] });
  await give('acme', order('A1', 80));
  await run();
  expect(await lines('A1')).toEqual(['backordered 20, released 60']);
  // What a member takes comes out of the pool, also in a later allocation.
  await give('juniper', juniperOrder('J1', 30));
  await run();
  await give('acme', order('A2', 5));
  await run();
  expect([await lines('J1'), await lines('A2')]).toEqual([['released 30'], ['backordered 5']]);
  // The same file on a later day is nothing new, and what was drawn stays drawn.
  opened.advance(86_400_000);
  expect(await pools('spring,HL-BWL-01,NW,40,2026-03-09')).toMatchObject({ unchanged: 1 });
  opened.advance(7 * 86_400_000);
  await run();
  expect([await lines('A1'), await lines('A2')]).toEqual([['backordered 10, released 70'], ['backordered 5']]);
});

test('a pool of a later day keeps nothing until then, and what its members take before is not drawn from it', async () => {
  const opened = await company(['HL-BWL-01,NW,100'], '{ tier: 1 }', '{ tier: 2, pools: [spring] }');
  const { give, run, lines, importing } = opened;
  await importPools(importing('pools.csv'), Buffer.from('pool,sku,location,quantity,valid_from\nspring,HL-BWL-01,NW,40,2026-03-05\n'));
  await give('juniper', juniperOrder('J1', 30));
  await give('acme', order('A1', 10));
  await run();
  opened.advance(4 * 86_400_000);
  await give('acme', order('A2', 60));
  await run();
  expect([await lines('J1'), await lines('A1'), await lines('A2')]).toEqual([['released 30'], ['released 10'], ['backordered 40, released 20']]);
});
