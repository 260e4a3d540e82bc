import { describe, expect, test } from 'vitest';
import { edit, sample, stockedCompany, wharf, wharfJson, work, write } from './support.ts';

describe('an order that comes, is asked about, is held and goes on', () => {
  test('trace gives one life by PO number, file name, control number, ids and outgoing name', async () => {
    const folder = await stockedCompany();
    const sent = await work(folder, { partner: 'acme', name: 'a.edi', bytes: await sample('acme/happy-path/in.edi') });
    expect(sent.map(({ partner }) => partner)).toEqual(expect.arrayContaining(['acme', 'northwind']));
    const answer = sent.find(({ partner, name }) => partner === 'acme' && name.startsWith('855'))!.name;
    for (const term of ['4500012345', 'a.edi', '000000101', 'file:1', 'document:1', 'order:1', answer]) {
      const { code, data } = await wharfJson(folder, 'trace', term);
      expect(code, term).toBe(0);
      expect(data.orders, term).toMatchObject([{ id: 'order:1', poNumber: '4500012345', partner: 'acme' }]);
      expect(data.documents, term).toMatchObject([{ id: 'document:1', setId: '850', status: 'done' }]);
      expect(data.outbox.length, term).toBe(sent.length);
      const times = data.activity.map(({ at }: { at: string }) => at);
      expect(times).toEqual(times.toSorted());
    }
    expect((await wharf(folder, 'trace', '4500012345')).out).toMatch(/order:1 +acme PO 4500012345[\s\S]*translate +file:1[\s\S]*render/);
    expect(await wharf(folder, 'trace', 'nothing')).toMatchObject({ code: 2, err: expect.stringMatching(/^NOT_FOUND: nothing here goes by nothing/) });
    expect((await wharf(folder, 'status')).code).toBe(0);
  });

  test('a hold shows in status with its remedy, and goes when the item is imported', async () => {
    const folder = await stockedCompany();
    const first = await work(folder, { partner: 'acme', name: 'b.edi', bytes: await sample('acme/unknown-sku/in.edi') });
    expect(first.some(({ name }) => name.startsWith('855'))).toBe(false);
    const before = await wharfJson(folder, 'status');
    expect(before.code).toBe(1);
    expect(before.data.needs).toMatchObject([{ id: 'order:1', partner: 'acme', code: 'SKU_UNKNOWN', remedy: expect.stringContaining('items import') }]);
    expect(before.data.partners).toMatchObject([{ partner: 'acme', orders: { open: 1, held: 1 } }, { partner: 'northwind' }]);
    expect(await wharf(folder, 'replay', 'order:1')).toMatchObject({ code: 1, out: expect.stringMatching(/still held, SKU_UNKNOWN/) });

    const items = await write(folder, 'items.csv', 'sku,base_unit,price,references\nHL-NEW,EA,12.50,acme:BP=9999\n');
    expect((await wharfJson(folder, 'items', 'import', items)).data).toMatchObject({ healed: { holds: 1, orders: [1] } });
    const then = await work(folder);
    expect(then.some(({ name }) => name.startsWith('855'))).toBe(true);
    expect((await wharfJson(folder, 'status')).data.needs).toEqual([]);
    expect((await wharf(folder, 'trace', 'b.edi')).out).toMatch(/release +order:1 +SKU_UNKNOWN .* is over: items import of items\.csv/);
  });

  test('a ship-to that the partner file knows now lets the order go on', async () => {
    const folder = await stockedCompany();
    await work(folder, { partner: 'acme', name: 'c.edi', bytes: await sample('acme/unknown-ship-to/in.edi') });
    const [need] = (await wharfJson(folder, 'status')).data.needs;
    expect(need.code).toBe('SHIP_TO_UNKNOWN');
    const code = /ship-to (\S+)/.exec(need.detail)![1]!;
    await edit(folder, 'partners/acme.yaml', (text) =>
      text.replace(
        'shipTos:\n',
        `shipTos:\n  "${code}": { name: Acme New Store, address: 1 New Road, city: Gary, state: IN, postalCode: "46402", country: US }\n`,
      ),
    );
    expect(await wharf(folder, 'replay', 'c.edi')).toMatchObject({ code: 0, out: expect.stringMatching(/order:1 goes on/) });
    const sent = await work(folder);
    const warehouse = sent.find(({ kind }) => kind === 'warehouse-order')!;
    expect(Buffer.from(warehouse.bytes).toString('latin1')).toContain('1 New Road');
  });
});

