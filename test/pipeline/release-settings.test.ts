import { expect, test } from 'vitest';
import { formatDecimal, fromColumn } from '../../src/decimal.ts';
import { importCredit } from '../../src/acts/import-credit.ts';
import { importLots } from '../../src/acts/import-lots.ts';
import type { Company } from '../support/company.ts';
import { openCompany, purchaseOrder, shipped } from '../support/company.ts';

const withAcme = (more: string) => ({ 'partners/acme.yaml': (text: string) => `${text}${more}` });
const candles = (poNumber: string, quantity: number): string => purchaseOrder(poNumber, [`PO1*1*${quantity}*EA***BP*1008`]);

/** Work by number: each line with its lot and quantity. */
async function worksOf({ db }: Company): Promise<readonly string[]> {
  const rows = await db.read((tx) =>
    tx.many(
      'select f.number, f.destination, l.sku, l.lot, l.quantity from {fulfilment_order} f join {fulfilment_line} l on l.fulfilment_order_id = f.id order by l.id',
    ),
  );
  return rows.map((row) =>
    [row['number'], row['destination'], row['lot'], formatDecimal(fromColumn(row['quantity']))].filter((part) => part !== null).join(' '),
  );
}

async function openHolds({ db }: Company): Promise<readonly string[]> {
  return (await db.read((tx) => tx.many('select code, detail from {order_hold} where resolved_at is null order by id'))).map(
    (row) => `${String(row['code'])}: ${String(row['detail'])}`,
  );
}

/** Shipped on 2026-03-03 with three days on the way and 60 days of life, goods must be good until 2026-05-05. */
const lots = [
  'sku,location,lot,on_hand,expires,received',
  'HL-CND-01,NW,L1,30,2026-03-20,2026-01-01',
  'HL-CND-01,NW,L2,50,2026-05-06,2026-01-02',
  'HL-CND-01,NW,L3,100,2026-07-01,2026-01-03',
  '',
].join('\n');

test('lots: the first to expire of those that live long enough for the partner (S9)', async () => {
  const strict = await openCompany([], withAcme('lots: { minimumLifeDays: 60, transitDays: 3 }\n'));
  await importLots(strict.importing('lots.csv'), Buffer.from(lots));
  await strict.give('acme', candles('P', 60));
  await strict.run();
  expect(await worksOf(strict)).toEqual(['W000001-1 L2 50', 'W000001-1 L3 10']);
  await strict.give(
    'northwind',
    shipped('W000001-1', 'P', [
      [1, 50, 50, 'HL-CND-01', 'L2'],
      [2, 10, 10, 'HL-CND-01', 'L3'],
    ]),
  );
  await strict.run();
  const left = await strict.db.read((tx) => tx.many('select lot, on_hand, allocated from {lot_stock} order by lot'));
  expect(left.map((row) => [row['lot'], formatDecimal(fromColumn(row['on_hand'])), formatDecimal(fromColumn(row['allocated']))])).toEqual([
    ['L1', '30', '0'],
    ['L2', '0', '0'],
    ['L3', '90', '0'],
  ]);

  const any = await openCompany([], withAcme('lots: { transitDays: 3 }\n'));
  await importLots(any.importing('lots.csv'), Buffer.from(lots));
  await any.give('acme', candles('Q', 40));
  await any.run();
  expect(await worksOf(any)).toEqual(['W000001-1 L1 30', 'W000001-1 L2 10']);

  const single = await openCompany([], withAcme('lots: { minimumLifeDays: 60, transitDays: 3, single: prefer }\n'));
  await importLots(single.importing('lots.csv'), Buffer.from(lots));
  await single.give('acme', candles('P', 60));
  await single.run();
  expect(await worksOf(single)).toEqual(['W000001-1 L3 60']);
});

test('notOlder: nothing that expires before what the partner was sent last, promised or chosen, whatever came since', async () => {
  for (const [notOlder, second, works] of [
    ['true', 'backordered 10, released 60', ['W000001-1 L3 40', 'W000002-1 L3 60']],
    ['false', 'released 70', ['W000001-1 L3 40', 'W000002-1 L1 30', 'W000002-1 L2 40']],
  ] as const) {
    const juniper = () => 'id: juniper\nname: Juniper\nextends: retailer\nidentities: [{ theirs: ZZ/JUNIPER, groupTheirs: JUNIPER }]\n';
    const company = await openCompany([], { ...withAcme(`lots: { notOlder: ${notOlder} }\n`), 'partners/juniper.yaml': juniper });
    await importLots(company.importing('young.csv'), Buffer.from('sku,location,lot,on_hand,expires\nHL-CND-01,NW,L3,100,2026-07-01\n'));
    await company.give('acme', candles('P', 40));
    await company.run();
    await company.give('northwind', shipped('W000001-1', 'P', [[1, 40, 40, 'HL-CND-01']]));
    await company.run();
    expect(await company.lines('P')).toEqual(['shipped 40']);
    await importLots(company.importing('lots.csv'), Buffer.from(lots.replace('L3,100', 'L3,60')));
    await company.give('acme', candles('Q', 70));
    await company.run();
    expect(await company.lines('Q'), notOlder).toEqual([second]);
    expect(await worksOf(company), notOlder).toEqual(works);
    // Others are sent what is older.
    if (notOlder === 'false') continue;
    await company.give('juniper', purchaseOrder('J', ['PO1*1*80*EA***VN*HL-CND-01'], [], { isa: 'JUNIPER', gs: 'JUNIPER', shipTo: '0001' }));
    await company.run();
    expect(await company.lines('J')).toEqual(['released 80']);
  }
});

