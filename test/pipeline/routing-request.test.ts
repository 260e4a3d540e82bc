import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importStock } from '../../src/acts/import-stock.ts';
import type { RehearsedFile } from '../../src/workbench/rehearse.ts';
import { home } from '../cli/support.ts';
import type { Company } from '../support/company.ts';
import { openCompany, purchaseOrder, shipped } from '../support/company.ts';

const DAY = 86_400_000;
const sample = await readFile(join(home, 'samples', 'acme', 'collect', 'in.2.754.edi'), 'latin1');

/** The sample's 754 under another control number, changed as text. */
function instructions(control: number, change: (text: string) => string = (text) => text): string {
  return change(sample).replaceAll('382', String(control)).replaceAll('4500018100', 'PO-C');
}

const collect = (quantity: number): string => purchaseOrder('PO-C', [`PO1*1*${quantity}*EA*6.25**VN*HL-MUG-01`], ['FOB*CC', 'DTM*001*20260327']);
const kinds = (files: readonly RehearsedFile[]): readonly string[] => files.map(({ kind }) => kind).filter((kind) => kind !== 'acknowledgment');
const textOf = (files: readonly RehearsedFile[], kind: string): string => Buffer.from(files.find((file) => file.kind === kind)?.bytes ?? []).toString();

async function parked({ db }: Company, table: string): Promise<readonly string[]> {
  const rows = await db.read((tx) => tx.many(`select reason from {${table}} where status = 'parked' order by id`, []));
  return rows.map((row) => String(row['reason']));
}

async function asked(): Promise<Company> {
  const company = await openCompany(['HL-MUG-01,NW,60']);
  await company.give('acme', collect(100));
  expect(kinds(await company.run()).toSorted()).toEqual(['order-response', 'routing-request']);
  expect(await company.lines('PO-C')).toEqual(['backordered 40, allocated 60']);
  return company;
}

test('freight that we pay is not asked about', async () => {
  const company = await openCompany(['HL-MUG-01,NW,60']);
  await company.give('acme', collect(10).replace('FOB*CC', 'FOB*PP'));
  expect(kinds(await company.run()).toSorted()).toEqual(['order-response', 'warehouse-order']);
});

test('the buyer is asked once, and what ships later is asked about anew', async () => {
  const company = await asked();
  company.advance(DAY);
  expect(kinds(await company.run())).toEqual([]);
  await company.give('acme', instructions(701));
  expect(textOf(await company.run(), 'warehouse-order')).toContain('N9*LO*LD778~');
  await importStock(company.importing('stock.csv'), Buffer.from('sku,location,on_hand\nHL-MUG-01,NW,100\n'));
  const later = await company.run();
  expect(kinds(later)).toEqual(['routing-request']);
  expect(textOf(later, 'routing-request')).toContain('BGN*00*RR1-NW-2*');
  await company.give(
    'acme',
    instructions(702, (text) => text.replace('RR1-NW-1', 'RR1-NW-2').replace('LD778', 'LD779')),
  );
  const files = await company.run();
  expect(textOf(files, 'warehouse-order')).toContain('N9*LO*LD779~');
  expect(textOf(files, 'warehouse-order')).toContain('W76*40~');
});

test.each([
  ['names an order that nobody asked about', (text: string) => text.replace('OID*RR1-NW-1*4500018100', 'OID*RR9*PO-X'), 'ROUTING_UNKNOWN'],
  ['says another carrier when the warehouse was told', (text: string) => text.replace('SNLU', 'RDWY'), 'ROUTING_CONFLICT'],
])('an answer that %s waits for a person', async (_how, change, reason) => {
  const company = await asked();
  await company.give('acme', instructions(701));
  await company.run();
  await company.give('acme', instructions(702, change));
  expect(kinds(await company.run())).toEqual([]);
  expect(await parked(company, 'document')).toEqual([reason]);
});

test('the same answer again changes nothing', async () => {
  const company = await asked();
  await company.give('acme', instructions(701));
  await company.run();
  await company.give('acme', instructions(702));
  expect(kinds(await company.run())).toEqual([]);
  expect(await parked(company, 'document')).toEqual([]);
});

test('goods that left with our own carrier are not told before a person has looked', async () => {
  const company = await asked();
  await company.give('acme', instructions(701));
  await company.run();
  await company.give(
    'northwind',
    shipped('W000001-1', 'PO-C', [[1, 60, 60, 'HL-MUG-01']])
      .replace('LX*1', 'W27*M*RDWY~\nLX*1')
      .replace('SE*9*', 'SE*10*'),
  );
  expect(kinds(await company.run())).toEqual([]);
  expect(await parked(company, 'outbox')).toEqual(['CONVERSATION_BROKEN']);
});

test('when the last day passes without an answer the order is cancelled and its stock is free', async () => {
  const company = await asked();
  company.advance(26 * DAY);
  await company.run();
  expect(await company.lines('PO-C')).toEqual(['cancelled 100']);
  const [stock] = await company.db.read((tx) => tx.many('select allocated from {stock} where sku = ?', ['HL-MUG-01']));
  expect(Number(stock!['allocated'])).toBe(0);
  const open = await company.db.read((tx) => tx.many('select code from {order_hold} where resolved_at is null', []));
  expect(open).toEqual([]);
});
