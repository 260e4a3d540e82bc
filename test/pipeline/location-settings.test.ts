import { expect, test } from 'vitest';
import type { Company } from '../support/company.ts';
import { openCompany, purchaseOrder, shipped } from '../support/company.ts';

const HOUR = 3_600_000;
const mugs = (poNumber: string, quantity: number, ...head: readonly string[]): string => purchaseOrder(poNumber, [`PO1*1*${quantity}*EA***VN*HL-MUG-01`], head);

/** The company with more in the file of Acme, and in the section of the location that ships. */
function company(stock: readonly string[], files: Readonly<Record<string, string>>): Promise<Company> {
  const changes = Object.entries(files).map(([name, more]): [string, (text: string) => string] => [
    `partners/${name}.yaml`,
    (text) => (name === 'acme' ? `${text}${more}` : text.replace(/^(warehouse|vendor):\n/m, `$1:\n  ${more}\n`)),
  ]);
  return openCompany(stock, Object.fromEntries(changes));
}

test('routing.maxUnits: a rule is for orders up to so many units, the next for those above', async () => {
  const opened = await company(['HL-MUG-01,NW,500'], { acme: 'routing: [{ maxUnits: 100, scac: UPSN }, { scac: RDWY }]\n' });
  const carriers = [];
  for (const quantity of [99, 100, 101]) {
    await opened.give('acme', mugs(`PO${quantity}`, quantity));
    const told = (await opened.run()).find(({ kind }) => kind === 'warehouse-order');
    carriers.push(/^W66\*.*\*(\w{4})~$/m.exec(Buffer.from(told!.bytes).toString('latin1'))?.[1]);
  }
  expect(carriers).toEqual(['UPSN', 'UPSN', 'RDWY']);
});

test.each([
  ['true', 'released 4'],
  ['false', 'backordered 4'],
])('vendor.dropShip: %s', async (dropShip, expected) => {
  const opened = await company(['HL-STL-01,PINE,40'], { pinecrest: `dropShip: ${dropShip}` });
  await opened.give('acme', purchaseOrder('P', ['PO1*1*4*EA*89**BP*1011']));
  await opened.run();
  expect(await opened.lines('P')).toEqual([expected]);
});

test.each([
  ['[]', 'shipped 12'],
  ['[CP]', 'released 8, shipped 12'],
])('warehouse.moreComes: %s', async (moreComes, expected) => {
  const opened = await company(['HL-MUG-01,NW,20'], { northwind: `moreComes: ${moreComes}` });
  await opened.give('acme', mugs('P', 20));
  await opened.run();
  await opened.give('northwind', shipped('W000001-1', 'P', [[1, 20, 12, 'HL-MUG-01']]));
  await opened.run();
  const [line] = await opened.lines('P');
  expect(line).toContain(expected);
  expect(line!.includes('released')).toBe(expected.includes('released'));
});

test('warehouse.answersWithin: a location that does not answer in time will ship', async () => {
  const opened = await company(['HL-MUG-01,NW,20'], { northwind: 'answersWithin: 6h', acme: 'acknowledgments: { expectWithin: never }\n' });
  await opened.give('acme', mugs('P', 20));
  await opened.run();
  await opened.give('acme', mugs('P', 20).replace('BEG*00', 'BEG*01'));
  const answers = async () => (await opened.run()).filter(({ kind }) => kind === 'order-change-response').length;
  expect(await answers()).toBe(0);
  opened.advance(6 * HOUR - 60_000);
  expect(await answers()).toBe(0);
  opened.advance(2 * 60_000);
  expect(await answers()).toBe(1);
  expect(await opened.lines('P')).toEqual(['released 20']);
});

test.each([
  ['dailyOrders: 2', ['released 10', 'released 10', 'backordered 10']],
  ['dailyUnits: "10"', ['released 10', 'backordered 10', 'backordered 10']],
  ['dailyUnits: "15"', ['released 10', 'released 10', 'backordered 10']],
])('warehouse.%s: the rest of what must leave by tomorrow waits', async (daily, expected) => {
  const opened = await company(['HL-MUG-01,NW,500'], { northwind: daily });
  for (const number of [1, 2, 3]) await opened.give('acme', mugs(`P${number}`, 10, 'DTM*038*20260303'));
  await opened.run();
  expect((await Promise.all([1, 2, 3].map((number) => opened.lines(`P${number}`)))).flat()).toEqual(expected);
});
