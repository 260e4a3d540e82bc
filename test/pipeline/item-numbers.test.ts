import { expect, test } from 'vitest';
import { importItems } from '../../src/acts/import-items.ts';
import { openCompany, purchaseOrder } from '../support/company.ts';

/** The mug has the UPC 614141010103, without the zero before it. */
test.each([
  ['UPC of 12 digits', 'UP*614141010103'],
  ['EAN-13', 'EN*0614141010103'],
  ['GTIN-14', 'UK*00614141010103'],
  ['UPC without its check digit', 'UI*61414101010'],
  ['UPC under the qualifier of an EAN', 'EN*614141010103'],
])('an order names the item by its %s', async (_how, id) => {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  await company.give('acme', purchaseOrder('PO-G', [`PO1*1*5*EA*6.25**${id}`]));
  await company.run();
  expect(await company.lines('PO-G')).toEqual(['released 5']);
});

test.each([
  ['a wrong check digit', 'UP*614141010104'],
  ['our number as if it were the buyer’s', 'BP*HL-MUG-01'],
  ['the GTIN as the number of the buyer', 'BP*614141010103'],
])('an item is not guessed: %s', async (_how, id) => {
  const company = await openCompany(['HL-MUG-01,NW,50']);
  await company.give('acme', purchaseOrder('PO-G', [`PO1*1*5*EA*6.25**${id}`]));
  await company.run();
  expect(await company.lines('PO-G')).toEqual(['pending 5']);
  const holds = await company.db.read((tx) => tx.many('select code from {order_hold}', []));
  expect(holds.map((hold) => hold['code'])).toEqual(['SKU_UNKNOWN']);
});

test('a bar code belongs to one item, however it is written', async () => {
  const company = await openCompany([]);
  const { refused } = await importItems(company.importing('items.csv'), Buffer.from('sku,base_unit,gtin\nOTHER,EA,0614141010103\n'));
  expect(refused).toMatchObject([{ field: 'gtin', message: ':EN=0614141010103 is HL-MUG-01 already' }]);
});
