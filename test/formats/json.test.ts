import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { WharfError } from '../../src/errors.ts';
import { json } from '../../src/formats/json.ts';
import type { JsonOptions } from '../../src/formats/json/options.ts';
import { fromPlain, toPlain } from '../../src/tree.ts';
import { cutAt, readAll } from '../support/reading.ts';

const read = (text: string, options: JsonOptions = {}) => readAll(json.read([Buffer.from(text)], options));
const plain = async (text: string, options: JsonOptions = {}) => (await read(text, options)).messages.map((one) => toPlain(one.tree));

test('a document, the items of a list, each line, or the members at a path are messages; numbers keep their digits', async () => {
  expect(await plain('{"po":"0012","qty":1.10,"big":12345678901234567890,"gone":null,"ok":true,"lines":[{"a":"1"}],"none":[],"o":{}}')).toEqual([
    { po: '0012', qty: '1.10', big: '12345678901234567890', ok: 'true', lines: [{ a: '1' }], o: {} },
  ]);
  expect(await plain('[{"a":"1"}, {"a":"2"}, "x"]')).toEqual([{ a: '1' }, { a: '2' }, 'x']);
  expect(await plain('{"a":"1"}\n{"a":"2"}\n')).toEqual([{ a: '1' }, { a: '2' }]);
  const nested = '{"meta":{"orders":[{"a":"no"}]},"data":{"orders":[{"a":"1","l":[[1,2],[3]]},{"a":"2"}],"x":[1]}}';
  expect(await plain(nested, { record: '/data/orders' })).toEqual([{ a: '1', l: [{ item: ['1', '2'] }, { item: ['3'] }] }, { a: '2' }]);
  expect(await plain('{"order":{"a":"1"}}', { record: '/order' })).toEqual([{ a: '1' }]);
});

test('faults have their line and column, and messages before them go on', async () => {
  const bad = await read('{"a":"1"}\n{"a":\n  tru}');
  expect(bad.messages.length).toBe(1);
  expect(bad.findings).toMatchObject([{ code: 'FILE_MALFORMED', message: 'line 3, column 3: "tru" is not expected', at: { offset: 18, line: 3, column: 3 } }]);
  expect((await read('[{"a":"1"},{"a":"2"')).findings).toMatchObject([{ code: 'FILE_TRUNCATED' }]);
  expect((await read('"abc')).findings).toMatchObject([{ code: 'FILE_TRUNCATED' }]);
  for (const text of ['{"a":01}', '[1,]', '{,}', '{"a" "b"}', '[1 2]', '{"a":1]', '}', '"\\x"', '{1:2}', '[1,,2]', '{"a":}', '"\u0001"', 'NaN', '&']) {
    expect((await read(text)).findings, text).toMatchObject([{ code: 'FILE_MALFORMED' }]);
  }
  expect((await read('['.repeat(100_000))).findings).toMatchObject([{ code: 'FORMAT_LIMIT' }]);
  expect((await read('{"a":"1","a":"2"}')).messages[0]!.findings).toMatchObject([{ code: 'RECORD_INVALID' }]);
});

test('members called __proto__ are plain data', async () => {
  const [result] = await plain('{"__proto__":{"x":"1"},"constructor":"2"}');
  expect(JSON.stringify(result)).toBe('{"__proto__":{"x":"1"},"constructor":"2"}');
});

const text = fc.string({ unit: fc.constantFrom('a', 'é', '"', '\\', '\n', '\u{1f600}', '{', ','), maxLength: 6 });
const members = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, text, fc.dictionary(text, tie('value'), { maxKeys: 3 }), fc.array(text, { minLength: 1, maxLength: 3 })),
}));

test('what is written reads back, cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(text, members.value), fc.array(fc.nat(), { maxLength: 6 }), fc.boolean(), async (object, cuts, indent) => {
      const tree = fromPlain('record', object);
      const bytes = json.write(tree, { indent });
      expect(JSON.parse(Buffer.from(bytes).toString())).toEqual(JSON.parse(JSON.stringify(toPlain(tree))));
      const whole = await readAll(json.read([bytes], {}));
      expect(whole.findings).toEqual([]);
      expect(whole.messages.map((one) => toPlain(one.tree))).toEqual([toPlain(tree)]);
      expect(await readAll(json.read(cutAt(bytes, cuts), {}))).toEqual(whole);
    }),
    { numRuns: 200 },
  );
});

test('any bytes give findings, never an exception, the same however they are cut', async () => {
  const noise = fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1', 'a', 'true', ' ', '\\', 'é'), maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(noise, fc.array(fc.nat(), { maxLength: 4 }), async (given, cuts) => {
      const bytes = Buffer.from(given);
      expect(await readAll(json.read(cutAt(bytes, cuts), {}))).toEqual(await readAll(json.read([bytes], {})));
    }),
    { numRuns: 500 },
  );
});

test('members named as numbers are written bare, when they are numbers', () => {
  const tree = fromPlain('record', { qty: '1.50', po: '0012', done: 'true' });
  expect(Buffer.from(json.write(tree, { numbers: ['qty', 'done'], indent: false })).toString()).toBe('{"qty":1.50,"po":"0012","done":true}\n');
  expect(() => json.write(tree, { numbers: ['po'] })).toThrow(WharfError);
});

test('what stands in place of the records is told', async () => {
  const told = async (given: string) =>
    (await read(given, { record: '/data/orders' })).findings.map(({ code, message }) => `${code} ${message.replace(/^.*?: /, '')}`);
  expect(await told('{"data":{"count":1,"order":[{"a":"1"}]}}')).toEqual(['HEADER_INVALID nothing stands at /data/orders; in /data stand count, order']);
  expect(await told('{"orders":[{"a":"1"}]}')).toEqual(['HEADER_INVALID nothing stands at /data/orders; in / stands orders']);
  expect(await told('{"data":[{"orders":[]}]}')).toEqual(['HEADER_INVALID nothing stands at /data/orders; /data is no object with members']);
  expect(await told('[{"data":{"orders":[]}}]')).toEqual(['HEADER_INVALID nothing stands at /data/orders; the file is no object with members']);
  // No orders are no fault of the path.
  expect(await told('{"data":{"orders":[]}}')).toEqual([]);
  expect(await told('')).toEqual([]);
});
