import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWholeYaml, parseYaml } from '../../src/config/yaml-whole.ts';
import type { ParsedYaml, Path } from '../../src/config/yaml.ts';
import { readPlainYaml } from '../../src/config/yaml-plain.ts';

const limits = { nodes: 200_000, depth: 40 };
const root = join(import.meta.dirname, '..', '..');

/** Content and the place of every key and value, as text; the problems where there are some. */
function described(parsed: ParsedYaml): unknown {
  if ('problems' in parsed) return { problems: parsed.problems.map(({ message }) => message) };
  const { content, locate } = parsed.yaml;
  const places: string[] = [];
  const visit = (value: unknown, path: Path): void => {
    for (const key of [undefined, 'key'] as const) {
      const { line, column } = locate(path, key);
      places.push(`${path.join('.')} ${key ?? ''} ${line}:${column}`);
    }
    if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...path, index]));
    else if (typeof value === 'object' && value !== null) for (const [name, member] of Object.entries(value)) visit(member, [...path, name]);
  };
  visit(content, []);
  return { content, places };
}

/** What the quick reader takes, the whole parser reads the same, in every place; gives whether it was taken. */
function sameAsWhole(text: string, booleans: boolean): boolean {
  if (!readPlainYaml(text, booleans, limits)) return false;
  const quick = described(parseYaml('/x/a.yaml', new TextEncoder().encode(text), booleans));
  const whole = described(parseWholeYaml({ file: '/x/a.yaml', text, hash: '', booleans }));
  expect(quick, text).toEqual(whole);
  return true;
}

describe('the quick reader says what the whole parser says', () => {
  test('of every YAML file here, and it takes nearly all of them', () => {
    const files = ['config', 'partners', 'mappings', 'samples'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => join(root, folder, name)),
    );
    const taken = files.filter((file) => sameAsWhole(readFileSync(file, 'utf8'), file.includes('/mappings/')));
    expect(taken.length).toBeGreaterThan(files.length * 0.9);
  });

  test.each([
    'a: 1\nb:\n  c: x y # comment\n  d: "q: \\"1\\"" # more\ne: []\nf: {}\n',
    "list:\n- a\n- 'it''s'\n- { b: [1, [2, 3], {c: d}], e: ~ }\nnext: null\n",
    'list:\n  - name: a\n    value: true\n\n  # between\n  - name: b\n    value: FALSE\n',
    'a: &x { b: 01 }\nc: *x\nd: [ *x, &y z, *y ]\ne: &m\n  f: g\nh: *m\n',
    'long: [ a,   # one\n    b,\n\n    c ]\nmore: { a: 1,\n  b: 2 }\n',
    '"quoted key": v\n\'single\': w\na-b_c.d/e: PO106-PO125\n@x: no\n',
    'a:\nb: ~\nc: "null"\n- d\n',
    'url: http://x.example/a#b\ntime: 12:30\nneg: -5\ndash: -x\nnote: a - b ? c : d\n',
    '# only a comment\n',
    'a:\n  { b: c,\n    d: [e] }\nf:\n  [ g ] # h\ni:\n- { j: k }\n',
    'a: &x\n  [b]\nc: *x\n',
    'a:\n  { b: c }\n  d: e\n',
    'a:\n  { b: c }: d\n',
    'a:\n{ b: c }\n',
    'a: b\n  c: d\n',
    'a: b\n  c\n',
    'a: [b: c]\n',
    'a: {b}\n',
    'a: 1\na: 2\n',
    '__proto__: 1\n',
    'a: |\n  text\n',
    'a: x: y\n',
    'a: "x" y\n',
    'a: *nobody\n',
    'a: [x\n]\n',
    '- a\n-\n- - b\n',
    'a: &x\nb: 1\n',
    'a: &x &y b\n',
    'a: &x b\nc: &y *x\n',
    '- &x a: b\n',
    '? a\n: b\n',
    'a: ‹ü› ’x’\n',
  ])('%j', (text) => {
    sameAsWhole(text, false);
    sameAsWhole(text, true);
  });

  const scalar = fc.constantFrom(
    'a',
    'b c',
    '1',
    '~',
    'null',
    'true',
    '"x"',
    '"y: #"',
    "'z'",
    "'it''s'",
    '-1',
    'x:y',
    'a#b',
    '',
    '"\\n"',
    '*A',
    '&A a',
    'k: v',
    '#c',
    '? x',
    '- q',
  );
  const key = fc.constantFrom('a', 'b', 'c', 'd', '"e f"', "'g'", 'h-1', 'true', '1');
  const flow = fc.letrec<{ value: string; list: string; map: string }>((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, scalar, tie('list'), tie('map')),
    list: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    map: fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map((pairs) => `{ ${pairs.map(([name, value]) => `${name}: ${value}`).join(', ')} }`),
  })).value;
  const anchor = fc.constantFrom('', '', '', '&A ', '&B ');
  const line = fc
    .tuple(
      fc.nat(4),
      fc.constantFrom('', '- ', '- - ', '-   '),
      fc.option(key),
      anchor,
      fc.oneof(flow, fc.constant('')),
      fc.constantFrom('', ' # note', '#x', '  '),
    )
    .map(([indent, dash, name, mark, value, end]) => `${'  '.repeat(indent)}${dash}${name === null ? '' : `${name}: `}${mark}${value}${end}`);

  test('of any lines put together', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.array(line, { maxLength: 7 }), fc.boolean(), (lines, booleans) => {
        if (sameAsWhole(lines.join('\n'), booleans)) taken += 1;
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test('of what a person writes with good indentation', () => {
    const tree = fc.letrec<{ map: readonly string[]; list: readonly string[]; any: readonly string[] }>((tie) => ({
      any: fc.oneof({ depthSize: 'small' }, tie('map'), tie('list')),
      map: fc
        .uniqueArray(fc.tuple(key, fc.oneof({ depthSize: 'small' }, flow, tie('any'))), { selector: ([name]) => name, minLength: 1, maxLength: 3 })
        .map((pairs) =>
          pairs.flatMap(([name, value]) => (typeof value === 'string' ? [`${name}: ${value}`] : [`${name}:`, ...value.map((each) => `  ${each}`)])),
        ),
      list: fc
        .array(fc.oneof({ depthSize: 'small' }, flow, tie('map')), { minLength: 1, maxLength: 3 })
        .map((items) =>
          items.flatMap((value) => (typeof value === 'string' ? [`- ${value}`] : value.map((each, index) => `${index === 0 ? '- ' : '  '}${each}`))),
        ),
    }));
    let taken = 0;
    fc.assert(
      fc.property(tree.any, fc.boolean(), (lines, booleans) => {
        if (sameAsWhole(`${lines.join('\n')}\n`, booleans)) taken += 1;
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(400);
  });
});

test('text of any kind never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab:-#[]{}"\'&*, \n~?|>!'.split('')) }), (text) => void readPlainYaml(text, true, limits)),
    { numRuns: 3000 },
  );
});
