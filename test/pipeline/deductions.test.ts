import { expect, test } from 'vitest';
import { decimal } from '../../src/decimal.ts';
import { measure } from '../../src/pipeline/metrics.ts';
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
  expect((await measure(brain.db, brain.config, 0, brain.now())).deductions).toEqual([{ currency: '', count: 4, amount: decimal('155') }]);

  await brain.drop('acme', 'acme/deduction/in.6.acme.824.edi');
  expect(await brain.db.read((tx) => needsPerson(tx, 10))).toMatchObject([
    { code: 'ACK_REJECTED', detail: expect.stringContaining('TOTAL DOES NOT MATCH THE ORDER') },
  ]);
  await brain.drop('acme', 'acme/deduction/in.7.acme.824.edi');
  expect((await brain.db.read((tx) => needsPerson(tx, 10))).map(({ code }) => code).toSorted()).toEqual(['ACK_REJECTED', 'REFERENCE_UNKNOWN']);
});
