import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimName, claimOf, globTest, nameProblem, numberedName, refusalsOnce } from '../../src/transports/names.ts';

describe('globTest', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['*.edi', ['a.edi', 'A.EDI', '.edi', 'a\nb.edi'], ['a.edi.done', 'aedi', 'edi']],
    ['po?.x12', ['po1.x12', 'po📦.x12'], ['po.x12', 'po12.x12']],
    ['*.{edi,x12}', ['a.edi', 'a.x12'], ['a.xml', 'a.{edi,x12}']],
    ['[a-c]*[!0-9].csv', ['ax.csv', 'B-.csv'], ['dx.csv', 'a1.csv']],
    ['a+b(1).txt', ['a+b(1).txt'], ['aab1.txt']],
    ['[open', ['[open'], ['o']],
    ['}a{b', ['}a{b'], ['ab']],
    ['{a,b*}.{x,}', ['a.x', 'bcd.'], ['c.x']],
  ];
  it.each(cases)('%s', (pattern, yes, no) => {
    const test = globTest([pattern]);
    for (const name of yes) expect([name, test(name)]).toEqual([name, true]);
    for (const name of no) expect([name, test(name)]).toEqual([name, false]);
  });

  it('a name without wildcards takes itself', () => {
    const plain = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((name) => !/[*?[{}]/u.test(name));
    fc.assert(fc.property(plain, (name) => globTest([name])(name)));
  });

  it('a range that is none is an error of the configuration', () => {
    expect(() => globTest(['[z-a]'])).toThrow(/pattern of names/u);
  });

  it('fault/I5 answers at once for many stars on a long name', () => {
    expect(globTest(['*'.repeat(50) + 'x'])('a'.repeat(255))).toBe(false);
  });
});

describe('names', () => {
  it('a number goes before the ending', () => {
    expect([numberedName('a.b.edi', 7), numberedName('orders', 2), numberedName('.hidden', 1)]).toEqual(['a.b~7.edi', 'orders~2', '.hidden~1']);
  });

  it('a claim name gives its name back', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(claimOf(claimName(name, '0123abcd'))).toEqual({ token: '0123abcd', original: name });
      }),
    );
    expect(claimOf('.wharf.claim.short.x')).toBeUndefined();
  });

  it('fault/C18 fault/G11 knows the names that could be paths', () => {
    for (const name of ['', '.', '..', '../x', '/etc/passwd', 'a\0b', 'bad\uFFFD']) expect(nameProblem(name)).toBeDefined();
    for (const name of ['a', '...', '-rf', 'CON', '%2e%2e', 'a\nb']) expect(nameProblem(name)).toBeUndefined();
  });

  it('a refusal is told once for as long as it lasts', () => {
    const told: string[] = [];
    const refusals = refusalsOnce<{ name: string; code: string }>(({ name }) => told.push(name));
    const listing = (...names: string[]): void => {
      for (const name of names) refusals.add({ name, code: 'X' });
      refusals.listingDone();
    };
    listing('a');
    listing('a', 'b');
    listing('a', 'b');
    expect(told).toEqual(['a', 'b']);
    listing('b');
    listing('a', 'b');
    expect(told).toEqual(['a', 'b', 'a']);
  });
});
