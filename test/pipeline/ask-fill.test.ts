import { expect, test } from 'vitest';
import { importStock } from '../../src/acts/import-stock.ts';
import type { Decision } from '../../src/acts/resolve.ts';
import { resolve } from '../../src/acts/resolve.ts';
import { suggestCures } from '../../src/acts/suggest-cures.ts';
import { allHolds, listHolds } from '../../src/store/holds.ts';
import type { Company } from '../support/company.ts';
import { openCompany, purchaseOrder } from '../support/company.ts';
import { expectConservation } from '../support/conservation.ts';

/** 100 tumblers at 2.00 are there, and 20 of 50 bowls at 10.00: 400 of 700, where 80 % are wanted (S5). */
async function asked(completeness: 'backorder' | 'no-backorder'): Promise<Company> {
  const allocation = `allocation: { completeness: ${completeness}, minimumFill: { percent: "80", by: value, below: ask } }\n`;
  const company = await openCompany(['HL-GLS-01,HB,100', 'HL-BWL-01,HB,20'], {
    'partners/acme.yaml': (text) => `${text.replace(/^allocation:\n(  .*\n)+/m, allocation)}prices: { onMismatch: accept }\n`,
  });
  await company.give('acme', purchaseOrder('A1', ['PO1*1*100*EA*2**VN*HL-GLS-01', 'PO1*2*50*EA*10**VN*HL-BWL-01']));
  expect(await answersOf(company)).toEqual([]);
  const [hold, ...others] = await company.db.read((tx) => listHolds(tx, 10));
  expect(others).toEqual([]);
  expect(hold).toMatchObject({ code: 'BELOW_MINIMUM', lineId: undefined, detail: '57.14 % of A1 by value is there, at least 80 % is wanted' });
  const cures = await company.db.read((tx) => suggestCures(tx, company.config, hold!));
  expect(cures.map(({ words }) => words)).toEqual(['accept', 'reject']);
  return company;
}

/** Runs and gives the answers to orders that went out. */
async function answersOf(company: Company): Promise<readonly string[]> {
  return (await company.run()).filter(({ kind }) => kind === 'order-response').map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
}

const say = ({ context, config, db }: Company, decision: Decision['decision']) =>
  resolve({ db, config, now: context.now(), by: 'Ann' }, { orderId: 1, decision, line: undefined, hold: 1 });
const endOf = async ({ db }: Company): Promise<readonly unknown[]> => (await db.read((tx) => allHolds(tx, 1))).map(({ resolution }) => resolution);

test('minimum fill, below: ask: somebody accepts what there is, and only then the buyer is answered', async () => {
  for (const [completeness, first, second, answer] of [
    ['no-backorder', 'pending 100', 'released 20, rejected 30', 'ACK*IQ*20*EA'],
    ['backorder', 'backordered 100', 'backordered 30, released 20', 'ACK*IB*30*EA'],
  ] as const) {
    const company = await asked(completeness);
    expect((await company.lines('A1'))[0]).toBe(first);
    expect(await say(company, 'ours')).toMatchObject({ done: false, text: expect.stringContaining('BELOW_MINIMUM is not a matter of price') });
    expect(await say(company, 'accept')).toMatchObject({ done: true });
    const [text = '', ...more] = await answersOf(company);
    expect(more).toEqual([]);
    expect(text).toContain(answer);
    expect(await company.lines('A1')).toEqual(['released 100', second]);
    expect(await endOf(company)).toEqual(['accepted by Ann']);
    await expectConservation(company.db);
  }
});

test('below: ask: what is rejected is refused as a whole, back-ordered or not', async () => {
  for (const completeness of ['no-backorder', 'backorder'] as const) {
    const company = await asked(completeness);
    expect(await say(company, 'reject')).toMatchObject({ done: true });
    expect((await answersOf(company))[0]).toContain('BAK*00*RD*A1');
    expect(await company.lines('A1')).toEqual(['rejected 100', 'rejected 50']);
    await expectConservation(company.db);
  }
});

test('below: ask: what comes in time ends the question', async () => {
  const company = await asked('no-backorder');
  await importStock(company.importing('more.csv'), Buffer.from('sku,location,on_hand\nHL-BWL-01,HB,40\n'));
  expect((await answersOf(company))[0]).toContain('ACK*IQ*40*EA');
  expect(await company.lines('A1')).toEqual(['released 100', 'released 40, rejected 10']);
  expect(await endOf(company)).toEqual(['it is so no more, or the answer was due']);
});

test('below: ask: when the answer is due the buyer is told how it stands, and the order waits', async () => {
  const company = await asked('backorder');
  company.advance(company.config.partners.get('acme')!.response.within - 1);
  expect(await answersOf(company)).toEqual([]);
  company.advance(1);
  expect((await answersOf(company))[0]).toContain('ACK*IB*50*EA');
  expect(await company.lines('A1')).toEqual(['backordered 100', 'backordered 50']);
  expect(await endOf(company)).toEqual(['it is so no more, or the answer was due']);
  await importStock(company.importing('more.csv'), Buffer.from('sku,location,on_hand\nHL-BWL-01,HB,50\n'));
  await company.run();
  expect(await company.lines('A1')).toEqual(['released 100', 'released 50']);
});
