import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { Rehearsal } from '../../src/workbench/rehearse.ts';
import { openRehearsal } from '../../src/workbench/rehearse.ts';
import { configOf, edit, sample, sampleCompany, write } from '../cli/support.ts';
import { openCompany, purchaseOrder } from '../support/company.ts';
import { freshSettings } from '../support/database.ts';

/** The steps on the configuration of a folder. */
async function rehearse(folder: string): Promise<Rehearsal> {
  const loaded = await loadConfig(configOf(folder));
  if (!loaded.config) throw new Error(JSON.stringify(loaded.problems));
  const rehearsal = await openRehearsal(loaded.config, await freshSettings(), () => Date.parse('2026-03-02T15:00:00Z'));
  onTestFinished(() => rehearsal.close());
  return rehearsal;
}

/** What became of the sample 850, changed by text, when `partner` drops it: the file, its documents, and the 997 as its segments. */
async function drop(rehearsal: Rehearsal, partner: string, change: (text: string) => string = (text) => text) {
  const id = await rehearsal.give(partner, 'in.edi', await sample('acme/happy-path/in.edi', change));
  const sent = await rehearsal.run();
  const acknowledgment = sent.find(({ kind }) => kind === 'acknowledgment');
  return rehearsal.db.read(async (tx) => ({
    file: await tx.one('select status, reason, detail from {inbound_file} where id = ?', [id]),
    documents: await tx.many('select partner, accepted, status from {document} where inbound_file_id = ? order by position', [id]),
    sentTo: acknowledgment?.partner,
    answer: acknowledgment === undefined ? '' : Buffer.from(acknowledgment.bytes).toString('latin1'),
  }));
}

describe('partners that share the identity of an interchange', () => {
  async function company(): Promise<Rehearsal> {
    const folder = await sampleCompany();
    const dogwood = (id: string, group: string): string =>
      `id: ${id}\nname: ${id}\nextends: retailer\nidentities: [{ theirs: ZZ/GROUPHQ, groupTheirs: ${group}, groupOurs: HARBORLANE }]\n`;
    await write(folder, 'partners/dogwood.yaml', dogwood('dogwood', 'DOGWOOD'));
    await write(folder, 'partners/elm.yaml', dogwood('elm', 'ELM'));
    return rehearse(folder);
  }
  const from = (group: string) => (text: string) => text.replaceAll('ACME           ', 'GROUPHQ        ').replace('ACMESTORES', group);

  test('are told apart by the group, and each gets its own answer', async () => {
    const rehearsal = await company();
    for (const [partner, group] of [
      ['elm', 'ELM'],
      ['dogwood', 'DOGWOOD'],
    ] as const) {
      const { file, documents, sentTo } = await drop(rehearsal, partner, from(group));
      expect(file).toMatchObject({ status: 'done' });
      expect(documents).toMatchObject([{ partner, accepted: 1 }]);
      expect(sentTo).toBe(partner);
    }
  });

  test('are not guessed where the group names none of them', async () => {
    const { file, documents, sentTo } = await drop(await company(), 'elm', from('SOMEBODY'));
    expect(file).toMatchObject({ status: 'parked', reason: 'SENDER_UNKNOWN' });
    expect(documents).toEqual([]);
    expect(sentTo).toBeUndefined();
  });

  test('do not get what is in one interchange with a group of the other', async () => {
    const { file, documents } = await drop(await company(), 'elm', (text) => {
      const own = from('ELM')(text);
      const group = own.slice(own.indexOf('GS*'), own.indexOf('IEA*'));
      return own.replace('IEA*1*', `${group.replace('ELM', 'DOGWOOD').replaceAll('*1~', '*1~')}IEA*2*`);
    });
    expect(file).toMatchObject({ status: 'parked', reason: 'SENDER_UNKNOWN', detail: expect.stringMatching(/is of dogwood, though the first is of elm/) });
    expect(documents).toEqual([]);
  });
});

