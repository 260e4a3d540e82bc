import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue } from '../../src/errors.ts';
import { home } from '../cli/support.ts';
import type { Company } from '../support/company.ts';
import { openCompany, purchaseOrder } from '../support/company.ts';

const DAY = 86_400_000;

/** What keeps an order or its document: each with its code, which has a remedy. Nothing of it may have been tried and failed. */
async function kept({ db }: Company): Promise<readonly string[]> {
  const codes = await db.read(async (tx) => [
    ...(await tx.many(`select code, 'hold' as what from {order_hold} where resolved_at is null order by id`, [])),
    ...(await tx.many(`select reason as code, 'document' as what from {document} where status = 'parked' order by id`, [])),
    ...(await tx.many(`select reason as code, 'rejected' as what from {document} where accepted = 0 order by id`, [])),
  ]);
  for (const { code } of codes) expect(catalogue[code as keyof typeof catalogue]?.remedy, String(code)).toBeTruthy();
  return codes.map(({ what, code }) => `${String(what)} ${String(code)}`);
}

/** What was made of it that must not be: reservations, work for a location. */
async function made({ db }: Company): Promise<number> {
  const rows = await db.read(async (tx) => [
    ...(await tx.many('select id from {allocation}', [])),
    ...(await tx.many('select id from {fulfilment_order}', [])),
  ]);
  return rows.length;
}

test.each([
  ['negative', '-5', 'hold QUANTITY_INVALID'],
  ['zero', '0', 'hold QUANTITY_INVALID'],
  ['below the smallest unit', '0.5', 'hold QUANTITY_INVALID'],
  ['in millionths', '1.000001', 'hold QUANTITY_INVALID'],
  ['more than can be counted', '999999999999', 'hold QUANTITY_INVALID'],
  ['below a millionth', '1.0000001', 'document MAPPING_FAILED'],
  ['beyond all numbers', '1E308', 'document MAPPING_FAILED'],
  ['not a number', 'NaN', 'rejected SET_REJECTED'],
  ['words', 'TWELVE', 'rejected SET_REJECTED'],
])('fault/D9 a quantity that is %s (%s) is kept with a code and a remedy', async (_what, quantity, expected) => {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  await company.give('acme', purchaseOrder('PO-Q', [`PO1*1*${quantity}*EA*6.25**VN*HL-MUG-01`]));
  await company.run();
  expect(await kept(company)).toEqual([expected]);
  expect(await made(company)).toBe(0);
});

test('a quantity that cannot be is refused when the answer is due, and ships when a change says how much', async () => {
  const company = await openCompany(['HL-MUG-01,NW,50', 'HL-MUG-02,NW,50']);
  const lines = (first: string): readonly string[] => [`PO1*1*${first}*EA*6.25**VN*HL-MUG-01`, 'PO1*2*6*EA*6.25**VN*HL-MUG-02'];
  await company.give('acme', purchaseOrder('PO-A', lines('-5')));
  await company.give('acme', purchaseOrder('PO-B', lines('0.5')));
  await company.run();
  await company.give('acme', purchaseOrder('PO-B', lines('5')).replace('BEG*00', 'BEG*05'));
  await company.run();
  expect(await company.lines('PO-B')).toEqual(['released 5', 'released 6']);
  expect(await kept(company)).toEqual(['hold QUANTITY_INVALID']);
  company.advance(DAY);
  const [answer] = (await company.run()).filter(({ kind }) => kind === 'order-response');
  expect(
    Buffer.from(answer!.bytes)
      .toString()
      .match(/ACK\*\w\w/g),
  ).toEqual(['ACK*R3', 'ACK*IA']);
  expect(await company.lines('PO-A')).toEqual(['', 'released 6']);
  expect(await kept(company)).toEqual([]);
});

test.each([
  ['a unit that the item does not have', 'PO1*1*5*PL*6.25**VN*HL-MUG-01', 'UNIT_UNKNOWN'],
  ['an item that nobody knows', 'PO1*1*5*EA*6.25**BP*77777', 'SKU_UNKNOWN'],
  ['a price that is not ours', 'PO1*1*5*EA*1.00**VN*HL-MUG-01', 'PRICE_MISMATCH'],
  ['a price of nothing', 'PO1*1*5*EA*0**VN*HL-MUG-01', 'PRICE_MISMATCH'],
  ['a price below nothing', 'PO1*1*5*EA*-6.25**VN*HL-MUG-01', 'PRICE_MISMATCH'],
])('%s holds its line and lets the others go on; when the answer is due it is refused', async (_what, line, code) => {
  const company = await openCompany(['HL-MUG-01,NW,50', 'HL-MUG-02,NW,50']);
  await company.give('acme', purchaseOrder('PO-L', [line, 'PO1*2*6*EA*6.25**VN*HL-MUG-02']));
  await company.run();
  expect(await kept(company)).toEqual([`hold ${code}`]);
  expect((await company.lines('PO-L'))[1]).toBe('released 6');
  company.advance(DAY);
  const [answer] = (await company.run()).filter(({ kind }) => kind === 'order-response');
  const acks = Buffer.from(answer!.bytes)
    .toString()
    .match(/ACK\*\w\w/g);
  expect(acks).toEqual([code === 'SKU_UNKNOWN' ? 'ACK*R2' : code === 'UNIT_UNKNOWN' ? 'ACK*R3' : 'ACK*IR', 'ACK*IA']);
  expect(await kept(company)).toEqual([]);
});

