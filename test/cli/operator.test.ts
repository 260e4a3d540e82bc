import { describe, expect, test } from 'vitest';
import { edit, sample, stockedCompany, wharf, wharfJson, work } from './support.ts';

const order = (name: string, change?: (text: string) => string) => sample('acme/happy-path/in.edi', change).then((bytes) => ({ partner: 'acme', name, bytes }));
/** The order of the happy path under another number, in another interchange. */
const another = (number: string, control: string, change = (text: string) => text) =>
  order(`${number}.edi`, (text) => change(text.replaceAll('4500012345', number).replaceAll('000000101', control)));

describe('the quarantine', () => {
  test('lists, shows, tries again and puts aside what is parked, one or many', async () => {
    const folder = await stockedCompany();
    await edit(folder, 'mappings/x12/850.yaml', (text) => text.replace('from: BEG03', 'from: BEG11'));
    for (const control of ['000000805', '000000806']) await work(folder, await another(`45000${control}`, control));
    await work(folder, { partner: 'acme', name: 'note.txt', bytes: Buffer.from('hello') });
    const { code, data } = await wharfJson(folder, 'quarantine', 'list');
    expect(code).toBe(1);
    expect(data.map(({ reason }: { reason: string }) => reason)).toEqual(expect.arrayContaining(['MAPPING_FAILED']));
    const documents = (await wharfJson(folder, 'quarantine', 'list', '--partner', 'acme', '--code', 'MAPPING_FAILED')).data;
    expect(documents).toHaveLength(2);
    expect(documents[0]).toMatchObject({ id: expect.stringMatching(/^document:/), partner: 'acme', remedy: expect.stringContaining('replay') });
    const shown = await wharf(folder, 'quarantine', 'show', documents[0].id);
    expect(shown.out).toMatch(/MAPPING_FAILED[\s\S]*receive|translate/);
    expect(await wharf(folder, 'quarantine', 'show', 'document:999')).toMatchObject({ code: 2, err: expect.stringContaining('NOT_FOUND') });
    expect(await wharf(folder, 'quarantine', 'retry')).toMatchObject({ code: 2, err: expect.stringContaining('USAGE') });

    await edit(folder, 'mappings/x12/850.yaml', (text) => text.replace('from: BEG11', 'from: BEG03'));
    const preview = await wharfJson(folder, 'quarantine', 'retry', '--code', 'MAPPING_FAILED', '--dry-run');
    expect(preview.data).toHaveLength(2);
    const retried = await wharfJson(folder, 'quarantine', 'retry', '--code', 'MAPPING_FAILED', '--reason', 'mapping corrected');
    expect(retried).toMatchObject({ code: 0, data: [{ done: true }, { done: true }] });
    expect((await wharfJson(folder, 'quarantine', 'list', '--code', 'MAPPING_FAILED')).data).toEqual([]);
    const left = (await wharfJson(folder, 'quarantine', 'list')).data;
    expect(left.length).toBeGreaterThan(0);
    expect((await wharfJson(folder, 'quarantine', 'discard', left[0].id, '--reason', 'a note of a person')).data).toMatchObject([{ done: true }]);
    const audit = (await wharfJson(folder, 'audit')).data;
    expect(JSON.stringify(audit)).toContain('mapping corrected');
    expect((await wharfJson(folder, 'verify')).data.faults).toEqual([]);
  });
});

