import { expect, test } from 'vitest';
import type { RehearsedFile } from '../../src/workbench/rehearse.ts';
import type { Company } from '../support/company.ts';
import { openCompany, purchaseOrder, shipped } from '../support/company.ts';

const DAY = 86_400_000;
const withAcme = (invoice: string) => ({
  'partners/acme.yaml': (text: string) =>
    `${text.replace(/^invoice:\n(  .*\n)+/m, `invoice:\n  after: notice-sent\n${invoice}`)}prices: { onMismatch: accept }\nacknowledgments: { expectWithin: never }\n`,
});

/** Two lines whose money does not divide: 7 at 3.3333 and 15 at 1.005, of which 13 are there. */
const stock = ['HL-MUG-01,NW,7', 'HL-MUG-02,NW,13'];
const order = (...head: readonly string[]): string =>
  purchaseOrder('PO9', ['PO1*1*7*EA*3.3333**VN*HL-MUG-01', 'PO1*2*15*EA*1.005**VN*HL-MUG-02'], ['CSH*BK', 'DTM*001*20260309', ...head]);

function invoices(files: readonly RehearsedFile[]): readonly (readonly string[])[] {
  return files
    .filter(({ kind }) => kind === 'invoice')
    .map(({ bytes }) =>
      Buffer.from(bytes)
        .toString('latin1')
        .split(/~\n?/)
        .filter((segment) => /^(BIG|IT1|ITD|TDS|SAC|CTT)/.test(segment)),
    );
}

async function ship(company: Company, ...lines: Parameters<typeof shipped>[2]): Promise<readonly RehearsedFile[]> {
  await company.give('northwind', shipped('W000001-1', 'PO9', lines));
  return company.run();
}

const charges = `  charges:
    - { indicator: A, code: C310, percent: "2", description: Discount }
    - { indicator: C, code: D240, amount: "5.00", description: Freight, per: order }
`;

test('complete: one invoice when nothing more will ship, each line and charge rounded once (L19)', async () => {
  const company = await openCompany(stock, withAcme(`  when: complete\n${charges}`));
  await company.give('acme', order());
  await company.run();
  // Two stay backordered: they must not keep the invoice from going out for good.
  expect(invoices(await ship(company, [1, 7, 7, 'HL-MUG-01'], [2, 13, 13, 'HL-MUG-02']))).toEqual([]);
  company.advance(8 * DAY);
  expect(invoices(await company.run())).toEqual([
    [
      'BIG*20260310*I000001-1*20260302*PO9***DI',
      expect.stringMatching(/^ITD\*01\*3\*+30/),
      'IT1*1*7*EA*3.3333**VN*HL-MUG-01',
      'IT1*2*13*EA*1.005**VN*HL-MUG-02',
      'TDS*4067',
      'SAC*A*C310***73*******02***Discount',
      'SAC*C*D240***500*******06***Freight',
      'CTT*2',
    ],
  ]);
  company.advance(30 * DAY);
  expect(invoices(await company.run())).toEqual([]);
});

test('complete, with a latest day: what has shipped is billed by then, and the rest when it ships', async () => {
  const company = await openCompany(stock, withAcme(`  when: complete\n  latest: 3d\n${charges}`));
  await company.give('acme', order());
  await company.run();
  expect(invoices(await ship(company, [1, 7, 7, 'HL-MUG-01'], [2, 13, 13, 'HL-MUG-02']))).toEqual([]);
  company.advance(3 * DAY);
  expect(invoices(await company.run()).map((invoice) => invoice.find((segment) => segment.startsWith('TDS')))).toEqual(['TDS*4067']);
});

test('shipment: what is charged once an order is on the first invoice only', async () => {
  const company = await openCompany(stock, withAcme(`  when: shipment\n${charges}`));
  await company.give('acme', order());
  await company.run();
  const bills = invoices(await ship(company, [1, 7, 7, 'HL-MUG-01'], [2, 13, 0, 'HL-MUG-02']));
  expect(bills).toHaveLength(1);
  // 23.33 less 2 % (0.47), and 5.00 freight.
  expect(bills[0]).toEqual(expect.arrayContaining(['TDS*2786', 'SAC*A*C310***47*******02***Discount', 'SAC*C*D240***500*******06***Freight']));
});

test("the order's own allowances and charges come before the partner's", async () => {
  const company = await openCompany(stock, withAcme(`  when: complete\n${charges}`));
  await company.give('acme', purchaseOrder('PO9', ['PO1*1*7*EA*3.3333**VN*HL-MUG-01'], ['SAC*C*D240***750', 'SAC*A*C310****Z*2']));
  await company.run();
  const [bill] = invoices(await ship(company, [1, 7, 7, 'HL-MUG-01']));
  expect(bill!.filter((segment) => /^(TDS|SAC)/.test(segment))).toEqual(['TDS*3036', 'SAC*C*D240***750*******06', 'SAC*A*C310***47*******02']);
});

test('terms: the days run from what the partner says', async () => {
  for (const [basis, expected] of [
    ['invoice-date', 'ITD*08*3*2*20260312*10*20260401*30'],
    ['ship-date', 'ITD*08*1*2*20260312*10*20260401*30'],
    ['receipt-of-goods', 'ITD*08*15*2**10**30'],
  ] as const) {
    const company = await openCompany(
      stock,
      withAcme(`  terms: { discountPercent: "2", discountDays: "10", netDays: "30", description: null, basis: ${basis} }\n`),
    );
    await company.give('acme', order());
    await company.run();
    const [bill] = invoices(await ship(company, [1, 7, 7, 'HL-MUG-01'], [2, 13, 13, 'HL-MUG-02']));
    expect(bill).toContain(expected);
  }
});
