import { expect, test } from 'vitest';
import { problemsOf } from '../support/mapping.ts';

const HEAD = 'direction: in\ndocument: order\nsource: { format: x12, set: "850" }\n';

test('every problem of a file is told at once, each at its line', () => {
  const problems = problemsOf(`${HEAD}
map:
  a: { from: BEG03, requird: true }
  b: { from: "N1[N101=ST" }
  c: { from: BEG01, table: [1] }
  d: { call: { function: nope, args: [BEG01] } }
  e: { form: BEG03, decimal: true }
  f: { from: BEG05, date: qqq }
  g: { with: N1, each: N1, map: { x: N101 } }
  h: { expr: "BEG01 +" }
  i: { from: BEG01, const: x }
`);
  expect(problems.map((one) => `${one.place.line} ${one.message}`)).toEqual([
    '6 there is no keyword "requird"; did you mean "required"?',
    '7 no ] for the [ in "N1[N101=ST"',
    '8 a code table is a name or entries',
    '9 no function is called "nope"',
    '11 "q" is no part of a date format',
    '12 a rule has one of each, with and group',
    '13 something is missing at the end: BEG01 +',
    '14 a rule has one source, not from and const',
  ]);
  expect(problems[0]).toMatchObject({ code: 'MAPPING_INVALID', place: { file: 'mappings/test/mapping.yaml', line: 6 } });
});

const cases: readonly (readonly [string, string])[] = [
  ['a: { from: "BEG03..x" }', 'a step without a name'],
  ['a: { from: "BEG03.N1." }', 'ends in a separator'],
  ['a: "$"', '"$" is no variable'],
  ['a: ""', 'an empty path'],
  ['a: { from: BEG03, pad: { left: 3, right: 3 } }', 'pad takes either left or right'],
  ['a: { from: BEG03, pad: { left: 3, with: ab } }', 'with is one character'],
  ['a: { from: BEG03, substring: 3-1 }', 'substring takes first-last'],
  ['a: { from: BEG03, split: { at: "-" } }', 'split takes at'],
  ['a: { from: BEG03, replace: { "": x } }', 'replace takes pairs'],
  ['a: { from: BEG03, trim: yes please }', 'trim takes true'],
  ['a: { from: BEG03, integer: 3 }', 'integer takes true'],
  ['a: { from: BEG03, decimal: { point: ";" } }', 'point is "." or ","'],
  ['a: { from: BEG03, decimal: { group: "." } }', 'group is one character other than the point'],
  ['a: { from: BEG03, decimal: { implied: 9 } }', 'places are 0 to 6'],
  ['a: { from: BEG03, decimal: { rounded: 2 } }', 'decimal has no "rounded"'],
  ['a: { from: BEG03, unit: CS }', 'unit takes a code and a table'],
  ['a: { from: BEG03, table: { a: b }, otherwise: never }', 'otherwise is error, keep, drop'],
  ['a: { from: BEG03, where: "BEG01" }', 'where belongs to each, with or group'],
  ['a: { each: PO1, by: [PO101], map: { x: PO101 } }', 'by belongs to group'],
  ['a: { pairs: PO106 }', 'a range of elements'],
  ['a: { qualified: [], in: PO106-PO125 }', 'qualified takes a qualifier'],
  ['a: { first: [] }', 'first takes a list'],
  ['a: { join: { from: x } }', 'a rule with each is expected'],
  ['a: { const: [1] }', 'const takes a text'],
  ['a: { call: { function: add, args: [BEG01] } }', 'add takes 2 to 20 args'],
  ['a: { expr: "add(1)" }', 'add takes 2 to 20 values, not 1'],
  ['a: { expr: "1 = = 2" }', '"=" is not expected'],
  ['a: { expr: "count(1)" }', 'count takes one path'],
  ['a: { expr: "\'x" }', "no closing '"],
  ['a: { expr: "(1" }', '")" is missing'],
  ['a: { from: BEG05, date: [] , required: maybe }', 'required takes true or false'],
  ['a: { from: BEG05, date: "-" }', 'has no part of a date'],
  ['a: { from: BEG05, date: "yyyy[MM" }', 'is no date format'],
  ['a: [ [ x ] ]', 'a path, a rule or a record is expected here'],
  ['a: { when: "BEG01", from: { map: { x: y } } }', 'map makes records; a value is expected here'],
];

test.each(cases)('%s', (rule, message) => {
  expect(problemsOf(`${HEAD}map:\n  ${rule}\n`).map((one) => one.message)).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
});

test('an expression or path of a size or depth that no person writes is refused', () => {
  const rules = [
    `expr: "${'('.repeat(60)}1${')'.repeat(60)}"`,
    `expr: "${'1 + '.repeat(300)}1"`,
    `expr: "${'x'.repeat(2100)}"`,
    `from: "${'a['.repeat(20)}b${']'.repeat(20)}"`,
  ];
  for (const rule of rules) expect(problemsOf(`${HEAD}map:\n  a: { ${rule} }\n`), rule.slice(0, 40)).toHaveLength(1);
});

const message = (yaml: string): string =>
  problemsOf(yaml)
    .map((one) => one.message)
    .join('; ');

test('the head of a mapping is checked', () => {
  expect(message('[]')).toContain('a mapping is an object');
  expect(message('direction: up')).toBe('direction is in or out');
  expect(message('direction: in\ndocument: order\nmap: {}')).toBe('source names a format');
  expect(message(`${HEAD}mapp: {}\nmap: { a: BEG01 }`)).toContain('a mapping has no "mapp"');
  expect(message(`${HEAD}target: { format: x12 }\nmap: { a: BEG01 }`)).toBe('a mapping in has a source, no target');
  expect(message(`${HEAD}tables: { t: [1] }\nmap: { a: BEG01 }`)).toBe('a code table holds entries');
  expect(message('direction: out\ndocument: order\ntarget: { format: x12 }\nmap: { BEG: { BEG01: a } }')).toBe('target names a set, such as set: "855"');
  expect(message('direction: out\ndocument: order\ntarget: { format: x12, set: "850" }\nmap: { BEG: { BAK01: a } }')).toBe('BAK01 is not an element of BEG');
  expect(message('direction: out\ndocument: order\ntarget: { format: xml }\nmap: { a: x, b: x }')).toBe(
    'the map for an XML file has one key: its root element',
  );
  expect(message(`${HEAD}extends: x12/850\nmap: { a: BEG01 }`)).toBe('there is no mapping "x12/850"');
});