describe('replay', () => {
  test('fault/I6 a document whose mapping failed is mapped again from the stored bytes, and its 997 is not sent again', async () => {
    const folder = await stockedCompany();
    await edit(folder, 'mappings/x12/850.yaml', (text) => text.replace(/poNumber: .*/, 'poNumber: { from: BEG99, required: true }'));
    const first = await work(folder, { partner: 'acme', name: 'd.edi', bytes: await sample('acme/happy-path/in.edi') });
    expect(first.map(({ kind }) => kind)).toEqual(['acknowledgment']);
    expect((await wharfJson(folder, 'status')).data.needs).toMatchObject([
      { id: 'document:1', code: 'MAPPING_FAILED', detail: expect.stringContaining('850.yaml') },
    ]);
    expect(await wharf(folder, 'replay', 'd.edi')).toMatchObject({ code: 1, out: expect.stringMatching(/still MAPPING_FAILED/) });

    await edit(folder, 'mappings/x12/850.yaml', (text) => text.replace(/poNumber: .*/, 'poNumber: BEG03'));
    expect(await wharfJson(folder, 'replay', 'document:1')).toMatchObject({ code: 0, data: { id: 'document:1', done: true } });
    const then = await work(folder);
    expect(then.map(({ kind }) => kind)).not.toContain('acknowledgment');
    expect(then.map(({ kind }) => kind)).toContain('order-response');
    expect(await wharf(folder, 'replay', 'document:1')).toMatchObject({ code: 1, out: 'document:1 is done, not parked\n' });
  });

  test('one message of a CSV file alone, and the others are not read again', async () => {
    const folder = await stockedCompany();
    const bytes = await sample('bluebird/two-orders/in.csv', (text) => text.replaceAll('BB-7002,2026-03-02', 'BB-7002,soon'));
    await work(folder, { partner: 'bluebird', name: 'o.csv', bytes });
    expect((await wharfJson(folder, 'status')).data.needs).toMatchObject([{ id: 'document:2', code: 'MAPPING_FAILED' }]);
    await edit(folder, 'mappings/bluebird/orders.yaml', (text) =>
      text.replace(/orderDate: .*/, 'orderDate: { const: "2026-03-02" }').replaceAll('*date', '[yyyy-MM-dd]'),
    );
    expect((await wharf(folder, 'replay', 'document:2')).code).toBe(0);
    await work(folder);
    const { data } = await wharfJson(folder, 'trace', 'o.csv');
    expect(data.orders.map(({ poNumber }: { poNumber: string }) => poNumber)).toEqual(['BB-7001', 'BB-7002']);
    expect(data.documents).toHaveLength(2);
  });

  test('a file of a sender who is known now is read again', async () => {
    const folder = await stockedCompany();
    const bytes = await sample('acme/happy-path/in.edi', (text) => text.replace('ACME           ', 'ACMEWEST       '));
    await work(folder, { partner: 'acme', name: 'e.edi', bytes });
    expect((await wharfJson(folder, 'status')).data.needs).toMatchObject([
      { id: 'file:1', code: 'SENDER_UNKNOWN', detail: expect.stringContaining('ZZ/ACMEWEST') },
    ]);
    await edit(folder, 'partners/acme.yaml', (text) =>
      text.replace('identities:\n', 'identities:\n  - { theirs: ZZ/ACMEWEST, groupTheirs: ACMESTORES, groupOurs: HARBORLANE }\n'),
    );
    expect((await wharf(folder, 'replay', 'file:1')).code).toBe(0);
    const sent = await work(folder);
    expect(sent.map(({ kind }) => kind)).toContain('order-response');
    expect(await wharf(folder, 'replay', 'file:1')).toMatchObject({ code: 1 });
  });

  test('an outgoing document that could not be written is written when its mapping is mended', async () => {
    const folder = await stockedCompany();
    const broken = (text: string): string => text.replace(/^map:\n/m, 'map:\n  BSN: { BSN01: { from: nothing, required: true } }\n');
    const original = await sample('../mappings/x12/855.yaml');
    await edit(folder, 'mappings/x12/855.yaml', broken);
    await work(folder, { partner: 'acme', name: 'f.edi', bytes: await sample('acme/happy-path/in.edi') });
    const [need] = (await wharfJson(folder, 'status')).data.needs;
    expect(need).toMatchObject({ code: 'RENDER_FAILED', id: expect.stringMatching(/^outbox:/) });
    await write(folder, 'mappings/x12/855.yaml', Buffer.from(original).toString());
    expect((await wharf(folder, 'replay', '4500012345')).code).toBe(0);
    expect((await work(folder)).map(({ name }) => name)).toEqual([expect.stringMatching(/^855_/)]);
  });

  test('a term that leads to nothing parked, or to nothing at all, is refused', async () => {
    const folder = await stockedCompany();
    await work(folder, { partner: 'acme', name: 'g.edi', bytes: await sample('acme/happy-path/in.edi') });
    expect(await wharf(folder, 'replay', 'g.edi')).toMatchObject({ code: 2, err: expect.stringMatching(/NOT_FOUND/) });
    expect(await wharf(folder, 'replay', 'document:99')).toMatchObject({ code: 1, out: 'there is no document:99\n' });
    expect(await wharf(folder, 'replay')).toMatchObject({ code: 2, err: expect.stringMatching(/USAGE/) });
  });
});