describe('settings of a partner about X12', () => {
  async function withAcme(lines: string, gateway?: (text: string) => string): Promise<Rehearsal> {
    const folder = await sampleCompany();
    await edit(folder, 'partners/acme.yaml', (text) => `${text}${lines}`);
    if (gateway) await edit(folder, 'config/gateway.yaml', gateway);
    return rehearse(folder);
  }

  test('guide: what theirs requires must be there', async () => {
    const plain = await drop(await withAcme('tables: {}\n'), 'acme');
    expect(plain.documents).toMatchObject([{ accepted: 1 }]);
    const strict = await drop(await withAcme('guide: [{ set: "850", segment: PO1, element: PO105, requirement: M }]\n'), 'acme');
    expect(strict.documents).toMatchObject([{ accepted: 0 }]);
    expect(strict.answer).toMatch(/AK4\*5\*639\*1/);
  });

  test('guide: only the codes it names are taken, or those of the standard and its own', async () => {
    const rushed = (text: string): string => text.replace('BEG*00*SA', 'BEG*00*RO');
    const only = (rule: string): string => `guide: [{ segment: BEG, element: BEG02, ${rule} }]\n`;
    expect((await drop(await withAcme(only('codes: [SA, RO]')), 'acme', rushed)).documents).toMatchObject([{ accepted: 1 }]);
    expect((await drop(await withAcme(only('codes: [SA]')), 'acme', rushed)).answer).toMatch(/AK4\*2\*92\*7\*RO/);
    expect((await drop(await withAcme(only('codes: [SA], alsoCodes: [RO]')), 'acme', rushed)).documents).toMatchObject([{ accepted: 1 }]);
  });

  test('leniency may be for one set only', async () => {
    const odd = (text: string): string => text.replace('N1*BY*', 'N1**');
    const forSet = (set: string) => `leniency: [{ code: "AK403-1", set: "${set}", element: N101, treat: warning }]\n`;
    expect((await drop(await withAcme(forSet('850')), 'acme', odd)).documents).toMatchObject([{ accepted: 1 }]);
    expect((await drop(await withAcme(forSet('860')), 'acme', odd)).documents).toMatchObject([{ accepted: 0 }]);
  });

  test('characters: what is wrong is answered, also where it cannot be copied as it is', async () => {
    const odd = (text: string): string => text.replace('*48*EA', '*4$8*EA');
    const { documents, answer } = await drop(await withAcme('x12: { characters: basic, onForbidden: refuse }\n'), 'acme', odd);
    expect(documents).toMatchObject([{ accepted: 0 }]);
    expect(answer).toMatch(/AK4\*2\*330\*6/);
  });

  test('limits.documentBytes: a set that is larger is rejected', async () => {
    const small = await withAcme('tables: {}\n', (text) => text.replace('limits: { ', 'limits: { documentBytes: 200B, '));
    const { documents, answer } = await drop(small, 'acme');
    expect(documents).toMatchObject([{ accepted: 0, status: 'done' }]);
    expect(answer).toContain('AK5*R');
  });
});

test.each([
  ['hold', 'parked', []],
  ['reject', 'done', []],
  ['refuse', 'done', ['BAK*00*RD*PO7', 'ACK*IR*60*EA']],
])('duplicates.order: %s', async (order, status, told) => {
  const company = await openCompany(['HL-MUG-01,NW,500'], { 'partners/acme.yaml': (text) => `${text}duplicates: { order: ${order} }\n` });
  const mugs = (quantity: number) => purchaseOrder('PO7', [`PO1*1*${quantity}*EA***VN*HL-MUG-01`]);
  await company.give('acme', mugs(48));
  await company.run();
  await company.give('acme', mugs(60));
  const answers = (await company.run()).filter(({ kind }) => kind === 'order-response').map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
  expect(answers).toHaveLength(told.length === 0 ? 0 : 1);
  for (const segment of told) expect(answers[0]).toContain(segment);
  const documents = await company.db.read((tx) => tx.many('select status, reason from {document} order by id'));
  expect(documents[1]).toEqual({ status, reason: 'ORDER_CONFLICT' });
  expect(await company.lines('PO7')).toEqual(['released 48']);
});

test('codes of a buyer’s own for each line, also for an order whose number is taken', async () => {
  const company = await openCompany(['HL-MUG-01,NW,500'], {
    'partners/acme.yaml': (text) => `${text}duplicates: { order: refuse }\n`,
    'mappings/x12/855.yaml': (text) =>
      text.replace(
        /( +)ACK05: .*\n/,
        '$&$1ACK29: { first: [{ const: "04", when: /duplicate }, { from: outcome, table: { accepted: "00", item-unknown: "02", rejected: "03" } }] }\n',
      ),
  });
  await company.give('acme', purchaseOrder('PO8', ['PO1*1*48*EA***VN*HL-MUG-01']));
  const first = await company.run();
  await company.give('acme', purchaseOrder('PO8', ['PO1*1*60*EA***VN*HL-MUG-01']));
  const second = await company.run();
  const codes = [first, second].map((files) => {
    const answer = files.find(({ kind }) => kind === 'order-response')!;
    const ack = /ACK\*.*?~/.exec(Buffer.from(answer.bytes).toString('latin1'))![0];
    return [ack.split('*')[1], ack.replace('~', '').split('*')[29]];
  });
  expect(codes).toEqual([
    ['IA', '00'],
    ['IR', '04'],
  ]);
});
