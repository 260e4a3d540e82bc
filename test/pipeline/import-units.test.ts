import { expect, test } from 'vitest';
import { importReferences } from '../../src/acts/import-references.ts';
import { importUnits } from '../../src/acts/import-units.ts';
import { openCompany, purchaseOrder } from '../support/company.ts';

const csv = (...rows: readonly string[]): Uint8Array => Buffer.from(rows.join('\n'));
const told = ({ refused }: { readonly refused: readonly { readonly row: number; readonly field?: string | undefined }[] }): readonly string[] =>
  refused.map(({ row, field }) => `${row} ${field ?? ''}`);

test('units and numbers are imported once; what waits for them goes on, and each row that is refused is told', async () => {
  const company = await openCompany(['HL-MUG-01,NW,500']);
  await company.give('acme', purchaseOrder('PO-1', ['PO1*1*2*PL*1500**BP*M-77']));
  await company.run();
  expect(await company.lines('PO-1')).toEqual(['pending 2']);

  const numbers = csv(
    'sku,partner,qualifier,value',
    'HL-MUG-01,acme,BP,M-77',
    'HL-NIX,acme,BP,M-78',
    'HL-MUG-01,nobody,BP,M-79',
    'HL-MUG-02,,EN,0614141010103',
    'HL-MUG-01,,toolong,M-80',
  );
  const first = await importReferences(company.importing('numbers.csv'), numbers);
  expect(first).toMatchObject({ created: 1, unchanged: 0 });
  expect(told(first)).toEqual(['3 sku', '4 partner', '5 value', '6 qualifier']);
  expect(await importReferences(company.importing('numbers.csv'), numbers)).toMatchObject({ created: 0, unchanged: 1, healed: { holds: 0 } });

  const units = csv('sku,unit,quantity,per', 'HL-MUG-01,PL,240,', 'HL-MUG-01,EA,1,', 'HL-NIX,PL,1,', 'HL-MUG-02,PL,0.5,', 'HL-MUG-02,GR,1,12');
  const second = await importUnits(company.importing('units.csv'), units);
  expect(second).toMatchObject({ created: 2, healed: { orders: [1] } });
  expect(told(second)).toEqual(['3 unit', '4 sku', '5 quantity']);
  expect(await importUnits(company.importing('units.csv'), units)).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
  await company.run();
  expect(await company.lines('PO-1')).toEqual(['released 480']);
});
