import { expect, test } from 'vitest';
import type { RehearsedFile } from '../../src/workbench/rehearse.ts';
import type { Company } from '../support/company.ts';
import { openCompany, purchaseOrder, shipped } from '../support/company.ts';

/** A partner who names documents, work or orders of another: nothing of theirs may move. */

const line = ['PO1*1*5*EA*6.25**VN*HL-MUG-01'];
const DAY = 86_400_000;
let control = 8000;

/** An interchange of a partner of the sample company with one set. */
function from(sender: string, type: string, set: string, segments: readonly string[]): string {
  const number = String(++control);
  return [
    `ISA*00*          *00*          *ZZ*${sender.padEnd(15)}*ZZ*HARBORLANE     *260302*0915*U*00401*${number.padStart(9, '0')}*0*P*>`,
    `GS*${type}*${sender === 'ACME' ? 'ACMESTORES' : sender}*HARBORLANE*20260302*0915*${number}*X*004010`,
    `ST*${set}*0001`,
    ...segments,
    `SE*${segments.length + 2}*0001`,
    `GE*1*${number}`,
    `IEA*1*${number.padStart(9, '0')}`,
    '',
  ].join('~\n');
}

/** The last document: what became of it. */
async function last({ db }: Company): Promise<string> {
  const row = await db.read((tx) => tx.one(`select partner, status, reason, order_id from {document} order by id desc ${tx.limit(1)}`));
  return `${String(row!['partner'])} ${String(row!['status'])} ${String(row!['reason'])} ${String(row!['order_id'])}`;
}

/** Everything that is known of orders, work, stock and what was sent. */
async function books({ db }: Company): Promise<unknown> {
  const tables = [
    'sales_order',
    'order_line',
    'order_hold',
    'order_change',
    'allocation',
    'fulfilment_order',
    'fulfilment_line',
    'shipment',
    'stock',
    'outbox',
  ];
  return db.read((tx) => Promise.all(tables.map(async (table) => tx.many(`select * from {${table}} order by 1`, []))));
}

async function ordered(): Promise<{ readonly company: Company; readonly sent: readonly RehearsedFile[]; readonly work: string }> {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  await company.give('acme', purchaseOrder('PO-J2', line));
  const sent = await company.run();
  const work = await company.db.read((tx) => tx.one('select number from {fulfilment_order}', []));
  return { company, sent, work: String(work!['number']) };
}

const groupOf = (sent: readonly RehearsedFile[], kind: string): string =>
  /^GS(?:\*[^*]*){5}\*(\d+)/m.exec(
    Buffer.from(sent.find((file) => file.kind === kind)!.bytes)
      .toString()
      .replaceAll(/~\r?\n?/g, '\n'),
  )![1]!;

test.each(['R', 'A'])('fault/J2 a 997 (%s) of a vendor for the group number of an answer to Acme says nothing about it', async (verdict) => {
  const { company, sent } = await ordered();
  const group = groupOf(sent, 'order-response');
  const before = await books(company);
  const words = (sets: string): readonly string[] => [`AK1*PR*${group}`, 'AK2*855*0001', `AK5*${verdict}`, `AK9*${verdict}*${sets}`];
  await company.give('pinecrest', from('PINECREST', 'FA', '997', words(verdict === 'A' ? '1*1*1' : '1*1*0')));
  expect(await company.run()).toEqual([]);
  expect(await last(company)).toBe('pinecrest parked REFERENCE_UNKNOWN null');
  expect(await books(company)).toEqual(before);
  // Their own is settled by the same words.
  await company.give('acme', from('ACME', 'FA', '997', words(verdict === 'A' ? '1*1*1' : '1*1*0')));
  await company.run();
  expect(await last(company)).toMatch(/^acme done/);
  const row = await company.db.read((tx) => tx.one(`select ack_status from {outbox} where kind = 'order-response'`, []));
  expect(row).toEqual({ ack_status: verdict === 'A' ? 'accepted' : 'rejected' });
});

