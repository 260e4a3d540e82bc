import { expect, test } from 'vitest';
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
