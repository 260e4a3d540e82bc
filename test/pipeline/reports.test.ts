import { expect, test } from 'vitest';
import { discard } from '../../src/acts/discard.ts';
import { tell } from '../../src/acts/tell.ts';
import type { RehearsedFile } from '../../src/workbench/rehearse.ts';
import { openCompany, purchaseOrder, shipped } from '../support/company.ts';

const HOUR = 3_600_000;
const withAcme = (more: string) => ({ 'partners/acme.yaml': (text: string) => `${text}${more}acknowledgments: { expectWithin: never }\n` });

/** The segments of one set that begin so. */
function told(files: readonly RehearsedFile[], set: string, ...ids: readonly string[]): readonly (readonly string[])[] {
  return files
    .filter(({ name }) => name.startsWith(`${set}_`))
    .map(({ bytes }) =>
      Buffer.from(bytes)
        .toString('latin1')
        .split(/~\n?/)
        .filter((segment) => ids.includes(segment.split('*')[0]!)),
    );
}

test('open orders are told once a day at the time of the partner, late where the gateway stood still, and not when none is open', async () => {
  const company = await openCompany(['HL-MUG-01,NW,60'], withAcme('orderStatus: { at: "18:00" }\n'));
  // 09:00 in Chicago.
  expect(told(await company.run(), '870', 'BSR')).toEqual([]);
  await company.give('acme', purchaseOrder('PO-R', ['PO1*1*100*EA*6.25**VN*HL-MUG-01']));
  expect(told(await company.run(), '870', 'BSR')).toEqual([]);
  company.advance(9 * HOUR);
  expect(told(await company.run(), '870', 'BSR', 'ISR', 'QTY')).toEqual([
    ['BSR*2*CO*20260302-1800-1*20260302***1800', 'ISR*IN', 'ISR*IN', 'QTY*01*60*EA', 'ISR*BO', 'QTY*01*40*EA'],
  ]);
  company.advance(HOUR);
  expect(told(await company.run(), '870', 'BSR')).toEqual([]);
  // Two evenings later: one report, of the last.
  company.advance(47 * HOUR);
  expect(told(await company.run(), '870', 'BSR')).toEqual([['BSR*2*CO*20260304-1800-1*20260304***1800']]);
  await company.give('northwind', shipped('W000001-1', 'PO-R', [[1, 60, 60, 'HL-MUG-01']]));
  await company.run();
});

test('how an order stands is told after each of its shipments', async () => {
  const company = await openCompany(['HL-MUG-01,NW,60'], withAcme('orderStatus: { when: [shipment] }\n'));
  await company.give('acme', purchaseOrder('PO-S', ['PO1*1*100*EA*6.25**VN*HL-MUG-01']));
  expect(told(await company.run(), '870', 'BSR')).toEqual([]);
  await company.give('northwind', shipped('W000001-1', 'PO-S', [[1, 60, 60, 'HL-MUG-01']]));
  expect(told(await company.run(), '870', 'ISR', 'QTY')).toEqual([['ISR*BP', 'ISR*SH', 'QTY*01*60*EA', 'ISR*BO', 'QTY*01*40*EA']]);
});

test('a change of ours is told by 870 where the partner takes no 865 (L4, L23)', async () => {
  const company = await openCompany([], {
    'partners/acme.yaml': (text) =>
      `${text}orderStatus: { when: [change] }\noutbound:\n  - { mapping: x12/855, file: "855_{control}.edi" }\n  - { mapping: x12/870, file: "870_{control}.edi" }\n`,
  });
  await company.give('acme', purchaseOrder('PO-X', ['PO1*1*10*EA*6.25**VN*HL-MUG-01'], ['CSH*SC', 'DTM*001*20260304']));
  await company.run();
  company.advance(3 * 24 * HOUR);
  const files = await company.run();
  expect(told(files, '870', 'BSR', 'PRF', 'ISR', 'QTY')).toEqual([['BSR*3*PA*C1*20260305***0900', 'PRF*PO-X***20260302', 'ISR*DE', 'ISR*CU', 'QTY*01*10*EA']]);
  expect(told(files, '855', 'BAK')).toEqual([]);
  expect(told(files, '865', 'BCA')).toEqual([]);
});

