import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { edit, sample, stockedCompany, wharf, wharfJson, work } from './support.ts';

const textOf = (file: { readonly bytes: Uint8Array } | undefined): string => Buffer.from(file?.bytes ?? []).toString('latin1');
const again = (number: string, file: string) => (text: string) =>
  text.replace(/45000125\d\d|45000126\d\d|45000128\d\d/, number).replaceAll(file, `9${file.slice(1)}`);

describe('holds and resolve', () => {
  test('an unknown item is listed with what might be meant; said once, every order that waits for it goes on', async () => {
    const folder = await stockedCompany();
    // The bar code of the bench with its last two digits swapped.
    const odd = (text: string) => text.replace('UP*614141099993', 'UP*614141011290').replace('20260309', '20990309');
    await work(folder, { partner: 'acme', name: '1.edi', bytes: await sample('acme/unknown-sku/in.edi', odd) });
    await work(folder, {
      partner: 'acme',
      name: '2.edi',
      bytes: await sample('acme/unknown-sku/in.edi', (text) => again('4500012599', '000000103')(odd(text))),
    });
    const { code, data } = await wharfJson(folder, 'holds');
    expect(code).toBe(1);
    expect(data).toMatchObject([
      {
        id: 'hold:1',
        order: 'order:1',
        partner: 'acme',
        line: '2',
        code: 'SKU_UNKNOWN',
        cures: [{ words: 'item HL-BCH-01', because: expect.stringContaining('Oak bench') }],
      },
      { id: 'hold:2', order: 'order:2' },
    ]);
    expect((await wharf(folder, 'holds')).out).toContain('wharf resolve hold:1 item HL-BCH-01');

    expect(await wharf(folder, 'resolve', 'hold:1', 'item', 'HL-NIX')).toMatchObject({ code: 1, out: expect.stringMatching(/^no item has the number HL-NIX/) });
    expect(await wharf(folder, 'resolve', 'hold:1', 'ship-to', '0042')).toMatchObject({ code: 1, out: expect.stringMatching(/does not cure/) });
    const taught = await wharfJson(folder, 'resolve', 'order:1', 'item', 'HL-STL-01');
    expect(taught).toMatchObject({ code: 0, data: { done: true, text: 'BP 9999 of acme is HL-STL-01', healed: [] } });
    expect((await wharf(folder, 'trace', '1.edi')).out).toMatch(/\S+ taught by hold:1: BP 9999 of acme is HL-STL-01/);
    // The price of the order is far from ours: that is asked next, and is no news to the item.
    const next = (await wharfJson(folder, 'holds')).data;
    expect(next).toMatchObject([
      { code: 'PRICE_MISMATCH', cures: [{ words: 'accept' }, { words: 'ours', because: expect.stringContaining('89') }, { words: 'reject' }] },
      {},
    ]);
    expect((await wharf(folder, 'resolve', next[0].id, 'ours')).code).toBe(0);
    expect((await wharf(folder, 'resolve', next[1].id, 'reject')).code).toBe(0);
    const answers = (await work(folder))
      .filter(({ kind }) => kind === 'order-response')
      .map(textOf)
      .toSorted((a, b) => (/4500012599/.test(a) ? 1 : 0) - (/4500012599/.test(b) ? 1 : 0));
    expect(answers[0]).toMatch(/PO1\*2\*6\*EA\*89\*[^~]*~\s*ACK\*IP\*6\*EA/);
    expect(answers[1]).toMatch(/PO1\*2\*6\*EA[^~]*~\s*ACK\*IR\*6\*EA/);
    expect((await wharf(folder, 'holds')).out).toBe('nothing is held\n');
  });

  test('a lesson is undone while nobody was told, and no longer', async () => {
    const folder = await stockedCompany();
    await work(folder, {
      partner: 'acme',
      name: '1.edi',
      bytes: await sample('acme/unknown-sku/in.edi', (text) => text.replace('12.5**BP*9999', '7.5**BP*9999')),
    });
    expect((await wharf(folder, 'resolve', 'hold:1', 'undo')).code).toBe(1);
    expect((await wharf(folder, 'resolve', 'hold:1', 'item', 'HL-BWL-01')).code).toBe(0);
    expect(await wharf(folder, 'resolve', 'hold:1', 'undo')).toMatchObject({ code: 0, out: 'hold:1 undone: order:1 held again\n' });
    const [hold] = (await wharfJson(folder, 'holds')).data;
    expect(hold).toMatchObject({ code: 'SKU_UNKNOWN', line: '2' });
    expect((await work(folder)).map(({ kind }) => kind)).toEqual([]);
    expect((await wharf(folder, 'resolve', hold.id, 'item', 'HL-BWL-01')).code).toBe(0);
    expect((await work(folder)).map(({ kind }) => kind).toSorted()).toEqual(['order-response', 'warehouse-order']);
    expect(await wharf(folder, 'resolve', hold.id, 'undo')).toMatchObject({ code: 1, out: expect.stringMatching(/went on: the buyer or a location was told/) });
  });

  test('a unit and a price are forgotten again, and the price that was there before is back', async () => {
    const folder = await stockedCompany();
    await work(folder, { partner: 'acme', name: '1.edi', bytes: await sample('acme/wrong-unit/in.edi') });
    expect((await wharf(folder, 'resolve', 'hold:1', 'unit', '12')).code).toBe(0);
    expect(await wharf(folder, 'resolve', 'hold:1', 'undo')).toMatchObject({ code: 0, out: 'hold:1 undone: order:1 held again\n' });
    expect((await wharfJson(folder, 'holds')).data).toMatchObject([{ id: 'hold:2', code: 'UNIT_UNKNOWN', value: 'DZ' }]);
    // Nobody was told, and the unit is unknown to the next order too.
    expect(await work(folder)).toEqual([]);
    expect((await wharf(folder, 'resolve', 'hold:2', 'unit', '12')).code).toBe(0);
    await work(folder);

    await writeFile(join(folder, 'prices.csv'), 'partner,sku,unit,price\nacme,HL-MUG-01,EA,6.00\n');
    expect((await wharf(folder, 'prices', 'import', join(folder, 'prices.csv'))).code).toBe(0);
    const odd = (text: string) => again('4500012899', '000000107')(text).replace('EA*6.25**BP*1001', 'EA*4.00**BP*1001');
    const priceNow = async () => (await wharfJson(folder, 'holds')).data.at(-1)?.cures.find((cure: { words: string }) => cure.words === 'ours')?.because;
    await work(folder, { partner: 'acme', name: '2.edi', bytes: await sample('acme/wrong-unit/in.edi', odd) });
    const before = await priceNow();
    expect(before).toContain('6');
    expect((await wharf(folder, 'resolve', 'hold:3', 'accept', '--remember')).code).toBe(0);
    expect((await wharf(folder, 'resolve', 'hold:3', 'undo')).out).toBe('hold:3 undone: order:2 held again\n');
    expect((await wharfJson(folder, 'holds')).data).toMatchObject([{ id: 'hold:4', code: 'PRICE_MISMATCH', value: '4' }]);
    expect(await priceNow()).toBe(before);
  });

  test('what somebody accepted of one order is undone for that order only', async () => {
    const folder = await stockedCompany();
    const cheap = (number: string, control: string) => (text: string) =>
      text.replace('4500012801', number).replaceAll('000000107', control).replace('EA*6.25**BP*1001', 'EA*4.00**BP*1001').replace('*DZ*', '*EA*');
    await work(folder, { partner: 'acme', name: '1.edi', bytes: await sample('acme/wrong-unit/in.edi', cheap('4500012811', '000000111')) });
    await work(folder, { partner: 'acme', name: '2.edi', bytes: await sample('acme/wrong-unit/in.edi', cheap('4500012812', '000000112')) });
    const held = (await wharfJson(folder, 'holds')).data as readonly { readonly id: string; readonly order: string }[];
    for (const { id } of held) expect((await wharf(folder, 'resolve', id, 'accept')).code).toBe(0);
    const [first] = held;
    expect((await wharf(folder, 'resolve', first!.id, 'undo')).out).toBe(`${first!.id} undone: ${first!.order} held again\n`);
    expect(((await wharfJson(folder, 'holds')).data as readonly { readonly order: string }[]).map(({ order }) => order)).toEqual([first!.order]);
  });

  test('an unknown place is one that the partner has under another code; its order ships there under the code of the buyer', async () => {
    const folder = await stockedCompany();
    const near = (text: string) => text.replace('92*0427', '92*042');
    await work(folder, { partner: 'acme', name: '1.edi', bytes: await sample('acme/unknown-ship-to/in.edi', near) });
    expect((await wharfJson(folder, 'holds')).data).toMatchObject([{ code: 'SHIP_TO_UNKNOWN', value: '042', cures: [{ words: 'ship-to 0042' }] }]);
    expect((await wharf(folder, 'resolve', 'order:1', 'ship-to', '7777')).code).toBe(1);
    expect(await wharfJson(folder, 'resolve', 'order:1', 'ship-to', '0042')).toMatchObject({ code: 0, data: { healed: ['order:1'] } });
    const sent = await work(folder);
    expect(textOf(sent.find(({ kind }) => kind === 'warehouse-order'))).toMatch(/N1\*ST\*Acme Distribution Center 42\*92\*042~\s*N3\*4200 Lakeview Road/);
    const more = await work(folder, {
      partner: 'acme',
      name: '2.edi',
      bytes: await sample('acme/unknown-ship-to/in.edi', (text) => again('4500012699', '000000104')(near(text))),
    });
    expect(more.map(({ kind }) => kind)).toContain('warehouse-order');
  });

  test('an unknown unit is said once for the item, and a price can be remembered', async () => {
    const folder = await stockedCompany();
    await work(folder, { partner: 'acme', name: '1.edi', bytes: await sample('acme/wrong-unit/in.edi') });
    const [hold] = (await wharfJson(folder, 'holds')).data;
    expect(hold).toMatchObject({ code: 'UNIT_UNKNOWN', value: 'DZ', cures: [{ words: 'unit 12', because: 'if it is the same as CA' }] });
    expect(await wharf(folder, 'resolve', hold.id, 'unit', 'a dozen')).toMatchObject({ code: 2 });
    expect(await wharfJson(folder, 'resolve', hold.id, 'unit', '12')).toMatchObject({
      code: 0,
      data: { text: '1 DZ of HL-BWL-01 is 12 EA', healed: ['order:1'] },
    });
    expect((await work(folder)).map(({ kind }) => kind)).toContain('order-response');

    const odd = (text: string) => again('4500012899', '000000107')(text).replace('EA*6.25**BP*1001', 'EA*4.00**BP*1001');
    await work(folder, { partner: 'acme', name: '2.edi', bytes: await sample('acme/wrong-unit/in.edi', odd) });
    const [price] = (await wharfJson(folder, 'holds')).data;
    expect(await wharfJson(folder, 'resolve', price.id, 'accept', '--remember')).toMatchObject({
      code: 0,
      data: { text: 'acme pays 4 for 1 EA of HL-MUG-01' },
    });
    const other = (text: string) => odd(text).replace('4500012899', '4500012898').replaceAll('900000107', '900000108');
    const sent = await work(folder, { partner: 'acme', name: '3.edi', bytes: await sample('acme/wrong-unit/in.edi', other) });
    expect(sent.filter(({ kind }) => kind === 'order-response')).toHaveLength(2);
  });

  test('prices.onMismatch: reject refuses the line at once and sells the others (L12)', async () => {
    const folder = await stockedCompany();
    await edit(folder, 'partners/acme.yaml', (text) => `${text}prices: { onMismatch: reject }\n`);
    const sent = await work(folder, {
      partner: 'acme',
      name: '1.edi',
      bytes: await sample('acme/happy-path/in.edi', (text) => text.replace('PO1*1*48*EA*6.25*', 'PO1*1*48*EA*5.00*')),
    });
    expect(textOf(sent.find(({ kind }) => kind === 'order-response'))).toMatch(/ACK\*IR\*48\*EA~[\s\S]*ACK\*(IA|DR)\*2\*CA/);
    expect((await wharfJson(folder, 'holds')).data).toEqual([]);
  });
});