test('lots that do not live long enough are not promised, and the order has others when they come', async () => {
  const company = await openCompany(['HL-MUG-01,NW,100'], withAcme('lots: { minimumLifeDays: 365 }\n'));
  await importLots(company.importing('lots.csv'), Buffer.from(lots));
  await company.give('acme', purchaseOrder('P', ['PO1*1*20*EA***BP*1008', 'PO1*2*24*EA***BP*1001']));
  await company.run();
  expect(await company.lines('P')).toEqual(['backordered 20', 'released 24']);
  expect(await openHolds(company)).toEqual([]);
  await importLots(company.importing('more.csv'), Buffer.from('sku,location,lot,on_hand,expires\nHL-CND-01,NW,L4,20,2028-01-01\n'));
  await company.run();
  expect(await company.lines('P')).toEqual(['released 20', 'released 24']);
  expect(await worksOf(company)).toEqual(['W000001-1 24', 'W000001-2 L4 20']);
});

test('what is reserved and has no lot yet relies on lots that live long enough: nobody else is promised them', async () => {
  const juniper = 'id: juniper\nname: Juniper\nextends: retailer\nidentities: [{ theirs: ZZ/JUNIPER, groupTheirs: JUNIPER }]\nlots: { minimumLifeDays: 60 }\n';
  const company = await openCompany([], { ...withAcme('lots: { minimumLifeDays: 60 }\n'), 'partners/juniper.yaml': () => juniper });
  await importLots(company.importing('lots.csv'), Buffer.from(lots));
  // Acme's may not ship before the 20th: by then only L3 lives long enough.
  await company.give('acme', purchaseOrder('P', ['PO1*1*90*EA***BP*1008'], ['DTM*037*20260320']));
  await company.run();
  await company.give('juniper', purchaseOrder('J', ['PO1*1*80*EA***VN*HL-CND-01'], [], { isa: 'JUNIPER', gs: 'JUNIPER', shipTo: '0001' }));
  await company.run();
  expect([await company.lines('P'), await company.lines('J')]).toEqual([['allocated 90'], ['backordered 20, released 60']]);
  expect(await worksOf(company)).toEqual(['W000002-1 L2 50', 'W000002-1 L3 10']);
});

test('lots that are gone after they were promised hold the release and nothing else, until there are others', async () => {
  const company = await openCompany([], withAcme('lots: { minimumLifeDays: 60 }\ncredit: hold\n'));
  await importLots(company.importing('lots.csv'), Buffer.from(lots));
  await company.give('acme', candles('P', 100));
  await company.run();
  expect(await company.lines('P')).toEqual(['allocated 100']);
  await importLots(
    company.importing('other.csv'),
    Buffer.from('sku,location,lot,on_hand,expires\nHL-CND-01,NW,L3,20,2026-07-01\nHL-CND-01,NW,L1,100,2026-03-20\n'),
  );
  await importCredit(company.importing('credit.csv'), Buffer.from('partner,status\nacme,ok\n'));
  await company.run();
  expect(await company.lines('P')).toEqual(['allocated 100']);
  expect(await openHolds(company)).toEqual([
    expect.stringMatching(/^LOT_LIFE: NW: lots of HL-CND-01 suffice for 70 of 100: lot L1 expires 2026-03-20, 2026-05-02 is needed/),
  ]);
  await importLots(company.importing('more.csv'), Buffer.from('sku,location,lot,on_hand,expires\nHL-CND-01,NW,L4,30,2028-01-01\n'));
  await company.run();
  expect(await company.lines('P')).toEqual(['released 100']);
  expect(await openHolds(company)).toEqual([]);
});

test('credit: what the feed says comes before the file, and a cancel date ends the waiting', async () => {
  const company = await openCompany(['HL-CND-01,NW,100'], withAcme('credit: hold\n'));
  await company.give('acme', purchaseOrder('P', ['PO1*1*20*EA***BP*1008'], ['DTM*001*20260305']));
  await company.give('acme', candles('Q', 30));
  await company.run();
  expect(await company.lines('P')).toEqual(['allocated 20']);
  expect(await openHolds(company)).toHaveLength(2);
  company.advance(5 * 86_400_000);
  await company.run();
  expect(await company.lines('P')).toEqual(['cancelled 20']);
  await importCredit(company.importing('credit.csv'), Buffer.from('partner,status\nacme,ok\n'));
  await company.run();
  expect(await company.lines('Q')).toEqual(['released 30']);
  expect(await openHolds(company)).toEqual([]);
});

