import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseYaml } from '../../src/config/yaml-whole.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const contentOf = (text: string, booleans = false): unknown => {
  const parsed = parseYaml('/x/a.yaml', bytes(text), booleans);
  return 'yaml' in parsed ? parsed.yaml.content : parsed.problems.map((each) => `${each.place.line}:${each.place.column} ${each.message}`);
};
const faultsOf = (input: Uint8Array): readonly string[] => {
  const parsed = parseYaml('/x/a.yaml', input);
  return 'yaml' in parsed ? [] : parsed.problems.map((each) => `${each.place.line ?? '-'}:${each.place.column ?? '-'} ${each.code} ${each.message}`);
};

test('scalars are their source text', () => {
  expect(contentOf('a: 01234\nb: 1.10\nc: 0x1F\nd: true\ne: "007"\nf: 1e3\ng: 12345678901234567890\nh: ~\ni:\nj: NO\nk: 2026-03-05')).toEqual({
    a: '01234',
    b: '1.10',
    c: '0x1F',
    d: 'true',
    e: '007',
    f: '1e3',
    g: '12345678901234567890',
    h: null,
    i: null,
    j: 'NO',
    k: '2026-03-05',
  });
});

test('booleans stay booleans where they are asked for, and quoted ones stay text', () => {
  expect(contentOf('a: true\nb: "true"\nc: 05', true)).toEqual({ a: true, b: 'true', c: '05' });
});

test('keys are text with their zeros, and empty files hold nothing', () => {
  expect(contentOf('0042: a\ntrue: b\n1.50: c')).toEqual({ '0042': 'a', true: 'b', '1.50': 'c' });
  expect(contentOf('')).toBeNull();
});

test('anchors and aliases give the same value twice', () => {
  expect(contentOf('a: &x { b: 01 }\nc: *x')).toEqual({ a: { b: '01' }, c: { b: '01' } });
});

test.each([
  ['syntax', 'a: [1, 2\nb: 3', '2:1 CONFIG_YAML'],
  ['duplicate keys', 'a: 1\nb: 2\na: 3', '3:1 CONFIG_YAML Map keys must be unique'],
  ['tabs', 'a:\n\tb: 1', '2:1 CONFIG_YAML'],
  ['tags of one’s own', 'a: !!js/function "x"', '1:4 CONFIG_YAML Unresolved tag'],
  ['two documents', 'a: 1\n---\nb: 2', '2:1 CONFIG_YAML'],
  ['unknown alias', 'a: *nothing', '1:4 CONFIG_YAML'],
  ['a key that means the prototype', 'a:\n  __proto__: { b: 1 }', '2:3 CONFIG_YAML cannot be a key'],
  ['a list as key', '[a, b]: c', '1:1 CONFIG_YAML cannot be a key'],
  ['an empty key', '~: c', '1:1 CONFIG_YAML cannot be a key'],
])('%s', (_name, text, expected) => {
  expect(faultsOf(bytes(text))[0]).toContain(expected);
});

test('merge keys are keys like any other, for the schema to refuse', () => {
  expect(contentOf('a: &x { b: 1 }\nc:\n  <<: *x')).toEqual({ a: { b: '1' }, c: { '<<': { b: '1' } } });
});

test('fault/I2 an alias bomb, an endless alias and deep nesting are refused', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'.split('').map((key, index) => `${key}: &${key} [${`*${'abcdefg'[index]}, `.repeat(10)}]`),
  ].join('\n');
  expect(faultsOf(bytes(bomb))[0]).toContain('holds too much once its aliases are followed');
  expect(faultsOf(bytes('a: &a { b: *a }'))).not.toEqual([]);
  expect(faultsOf(bytes(`a: ${'['.repeat(60)}${']'.repeat(60)}`))[0]).toContain('is nested too deeply');
});

test('a file that is too large or not UTF-8 is refused without being parsed', () => {
  expect(faultsOf(new Uint8Array(1024 * 1024 + 1))).toEqual(['-:- CONFIG_YAML the file is larger than 1 MB']);
  expect(faultsOf(Uint8Array.of(0x61, 0x3a, 0x20, 0xff))).toEqual(['-:- CONFIG_YAML the file is not UTF-8 text']);
});

test('places: a value, its key, an item, the nearest thing around what is not there', () => {
  const parsed = parseYaml('/x/a.yaml', bytes('# head\na:\n  b: 1\n  c:\n    - d: 2\n    - e\nf: { g: 3 }\n'));
  if (!('yaml' in parsed)) throw new Error('not parsed');
  const at = (...path: (string | number)[]) => {
    const { line, column } = parsed.yaml.locate(path);
    return `${line}:${column}`;
  };
  expect([at('a', 'b'), at('a', 'c'), at('a', 'c', 0, 'd'), at('a', 'c', 1), at('f', 'g'), at('a', 'x'), at('a', 'c', 7), at('f', 'g', 'h')]).toEqual([
    '3:6', '4:3', '5:10', '6:7', '7:9', '2:1', '4:3', '7:9',
  ]); // prettier-ignore
  expect(parsed.yaml.locate(['f', 'g'], 'key')).toEqual({ file: '/x/a.yaml', line: 7, column: 6 });
});

test('no text makes it throw, and every fault has a code and a remedy', () => {
  const yamlish = fc.array(
    fc.constantFrom('a', ': ', '\n', '  ', '- ', '[', ']', '{', '}', '&a ', '*a', '!!', '"', "'", '|', '>', '#', '~', '0', '\t', '---', '<<'),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        yamlish.map((parts) => parts.join('')),
        fc.string(),
      ),
      (text) => {
        const parsed = parseYaml('/x/a.yaml', bytes(text));
        if ('problems' in parsed) for (const each of parsed.problems) expect(each.remedy).not.toBe('');
      },
    ),
    { numRuns: 500 },
  );
});
