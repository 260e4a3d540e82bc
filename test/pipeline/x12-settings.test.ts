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

const asked = (text: string): string => text.replace('*00401*000000101*0*P*', '*00401*000000101*1*P*');

test.each<[settings: string, sent: readonly RegExp[], not: readonly RegExp[], order?: (text: string) => string]>([
  [
    'x12: { upperCase: true, ackRequested: true, version: 005010VICS }',
    [/^ISA.*\*00501\*\d+\*1\*P\*>~/m, /^GS\*PR\*.*\*X\*005010VICS~/m, /^GS\*FA\*.*\*X\*004010~/m, /N1\*ST\*ACME DISTRIBUTION CENTER 42\*92\*0042~/],
    [/[a-z]/],
  ],
  ['x12: { delimiters: { newline: "" } }\nacknowledgments: { ta1: requested }', [/~ST\*855\*/, /~TA1\*000000101\*260302\*0915\*A\*000~/], [/\n/], asked],
  ['x12: { delimiters: { element: "|", segment: "\\n", newline: "" } }', [/\nST\|855\|\d+\nBAK\|00\|/], [/~/]],
  ['acknowledgments: { ta1: always, kind: "999" }', [/^TA1\*000000101\*260302\*0915\*A\*000~/m, /^ST\*999\*/m, /^IK5\*A~/m], [/^ST\*997\*/m]],
  [
    'acknowledgments: { ta1: requested, detail: rejected, file: "{vendorNumber}_{document}_{control}.edi" }',
    [/^=== 104417_997_1\.edi$/m, /^AK9\*A\*1\*1\*1~/m],
    [/^TA1/m, /^AK2/m],
  ],
  ['acknowledgments: { ta1: never }', [/^ST\*997\*/m], [/^TA1/m], asked],
  ['acknowledgments: { ta1: errors, kind: none }', [/^ST\*855\*/m], [/^TA1/m, /^ST\*9\d\d\*/m]],
  ['acknowledgments: { ta1: errors }', [/^TA1\*000000101\*260302\*0915\*[ER]\*/m], [], (text) => text.replace('IEA*1*', 'IEA*2*')],
])('%s', async (settings, sent, not, change = (text) => text) => {
  const order = change(new TextDecoder().decode(await sample('acme/happy-path/in.edi')));
  const files = (await drop(Buffer.from(order), ['partners/acme.yaml', /$/, `${settings}\n`])).sent.filter(({ partner }) => partner === 'acme');
  const text = files.map(({ name, bytes }) => `=== ${name}\n${Buffer.from(bytes).toString('latin1')}`).join('\n');
  const data = files.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('');
  for (const said of sent) expect(text).toMatch(said);
  for (const unsaid of not) expect(data).not.toMatch(unsaid);
});
