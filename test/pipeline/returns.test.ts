import { describe, expect, test } from 'vitest';
import { decimal, whole } from '../../src/decimal.ts';
import { importInspections } from '../../src/acts/import-inspections.ts';
import { inspectReturn } from '../../src/acts/inspect-return.ts';
import { findReturn } from '../../src/store/returns.ts';
import { readStock } from '../../src/store/stock.ts';
import type { Partner } from '../../src/config/types.ts';
import type { Brain } from '../support/brain.ts';
import { openBrain } from '../support/brain.ts';

const acting = ({ db, config, now }: Brain) => ({ db, config, now: now(), by: 'anna' });
const stockOf = async ({ db }: Brain) => {
  const [row] = (await db.read((tx) => readStock(tx, ['HL-MUG-01']))).filter(({ location }) => location === 'NW');
  return [row!.onHand, row!.onHold];
};
const text = (files: readonly { readonly bytes: Uint8Array }[]): string => files.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('');
const inspection = (restock: number, quarantine: number, scrap: number) =>
  new Map([['1', { restock: whole(restock), quarantine: whole(quarantine), scrap: whole(scrap) }]]);

/** An order of 48 that shipped and was billed, and a return of 12 that came back. */
async function cameBack(change?: (partner: Partner) => Partner): Promise<Brain> {
  const brain = await openBrain(change);
  for (const [partner, name] of [
    ['acme', 'in.1.edi'],
    ['northwind', 'in.2.northwind.945.edi'],
    ['acme', 'in.3.acme.997.edi'],
    ['acme', 'in.4.acme.180.edi'],
  ] as const)
    await brain.drop(partner, `acme/return/${name}`);
  const before = await stockOf(brain);
  await brain.drop('northwind', 'acme/return/in.6.northwind.944.edi');
  // What came back is no stock before somebody has looked at it.
  expect(await stockOf(brain)).toEqual(before);
  return brain;
}

