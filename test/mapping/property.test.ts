import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileMapping } from '../../src/mapping/compile.ts';
import { dateFormat, isoDate } from '../../src/mapping/dates.ts';
import { parseExpression } from '../../src/mapping/expression.ts';
import { functions, hasCheckDigit } from '../../src/mapping/functions.ts';
import { keywords } from '../../src/mapping/keywords.ts';
import { parsePath } from '../../src/mapping/path.ts';
import type { MappingSource } from '../../src/mapping/types.ts';
import type { Node } from '../../src/tree.ts';
import { noContext } from '../support/mapping.ts';

const name = fc.constantFrom('PO1', 'N1', 'a', 'row', '@x', '__proto__', 'HL');
const value = fc.oneof(fc.constantFrom('', '0', '12.5', '-1', '1.23E+12', '20260305', 'ST', 'x', '036000291452'), fc.string({ maxLength: 5 }));
const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.record({ name, value }),
    fc.record({ name, fields: fc.array(fc.oneof(value, fc.array(fc.array(value, { maxLength: 2 }), { maxLength: 2 })), { maxLength: 8 }) }),
    fc.record({ name, fields: fc.array(value, { maxLength: 8 }), children: fc.array(tie('node'), { maxLength: 4 }) }),
  ),
}));

const path = fc.constantFrom(
  'PO101',
  'PO1',
  'N1[N101=ST].N102',
  '*',
  '**',
  '../PO102',
  '/a',
  '.',
  '$today',
  '#1',
  'PO1[2]',
  'PO106-PO125',
  'PO1[last].a',
  "'a b'",
  '..',
  'SV101-2',
  '**/**',
  '[',
  '$position',
);
const expression = fc.oneof(
  path,
  fc.constantFrom(
    "PO101 = '1'",
    'PO102 > 1',
    'count(PO1) > 0',
    'PO101 * PO102',
    "add(PO101, '1')",
    'PO101 / PO102',
    "concat(PO101, PO102, 'x') & PO101",
    'not PO1',
    'left(PO101, PO102)',
    'addDays(PO101, PO102)',
  ),
);
const { rule } = fc.letrec<{ rule: unknown }>((tie) => {
  const rules = fc.array(tie('rule'), { maxLength: 3 });
  const details: Record<string, fc.Arbitrary<unknown>> = {
    ...Object.fromEntries(
      Object.values(keywords)
        .flat()
        .map((keyword) => [keyword, fc.oneof(path, fc.constant(true), tie('rule'), rules)]),
    ),
    expr: expression,
    where: expression,
    when: expression,
    map: fc.dictionary(fc.constantFrom('a', 'PO1', 'PO101', '.', '__proto__', 'PO106-PO125'), tie('rule'), { maxKeys: 3 }),
    call: fc.record({ function: fc.constantFrom(...Object.keys(functions)), args: rules }),
    date: fc.constantFrom('yyyyMMdd', 'yyMMdd', '[', 'HH[mm]', 'iso'),
    decimal: fc.oneof(fc.constant(true), fc.constant({ implied: '2' }), fc.constant({ round: '1', point: ',' })),
    table: fc.oneof(fc.constant('t'), fc.constant({ ST: 'x', '0': 'zero' })),
    unit: fc.record({ code: path, table: fc.constant({ x: '1/3', ST: '12', '': '0' }) }),
    pad: fc.constantFrom({ left: '5' }, { right: '900', with: '0' }),
    substring: fc.constantFrom('1-2', '3-', '2'),
    split: fc.constantFrom({ at: '-', part: '1' }, { at: '.', part: '-1' }),
    replace: fc.constantFrom({ a: 'bb' }, { '0': '' }),
  };
  return {
    rule: fc.oneof(
      { maxDepth: 4 },
      path,
      fc.record(details, { requiredKeys: [] }),
      ...['from', 'first', 'each', 'expr', 'map', 'call'].map((key) => fc.record({ [key]: details[key]! })),
    ),
  };
});

const source = (content: unknown): MappingSource => ({ name: 'x', file: 'x.yaml', content, locate: () => ({ file: 'x.yaml' }) });

test('no mapping throws, compiling or running, or runs past its budget', () => {
  let ran = 0;
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('a', 'b', 'PO1', 'N1'), rule, { minKeys: 1, maxKeys: 3 }),
      fc.array(node, { maxLength: 5 }),
      fc.constantFrom('in', 'out'),
      (map, children, direction) => {
        const side = { format: 'x12', set: '850' };
        const compiled = compileMapping(source({ direction, document: 'order', ...(direction === 'in' ? { source: side } : { target: side }), map }));
        if ('problems' in compiled) {
          expect(compiled.problems.length).toBeGreaterThan(0);
          return;
        }
        ran++;
        const { findings } = compiled.mapping.run({ name: '850', children }, { ...noContext, limits: { steps: 5000, output: 20_000 } });
        expect(findings.every((finding) => ['MAPPING_FAILED', 'DOCUMENT_INVALID'].includes(finding.code))).toBe(true);
      },
    ),
    { numRuns: 1500 },
  );
  expect(ran).toBeGreaterThan(100);
});

test('any plain data as a mapping gives problems or a mapping, never an exception', () => {
  fc.assert(
    fc.property(fc.anything({ maxDepth: 4, withNullPrototype: true }), (content) => void compileMapping(source(content))),
    { numRuns: 500 },
  );
});

test('any text as a path or expression is parsed or refused', () => {
  const letters = fc.string({
    unit: fc.constantFrom('a', 'P', '1', '.', '/', '[', ']', '=', "'", '"', '`', '$', '#', '*', '(', ')', ' ', '-', '!', '&', '?', ':', ',', '<'),
    maxLength: 25,
  });
  fc.assert(
    fc.property(letters, (text) => void [parsePath(text, true), parseExpression(text, true)]),
    { numRuns: 2000 },
  );
});

test('dates in every format read back', () => {
  const day = fc.date({ min: new Date('1970-01-01'), max: new Date('2069-12-31'), noInvalidDate: true }).map((one) => one.toISOString().slice(0, 10));
  const iso = dateFormat('iso');
  fc.assert(
    fc.property(day, fc.constantFrom('yyyyMMdd', 'yyMMdd', 'MM/dd/yyyy', 'd.M.yyyy', 'dd-MMM-yy', "yyyy'T'MMdd", 'iso'), (text, pattern) => {
      const format = dateFormat(pattern);
      if ('problem' in format || 'problem' in iso) throw new Error(pattern);
      expect(isoDate(format.read(format.write(iso.read(text)!))!)).toBe(text);
    }),
  );
});

test('a check digit finds every single wrong digit', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('036000291452', '4006381333931', '10614141000415', '0614141000012', '106141412345678908', '96385074'),
      fc.nat(17),
      fc.nat(9),
      (digits, at, digit) => {
        const wrong = digits
          .split('')
          .with(at % digits.length, String(digit))
          .join('');
        expect(hasCheckDigit(wrong)).toBe(wrong === digits);
      },
    ),
  );
});
