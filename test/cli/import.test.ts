import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { readAllStock } from '../../src/store/stock.ts';
import { settingsIn } from '../support/database.ts';
import { configOf, home, sampleCompany, stockedCompany, wharf, wharfJson, write } from './support.ts';

async function stockOf(folder: string): Promise<Readonly<Record<string, bigint>>> {
  const db = await openDatabase(await settingsIn(configOf(folder)));
  try {
    return Object.fromEntries((await db.read((tx) => readAllStock(tx))).map(({ sku, location, onHand }) => [`${sku} ${location}`, onHand]));
  } finally {
    await db.close();
  }
}

test('items and stock are imported, and importing them again changes nothing', async () => {
  const folder = await sampleCompany();
  const items = join(home, 'samples', 'master', 'items.csv');
  const count = (await readFile(items, 'utf8')).trim().split('\n').length - 1;
  expect(await wharfJson(folder, 'items', 'import', items)).toMatchObject({ code: 0, data: { rows: count, created: count, updated: 0, refused: [] } });
  expect(await wharfJson(folder, 'items', 'import', items)).toMatchObject({ code: 0, data: { created: 0, updated: count, refused: [] } });
  const stock = join(home, 'samples', 'master', 'stock.csv');
  expect((await wharfJson(folder, 'stock', 'import', stock)).data).toMatchObject({ unchanged: 0, refused: [] });
  const before = await stockOf(folder);
  expect((await wharfJson(folder, 'stock', 'import', stock)).data).toMatchObject({ changed: 0, refused: [] });
  expect(await stockOf(folder)).toEqual(before);
});

test('each refused row is told with line, field, value and code, and the rest is taken: exit 1', async () => {
  const folder = await stockedCompany();
  const file = await write(
    folder,
    'stock.csv',
    'sku,location,on_hand,safety,colour\nHL-MUG-01,NW,7,0,red\nHL-NOPE,NW,1,0,\nHL-MUG-02,MOON,1,0,\nHL-MUG-02,NW,-1,x,\nHL-MUG-02,NW\n"HL,MUG-01",NW,1,0,\nHL-MUG-01,NW,8,0,\n',
  );
  const { code, data } = await wharfJson(folder, 'stock', 'import', file);
  expect(code).toBe(1);
  expect(data).toMatchObject({ rows: 7, changed: 1, ignoredColumns: ['colour'] });
  expect(data.refused).toEqual([
    { row: 3, field: 'sku', value: 'HL-NOPE', code: 'IMPORT_ROW', message: expect.any(String) },
    { row: 4, field: 'location', value: 'MOON', code: 'IMPORT_ROW', message: expect.stringContaining('HB, NW') },
    { row: 5, field: 'on_hand', value: '-1', code: 'IMPORT_ROW', message: expect.any(String) },
    { row: 5, field: 'safety', value: 'x', code: 'IMPORT_ROW', message: expect.any(String) },
    { row: 6, value: '', code: 'IMPORT_ROW', message: expect.stringContaining('2 columns, not 5') },
    { row: 7, field: 'sku', value: 'HL,MUG-01', code: 'IMPORT_ROW', message: expect.any(String) },
    { row: 8, field: 'sku', value: 'HL-MUG-01', code: 'IMPORT_ROW', message: expect.stringContaining('twice') },
  ]);
  expect((await stockOf(folder))['HL-MUG-01 NW']).toBe(7_000_000n);
  expect((await wharf(folder, 'stock', 'import', file)).out).toMatch(/stock\.csv:3: IMPORT_ROW: sku "HL-NOPE" .*\n/);
});

test('a wrong item row names every wrong field, and an identifier of another item is not taken over', async () => {
  const folder = await stockedCompany();
  const file = await write(
    folder,
    'items.csv',
    [
      'sku,base_unit,pack,price,case_unit,case_quantity,gtin,references,prices',
      'NEW-1,EA,0,free,CA,,614141010104,nobody:BP=1;nonsense,acme:EA=1.00;acme',
      'HL-MUG-02,CS,,,,,,,',
      'NEW-2,EA,,,,,614141010103,,',
      'NEW-3,EA,1,2.50,CA,10,,acme:BP=777,pinecrest:EA=1.10',
    ].join('\n'),
  );
  const { code, data } = await wharfJson(folder, 'items', 'import', file);
  expect(code).toBe(1);
  expect(data).toMatchObject({ rows: 4, created: 1, updated: 0 });
  const told = data.refused.map(({ row, field }: { row: number; field: string }) => `${row} ${field}`);
  expect(told).toEqual(['2 pack', '2 case_quantity', '2 price', '2 gtin', '2 references', '2 references', '2 prices', '3 base_unit', '4 gtin']);
});

test('a file without its columns, without rows, or not there is not imported: exit 2', async () => {
  const folder = await sampleCompany();
  const header = await write(folder, 'a.csv', 'sku,unit\nX,EA\n');
  expect(await wharf(folder, 'items', 'import', header)).toMatchObject({ code: 2, err: expect.stringMatching(/a\.csv:1: HEADER_INVALID: .*base_unit/) });
  const empty = await write(folder, 'b.csv', '');
  expect(await wharf(folder, 'items', 'import', empty)).toMatchObject({ code: 2, err: expect.stringMatching(/FILE_EMPTY/) });
  expect(await wharf(folder, 'items', 'import', join(folder, 'c.csv'))).toMatchObject({ code: 2, err: expect.stringMatching(/FILE_UNREADABLE/) });
  expect(await wharf(folder, 'items', 'import')).toMatchObject({ code: 2, err: expect.stringMatching(/USAGE/) });
});
