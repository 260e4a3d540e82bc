import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteOrderMark, decode, encode, encodingNamed, encodings } from '../../src/formats/decode.ts';
import { sniffRecordFormat } from '../../src/formats/sniff.ts';
import { cutAt } from '../support/reading.ts';

test.each([
  ['', 'empty'],
  [' \r\n', 'empty'],
  ['ISA*00*', 'x12'],
  ["UNA:+.? 'UNB+UNOA", 'edifact'],
  ['UNB+UNOA:2', 'edifact'],
  ['<?xml version="1.0"?>', 'xml'],
  ['\ufeff<Order>', 'xml'],
  ['{"a":1}', 'json'],
  ['[{"a":1}]', 'json'],
  ['po,sku\n1,2\n', 'csv'],
  ['sep=;\na;b', 'csv'],
  ['"a, b"\tc\n1\t2\n3', 'csv'],
  ['HD0012  20260305\nLNA\n', 'fixed'],
  ['PK\x03\x04', 'archive'],
  ['%PDF-1.7', 'archive'],
  ['a\0b', 'binary'],
])('%j looks like %s', (text, expected) => {
  expect(sniffRecordFormat(Buffer.from(text))).toBe(expected);
});

test('UTF-16 is looked at as text, with its mark or without', () => {
  expect(sniffRecordFormat(Buffer.from('\ufeff<a/>', 'utf16le'))).toBe('xml');
  expect(sniffRecordFormat(Buffer.from('<a/>', 'utf16le'))).toBe('xml');
  expect(sniffRecordFormat(Buffer.from('\ufeffa,b\n1,2', 'utf16le'))).toBe('csv');
});

test('fault/C11 what a file looks like is told of any bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void sniffRecordFormat(bytes)));
});

async function decoded(chunks: readonly Uint8Array[], encoding: (typeof encodings)[number]): Promise<{ text: string; fault: number | undefined }> {
  let text = '';
  for await (const piece of decode(chunks, encoding)) {
    if ('finding' in piece) return { text, fault: piece.finding.at?.offset };
    text += piece.text;
  }
  return { text, fault: undefined };
}

const samples: Readonly<Record<(typeof encodings)[number], string>> = {
  'utf-8': 'aé€\u{1f600}',
  'utf-16le': 'aé€\u{1f600}',
  'utf-16be': 'aé€\u{1f600}',
  'us-ascii': 'a~',
  'iso-8859-1': 'aéÿ',
  'iso-8859-2': 'ałž',
  'iso-8859-15': 'aé€',
  'windows-1250': 'až€',
  'windows-1251': 'aЖ€',
  'windows-1252': 'aé€“”™Ÿ',
  shift_jis: 'a注文',
  gb18030: 'a订单',
  big5: 'a訂單',
  'euc-kr': 'a주문',
  cp437: 'aé½',
  cp850: 'aéÁ',
};

test.each(encodings)('%s is written and read back, cut anywhere', async (encoding) => {
  const text = samples[encoding].repeat(3);
  const bytes = encode(text, encoding)!;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 5 }), async (cuts) => {
      expect(await decoded(cutAt(bytes, cuts), encoding)).toEqual({ text, fault: undefined });
    }),
    { numRuns: 30 },
  );
});

test('fault/C12 bytes of another encoding are told at their offset, however they are cut', async () => {
  const bytes = Buffer.concat([Buffer.from('aé'.repeat(600)), Buffer.from([0xe2, 0x82]), Buffer.from('x')]);
  for (const cut of [[], [1], [1799], [1801], [1024, 1800, 1802]]) expect((await decoded(cutAt(bytes, cut), 'utf-8')).fault).toBe(1800);
  expect((await decoded([Buffer.from([0x61, 0xe2])], 'utf-8')).fault).toBe(1);
  expect((await decoded([Buffer.from([0x61, 0x81])], 'windows-1252')).fault).toBe(1);
  expect((await decoded([Buffer.from([0x61, 0x81])], 'us-ascii')).fault).toBe(1);
});

test('text that an encoding has no bytes for is not written', () => {
  expect(encode('€', 'iso-8859-2')).toBeUndefined();
  expect(encode('€', 'us-ascii')).toBeUndefined();
  expect(encode('?', 'windows-1252')).toEqual(Buffer.from('?'));
});

test('encodings go by their usual spellings', () => {
  expect(['UTF8', 'latin1', 'Windows-1252', 'cp1252', 'GBK', 'EBCDIC'].map(encodingNamed)).toEqual([
    'utf-8',
    'iso-8859-1',
    'windows-1252',
    'windows-1252',
    'gb18030',
    undefined,
  ]);
  expect(byteOrderMark(Buffer.from([0xfe, 0xff]))).toEqual({ encoding: 'utf-16be', length: 2 });
});