test('fault/J2 a ship notice and a refusal of a vendor for work of a warehouse book nothing; the warehouse ships it afterwards', async () => {
  const { company, work } = await ordered();
  const before = await books(company);
  await company.give(
    'pinecrest',
    from('PINECREST', 'SH', '856', [
      'BSN*00*FORGED-1*20260302*1200*0001',
      'HL*1**S*1',
      'TD5*B*2*FXFE*M',
      'DTM*011*20260302',
      'HL*2*1*O*1',
      `PRF*${work}`,
      'HL*3*2*I*0',
      'LIN*1*SK*HL-MUG-01',
      'SN1*1*5*EA',
    ]),
  );
  await company.run();
  expect(await last(company)).toBe('pinecrest parked ORDER_UNKNOWN null');
  await company.give('pinecrest', from('PINECREST', 'PR', '855', [`BAK*00*RJ*${work}*20260302`]));
  await company.run();
  expect(await last(company)).toBe('pinecrest parked ORDER_UNKNOWN null');
  // A 997 for each of their files, and nothing else is new.
  const after = (await books(company)) as readonly (readonly { readonly partner?: string }[])[];
  expect(after.map((rows) => rows.filter(({ partner }) => partner !== 'pinecrest'))).toEqual(before);
  await company.give('northwind', shipped(work, 'PO-J2', [[1, 5, 5, 'HL-MUG-01']]));
  await company.run();
  expect(await company.lines('PO-J2')).toEqual(['shipped 5']);
});

test("fault/J2 a change of one customer for another's order finds none", async () => {
  const { company } = await ordered();
  await company.give('magnolia', from('MAGNOLIA', 'PC', '860', ['BCH*01*SA*PO-J2***20260302*****20260302']));
  await company.run();
  expect(await last(company)).toBe('magnolia parked ORDER_UNKNOWN null');
  expect(await company.lines('PO-J2')).toEqual(['released 5']);
});

test('fault/J3 a genuine file a year later: its control number is forgotten, its order is not', async () => {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  const file = purchaseOrder('PO-J3', line);
  await company.give('acme', file);
  await company.run();
  company.advance(366 * DAY);
  await company.run();
  const before = await company.lines('PO-J3');
  await company.give('acme', file);
  const sent = await company.run();
  expect(sent.map(({ kind }) => kind)).toEqual(['acknowledgment']);
  expect(await last(company)).toMatch(/^acme done DUPLICATE \d+$/);
  expect(await company.lines('PO-J3')).toEqual(before);
  // With more in it and a number of its own, it is held for a person.
  await company.give('acme', purchaseOrder('PO-J3', ['PO1*1*50*EA*6.25**VN*HL-MUG-01']));
  await company.run();
  expect(await last(company)).toMatch(/^acme parked ORDER_CONFLICT \d+$/);
  const [orders] = await company.db.read((tx) => tx.many('select count(*) as n from {sales_order}', []));
  expect(orders).toEqual({ n: 1 });
  expect(await company.lines('PO-J3')).toEqual(before);
});

test.each([
  ['the receiver of the interchange', (text: string) => text.replace('ZZ*HARBORLANE     ', 'ZZ*OTHERCOMPANY   ')],
  ['its qualifier', (text: string) => text.replace('ZZ*HARBORLANE     ', '01*HARBORLANE     ')],
])('fault/J4 %s is not ours: it is kept for a person and gets no answer', async (_what, change) => {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  await company.give('acme', change(purchaseOrder('PO-J4', line)));
  expect(await company.run()).toEqual([]);
  const row = await company.db.read((tx) => tx.one('select status, reason, detail from {inbound_file}', []));
  expect(row).toMatchObject({ status: 'parked', reason: 'RECEIVER_NOT_OURS' });
  expect(String(row!['detail'])).toMatch(/is from ZZ\/ACME to (ZZ\/OTHERCOMPANY|01\/HARBORLANE)/);
  expect(await company.db.read((tx) => tx.many('select id from {document}', []))).toEqual([]);
});
