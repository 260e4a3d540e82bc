import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { csv } from '../../src/formats/csv.ts';
import { WharfError } from '../../src/errors.ts';
import { encode } from '../../src/formats/decode.ts';
import type { CsvOptions } from '../../src/formats/csv/options.ts';
import { fromPlain, toPlain } from '../../src/tree.ts';
import { cutAt, readAll } from '../support/reading.ts';

const read = (text: string | Uint8Array, options: CsvOptions = {}) => readAll(csv.read([typeof text === 'string' ? Buffer.from(text) : text], options));
const rows = (text: string, options: CsvOptions = {}) => read(text, options).then((all) => all.messages.map((message) => toPlain(message.tree)));

test('consecutive rows with the same key are one message; text keeps its zeros, quotes and line breaks', async () => {
  const text = '\ufeffpo,sku,qty\r\n0012,A,1\r\n0012,"B ""x""\r\nline",02\r\n\r\n0013,C,3\r\n';
  expect(await rows(text, { group: ['po'] })).toEqual([
    {
      row: [
        { po: '0012', sku: 'A', qty: '1' },
        { po: '0012', sku: 'B "x"\r\nline', qty: '02' },
      ],
    },
    { row: [{ po: '0013', sku: 'C', qty: '3' }] },
  ]);
  const { messages } = await read(text, { group: ['po'] });
  expect(messages.flatMap((message) => message.tree.children!.map((row) => row.at?.line))).toEqual([2, 3, 6]);
});

test('a file without header, a line that names the delimiter, tabs, other quotes and encodings', async () => {
  expect(await rows('1;2\n', { header: false, delimiter: ';' })).toEqual([{ row: [{ '1': '1', '2': '2' }] }]);
  expect(await rows('sep=;\na;b\n1,0;2\n')).toEqual([{ row: [{ a: '1,0', b: '2' }] }]);
  expect(await rows("a\tb\n'x\ty'\t2", { delimiter: 'tab', quote: "'" })).toEqual([{ row: [{ a: 'x\ty', b: '2' }] }]);
  expect(await rows('a,b\n5" pipe,2\n', { quote: 'none' })).toEqual([{ row: [{ a: '5" pipe', b: '2' }] }]);
  const western = encode('naïve€\n“q”\n', 'windows-1252')!;
  expect((await read(western, { encoding: 'windows-1252' })).messages.map((one) => toPlain(one.tree))).toEqual([{ row: [{ 'naïve€': '“q”' }] }]);
});

test('fault/E9 blank order columns on later rows can continue the message; each row can be one; typed records make messages', async () => {
  expect(await rows('po,sku\n1,A\n,B\n2,C\n', { group: ['po'], continuation: 'blank' })).toEqual([
    {
      row: [
        { po: '1', sku: 'A' },
        { po: '', sku: 'B' },
      ],
    },
    { row: [{ po: '2', sku: 'C' }] },
  ]);
  expect(await rows('a\n1\n2\n', { group: 'row' })).toEqual([{ row: [{ a: '1' }] }, { row: [{ a: '2' }] }]);
  const records = { type: '1', start: 'H', end: 'T', ignore: ['F'], columns: { H: ['t', 'po'], D: ['t', 'sku'], T: ['t', 'n'] } };
  const { messages } = await read('F,x\nH,1\nD,A\nT,1\nH,2\nD,B\nH,3\nT,0\nX,9\n', { header: false, records });
  expect(messages.map((one) => [one.tree.children?.length, one.findings.map((finding) => finding.code)])).toEqual([
    [3, []],
    [2, ['FILE_TRUNCATED']],
    [2, ['RECORD_INVALID']],
  ]);
});

test('where each row is a message, a ragged row is a refused message and its neighbours go on', async () => {
  const { messages } = await read('a,b\n1,2\n3\n5,6\n', { group: 'row' });
  expect(messages.map(({ findings }) => findings.map(({ code, message }) => `${code} ${message}`))).toEqual([
    [],
    ['RECORD_INVALID line 3: 1 columns, not 2'],
    [],
  ]);
});