describe('returned goods', () => {
  test('inspection decides what is stock again; the credit is what was billed, less the fee', async () => {
    const fee = { accept: 'shipped', days: undefined, fee: decimal('10'), creditScrap: true } as const;
    const brain = await cameBack((partner) => ({ ...partner, returns: fee }));
    const [onHand, onHold] = await stockOf(brain);
    expect(await inspectReturn(acting(brain), 'R000001-1', inspection(6, 4, 1))).toMatchObject({
      done: false,
      text: expect.stringContaining('12 were received and 11'),
    });
    expect(await inspectReturn(acting(brain), 'R000001-1', inspection(6, 4, 2))).toMatchObject({
      done: true,
      text: expect.stringContaining('credit CR000001-1 of 67.50 USD'),
    });
    expect(await stockOf(brain)).toEqual([onHand! + whole(10), onHold! + whole(4)]);
    const credit = text(await brain.run());
    // 12 × 6.25 = 75.00, less 10 %.
    expect(credit).toMatch(/BIG\*\d{8}\*CR000001-1\*20260302\*4500014900\*\*\*CR~/);
    expect(credit).toMatch(/REF\*OI\*I000001-1~\nREF\*RZ\*R000001-1~/);
    expect(credit).toMatch(/IT1\*1\*12\*EA\*6\.25\*/);
    expect(credit).toMatch(/TDS\*6750~/);
    expect(credit).toMatch(/SAC\*A\*F050\*\*\*750\*/);
    // Once.
    expect(await inspectReturn(acting(brain), 'R000001-1', inspection(6, 4, 2))).toMatchObject({ done: false, text: expect.stringContaining('is credited') });
    expect(await brain.run()).toEqual([]);
  });

  test('what is scrapped is credited only where the profile says so; a partner who takes no invoices gets no credit', async () => {
    const strict = { accept: 'shipped', days: undefined, fee: 0n, creditScrap: false } as const;
    const brain = await cameBack((partner) => ({ ...partner, returns: strict }));
    await inspectReturn(acting(brain), 'R000001-1', inspection(4, 0, 8));
    expect(text(await brain.run())).toMatch(/TDS\*2500~/);
    const silent = await cameBack((partner) => ({ ...partner, invoice: { ...partner.invoice, when: 'never' } }));
    expect(await inspectReturn(acting(silent), 'R000001-1', inspection(12, 0, 0))).toEqual({ done: true, text: 'return R000001-1 is inspected' });
    expect(await silent.run()).toEqual([]);
  });

  test('inspections by CSV: a return as a whole or not at all, with a reason', async () => {
    const brain = await cameBack();
    const take = (...rows: readonly string[]) =>
      importInspections(acting(brain), 'found.csv', Buffer.from(`return,line,restock,quarantine,scrap\n${rows.join('\n')}\n`));
    expect(await take('R000001-1,1,12,x,0', 'R000009-9,1,1,,', 'R000001-1,2,1,,')).toMatchObject({
      inspected: [],
      refused: [
        { row: 2, field: 'quarantine' },
        { row: 3, field: 'return', message: 'there is no return R000009-9' },
      ],
    });
    expect(await take('R000001-1,1,12,,')).toMatchObject({ inspected: ['R000001-1'], refused: [] });
  });

  test('more than is authorised, or under a number nobody has, waits for a person and is no stock', async () => {
    const brain = await cameBack();
    const before = await stockOf(brain);
    await brain.drop('northwind', 'acme/return/in.6.northwind.944.edi', (edi) => edi.replaceAll('RC-8801', 'RC-8809').replaceAll('000000533', '000000540'));
    await brain.drop('northwind', 'acme/return/in.7.northwind.944.edi');
    const parked = await brain.db.read((tx) => tx.many(`select reason from {document} where status = 'parked'`));
    expect(parked).toEqual([{ reason: 'RETURN_UNKNOWN' }, { reason: 'RETURN_UNKNOWN' }]);
    expect(await stockOf(brain)).toEqual(before);
    expect((await brain.db.read((tx) => findReturn(tx, 'R000001-1')))!.lines).toMatchObject([{ received: whole(12), credited: 0n }]);
  });

  test('a return before its order waits; the same request again is a duplicate; a late one, or one of nothing shipped, is denied', async () => {
    const brain = await openBrain((partner) => ({ ...partner, returns: { accept: 'shipped', days: 30, fee: 0n, creditScrap: true } }));
    await brain.drop('acme', 'acme/return/in.4.acme.180.edi');
    expect(await brain.db.read((tx) => tx.many('select reason from {document}'))).toEqual([{ reason: 'ORDER_UNKNOWN' }]);
    const answered = text(await brain.drop('acme', 'acme/return/in.1.edi'));
    expect(answered).toContain('RDR****RETURN DENIED~');
    expect(answered).toContain('nothing of it was shipped');
    // What waited for the order came first; the order is decided after it.
    brain.advance(61_000);
    await brain.run();
    await brain.drop('northwind', 'acme/return/in.2.northwind.945.edi');
    const again = (date: string, reference: string) => (edi: string) =>
      edi.replaceAll('000000931', `0000009${reference}`).replace('RT-5501*20260302', `RT-55${reference}*${date}`);
    expect(text(await brain.drop('acme', 'acme/return/in.4.acme.180.edi', again('20260402', '70')))).toContain('the time for returns is over');
    expect(text(await brain.drop('acme', 'acme/return/in.4.acme.180.edi', again('20260331', '71')))).toContain('RETURN AUTHORIZED~');
    await brain.drop('acme', 'acme/return/in.4.acme.180.edi', (edi) => again('20260331', '71')(edi).replaceAll('000000971', '000000972'));
    expect(await brain.db.read((tx) => tx.many(`select reason from {document} where reason = 'DUPLICATE'`))).toHaveLength(1);
  });
});
