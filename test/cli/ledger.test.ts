import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { edit, sample, stockedCompany, wharf, wharfJson, work, write } from './support.ts';

test('what is due, balanced, measured, deducted, coming back and weighed, as text and as data', async () => {
  const folder = await stockedCompany();
  await edit(folder, 'partners/acme.yaml', (text) => `${text}fines: { late856: "3%", lateShipment: "150.00" }\n`);
  for (const [partner, name] of [
    ['acme', 'in.1.edi'],
    ['northwind', 'in.2.northwind.945.edi'],
    ['acme', 'in.3.acme.997.edi'],
    ['acme', 'in.4.acme.820.edi'],
    ['acme', 'in.5.acme.812.edi'],
  ] as const)
    await work(folder, { partner, name, bytes: await sample(`acme/deduction/${name}`) });

  const due = await wharfJson(folder, 'due');
  expect(due.code).toBe(0);
  expect(due.data).toEqual(
    expect.arrayContaining([expect.objectContaining({ clock: 'acknowledgment', partner: 'acme', about: '855 4500014900', late: false })]),
  );
  expect((await wharf(folder, 'due', '--partner', 'northwind')).out).toMatch(/acknowledgment to come +northwind +940 4500014900/);
  expect(await wharf(folder, 'due', '--within', 'soon')).toMatchObject({ code: 2, err: expect.stringMatching(/^USAGE/) });

  expect(await wharf(folder, 'balance')).toMatchObject({ code: 0, out: expect.stringMatching(/48 ordered = 48 shipped \+ 0 open[\s\S]*everything balances/) });
  const balance = await wharfJson(folder, 'balance', '--partner', 'acme');
  expect(balance.data).toMatchObject({ units: { base: '48', invoiced: '48' }, differences: [], repaired: [] });
  expect((await wharfJson(folder, 'balance', '--date', '2001-01-01')).data.files).toEqual({});
  expect(await wharf(folder, 'balance', '--date', '2001-13-01')).toMatchObject({ code: 2 });
  expect((await wharf(folder, 'balance', '--repair-stock')).code).toBe(0);

  const metrics = await wharfJson(folder, 'metrics', '--days', '7');
  expect(metrics.data).toMatchObject({
    orders: 1,
    percent: { touchless: '100.0', unitFill: '100.0', returned: '0.0' },
    deductions: [{ count: 4, amount: '155.00' }],
  });
  expect((await wharf(folder, 'metrics')).out).toMatch(/on time and in full +100\.0 %/);

  expect((await wharf(folder, 'deductions')).out).toMatch(/1 +acme +2026-04-01 +820 +PAY-77001 +72 +I000001-1 +order:1 +25\.00/);
  expect((await wharfJson(folder, 'deductions', '--partner', 'bluebird')).data).toEqual([]);
  expect((await wharf(folder, 'deductions', 'evidence', '1', join(folder, 'dispute'))).out).toMatch(/dispute\.csv\n[\s\S]*-810-to-acme-/);
  expect(await readFile(join(folder, 'dispute', 'dispute.csv'), 'utf8')).toContain('PAY-77001');

  await work(folder, { partner: 'acme', name: 'return.edi', bytes: await sample('acme/return/in.4.acme.180.edi') });
  expect((await wharf(folder, 'returns')).out).toMatch(/R000001-1 +acme 4500014900, their RT-5501: authorised\n +1 HL-MUG-01: 12 requested, 12 authorised/);
  await work(folder, { partner: 'northwind', name: 'back.edi', bytes: await sample('acme/return/in.6.northwind.944.edi') });
  expect(await wharf(folder, 'returns', 'inspect', 'R000001-1', '--line', '1', '--restock', '10')).toMatchObject({
    code: 1,
    out: expect.stringContaining('12 were received and 10'),
  });
  const found = await write(folder, 'found.csv', 'return,line,restock,scrap\nR000001-1,1,10,2\n');
  expect(await wharf(folder, 'returns', 'inspect', found)).toMatchObject({ code: 0, out: 'inspected: R000001-1\n' });
  expect((await wharfJson(folder, 'returns', '--all')).data).toMatchObject([
    { number: 'R000001-1', state: 'credited', lines: [{ restocked: '10', scrapped: '2', amount: '75' }] },
  ]);

  const policy = await write(folder, 'policy.yaml', 'locations: { NW: { fixedCost: "45.00" } }\n');
  expect((await wharf(folder, 'route', '--what-if', policy)).out).toMatch(/cost +60\.00 +45\.00/);
  expect(await wharf(folder, 'route')).toMatchObject({ code: 2 });
  expect((await wharf(folder, 'route', '--policies')).out).toMatch(
    /^[0-9a-f]{12} {2}since \d{4}-\d\d-\d\d {2}tier 1; class 2; what is missing is back-ordered; .*\n$/,
  );
  expect(await wharf(folder, 'stock', 'alerts')).toMatchObject({ code: 0, out: 'nothing to see to\n' });
});