test('without a price from either side the line is held where the profile says so', async () => {
  const company = await openCompany(['JC-LIP-01,NW,50'], { 'partners/acme.yaml': (text) => `${text}prices: { onMissing: hold }\n` });
  await company.give('acme', purchaseOrder('PO-P', ['PO1*1*5*EA***VN*JC-LIP-01']));
  await company.run();
  expect(await kept(company)).toEqual(['hold PRICE_MISMATCH']);
  expect(await made(company)).toBe(0);
});

test.each([
  ['not before a day after the cancel date', ['DTM*037*20260320', 'DTM*001*20260310']],
  ['not before a day after the last', ['DTM*037*20260320', 'DTM*038*20260319']],
  ['asked for after the cancel date', ['DTM*010*20260320', 'DTM*001*20260310']],
])('an order that is to ship %s is held, until a change mends its dates', async (_what, dates) => {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  await company.give('acme', purchaseOrder('PO-W', ['PO1*1*5*EA*6.25**VN*HL-MUG-01'], dates));
  await company.run();
  expect(await kept(company)).toEqual(['hold DATE_IMPOSSIBLE']);
  expect(await made(company)).toBe(0);
  const change = (text: string): string =>
    text
      .replace(/BEG\*00\*SA\*PO-W/, 'BEG*05*SA*PO-W')
      .replaceAll(/DTM\*(037|038|010)\*\d+/g, 'DTM*$1*20260305')
      .replace(/DTM\*038\*\d+/, 'DTM*038*20260319');
  await company.give('acme', change(purchaseOrder('PO-W', ['PO1*1*5*EA*6.25**VN*HL-MUG-01'], dates)));
  const kinds = (await company.run()).map(({ kind }) => kind);
  expect(kinds).toContain('order-response');
  expect(await kept(company)).toEqual([]);
});

test('an order with impossible dates that nobody mends is refused when its answer is due', async () => {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  await company.give('acme', purchaseOrder('PO-W', ['PO1*1*5*EA*6.25**VN*HL-MUG-01'], ['DTM*037*20260320', 'DTM*001*20260310']));
  await company.run();
  company.advance(DAY);
  const [answer] = (await company.run()).filter(({ kind }) => kind === 'order-response');
  expect(Buffer.from(answer!.bytes).toString()).toMatch(/BAK\*00\*RD\*PO-W/);
  expect(await company.lines('PO-W')).toEqual(['rejected 5']);
});

test('a place and dates that are both wrong are told one after the other', async () => {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  const who = { isa: 'ACME', gs: 'ACMESTORES', shipTo: '0427' };
  await company.give('acme', purchaseOrder('PO-W', ['PO1*1*5*EA*6.25**VN*HL-MUG-01'], ['DTM*037*20260320', 'DTM*001*20260310'], who));
  await company.run();
  expect(await kept(company)).toEqual(['hold SHIP_TO_UNKNOWN']);
});

test.each([
  ['a bell', '\u0007', 'U+0007'],
  ['an escape', '\u001b', 'U+001B'],
])('%s in a note keeps its order, by its place; the other of the file goes on', async (_what, character, told) => {
  const company = await openCompany([]);
  const file = await readFile(join(home, 'samples', 'bluebird', 'two-orders', 'in.csv'), 'latin1');
  await company.give('bluebird', file.replace('Please pack flat', `Please pack${character} flat`));
  await company.run();
  const rows = await company.db.read((tx) => tx.many('select status, reason, detail from {document} order by id', []));
  expect(rows).toMatchObject([
    { status: 'parked', reason: 'DOCUMENT_INVALID', detail: expect.stringContaining(`notes[1]: the character ${told} after "Please pack"`) },
    { status: 'done' },
  ]);
  expect(await company.lines('BB-7001')).toEqual([]);
});

test('a note of several lines is an order like any other', async () => {
  const company = await openCompany([]);
  const file = await readFile(join(home, 'samples', 'bluebird', 'two-orders', 'in.csv'), 'latin1');
  await company.give('bluebird', file.replace('Please pack flat', '"Please\tpack\r\nflat"'));
  await company.run();
  expect(await company.lines('BB-7001')).toHaveLength(2);
});
