import { describe, expect, test } from 'vitest';
import { fromEbcdic } from '../../src/formats/x12/text.ts';
import { edit, sample, stockedCompany, wharfJson, work } from '../cli/support.ts';

test('the encoding that a channel names comes before that of the mapping; a letter that the warehouse cannot take is told by its place', async () => {
  const folder = await stockedCompany();
  await edit(folder, 'partners/templates/web-shop.yaml', (text) => text.replace('format: csv }', 'format: csv, encoding: windows-1252 }'));
  const bytes = await sample('bluebird/latin1/in.csv', (text) => text.replace('2026-03-11', '2099-03-11'));
  const sent = await work(folder, { partner: 'bluebird', name: 'orders.csv', bytes });
  expect(sent.map(({ name }) => name)).toEqual(['confirmation_BB-7301_1.csv']);
  const { needs } = (await wharfJson(folder, 'status')).data;
  expect(needs).toMatchObject([
    { partner: 'northwind', code: 'RENDER_FAILED', detail: expect.stringContaining('N102 "Café Bluebird – Montréal" holds é (U+00E9)') },
  ]);
});

describe('X12 goes out in the encoding of its channel, and what that does not have is replaced or refused', () => {
  async function sendNorthwind(encoding: string, onForbidden: string) {
    const folder = await stockedCompany();
    await edit(folder, 'partners/templates/web-shop.yaml', (text) => text.replace('format: csv }', 'format: csv, encoding: windows-1252 }'));
    await edit(folder, 'partners/templates/warehouse.yaml', (text) =>
      text.replace('{partner}/out"', `{partner}/out", encoding: ${encoding}`).replace('x12:', `x12:\n  characters: utf-8\n  onForbidden: ${onForbidden}`),
    );
    const bytes = await sample('bluebird/latin1/in.csv', (text) => text.replace('2026-03-11', '2099-03-11'));
    const sent = await work(folder, { partner: 'bluebird', name: 'orders.csv', bytes });
    const { needs } = (await wharfJson(folder, 'status')).data;
    return { order: sent.find(({ name }) => name.startsWith('940'))?.bytes, needs };
  }

  test.each([
    ['iso-8859-1', 'Caf\xe9 Bluebird - Montr\xe9al'],
    ['windows-1252', 'Caf\xe9 Bluebird \x96 Montr\xe9al'],
    ['utf-8', 'Caf\xc3\xa9 Bluebird \xe2\x80\x93 Montr\xc3\xa9al'],
  ])('%s', async (encoding, name) => {
    const { order, needs } = await sendNorthwind(encoding, 'replace');
    expect(needs).toEqual([]);
    expect(Buffer.from(order!).toString('latin1')).toContain(`*${name}`);
  });

  test('ebcdic', async () => {
    const { order } = await sendNorthwind('ebcdic', 'replace');
    const text = Buffer.from(fromEbcdic(order!)).toString('latin1');
    expect(text).toMatch(/^ISA\*/);
    expect(text).toContain('*Cafe Bluebird - Montreal');
  });

  test('refused', async () => {
    const { order, needs } = await sendNorthwind('iso-8859-1', 'refuse');
    expect(order).toBeUndefined();
    expect(needs).toMatchObject([
      { code: 'RENDER_FAILED', detail: expect.stringContaining('"Café Bluebird – Montréal" holds – (U+2013), which cannot be written') },
    ]);
  });
});

test('CSV goes out in the encoding of its channel', async () => {
  const folder = await stockedCompany();
  await edit(folder, 'partners/templates/web-shop.yaml', (text) => text.replace('{partner}/out"', '{partner}/out", encoding: utf-16le'));
  const bytes = await sample('bluebird/two-orders/in.csv', (text) => text.replaceAll('2026-03', '2099-03'));
  const sent = await work(folder, { partner: 'bluebird', name: 'orders.csv', bytes });
  const confirmation = sent.find(({ name }) => name.startsWith('confirmation'));
  expect(new TextDecoder('utf-16le', { fatal: true }).decode(confirmation!.bytes)).toContain('order_no,line,item');
});