test('fault/E6 a ragged row or stray quote refuses the messages it may belong to, and no other', async () => {
  const text = 'po,sku,qty\n1,A,1\n2,B,2\n2,C\n2,D,4\n3,E,5\n4,x"y,6\n5,F,7\n6,G,8\n';
  const { messages, findings } = await read(text, { group: ['po'] });
  expect(findings).toEqual([]);
  expect(messages.map((one) => [toPlain(one.tree.children![0]!), one.findings.map((finding) => finding.at?.line)])).toEqual([
    [{ po: '1', sku: 'A', qty: '1' }, []],
    [{ po: '2', sku: 'B', qty: '2' }, [4]],
    [{ po: '3', sku: 'E', qty: '5' }, [7]],
    [{ po: '5', sku: 'F', qty: '7' }, [7]],
    [{ po: '6', sku: 'G', qty: '8' }, []],
  ]);
  expect(messages[1]!.findings[0]!.message).toBe('line 4: 2 columns, not 3');
});

test('fault/E6 fault/E8 headers that are double or lack a column, open quotes, bytes of another encoding and spreadsheet damage are told', async () => {
  expect((await read('a,a\n1,2\n')).findings).toMatchObject([{ code: 'HEADER_INVALID', message: 'line 1: the column "a" is there twice' }]);
  const missing = await read('a,b\n1,2\n', { group: ['po'] });
  expect(missing.messages).toEqual([]);
  expect(missing.findings[0]!.message).toBe('line 1: the columns po are missing; there are a, b');
  const wanted = await read('a\n1\n', { columns: ['po', 'a'], header: true, group: ['po'] });
  expect(wanted.findings[0]!.message).toBe('line 1: the columns po are missing; there are a');
  const open = await read('po,b\n1,2\n2,3\n3,"4\n5,6\n', { group: ['po'] });
  expect(open.findings.map((one) => one.code)).toEqual(['FILE_MALFORMED']);
  expect(open.messages.map((one) => one.findings.length)).toEqual([0, 1]);
  const latin = await read(Buffer.from([0x61, 0x0a, 0x31, 0x0a, 0xe9, 0x0a]));
  expect(latin.findings).toMatchObject([{ code: 'ENCODING_INVALID', at: { offset: 4 } }]);
  const damaged = await read('gtin,q\n1.23E+12,1\n');
  expect(damaged.messages[0]!.findings).toMatchObject([{ code: 'VALUE_DAMAGED', severity: 'warning', value: '1.23E+12', at: { line: 2, column: 1 } }]);
});

test('fault/E5 columns called __proto__ or constructor are plain data', async () => {
  const [plain] = await rows('__proto__,constructor\n1,2\n');
  expect(JSON.stringify(plain)).toBe('{"row":[{"__proto__":"1","constructor":"2"}]}');
  expect(({} as Record<string, unknown>)['1']).toBeUndefined();
});

test('bytes cut anywhere give the same', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', ' ', '€', '1', ';', '\u{1f600}'), maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 6 }), async (table, cuts) => {
      const bytes = Buffer.from(`po,b\n${table.map((line) => line.join(',')).join('\n')}`);
      const whole = await readAll(csv.read([bytes], { group: ['po'] }));
      expect(await readAll(csv.read(cutAt(bytes, cuts), { group: ['po'] }))).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

test('what is written reads back', async () => {
  const value = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', ' ', ';', '='), maxLength: 6 });
  const table = fc.array(fc.tuple(fc.constant('k'), value, value), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom('crlf' as const, 'lf' as const), async (cells, newline) => {
      const plain = { row: cells.map(([key, a, b]) => ({ key, a, 'b c': b })) };
      const bytes = csv.write(fromPlain('rows', plain), { newline, delimiter: ';' });
      const { messages, findings } = await readAll(csv.read([bytes], { delimiter: ';' }));
      expect(findings).toEqual([]);
      expect(messages.map((one) => toPlain(one.tree))).toEqual([plain]);
    }),
    { numRuns: 200 },
  );
});

const row = (cell: string) => fromPlain('rows', { row: [{ a: cell, b: '2' }] });

test('fault/E7 writing refuses what would not read back, and guards formulas when asked', () => {
  expect(() => csv.write(row('a,b'), { quote: 'none' })).toThrow(WharfError);
  expect(() => csv.write(row('é'), { encoding: 'us-ascii' })).toThrow(/does not have/);
  expect(() => csv.write(row('=cmd'), { formula: 'reject' })).toThrow(/formula/);
  expect(Buffer.from(csv.write(row('=cmd'), { formula: 'escape' })).toString()).toBe("a,b\r\n'=cmd,2\r\n");
  expect(Buffer.from(csv.write(row('-5'), { formula: 'escape', header: 'false' })).toString()).toBe('-5,2\r\n');
  expect(() => csv.write(row('1'), { columns: ['a'] })).toThrow(/no column "b"/);
});