describe('why', () => {
  test('says what there was, who stood ahead, what was refused and what was changed', async () => {
    const folder = await stockedCompany();
    const later = (text: string) => text.replaceAll('20260320', '20990320').replaceAll('20260327', '20990327');
    await work(folder, { partner: 'acme', name: '1.edi', bytes: await sample('acme/change-before-release/in.1.edi', later) });
    await work(folder, { partner: 'acme', name: '2.edi', bytes: await sample('acme/change-before-release/in.2.edi') });
    const first = await wharf(folder, 'why', '4500016001', '1');
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toMatch(/^order:1 {2}acme PO 4500016001 line 1: HL-BWL-01 30 EA: allocated 30\n/);
    expect(first.out).toMatch(/60 of 60 reserved: 60 from NW\n[\s\S]*NW had 60 of HL-BWL-01/);
    expect(first.out).toMatch(/by policy [0-9a-f]{12}: tier 1; class 2; what is missing is back-ordered; the fewest shipments, at most 4\n/);
    expect(first.out).toMatch(/the buyer changed 60 to 30: accepted, 30 remain on order/);
    const second = (await wharf(folder, 'why', '4500016002')).out;
    expect(second).toMatch(/0 of 30 reserved; 30 backordered\n[\s\S]*1 order ahead took 60 of HL-BWL-01: 4500016001 \(tier 1\) took 60 at NW/);
    expect(second).toMatch(/30 of 30 reserved: 30 from NW[\s\S]*NW was told to ship 30 of HL-BWL-01 as W000002-1: 0 shipped/);
    expect((await wharfJson(folder, 'why', '4500016002')).data).toMatchObject([{ id: 'order:2', line: '1', now: 'HL-BWL-01 30 EA: released 30' }]);
    expect(await wharf(folder, 'why', 'nothing')).toMatchObject({ code: 2, err: expect.stringMatching(/NOT_FOUND/) });
    expect(await wharf(folder, 'why', '4500016002', '9')).toMatchObject({ code: 2 });
    expect(await wharf(folder, 'why')).toMatchObject({ code: 2 });
  });
});
