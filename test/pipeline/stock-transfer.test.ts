import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importInbound } from '../../src/acts/import-inbound.ts';
import { formatDecimal, fromColumn } from '../../src/decimal.ts';
import type { Company } from '../support/company.ts';
import { openCompany } from '../support/company.ts';
import { home } from '../cli/support.ts';

const sample = await readFile(join(home, 'samples', 'juniper', 'goods-announced', 'in.1.943.edi'), 'latin1');

/** The sample's 943 under another control number, changed as text. */
function transfer(control: number, change: (text: string) => string = (text) => text): string {
  return change(sample).replaceAll('431', String(control));
}

async function expected({ db }: Company): Promise<readonly string[]> {
  const rows = await db.read((tx) => tx.many('select * from {inbound_supply} order by reference, sku', []));
  return rows.map((row) => `${String(row['reference'])} ${String(row['sku'])} ${formatDecimal(fromColumn(row['quantity']))} ${String(row['usable_on'])}`);
}

async function parked({ db }: Company): Promise<readonly string[]> {
  const rows = await db.read((tx) => tx.many(`select reason, detail from {document} where status = 'parked' order by id`, []));
  return rows.map((row) => `${String(row['reason'])}: ${String(row['detail'])}`);
}

test.each([
  ['a place that is not ours', (text: string) => text.replace('*91*NW~', '*91*ZZ~'), 'LOCATION_UNKNOWN: JT-500 goes to ZZ, which is no warehouse of ours'],
  ['an item that nobody knows', (text: string) => text.replace('JC-SRM-01', 'JC-XXX'), 'SKU_UNKNOWN: no item goes by JC-XXX'],
  ['a unit without conversion', (text: string) => text.replace('*10*CA*', '*10*PL*'), 'UNIT_UNKNOWN: item JC-SRM-01 has no unit PL'],
  ['less than nothing', (text: string) => text.replace('*10*CA*', '*-1*CA*'), 'QUANTITY_INVALID: JC-SRM-01: -1 CA is no quantity that can come'],
])('goods for %s wait for a person and nothing is promised of them', async (_what, change, says) => {
  const company = await openCompany([]);
  await company.give('juniper', transfer(601, change));
  await company.run();
  expect(await parked(company)).toEqual([says]);
  expect(await expected(company)).toEqual([]);
});

test('the last word under a number counts, and the warehouse is told each time that it is another', async () => {
  const company = await openCompany([]);
  const kinds = async (): Promise<readonly string[]> => (await company.run()).map(({ kind }) => kind);
  await company.give('juniper', transfer(601));
  expect(await kinds()).toEqual(['acknowledgment', 'stock-transfer']);
  await company.give('juniper', transfer(602));
  expect(await kinds()).toEqual(['acknowledgment']);
  await company.give(
    'juniper',
    transfer(603, (text) => text.replace('W04*10*CA**VN*JC-SRM-01', 'W04*7*EA**VN*JC-LIP-01')),
  );
  expect(await kinds()).toEqual(['acknowledgment', 'stock-transfer']);
  expect(await expected(company)).toEqual(['JT-500 JC-LIP-01 7 2026-03-04', 'JT-500 JC-SRM-01 0 2026-03-04']);
});

test('goods that are imported as on their way are told to their warehouse, once', async () => {
  const company = await openCompany([]);
  const file = Buffer.from(
    'reference,sku,location,quantity,arrives\nR-1,HL-MUG-01,NW,40,2026-03-10\nR-1,HL-MUG-02,NW,5,2026-03-10\nR-2,HL-MUG-01,HB,5,2026-03-10\n',
  );
  await importInbound(company.importing('inbound.csv'), file);
  await importInbound(company.importing('inbound.csv'), file);
  const files = (await company.run()).filter(({ kind }) => kind === 'stock-transfer');
  // Harbor takes no 943.
  expect(files.map(({ partner }) => partner)).toEqual(['northwind']);
  expect(Buffer.from(files[0]!.bytes).toString()).toContain('W04*40*EA**VN*HL-MUG-01*UP*614141010103~');
  expect(Buffer.from(files[0]!.bytes).toString()).toContain('W03*45~');
});
