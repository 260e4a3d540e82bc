import { expect, test } from 'vitest';
import { importInbound } from '../../src/acts/import-inbound.ts';
import { importStock } from '../../src/acts/import-stock.ts';
import type { RehearsedFile } from '../../src/workbench/rehearse.ts';
import { openCompany, purchaseOrder } from '../support/company.ts';

const segments = (files: readonly RehearsedFile[], kind: string): readonly string[] =>
  files
    .filter((file) => file.kind === kind)
    .flatMap(({ bytes }) => Buffer.from(bytes).toString('latin1').split(/~\n?/))
    .filter((segment) => /^(BAK|BCA|ACK)/.test(segment));
const inbound = (...rows: readonly string[]): Buffer => Buffer.from(`reference,sku,location,quantity,arrives\n${rows.join('\n')}\n`);

test('a promise of a later day is kept while a new order takes what is left (S10)', async () => {
  const company = await openCompany(['HL-BWL-01,NW,0']);
  await importInbound(company.importing('inbound.csv'), inbound('R1,HL-BWL-01,NW,100,2026-03-11'));
  // 60 for the 15th, all at once or nothing.
  await company.give('acme', purchaseOrder('Z', ['PO1*1*60*EA***VN*HL-BWL-01'], ['CSH*SC', 'DTM*037*20260315']));
  expect(segments(await company.run(), 'order-response')).toEqual([expect.stringMatching(/^BAK\*00\*AC/), 'ACK*DR*60*EA*079*20260315']);
  await importStock(company.importing('stock.csv'), Buffer.from('sku,location,on_hand\nHL-BWL-01,NW,20\n'));
  await company.run();
  await company.give('acme', purchaseOrder('N', ['PO1*1*100*EA***VN*HL-BWL-01'], ['CSH*BK', 'DTM*010*20260305', 'DTM*001*20260312']));
  expect(segments(await company.run(), 'order-response')).toEqual([
    expect.stringMatching(/^BAK\*00\*AC/),
    'ACK*IA*20*EA*079*20260305',
    'ACK*IB*40*EA*079*20260311',
    'ACK*IB*40*EA',
  ]);
  expect(await company.lines('Z')).toEqual(['backordered 60']);
});

test('goods that come later than was said, or not at all: the buyer is told, once', async () => {
  const company = await openCompany(['HL-BWL-01,NW,10']);
  await importInbound(company.importing('inbound.csv'), inbound('R1,HL-BWL-01,NW,100,2026-03-11'));
  await company.give('acme', purchaseOrder('P', ['PO1*1*40*EA***VN*HL-BWL-01'], ['CSH*BK']));
  expect(segments(await company.run(), 'order-response')).toContain('ACK*IB*30*EA*079*20260311');

  await importInbound(company.importing('later.csv'), inbound('R1,HL-BWL-01,NW,100,2026-03-18'));
  expect(segments(await company.run(), 'order-change-response')).toContain('ACK*IB*30*EA*079*20260318');
  await importInbound(company.importing('sooner.csv'), inbound('R1,HL-BWL-01,NW,100,2026-03-16'));
  expect(segments(await company.run(), 'order-change-response')).toEqual([]);
  await importInbound(company.importing('never.csv'), inbound('R1,HL-BWL-01,NW,0,2026-03-16'));
  expect(segments(await company.run(), 'order-change-response')).toContain('ACK*IB*30*EA');
  expect(await company.lines('P')).toEqual(['backordered 30, released 10']);
});

test('goods that should be here and are not come tomorrow at the earliest', async () => {
  const company = await openCompany(['HL-BWL-01,NW,0']);
  await importInbound(company.importing('inbound.csv'), inbound('R1,HL-BWL-01,NW,100,2026-02-20'));
  await company.give('acme', purchaseOrder('P', ['PO1*1*40*EA***VN*HL-BWL-01'], ['CSH*BK']));
  expect(segments(await company.run(), 'order-response')).toContain('ACK*IB*40*EA*079*20260303');
});
