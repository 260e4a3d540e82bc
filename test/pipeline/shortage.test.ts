import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { balance } from '../../src/pipeline/balance.ts';
import type { RehearsedFile } from '../../src/workbench/rehearse.ts';
import { home } from '../cli/support.ts';
import type { Company } from '../support/company.ts';
import { openCompany, purchaseOrder, shipped } from '../support/company.ts';

const DAY = 86_400_000;
const sample = await readFile(join(home, 'samples', 'northwind', 'adjustment', 'in.2.edi'), 'latin1');

/** A 947 of Northwind that takes so many mugs off. */
function lost(control: number, quantity: number): string {
  return sample
    .replaceAll('506', String(control))
    .replaceAll('A-9001', `A-${control}`)
    .replace('W19*06*20*EA**VN*HL-BWL-01', `W19*07*-${quantity}*EA**VN*HL-MUG-01`)
    .replace(/W19\*07\*-30.*\n/, '')
    .replace(/W19\*05\*100.*\n/, '')
    .replace('SE*7', 'SE*5');
}

const textsOf = (files: readonly RehearsedFile[], kind: string): readonly string[] =>
  files.filter((file) => file.kind === kind).map(({ bytes }) => Buffer.from(bytes).toString());

async function released(changes: Parameters<typeof openCompany>[1] = {}): Promise<Company> {
  const company = await openCompany(['HL-MUG-01,NW,60', 'HL-MUG-01,HB,20'], changes);
  await company.give('acme', purchaseOrder('PO-1', ['PO1*1*60*EA*6.25**VN*HL-MUG-01']));
  await company.run();
  expect(await company.lines('PO-1')).toEqual(['released 60']);
  return company;
}

async function balanced(company: Company): Promise<void> {
  const { differences } = await company.db.read((tx) => balance(tx, company.config, {}));
  expect(differences).toEqual([]);
}

test('stock falls under work that a warehouse has: it is asked to ship less (940 change), and what it leaves out ships from elsewhere', async () => {
  const company = await released();
  await company.give('northwind', lost(801, 8));
  const [change = ''] = textsOf(await company.run(), 'warehouse-order');
  expect(change).toContain('W05*R*W000001-1*PO-1~');
  expect(change).toContain('W01*52*EA**VN*HL-MUG-01');
  // Less still: it is asked for the difference only.
  await company.give('northwind', lost(802, 2));
  const [second = ''] = textsOf(await company.run(), 'warehouse-order');
  expect(second).toContain('W01*50*EA**VN*HL-MUG-01');
  await company.give('northwind', shipped('W000001-1', 'PO-1', [[1, 50, 50, 'HL-MUG-01']]));
  const files = await company.run();
  expect(await company.lines('PO-1')).toEqual(['released 10, shipped 50']);
  expect(files.filter(({ partner, kind }) => partner === 'harbor' && kind === 'warehouse-order')).toHaveLength(1);
  await balanced(company);
});

test('what the warehouse ships all the same was there', async () => {
  const company = await released();
  await company.give('northwind', lost(801, 8));
  await company.run();
  await company.give('northwind', shipped('W000001-1', 'PO-1', [[1, 60, 60, 'HL-MUG-01']]));
  await company.run();
  expect(await company.lines('PO-1')).toEqual(['shipped 60']);
  await balanced(company);
});

test('all of it is gone: the work is to be cancelled; without an answer it stays as it was', async () => {
  const company = await released();
  await company.give('northwind', lost(801, 60));
  expect(textsOf(await company.run(), 'warehouse-order')[0]).toContain('W05*F*W000001-1*PO-1~');
  company.advance(2 * DAY);
  await company.run();
  expect(await company.lines('PO-1')).toEqual(['released 60']);
  const [work] = await company.db.read((tx) => tx.many('select request_state from {fulfilment_order}', []));
  expect(work!['request_state']).toBe('timed-out');
  await balanced(company);
});

test('onShortage: wait leaves the warehouse alone', async () => {
  const company = await released({ 'partners/northwind.yaml': (text) => text.replace('warehouse:\n', 'warehouse:\n  onShortage: wait\n') });
  await company.give('northwind', lost(801, 8));
  expect(textsOf(await company.run(), 'warehouse-order')).toEqual([]);
});

test('onShortage: by-priority asks for work that matters less before it takes from what matters more and nobody works on', async () => {
  const juniper =
    'id: juniper\nname: Juniper\nextends: retailer\nidentities: [{ theirs: ZZ/JUNIPER, groupTheirs: JUNIPER }]\nallocation: { tier: 1, warehouses: [NW] }\n';
  for (const [onShortage, acme, other, asked] of [
    ['ask', ['released 40'], ['backordered 8, allocated 12'], []],
    ['by-priority', ['released 40'], ['allocated 20'], [expect.stringContaining('W01*32*EA**VN*HL-MUG-01')]],
  ] as const) {
    const company = await openCompany(['HL-MUG-01,NW,60'], {
      'partners/acme.yaml': (text) => text.replace(/^allocation:\n(  .*\n)+/m, 'allocation: { tier: 2, warehouses: [NW] }\n'),
      'partners/juniper.yaml': () => juniper,
      'partners/northwind.yaml': (text) => text.replace('warehouse:\n', `warehouse:\n  onShortage: ${onShortage}\n`),
    });
    await company.give('acme', purchaseOrder('PO-1', ['PO1*1*40*EA*6.25**VN*HL-MUG-01']));
    // Not to ship for some weeks: no location is told of it yet.
    const later = purchaseOrder('J-1', ['PO1*1*20*EA***VN*HL-MUG-01'], ['DTM*037*20260323'], { isa: 'JUNIPER', gs: 'JUNIPER', shipTo: '0001' });
    await company.give('juniper', later);
    await company.run();
    expect([await company.lines('PO-1'), await company.lines('J-1')]).toEqual([['released 40'], ['allocated 20']]);
    await company.give('northwind', lost(801, 8));
    expect(textsOf(await company.run(), 'warehouse-order'), onShortage).toEqual(asked);
    expect([await company.lines('PO-1'), await company.lines('J-1')], onShortage).toEqual([acme, other]);
    if (onShortage === 'ask') continue;
    await company.give('northwind', shipped('W000001-1', 'PO-1', [[1, 32, 32, 'HL-MUG-01']]));
    await company.run();
    expect([await company.lines('PO-1'), await company.lines('J-1')]).toEqual([['backordered 8, shipped 32'], ['allocated 20']]);
    await balanced(company);
  }
});
