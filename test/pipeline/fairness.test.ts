import { expect, test } from 'vitest';
import { allocate } from '../../src/pipeline/allocate.ts';
import { apply } from '../../src/pipeline/apply.ts';
import { render } from '../../src/pipeline/render.ts';
import { makeTranslate } from '../../src/pipeline/translate.ts';
import { type Company, openCompany, purchaseOrder } from '../support/company.ts';

const juniper = { isa: 'JUNIPER', gs: 'JUNIPER', shipTo: '0001' };

/** An order of Acme as a file of `count` orders in one interchange. */
function manyOrders(count: number): string {
  const text = purchaseOrder('FIRST', ['PO1*1*1*EA***VN*HL-MUG-02']);
  const set = text.slice(text.indexOf('ST*850'), text.indexOf('GE*1'));
  const sets = Array.from({ length: count }, (_, at) => {
    const control = String(at + 1).padStart(4, '0');
    return set
      .replace('ST*850*0001', `ST*850*${control}`)
      .replace(/(SE\*\d+\*)0001/, `$1${control}`)
      .replace('FIRST', `FLOOD${control}`);
  });
  return text.replace(set, () => sets.join('')).replace('GE*1*', `GE*${count}*`);
}

const statusOf = async (company: Company, poNumber: string): Promise<unknown> =>
  (await company.db.read((tx) => tx.one('select status from {document} where business_key = ?', [poNumber])))?.['status'];
const done = async (company: Company): Promise<number> =>
  Number((await company.db.read((tx) => tx.one(`select count(*) as n from {document} where status = 'done'`)))?.['n']);

test('fault/G9 a file of two thousand orders does not keep the one order of another partner waiting', async () => {
  const company = await openCompany(['HL-MUG-02,NW,100000'], {
    'partners/acme.yaml': (text) => `${text}prices: { onMismatch: accept }\n`,
    'partners/juniper.yaml': () => 'id: juniper\nname: Juniper\nextends: retailer\nidentities: [{ theirs: ZZ/JUNIPER, groupTheirs: JUNIPER }]\n',
  });
  await company.give('acme', manyOrders(2000));
  await company.give('juniper', purchaseOrder('SMALL', ['PO1*1*1*EA***VN*HL-MUG-02'], [], juniper));
  const translate = makeTranslate();
  while ((await translate.run(company.context)) > 0) await translate.settle?.();
  for (let turn = 0; turn < 2; turn += 1) await apply.run(company.context);
  expect(await statusOf(company, 'SMALL')).toBe('done');
  expect(await done(company)).toBeLessThan(300);
  // It is answered, too, while most of the flood has not been looked at.
  for (let turn = 0; turn < 3; turn += 1) for (const step of [allocate, render]) await step.run(company.context);
  const answered = await company.db.read((tx) => tx.one(`select status from {outbox} where partner = 'juniper' and kind = 'order-response'`));
  expect(answered?.['status']).toBe('rendered');
});

/** A change of Acme: the one line asks for another quantity. */
function change(poNumber: string, number: number, from: number, to: number): string {
  const text = purchaseOrder(poNumber, []);
  const head = text.slice(0, text.indexOf('ST*850')).replace('GS*PO*', 'GS*PC*');
  const what = to > from ? `QI*${to - from}` : `QD*${from - to}`;
  const set = [
    'ST*860*0001',
    `BCH*04*SA*${poNumber}**${number}*20260302*****20260303`,
    `POC*1*${what.split('*')[0]}*${to}*${what.split('*')[1]}*EA***VN*HL-MUG-02`,
  ];
  const control = /GE\*1\*(\d+)/.exec(text)![1];
  const interchange = /IEA\*1\*(\d+)/.exec(text)![1];
  return [head, [...set, `SE*${set.length + 1}*0001`, `GE*1*${control}`, `IEA*1*${interchange}`].join('~\n'), '~\n'].join('');
}

test('fault/G11 the changes of an order are applied after it and one after the other, in whatever order their files lie', async () => {
  const company = await openCompany(['HL-MUG-02,NW,100000'], { 'partners/acme.yaml': (text) => `${text}prices: { onMismatch: accept }\n` });
  for (let at = 0; at < 12; at += 1) {
    const number = `CHAIN${at}`;
    const order = purchaseOrder(number, ['PO1*1*10*EA***VN*HL-MUG-02']);
    const changes = [change(number, 1, 10, 12), change(number, 2, 12, 15)];
    // Some changes lie before their order.
    for (const text of at % 3 === 0 ? [changes[0]!, order, changes[1]!] : [order, ...changes]) await company.give('acme', text);
  }
  await company.run();
  for (let at = 0; at < 12; at += 1) {
    const units = (await company.lines(`CHAIN${at}`)).join();
    expect(units, `CHAIN${at}`).toMatch(/^(released|allocated) 15$/);
  }
  const applied = await company.db.read((tx) =>
    tx.many(`select o.po_number, c.sequence from {order_change} c join {sales_order} o on o.id = c.order_id order by c.id`),
  );
  for (const [number, list] of Map.groupBy(applied, (row) => row['po_number']))
    expect(
      list.map((row) => String(row['sequence'])),
      String(number),
    ).toEqual(['1', '2']);
});
