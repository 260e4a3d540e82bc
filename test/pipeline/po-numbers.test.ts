import { expect, test } from 'vitest';
import { openCompany, purchaseOrder } from '../support/company.ts';
import type { Company } from '../support/company.ts';

const line = ['PO1*1*5*EA*6.25**VN*HL-MUG-01'];

async function statuses({ db }: Company): Promise<readonly string[]> {
  const rows = await db.read((tx) => tx.many('select status, reason from {document} order by id', []));
  return rows.map(({ status, reason }) => `${String(status)} ${String(reason ?? '')}`.trim());
}

async function orders({ db }: Company): Promise<readonly string[]> {
  const rows = await db.read((tx) => tx.many('select po_number from {sales_order} order by id', []));
  return rows.map((row) => String(row['po_number']));
}

test('fault/D17 a number in other letters or between blanks is that of the same order; the answer has it as the order did', async () => {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  await company.give('acme', purchaseOrder('po 17a', line));
  const [answer] = (await company.run()).filter(({ kind }) => kind === 'order-response');
  expect(Buffer.from(answer!.bytes).toString()).toContain('*po 17a*');
  for (const number of ['PO 17A', ' po 17a', 'Po 17a  ']) await company.give('acme', purchaseOrder(number, line));
  await company.run();
  expect(await orders(company)).toEqual(['PO 17A']);
  expect(await statuses(company)).toEqual(['done', 'done DUPLICATE', 'done DUPLICATE', 'done DUPLICATE']);
  expect(await company.lines('PO 17A')).toEqual(['released 5']);
});

test('fault/D17 zeros and blanks within a number count: such orders are different', async () => {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  for (const number of ['0017', '17', '00017', '1 7', '1-7']) await company.give('acme', purchaseOrder(number, line));
  await company.run();
  expect((await orders(company)).toSorted()).toEqual(['00017', '0017', '1 7', '1-7', '17']);
  expect(await statuses(company)).toEqual(Array(5).fill('done'));
});

test('fault/D17 a change finds its order by the number in other letters', async () => {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  await company.give('acme', purchaseOrder('po-17b', line));
  await company.run();
  await company.give('acme', purchaseOrder(' PO-17B', ['PO1*1*7*EA*6.25**VN*HL-MUG-01']).replace('BEG*00', 'BEG*05'));
  await company.run();
  expect(await orders(company)).toEqual(['PO-17B']);
  expect(await statuses(company)).toEqual(['done', 'done']);
});

test('fault/D17 a change that came before its order is found by the number in other letters', async () => {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  await company.give('acme', purchaseOrder('PO-17C', ['PO1*1*7*EA*6.25**VN*HL-MUG-01']).replace('BEG*00', 'BEG*05'));
  await company.run();
  await company.give('acme', purchaseOrder('po-17c', line));
  await company.run();
  expect(await orders(company)).toEqual(['PO-17C']);
  expect(await statuses(company)).toEqual(['done', 'done']);
});
