import { expect, test } from 'vitest';
import { decimal } from '../../src/decimal.ts';
import { measure } from '../../src/acts/metrics.ts';
import { evidenceFor } from '../../src/acts/evidence.ts';
import { listDeductions } from '../../src/store/deductions.ts';
import { needsPerson } from '../../src/store/needs.ts';
import { openBrain } from '../support/brain.ts';

test('deductions stand beside the invoice, shipment and order they are about, once; what is short without a word is one too; an 824 rejects', async () => {
  const brain = await openBrain();
  for (const name of ['in.1.edi', 'in.2.northwind.945.edi', 'in.3.acme.997.edi', 'in.4.acme.820.edi', 'in.5.acme.812.edi']) {
    await brain.drop(name.includes('northwind') ? 'northwind' : 'acme', `acme/deduction/${name}`);
  }
  const found = async () =>
    (await brain.db.read((tx) => listDeductions(tx, 0, 'acme', 100)))
      .toReversed()
      .map(({ source, code, amount, orderId, shipmentId, state }) => [source, code, amount, orderId, shipmentId, state]);
  const expected = [
    // 300.00 billed, 270.00 paid, 25.00 explained.
    ['820', '72', decimal('25'), 1, 1, 'matched'],
    ['820', 'SHORT', decimal('5'), 1, 1, 'matched'],
    ['812', '06', decimal('150'), 1, 1, 'matched'],
    ['812', '01', decimal('-25'), undefined, undefined, 'unmatched'],
  ];
  expect(await found()).toEqual(expected);
  await brain.drop('acme', 'acme/deduction/in.4.acme.820.edi', (edi) => edi.replaceAll('000000935', '000000955'));
  expect(await found()).toEqual(expected);
  expect((await measure(brain.db, 0, brain.now())).deductions).toEqual([{ currency: '', count: 4, amount: decimal('155') }]);

  await brain.drop('acme', 'acme/deduction/in.6.acme.824.edi');
  expect(await brain.db.read((tx) => needsPerson(tx, 10))).toMatchObject([
    { code: 'ACK_REJECTED', detail: expect.stringContaining('TOTAL DOES NOT MATCH THE ORDER') },
  ]);
  await brain.drop('acme', 'acme/deduction/in.7.acme.824.edi');
  expect((await brain.db.read((tx) => needsPerson(tx, 10))).map(({ code }) => code).toSorted()).toEqual(['ACK_REJECTED', 'REFERENCE_UNKNOWN']);
});

test('the evidence about a deduction: what came and went in its bytes, and both sides in a sheet', async () => {
  const brain = await openBrain();
  for (const name of ['in.1.edi', 'in.2.northwind.945.edi', 'in.3.acme.997.edi', 'in.5.acme.812.edi']) {
    await brain.drop(name.includes('northwind') ? 'northwind' : 'acme', `acme/deduction/${name}`);
  }
  const files = await evidenceFor(brain.db, 1);
  expect(files.map(({ name }) => name.replace(/-[^-]*$/, '').replace(/^(\d\d-\w+-\w+-\w+).*/, '$1'))).toEqual([
    'dispute.csv',
    '01-850-from-acme',
    '02-945-from-northwind',
    '03-855-to-acme',
    '04-856-to-acme',
    '05-810-to-acme',
    '06-997-from-acme',
    '07-812-from-acme',
  ]);
  const [sheet, order] = files.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
  expect(order).toContain('BEG*00*SA*4500014900');
  expect(sheet!.split('\n')[1]).toMatch(/^acme,DM-4410,2026-04-05,06,,150\.00,I000001-1,4500014900,1,1001,EA,48,48,48,2026-03-02T\S+,accepted,2026-03-02T/);
  await expect(evidenceFor(brain.db, 2)).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('nothing of ours') });
  await expect(evidenceFor(brain.db, 9)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