describe('what is held back', () => {
  test('a document waits until it is released; partner and channel are told of in status', async () => {
    const folder = await stockedCompany();
    await wharf(folder, 'pause');
    await work(folder, await order('a.edi'));
    const { data } = await wharfJson(folder, 'trace', 'a.edi');
    const waiting = data.outbox.filter(({ status }: { status: string }) => status === 'pending').map(({ id }: { id: string }) => id);
    expect(waiting.length).toBeGreaterThan(1);
    expect(await wharf(folder, 'hold', waiting[0], '--reason', 'price to be agreed')).toMatchObject({ code: 0 });
    expect(await wharf(folder, 'hold', waiting[0])).toMatchObject({ code: 1, out: expect.stringContaining('does not wait') });
    await wharf(folder, 'resume');
    await work(folder);
    expect((await wharfJson(folder, 'status')).data.needs).toMatchObject([
      { id: waiting[0], code: 'HELD', detail: expect.stringContaining('price to be agreed') },
    ]);
    expect(await wharf(folder, 'release', waiting[0])).toMatchObject({ code: 0 });
    expect((await work(folder)).length).toBe(1);

    expect(await wharf(folder, 'hold', 'partner:acme', '--reason', 'audit')).toMatchObject({ code: 0 });
    expect(await wharf(folder, 'hold', 'partner:acme')).toMatchObject({ code: 1 });
    expect(await wharf(folder, 'hold', 'channel:acme/nowhere')).toMatchObject({ code: 2 });
    const status = await wharfJson(folder, 'status');
    expect(status.data.held).toEqual(['partner:acme']);
    const channels = Object.fromEntries(status.data.channels.map((each: { channel: string; state: string }) => [each.channel, each.state]));
    expect(channels).toMatchObject({ 'acme/in': 'held', 'acme/out': 'held', 'northwind/in': 'unused' });
    expect((await wharf(folder, 'status')).out).toMatch(/HELD: partner:acme, by .*audit/);
    expect(await wharf(folder, 'release', 'partner:acme')).toMatchObject({ code: 0 });
    expect(await wharf(folder, 'release', 'partner:acme')).toMatchObject({ code: 1, out: expect.stringContaining('is not held') });
    expect((await wharfJson(folder, 'verify')).data.faults).toEqual([]);
  });
});

describe('undo of a file', () => {
  test('shows what can be taken back and what was told; what was undone is read again or put aside', async () => {
    const folder = await stockedCompany();
    await work(folder, await another('4500077001', '000000701'));
    const told = await wharfJson(folder, 'undo', 'file:1');
    expect(told).toMatchObject({
      code: 1,
      data: { done: false, documents: [{ stays: expect.stringMatching(/it was told: outbox:\d+ /) }], sent: [expect.stringContaining('997')] },
    });

    await work(folder, await another('4500077002', '000000702', (text) => text.replace('BP*1001*UP*614141010103', 'BP*9991').replace('BP*1006', 'BP*9992')));
    const [hold] = (await wharfJson(folder, 'holds')).data;
    expect(hold).toMatchObject({ poNumber: '4500077002' });
    const preview = await wharfJson(folder, 'undo', 'file:2');
    expect(preview).toMatchObject({ code: 0, data: { preview: true, done: true, documents: [{ order: 2 }] } });
    expect((await wharfJson(folder, 'holds')).data).not.toEqual([]);
    expect(await wharfJson(folder, 'undo', 'file:2', '--write', '--reason', 'wrong items')).toMatchObject({ code: 0, data: { preview: false, done: true } });
    expect((await wharfJson(folder, 'holds')).data).toEqual([]);
    const parked = (await wharfJson(folder, 'quarantine', 'list')).data;
    expect(parked).toMatchObject([{ id: 'document:2', reason: 'UNDONE' }]);
    expect(await wharf(folder, 'undo', 'file:2', '--write')).toMatchObject({ code: 1, out: expect.stringContaining('nothing to undo') });
    // Read again, it makes the order anew.
    expect(await wharf(folder, 'replay', 'document:2')).toMatchObject({ code: 0 });
    await work(folder);
    expect((await wharfJson(folder, 'holds')).data[0]).toMatchObject({ poNumber: '4500077002', order: 'order:3' });
    expect((await wharfJson(folder, 'verify')).data.faults).toEqual([]);
  });
});

describe('acks', () => {
  test('lists what partners have not acknowledged, and keeps what a person found out', async () => {
    const folder = await stockedCompany();
    await work(folder, await order('a.edi'));
    const { code, data } = await wharfJson(folder, 'acks');
    expect(code).toBe(0);
    expect(data.documents).toMatchObject([{ partner: expect.any(String), state: 'waiting' }, { state: 'waiting' }]);
    const id = data.documents[0].id as string;
    expect(await wharf(folder, 'acks', 'note', id, 'called', 'them')).toMatchObject({ code: 0 });
    expect(await wharf(folder, 'acks', 'note', 'outbox:999', 'x')).toMatchObject({ code: 1 });
    expect((await wharfJson(folder, 'acks')).data.documents[0]).toMatchObject({ note: 'called them', notedBy: expect.any(String) });
    expect((await wharf(folder, 'acks')).out).toMatch(/waiting[\s\S]*called them/);
    expect(JSON.stringify((await wharfJson(folder, 'audit')).data)).toContain('acks note');
  });
});
