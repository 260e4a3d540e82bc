import { expect, test } from 'vitest';
import { formatDecimal, fromColumn } from '../../src/decimal.ts';
import type { RehearsedFile } from '../../src/workbench/rehearse.ts';
import type { Brain } from '../support/brain.ts';
import { openBrain } from '../support/brain.ts';
import { expectConservation } from '../support/conservation.ts';
import { adjusted, change, counted, order, received, shipped } from '../support/x12-text.ts';

/** The numbers of the worked examples S11 and S12, from files of partners to the documents that answer them. */

const BOWL = 'HL-BWL-01';
const drop = (brain: Brain, partner: string, text: string) => brain.drop(partner, 'acme/happy-path/in.edi', () => text);
const textOf = (files: readonly RehearsedFile[], kind: string): string =>
  files
    .filter((file) => file.kind === kind)
    .map(({ bytes }) => Buffer.from(bytes).toString('latin1'))
    .join('');

async function unitsOf(brain: Brain): Promise<Readonly<Record<string, string>>> {
  const rows = await brain.db.read((tx) => tx.many('select o.partner, l.* from {order_line} l join {sales_order} o on o.id = l.order_id order by l.id'));
  const names = ['pending', 'backordered', 'allocated', 'released', 'shipped', 'cancelled', 'rejected'];
  const shown = (row: (typeof rows)[number]): string =>
    names.flatMap((name) => (fromColumn(row[name]) > 0n ? [`${name} ${formatDecimal(fromColumn(row[name]))}`] : [])).join(', ');
  return Object.fromEntries(rows.map((row) => [String(row['partner']), shown(row)]));
}

test.each([
  ['grants', 30n, 70, 'AD'],
  ['refuses', 36n, 76, 'AC'],
])('S11: 100 ordered, 40 shipped, 36 released and 24 allocated become 70; the warehouse %s', async (_says, last, final, verdict) => {
  const brain = await openBrain();
  await drop(brain, 'northwind', counted('C1', '0600', [[BOWL, 76]], 'partial'));
  await drop(brain, 'acme', order('P1', [{ quantity: 100, item: '1003' }], ['CSH*BK']));
  await drop(brain, 'northwind', shipped('W000001-1', 'P1', 'B1', [['1', BOWL, 40n, 'PR']]));
  // Nothing more may leave for now, so that what comes stays allocated.
  await drop(
    brain,
    'acme',
    change('P1', [], { sequence: '1' })
      .replace(/(BCH[^~]*~\n)/, '$1DTM*037*20260320~\n')
      .replace('SE*3*', 'SE*4*'),
  );
  await drop(brain, 'northwind', received('R1', [[BOWL, 24]]));
  expect(await unitsOf(brain)).toEqual({ acme: 'allocated 24, released 36, shipped 40' });

  const asked = await drop(brain, 'acme', change('P1', ['POC*1*QD*70*30*EA'], { sequence: '2' }));
  expect(textOf(asked, 'warehouse-order')).toMatch(/W05\*R\*W000001-1[\s\S]*W01\*70\*EA/);
  expect(textOf(asked, 'order-change-response')).toBe('');
  expect(await unitsOf(brain)).toEqual({ acme: 'released 36, shipped 40' });
  const answered = await drop(brain, 'northwind', shipped('W000001-1', 'P1', 'B2', [['1', BOWL, last, 'CL']]));
  expect(textOf(answered, 'order-change-response')).toMatch(
    new RegExp(`BCA\\*00\\*${verdict}\\*[\\s\\S]*POC\\*1\\*QD\\*${final}\\*0\\*EA[\\s\\S]*ACK\\*IA\\*${final}\\*EA`),
  );
  expect(await unitsOf(brain)).toEqual({ acme: `shipped ${final}` });
  await expectConservation(brain.db);
});

test('S12: 30 of 100 are lost under 90 promised: of those nobody works on, the lowest tier gives way', async () => {
  const tiers: Readonly<Record<string, number>> = { acme: 1, bluebird: 2, cedar: 3 };
  const brain = await openBrain((partner) => ({ ...partner, allocation: { ...partner.allocation, tier: tiers[partner.id] ?? 2, completeness: 'backorder' } }));
  await drop(brain, 'northwind', counted('C1', '0600', [[BOWL, 100]], 'partial'));
  await drop(brain, 'acme', order('P1', [{ quantity: 50, item: '1003' }], ['DTM*037*20260320']));
  const csv = 'order_no,order_date,ship_to_code,ship_to_name,ship_to_address,ship_to_city,ship_to_state,ship_to_zip,ship_not_before,item,quantity,unit,price\n';
  await brain.drop(
    'bluebird',
    'bluebird/two-orders/in.csv',
    () => `${csv}B1,2026-03-02,S1,Seattle,410 Pike,Seattle,WA,98101,2026-03-20,BB-BWL-01,25,EA,7.50\n`,
  );
  await brain.drop('cedar', 'cedar/order/in.xml', (text) =>
    text
      .replace(/<Line no="20">[\s\S]*?<\/Line>/, '')
      .replace('CED-502" upc="614141010202', 'CED-503" upc="614141010301')
      .replace('>36<', '>15<')
      .replace('>6.25<', '>7.50<'),
  );
  expect(await unitsOf(brain)).toEqual({ acme: 'allocated 50', bluebird: 'allocated 25', cedar: 'released 15' });

  await drop(brain, 'northwind', adjusted('A1', [[BOWL, -30, 'AA']]));
  expect(await unitsOf(brain)).toEqual({ acme: 'allocated 50', bluebird: 'backordered 20, allocated 5', cedar: 'released 15' });
  const row = await brain.db.read((tx) => tx.one('select on_hand, allocated from {stock} where sku = ? and location = ?', [BOWL, 'NW']));
  expect([formatDecimal(fromColumn(row!['on_hand'])), formatDecimal(fromColumn(row!['allocated']))]).toEqual(['70', '70']);
  await expectConservation(brain.db);
});