test('what can be had is told over the locations that may ship to the partner, in the percentage they are told, in whole units', async () => {
  const company = await openCompany(
    ['HL-MUG-01,NW,105', 'HL-MUG-01,HB,10', 'HL-MUG-02,NW,5', 'HL-MUG-02,HB,100'],
    withAcme('stockStatus: { at: "06:00", percent: "50" }\n'),
  );
  await company.run();
  company.advance(24 * HOUR);
  const [report = []] = told(await company.run(), '846', 'LIN', 'QTY');
  const quantityOf = (number: string): string | undefined => report[report.findIndex((segment) => segment.includes(`*BP*${number}*`)) + 1];
  expect([quantityOf('1001'), quantityOf('1002'), quantityOf('1003')]).toEqual(['QTY*33*57*EA', 'QTY*33*52*EA', 'QTY*33*0*EA']);
});

test('somebody asks: one order, all open orders, the stock', async () => {
  const company = await openCompany(['HL-MUG-01,NW,60']);
  const acting = { db: company.db, config: company.config, now: company.context.now(), by: 'ann' };
  expect(await tell(acting, 'acme', { what: 'orders' })).toEqual({ done: false, text: 'acme has no open orders' });
  await company.give('acme', purchaseOrder('PO-A', ['PO1*1*12*EA*6.25**VN*HL-MUG-01']));
  await company.run();
  expect(await tell(acting, 'acme', { what: 'order', poNumber: 'po-a' })).toEqual({ done: true, text: 'acme is told how PO-A stands' });
  expect(await tell(acting, 'acme', { what: 'order', poNumber: 'PO-B' })).toEqual({ done: false, text: 'acme has no order PO-B' });
  expect(await tell(acting, 'northwind', { what: 'orders' })).toEqual({ done: false, text: 'northwind has no outbound mapping for order-status' });
  expect((await tell(acting, 'acme', { what: 'stock' })).done).toBe(true);
  const files = await company.run();
  expect(told(files, '870', 'BSR', 'QTY')).toEqual([[expect.stringMatching(/^BSR\*1\*PA\*/), 'QTY*01*12*EA']]);
  expect(told(files, '846', 'BIA')).toHaveLength(1);
});

test('an order with an item without a number is refused by 824 once; other documents wait for a person, whose word is told', async () => {
  const company = await openCompany(['HL-MUG-01,NW,60']);
  await company.give('acme', purchaseOrder('PO-N', ['PO1*1*5*EA*6.25']));
  expect(told(await company.run(), '824', 'OTI', 'TED')).toEqual([
    [expect.stringMatching(/^OTI\*TR\*TN\*A1\*+\d+\*0001\*850$/), 'TED*007*lines[1].ids is missing'],
  ]);
  await company.give('acme', purchaseOrder('PO-M', ['PO1*1*5*EA*6.25**VN*HL-MUG-01']));
  await company.give('acme', purchaseOrder('PO-M', ['PO1*1*6*EA*6.25**VN*HL-MUG-01']));
  // Another order under a known number: a person decides.
  expect(told(await company.run(), '824', 'OTI')).toEqual([]);
  const acting = { db: company.db, config: company.config, now: company.context.now(), by: 'ann' };
  expect((await discard(acting, { kind: 'document', id: 3 }, 'the first one holds')).done).toBe(true);
  expect(told(await company.run(), '824', 'OTI', 'TED')).toEqual([
    [expect.stringMatching(/^OTI\*TR\*PO\*PO-M\*+\d+\*0001\*850$/), 'TED*DUP*the first one holds'],
  ]);
});

test.each([
  ['decided', 0],
  ['never', 0],
])('advice.when: %s says nothing by itself', async (when, count) => {
  const company = await openCompany([], withAcme(`advice: { when: ${when} }\n`));
  await company.give('acme', purchaseOrder('PO-N', ['PO1*1*5*EA*6.25']));
  expect(told(await company.run(), '824', 'OTI')).toHaveLength(count);
});
