import { describe, expect, test } from 'vitest';
import { sample, stockedCompany, wharf, wharfJson, work } from './support.ts';

const give = (partner: string, name: string, bytes: Uint8Array) => ({ partner, name, bytes });
const texts = (files: readonly { readonly name: string; readonly bytes: Uint8Array }[]) =>
  Object.fromEntries(files.map(({ name, bytes }) => [name.split('_')[0]!, Buffer.from(bytes).toString('latin1')]));

describe('before anything is sent', () => {
  test('a label that was used before holds the ship notice and its invoice until a person releases them', async () => {
    const folder = await stockedCompany();
    for (const name of ['in.1.edi', 'in.2.edi']) await work(folder, give('acme', name, await sample(`acme/label-used-before/${name}`)));
    await work(folder, give('northwind', '1.edi', await sample('acme/label-used-before/in.4.northwind.945.edi')));
    const sent = await work(folder, give('northwind', '2.edi', await sample('acme/label-used-before/in.5.northwind.945.edi')));
    expect(sent.map(({ kind }) => kind)).toEqual(['acknowledgment']);

    const { code, data } = await wharfJson(folder, 'status');
    expect(code).toBe(1);
    const [need] = data.needs;
    expect(need).toMatchObject({ code: 'CONVERSATION_BROKEN', remedy: expect.stringContaining('wharf release') });
    expect(need.detail).toMatch(/007318820000001402 \/ shipment BLNW-7001 of acme 4500015000/);

    // Looking again finds the same; releasing sends it as it is, with who did so.
    await wharf(folder, 'replay', need.id);
    expect(await work(folder)).toEqual([]);
    expect((await wharfJson(folder, 'status')).data.needs).toMatchObject([{ id: need.id, code: 'CONVERSATION_BROKEN' }]);
    expect(await wharf(folder, 'release', need.id)).toMatchObject({ code: 0, out: expect.stringMatching(/sent as it is, by \w/) });
    expect(texts(await work(folder))['856']).toMatch(/007318820000001402/);
    expect((await wharfJson(folder, 'status')).data.needs).toEqual([]);
    expect(await wharf(folder, 'release', need.id)).toMatchObject({ code: 1, out: expect.stringMatching(/only what contradicts/) });
  });

  test('no invoice runs ahead of a notice that is not accepted; a rejected notice is written anew with the same shipment number', async () => {
    const folder = await stockedCompany();
    await work(folder, give('acme', '1.edi', await sample('acme/rejected-ship-notice/in.1.edi')));
    const first = texts(await work(folder, give('northwind', '2.edi', await sample('acme/rejected-ship-notice/in.2.northwind.945.edi'))));
    expect(Object.keys(first).toSorted()).toEqual(['856', '997']);
    expect(await work(folder, give('acme', '3.edi', await sample('acme/rejected-ship-notice/in.3.acme.997.edi')))).toEqual([]);
    const [need] = (await wharfJson(folder, 'status')).data.needs;
    expect(need).toMatchObject({ code: 'ACK_REJECTED', detail: expect.stringMatching(/TD503 .*not in the list/), remedy: expect.stringContaining('reissue') });

    expect(await wharf(folder, 'reissue', need.id)).toMatchObject({ code: 0, out: expect.stringMatching(/written anew as outbox:\d+, by \w/) });
    expect(await wharf(folder, 'reissue', need.id)).toMatchObject({ code: 1, out: expect.stringMatching(/another took its place/) });
    const again = texts(await work(folder));
    expect(Object.keys(again)).toEqual(['856']);
    const bsn = (text: string) => /BSN\*00\*(\w+)/.exec(text)![1];
    expect(bsn(again['856']!)).toBe(bsn(first['856']!));
    const controls = (text: string) => [...text.matchAll(/(?:IEA\*1|GE\*1)\*(\d+)/g)].map((match) => match[1]);
    expect(controls(again['856']!)).toEqual(['2', '000000004'].map((control) => expect.stringMatching(new RegExp(`^0*${control}$`))));

    const accepted = (await sample('acme/rejected-ship-notice/in.3.acme.997.edi'))
      .toString()
      .replace(/AK3[\s\S]*?AK5\*R\*5~\n/, 'AK5*A~\n')
      .replace('AK9*R*1*1*0', 'AK9*A*1*1*1')
      .replace('SE*10*', 'SE*6*')
      .replace('AK1*SH*1', 'AK1*SH*2')
      .replaceAll('000000910', '000000911');
    expect(Object.keys(texts(await work(folder, give('acme', '4.edi', Buffer.from(accepted)))))).toEqual(['810']);
    expect((await wharfJson(folder, 'status')).data.needs).toEqual([]);
  });
});