test('routing guide: the first rule that fits names the carrier, unless the order does', async () => {
  const routing = `routing:
  - { states: [WI], scac: FDEG, name: Ground, method: U }
  - { postalCodes: ["604"], minUnits: "100", scac: RDWY, name: Roadway }
  - { from: [NW], freightPayment: [CC], scac: ODFL }
`;
  // Nobody is asked who picks up: what is collect goes by the rule for it.
  const never = (text: string): string => text.replace('routingRequest: { when: collect }', 'routingRequest: { when: never }');
  const company = await openCompany(['HL-CND-01,NW,1000'], { 'partners/acme.yaml': (text) => `${never(text)}${routing}` });
  const carrierOf = async (text: string): Promise<string | undefined> => {
    await company.give('acme', text);
    const told = (await company.run()).find(({ kind }) => kind === 'warehouse-order');
    return /^W66\*.*$/m.exec(Buffer.from(told!.bytes).toString('latin1'))?.[0];
  };
  expect(await carrierOf(candles('A', 120))).toMatch(/\*Roadway\*+RDWY~/);
  expect(await carrierOf(purchaseOrder('B', ['PO1*1*5*EA***BP*1008'], [], { isa: 'ACME', gs: 'ACMESTORES', shipTo: '0149' }))).toMatch(/\*U\*.*\*+FDEG~/);
  expect(await carrierOf(purchaseOrder('C', ['PO1*1*5*EA***BP*1008'], ['FOB*CC']))).toMatch(/^W66\*CC\*.*ODFL~/);
  expect(await carrierOf(candles('D', 5))).toBeUndefined();
  expect(await carrierOf(purchaseOrder('E', ['PO1*1*120*EA***BP*1008'], ['TD5**2*UPSN']))).toMatch(/UPSN~/);
});

test('stores that do not add up to their line stop it, and are not guessed', async () => {
  const company = await openCompany(['HL-CND-01,NW,1000']);
  await company.give('acme', purchaseOrder('A', ['PO1*1*50*EA***BP*1008', 'SDQ*EA*92*0149*20*0150*20']));
  await company.run();
  expect(await company.lines('A')).toEqual(['pending 50']);
  expect(await openHolds(company)).toEqual(['QUANTITY_INVALID: line 1: its stores ask for 40, the line for 50']);
});

test('an order that only says when it may arrive ships as many days before as goods are on their way, also after a change of that day', async () => {
  const company = await openCompany(['HL-MUG-01,NW,100'], withAcme('lots: { transitDays: 3 }\n'));
  const order = (day: string): string => purchaseOrder('P', ['PO1*1*20*EA***VN*HL-MUG-01'], [`DTM*064*${day}`]);
  await company.give('acme', order('20260320'));
  await company.run();
  const dates = async () => {
    const { document } = (await company.db.read((tx) => tx.one('select document from {sales_order}', [])))!;
    const { shipNotBefore, deliverNotBefore } = JSON.parse(String(document));
    return [shipNotBefore, deliverNotBefore];
  };
  expect(await dates()).toEqual(['2026-03-17', '2026-03-20']);
  expect(await company.lines('P')).toEqual(['allocated 20']);
  await company.give('acme', order('20260325').replace('BEG*00', 'BEG*05'));
  await company.run();
  expect(await dates()).toEqual(['2026-03-22', '2026-03-25']);
});

test('an order that only says by when it must arrive ships as many days before, and not at all after that', async () => {
  const company = await openCompany(['HL-MUG-01,NW,20'], withAcme('lots: { transitDays: 3 }\n'));
  await company.give('acme', purchaseOrder('P', ['PO1*1*30*EA***VN*HL-MUG-01'], ['DTM*002*20260310', 'DTM*063*20260312']));
  const [told] = (await company.run()).filter(({ kind }) => kind === 'warehouse-order');
  expect(Buffer.from(told!.bytes).toString('latin1')).toMatch(/^G62\*38\*20260309~$/m);
  expect(await company.lines('P')).toEqual(['backordered 10, released 20']);
  company.advance(8 * 86_400_000);
  await company.run();
  expect(await company.lines('P')).toEqual(['released 20, cancelled 10']);
});

test('an order that only says when it should arrive is asked for as many days before, and is late, not cancelled, after that', async () => {
  const company = await openCompany([], withAcme('lots: { transitDays: 3 }\n'));
  await company.give('acme', purchaseOrder('P', ['PO1*1*30*EA***VN*HL-MUG-01'], ['DTM*002*20260310']));
  await company.run();
  const order = await company.db.read((tx) => tx.one('select document, ship_by from {sales_order}', []));
  expect(JSON.parse(String(order!['document']))).toMatchObject({ requestedShip: '2026-03-07', requestedDelivery: '2026-03-10' });
  expect(order!['ship_by']).toBe('2026-03-07');
  company.advance(20 * 86_400_000);
  await company.run();
  expect(await company.lines('P')).toEqual(['backordered 30']);
});
