import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameTemplateProblem, nameTokens, renderName } from '../../src/config/name-template.ts';
import { checkOutgoingName } from '../../src/transports/names.ts';

test('a name is its template with the values in it', () => {
  expect(renderName('855_{control}.edi', { control: '000000012' })).toBe('855_000000012.edi');
  expect(renderName('{partner}-{poNumber}_{id}.csv', { partner: 'acme', poNumber: 'A/1 ..2', id: '7' })).toBe('acme-A_1__2_7.csv');
  expect(renderName('x{vendorNumber}_{id}', { id: '7' })).toBe('x_7');
});

test.each([
  ['855.edi', 'gives the same name to several files'],
  ['{date}_{time}.edi', 'gives the same name to several files'],
  ['{Control}.edi', '{Control} is not known'],
  ['a b_{id}', 'may hold letters'],
  ['../{id}', 'may hold letters'],
  ['.{id}', 'must begin with a letter or digit'],
  ['a..{id}', 'not hold ".."'],
  ['{id}.tmp', 'still being written'],
  ['{id', 'may hold letters'],
])('%s', (template, expected) => {
  expect(nameTemplateProblem(template)).toContain(expected);
});

test('fault/I8 every name of a template without fault is one that transports take', () => {
  const part = fc.oneof(fc.constantFrom(...nameTokens.map((token) => `{${token}}`)), fc.stringMatching(/^[A-Za-z0-9._/ -]{0,6}$/));
  const value = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 6 }),
      fc.record({ poNumber: value, vendorNumber: value, partner: fc.constant('acme'), document: fc.constant('order') }),
      (parts, values) => {
        const template = parts.join('');
        fc.pre(nameTemplateProblem(template) === undefined);
        expect(() => checkOutgoingName(renderName(template, { ...values, control: '000000001', id: '12', date: '20260305', time: '140500' }))).not.toThrow();
      },
    ),
    { numRuns: 2000 },
  );
});
