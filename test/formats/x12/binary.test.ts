import fc from 'fast-check';
import { expect, test } from 'vitest';
import { x12Reader } from '../../../src/formats/x12/read.ts';
import type { X12ReadOptions } from '../../../src/formats/x12/types.ts';
import { writeInterchange } from '../../../src/formats/x12/write.ts';
import { ISA, latin1Of, outgoing, read, sorted } from './support.ts';

const HEAD = `${ISA}~GS*HI*A1*B2*20260105*0930*7*X*004010~ST*275*0001~`;
const TAIL = '~SE*4*0001~GE*1*7~IEA*1*000000007~';
/** A file with one segment of binary data and one after it. */
const file = (binary: string): Uint8Array => latin1Of(`${HEAD}${binary}~REF*DP*1${TAIL}`);

const inChunks = (bytes: Uint8Array, size: number, options: X12ReadOptions = {}) => {
  const reader = x12Reader(options);
  const events = [];
  for (let at = 0; at < bytes.length; at += size) events.push(...reader.push(bytes.slice(at, at + size)));
  return sorted([...events, ...reader.end()]);
};

const nodes = (bytes: Uint8Array) => read(bytes).sets[0]!.tree.children!.map((node) => [node.name, ...node.fields!]);

test.each([
  ['a terminator', 'ab~cd'],
  ['only terminators', '~~~~~'],
  ['the whole trailer', '~SE*2*0001~GE*1*7~IEA*1*000000007~'],
  ['separators, line ends and an ISA', `*>\r\n${ISA}~`],
  ['nothing a text may hold', '\0\x01\x1a\xff\xfe~'],
  ['nothing', ''],
])('binary data may hold %s', (_, data) => {
  expect(nodes(file(`BIN*${data.length}*${data}`))).toEqual([
    ['BIN', String(data.length), data],
    ['REF', 'DP', '1'],
  ]);
  expect(nodes(file(`BDS*ASC*${data.length}*${data}`))).toEqual([
    ['BDS', 'ASC', String(data.length), data],
    ['REF', 'DP', '1'],
  ]);
  expect(read(file(`BIN*${data.length}*${data}`)).codes).toEqual(['SET-UNKNOWN']);
});

test('a wrong length is as good as none: the data ends at the next terminator', () => {
  for (const length of ['1', '3', '999', '99999999999999', 'x', ''])
    expect(nodes(file(`BIN*${length}*ab`))).toEqual([
      ['BIN', length, 'ab'],
      ['REF', 'DP', '1'],
    ]);
});

test('any data comes back, in chunks of any size', () => {
  const data = fc.array(fc.constantFrom('~', '*', '>', '\n', 'A', 'ISA', '\xe9', '\0', 'BIN*3*'), { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(data, data, fc.integer({ min: 1, max: 120 }), (first, second, size) => {
      const bytes = file(`BIN*${first.length}*${first}~BDS*A*${second.length}*${second}`);
      const [set] = inChunks(bytes, size).sets;
      expect(set!.tree.children!.map((node) => node.fields!.at(-1))).toEqual([first, second, '1']);
      expect(JSON.stringify(inChunks(bytes, size).events)).toBe(JSON.stringify(read(bytes).events));
    }),
    { numRuns: 200 },
  );
});

test('any data is written as it was read', () => {
  const data = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  fc.assert(
    fc.property(data, data, (first, second) => {
      const bytes = file(`BIN*${first.length}*${first}~BDS*ASC*${second.length}*${second}`);
      const text = Buffer.from(bytes).toString('latin1').replace('SE*4*', 'SE*5*');
      expect(Buffer.from(writeInterchange(outgoing(read(latin1Of(text)).events)[0]!)).toString('latin1')).toBe(text);
    }),
    { numRuns: 200 },
  );
});

test('data without its true length is text, and is refused where text is', () => {
  const [given] = outgoing(read(file('BIN*2*ab')).events);
  const [group] = given!.groups;
  const write = (length: string, data: string): Uint8Array => {
    const tree = { name: '275', children: [{ name: 'BIN', fields: [length, data] }] };
    return writeInterchange({ ...given!, groups: [{ ...group!, sets: [{ ...group!.sets[0]!, tree }] }] });
  };
  expect(Buffer.from(write('3', 'a~b')).toString()).toContain('~BIN*3*a~b~SE*3*');
  expect(() => write('4', 'a~b')).toThrow(/BIN02 "a~b" holds ~/);
  expect(() => write('1', '\u0416*')).toThrow(/BIN02/);
});

test('a file full of terminators, a byte at a time, takes no longer than its size', () => {
  const bytes = file(`BIN*60000*${'~'.repeat(60_000)}`);
  expect(inChunks(bytes, 1).sets[0]!.tree.children).toHaveLength(2);
});

test('fault/D1 a file in lower case is told as such', () => {
  expect(read(`${ISA}~`.toLowerCase()).findings[0]).toMatchObject({ code: 'NO-ISA', message: expect.stringContaining('not in capital letters') });
});