test('fault/I7 resend delivers the same bytes under the same name, and notes who asked', async () => {
  const folder = await stockedCompany();
  const first = await work(folder, { partner: 'acme', name: 'h.edi', bytes: await sample('acme/happy-path/in.edi') });
  const { data } = await wharfJson(folder, 'trace', 'h.edi');
  const { id, fileName } = data.outbox.find(({ setId }: { setId: string }) => setId === '855');
  expect((await wharf(folder, 'resend', id)).code).toBe(0);
  expect(await wharf(folder, 'resend', id)).toMatchObject({ code: 1, out: expect.stringMatching(/on its way already/) });
  const again = await work(folder);
  expect(again).toEqual(first.filter(({ name }) => name === fileName));
  expect((await wharf(folder, 'trace', id)).out).toMatch(new RegExp(`resend +${id} +${fileName} is sent again, by \\S+`));
  expect(await wharf(folder, 'resend', 'outbox:99')).toMatchObject({ code: 1 });
  expect(await wharf(folder, 'resend', 'h.edi')).toMatchObject({ code: 2 });
});

describe('what a person decides', () => {
  test('a price that differs is accepted: the order goes on at the price of the buyer', async () => {
    const folder = await stockedCompany();
    const bytes = await sample('acme/happy-path/in.edi', (text) => text.replace('PO1*1*48*EA*6.25*', 'PO1*1*48*EA*5.00*'));
    const first = await work(folder, { partner: 'acme', name: 'p.edi', bytes });
    expect(first.some(({ kind }) => kind === 'order-response')).toBe(false);
    expect((await wharfJson(folder, 'status')).data.needs).toMatchObject([
      { id: 'order:1', code: 'PRICE_MISMATCH', remedy: expect.stringContaining('wharf resolve') },
    ]);
    expect((await wharf(folder, 'resolve', 'order:1', 'accept', '--line', '2')).code).toBe(1);
    expect(await wharf(folder, 'resolve', 'order:1', 'accept', '--line', '1')).toMatchObject({ code: 0, out: 'order:1: PRICE_MISMATCH 5 accepted\n' });
    const answer = (await work(folder)).find(({ kind }) => kind === 'order-response')!;
    expect(Buffer.from(answer.bytes).toString()).toMatch(/PO1\*1\*48\*EA\*5\*/);
    expect(await wharf(folder, 'resolve', 'order:1', 'accept')).toMatchObject({ code: 1, out: 'nothing of order:1 is held\n' });
  });

  test('an unknown item cannot be accepted; rejected, the buyer is told', async () => {
    const folder = await stockedCompany();
    await work(folder, { partner: 'acme', name: 'q.edi', bytes: await sample('acme/unknown-sku/in.edi') });
    expect(await wharf(folder, 'resolve', 'order:1', 'accept')).toMatchObject({ code: 1, out: expect.stringMatching(/^SKU_UNKNOWN cannot be accepted/) });
    expect((await wharf(folder, 'resolve', 'order:1', 'reject')).code).toBe(0);
    const answer = (await work(folder)).find(({ kind }) => kind === 'order-response')!;
    expect(Buffer.from(answer.bytes).toString()).toMatch(/PO1\*2\*6\*EA[^~]*~\s*ACK\*R2\*6/);
    expect((await wharf(folder, 'status')).code).toBe(0);
  });

  test('an order to an unknown place is rejected as a whole', async () => {
    const folder = await stockedCompany();
    await work(folder, { partner: 'acme', name: 'r.edi', bytes: await sample('acme/unknown-ship-to/in.edi') });
    expect((await wharf(folder, 'resolve', 'order:1', 'reject')).code).toBe(0);
    const sent = await work(folder);
    expect(sent.map(({ kind }) => kind)).toEqual(['order-response']);
    expect((await wharfJson(folder, 'trace', 'order:1')).data.orders).toMatchObject([{ lifecycle: 'rejected' }]);
  });

  test('what is discarded leaves the list, not the timeline', async () => {
    const folder = await stockedCompany();
    const bytes = await sample('acme/happy-path/in.edi', (text) => text.replace('ACME           ', 'STRANGER       '));
    await work(folder, { partner: 'acme', name: 's.edi', bytes });
    expect((await wharf(folder, 'status')).code).toBe(1);
    expect((await wharf(folder, 'discard', 'file:1', '--note', 'sent to us by mistake')).code).toBe(0);
    expect((await wharf(folder, 'status')).code).toBe(0);
    expect((await wharf(folder, 'trace', 's.edi')).out).toMatch(/discard +file:1 +discarded by \S+: sent to us by mistake/);
    expect((await wharf(folder, 'discard', 'file:1')).code).toBe(1);
    expect((await wharf(folder, 'discard', 'order:1')).code).toBe(2);
    expect((await wharf(folder, 'replay', 'file:1')).code).toBe(1);
  });
});
