import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encode } from '../../src/formats/decode.ts';
import { fixed } from '../../src/formats/fixed.ts';
import type { FixedOptions } from '../../src/formats/fixed/options.ts';
import { recordOptions } from '../../src/formats/options.ts';
import { fromPlain, toPlain } from '../../src/tree.ts';
import { cutAt, readAll } from '../support/reading.ts';

const options: FixedOptions = {
  type: '1-2',
  start: 'HD',
  end: 'TR',
  ignore: ['FH'],
  records: {
    HD: { po: '3-8', date: '9-16' },
    LN: { sku: '3-8', qty: { at: '9-12', align: 'right', pad: '0' }, note: '13-16' },
    TR: { count: { at: '3-5', align: 'right', pad: '0' } },
  },
};
const read = (text: string | Uint8Array, given: FixedOptions = options) => readAll(fixed.read([typeof text === 'string' ? Buffer.from(text) : text], given));

test('records of several types make messages; padding goes, zeros of a text stay', async () => {
  const { messages, findings } = await read('FHfile\r\nHD0012  20260305\r\nLNA-1   0010x y\r\nLNB     0000\r\nTR002\r\nHD0013\r\nTR000\r\n');
  expect(findings).toEqual([]);
  expect(messages.map((one) => [toPlain(one.tree), one.findings])).toEqual([
    [
      {
        HD: [{ po: '0012', date: '20260305' }],
        LN: [
          { sku: 'A-1', qty: '10', note: 'x y' },
          { sku: 'B', qty: '0', note: '' },
        ],
        TR: [{ count: '2' }],
      },
      [],
    ],
    [{ HD: [{ po: '0013', date: '' }], TR: [{ count: '0' }] }, []],
  ]);
  expect(messages[1]!.tree.children![0]!.at).toEqual({ offset: 64, line: 6 });
});

test('a record of no known type, one that is cut or too long refuses the messages beside it', async () => {
  const good = 'HD0012\nTR000\n';
  const { messages } = await read(`${good}HD0013\nLNA     00\nTR001\n${good}`);
  expect(messages.map((one) => one.findings.map((finding) => finding.message))).toEqual([[], ['line 4: the record ends inside the field qty'], []]);
  const odd = await read(`HD1\nXX\nTR000\nHD2\nTR000garbage\n`);
  expect(odd.messages.map((one) => one.findings.map((finding) => finding.message))).toEqual([
    ['line 2: there is no record type "XX"'],
    ['line 5: something stands after column 5, where the last field ends', 'the message does not end with a record TR'],
  ]);
});

test('records of one length need no line breaks; any encoding', async () => {
  const flat: FixedOptions = { length: '6', records: { item: { sku: '1-4', qty: { at: '5-6', align: 'right' } } }, group: 'row', encoding: 'windows-1252' };
  const { messages } = await read(encode('Aé   1B   12C  ', 'windows-1252')!, flat);
  expect(messages.map((one) => [toPlain(one.tree), one.findings.length])).toEqual([
    [{ item: [{ sku: 'Aé', qty: '1' }] }, 0],
    [{ item: [{ sku: 'B', qty: '12' }] }, 0],
    [{ row: {} }, 1],
  ]);
});

const value = (most: number) => fc.string({ unit: fc.constantFrom('a', 'é', '1', '-'), maxLength: most });

test('what is written reads back, cut anywhere', async () => {
  const line = fc.record({ sku: value(6), qty: fc.integer({ min: 0, max: 9999 }).map(String), note: value(4) });
  await fc.assert(
    fc.asyncProperty(value(6), fc.array(line, { minLength: 1, maxLength: 4 }), fc.array(fc.nat(), { maxLength: 6 }), async (po, lines, cuts) => {
      const plain = { HD: [{ po, date: '20260305' }], LN: lines, TR: [{ count: String(lines.length) }] };
      const bytes = fixed.write(fromPlain('records', plain), options);
      const whole = await readAll(fixed.read([bytes], options));
      expect(whole.messages.map((one) => toPlain(one.tree))).toEqual([plain]);
      expect(await readAll(fixed.read(cutAt(bytes, cuts), options))).toEqual(whole);
    }),
    { numRuns: 200 },
  );
});

const write = (plain: unknown) => () => fixed.write(fromPlain('records', plain), options);

test('values that do not fit and records or fields without columns are refused in writing', () => {
  expect(write({ HD: [{ po: '1234567' }] })).toThrow('the field po has 6 columns, and its value 7 characters');
  expect(write({ XX: [{}] })).toThrow(/record type "XX"/);
  expect(write({ HD: [{ x: '1' }] })).toThrow(/no field "x"/);
  expect(write({ HD: [{ po: 'a\nb' }] })).toThrow(/line break/);
});

test('options of a mapping are checked with their place', () => {
  expect(recordOptions('fixed', { format: 'fixed', records: { A: { x: '9-3' } } })).toMatchObject({ problems: [{ path: ['records', 'A', 'x'] }] });
  expect(recordOptions('csv', { format: 'csv', delimeter: ';' })).toMatchObject({ problems: [{ message: expect.stringContaining('delimeter') as unknown }] });
  expect(recordOptions('xml', { format: 'xml', record: 'orders' })).toMatchObject({ problems: [{ path: ['record'] }] });
});
