import { describe, expect, test } from 'vitest';
import type { RehearsedFile } from '../../src/workbench/rehearse.ts';
import { openCompany, purchaseOrder, shipped } from '../support/company.ts';

const withAcme = (invoice: string) => ({
  'partners/acme.yaml': (text: string) =>
    `${text.replace(/^invoice:\n(  .*\n)+/m, `invoice:\n  after: notice-sent\n${invoice}`)}acknowledgments: { expectWithin: never }\n`,
});

/** The segments of that name, by document. */
function segments(files: readonly RehearsedFile[], kind: string, ids: RegExp): readonly (readonly string[])[] {
  return files
    .filter((file) => file.kind === kind)
    .map(({ bytes }) =>
      Buffer.from(bytes)
        .toString('latin1')
        .split(/~\n?/)
        .filter((segment) => ids.test(segment)),
    );
}

// L15: the ship notice tells what left, the invoice asks for what was ordered and the tolerance.
describe.each(['shipment', 'complete'])('invoice.overship, billed by %s', (when) => {
  test.each([
    ['0', '48', '30000'],
    ['2', '48', '30000'],
    ['3', '49', '30625'],
    ['5', '50', '31250'],
  ])('%s percent: 50 shipped on an order of 48, %s are billed', async (percent, billed, total) => {
    const company = await openCompany(['HL-MUG-01,NW,100'], withAcme(`  when: ${when}\n  overship: "${percent}"\n`));
    await company.give('acme', purchaseOrder('PO9', ['PO1*1*48*EA*6.25**BP*1001']));
    await company.run();
    await company.give('northwind', shipped('W000001-1', 'PO9', [[1, 48, 50, 'HL-MUG-01']]));
    const files = await company.run();
    expect(segments(files, 'shipment', /^SN1/)).toEqual([['SN1*1*50*EA**48*EA']]);
    expect(segments(files, 'invoice', /^(IT1|TDS)/)).toEqual([[expect.stringContaining(`IT1*1*${billed}*EA*6.25*`), `TDS*${total}`]]);
  });
});

test('the pallet that a warehouse names in its 945 is a level of the 856', async () => {
  const company = await openCompany(['HL-MUG-01,NW,100'], withAcme(''));
  await company.give('acme', purchaseOrder('PO9', ['PO1*1*48*EA*6.25**BP*1001']));
  await company.run();
  const text = shipped('W000001-1', 'PO9', [[1, 48, 48, 'HL-MUG-01']]);
  await company.give('northwind', text.replace('LX*1~\n', 'LX*1~\nMAN*GM*007318820000001310~\nMAN*W*106141412345678908~\n').replace('SE*9', 'SE*11'));
  expect(segments(await company.run(), 'shipment', /^(HL|MAN)/)).toEqual([
    ['HL*1**S*1', 'HL*2*1*O*1', 'HL*3*2*T*1', 'MAN*GM*106141412345678908', 'HL*4*3*P*1', 'MAN*GM*007318820000001310', 'HL*5*4*I*0'],
  ]);
});
