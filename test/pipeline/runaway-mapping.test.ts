import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { home } from '../cli/support.ts';
import { openCompany, purchaseOrder } from '../support/company.ts';

/** Looks at every line from every line, and so on: what it costs grows with a power of the lines of a document. */
const nested = (depth: number, innermost: string): string => (depth === 0 ? innermost : `{ each: /PO1, map: { a: ${nested(depth - 1, innermost)} } }`);
const hundred = (letter: string): string => letter.repeat(100);

test.each([
  ['takes steps without end', nested(4, `{ each: /PO1, where: "PO101 = 'none'", from: PO101 }`), 'more steps than a mapping may take'],
  ['makes records without end', nested(4, 'PO101'), 'more output than a mapping may make'],
  ['makes long texts without end', nested(2, `{ const: "${'x'.repeat(90_000)}" }`), 'more output than a mapping may make'],
  [
    'makes a text a hundred times as long, and again',
    `{ each: PO1, from: PID05, replace: { m: ${hundred('x')}, x: ${hundred('y')}, y: ${hundred('z')} } }`,
    'a text longer than replace may make',
  ],
])('fault/I4 a mapping that %s is stopped and told; other orders of its partner and other partners go on', async (_what, rule, told) => {
  const company = await openCompany(['HL-MUG-01,NW,500'], { 'mappings/x12/850.yaml': (text) => `${text.trimEnd()}\n  runaway: ${rule}\n` });
  const lines = Array.from({ length: 60 }, (_, index) => [`PO1*${index + 1}*1*EA*6.25**VN*HL-MUG-01`, `PID*F****${'mug '.repeat(20)}`]);
  await company.give('acme', purchaseOrder('PO-LONG', lines.flat()));
  await company.give('acme', purchaseOrder('PO-SHORT', ['PO1*1*5*EA*6.25**VN*HL-MUG-01']));
  await company.give('bluebird', await readFile(join(home, 'samples', 'bluebird', 'two-orders', 'in.csv'), 'latin1'));
  await company.run();
  const rows = await company.db.read((tx) => tx.many('select partner, status, reason, detail from {document} order by id', []));
  expect(rows[0]).toMatchObject({ partner: 'acme', status: 'parked', reason: 'MAPPING_FAILED' });
  expect(rows[0]!['detail']).toContain(told);
  expect(rows.slice(1).map(({ partner, status }) => `${String(partner)} ${String(status)}`)).toEqual(['acme done', 'bluebird done', 'bluebird done']);
  expect(await company.lines('PO-SHORT')).toEqual(['released 5']);
});
