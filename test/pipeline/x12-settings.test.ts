import { describe, expect, test } from 'vitest';
import { encode } from '../../src/formats/x12/text.ts';
import { edit, sample, stockedCompany, wharfJson, work } from '../cli/support.ts';

/** Drops an order at a company with one thing changed; the names of what was sent, and what waits for a person. */
async function drop(bytes: Uint8Array, change: readonly [file: string, from: string | RegExp, to: string] | undefined) {
  const folder = await stockedCompany();
  if (change) await edit(folder, change[0], (text) => text.replace(change[1], change[2]));
  const sent = await work(folder, { partner: 'acme', name: 'order.edi', bytes });
  return { sent, needs: (await wharfJson(folder, 'status')).data.needs as readonly { readonly detail?: string }[] };
}

describe('X12 in EBCDIC', () => {
  const bytes = async (): Promise<Uint8Array> => encode(new TextDecoder().decode(await sample('acme/happy-path/in.edi')), 'ebcdic').bytes;

  test('is read where the channel says so', async () => {
    const { sent } = await drop(await bytes(), ['partners/templates/retailer.yaml', 'partners/{partner}/in"', 'partners/{partner}/in", encoding: ebcdic']);
    expect(sent.map(({ name }) => name)).toContain('997_1.edi');
  });

  test('is told as such where it does not', async () => {
    const { sent, needs } = await drop(await bytes(), undefined);
    expect(sent).toEqual([]);
    expect(needs).toMatchObject([{ detail: expect.stringContaining('X12 in EBCDIC: set `encoding: ebcdic` on the channel') }]);
  });
});

test('x12: control numbers have as many digits as the partner wants', async () => {
  const { sent } = await drop(await sample('acme/happy-path/in.edi'), ['partners/acme.yaml', /^/, 'x12: { groupDigits: 9, setDigits: 9 }\n']);
  const answer = new TextDecoder().decode(sent.find(({ name }) => name === '997_1.edi')!.bytes);
  expect(answer).toMatch(/^GS(\*\w+){5}\*000000001\*X\*004010~\nST\*997\*000000001~$/m);
  expect(answer).toMatch(/^SE\*\d+\*000000001~\nGE\*1\*000000001~$/m);
});

test.each([
  ['elementBytes: 10B', 'AK4*2*93*5*Acme Stores~'],
  ['documentSegments: 5', 'AK2*850*0001~\nAK5*R*5'],
])('limits: { %s }', async (limit, said) => {
  const { sent } = await drop(await sample('acme/happy-path/in.edi'), [
    'config/gateway.yaml',
    'limits: { fileBytes: 200MB, segmentBytes: 64KB }',
    `limits: { ${limit} }`,
  ]);
  expect(sent.map(({ name }) => name)).toEqual(['997_1.edi']);
  expect(new TextDecoder().decode(sent[0]!.bytes)).toContain(said);
});

test('interchangeVersion: ISA12 may differ from the version of the group', async () => {
  const { sent } = await drop(await sample('acme/happy-path/in.edi'), ['partners/acme.yaml', 'id: acme\n', 'id: acme\nx12: { interchangeVersion: "00200" }\n']);
  const acknowledgment = new TextDecoder().decode(sent.find(({ name }) => name.startsWith('997'))!.bytes);
  expect(acknowledgment).toMatch(/^ISA(\*[^*]*){10}\*U\*00200\*/);
  expect(acknowledgment).toMatch(/GS\*FA\*[^~]*\*004010~/);
});
