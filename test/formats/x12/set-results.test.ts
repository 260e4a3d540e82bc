import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setResults } from '../../../src/formats/x12/set-results.ts';
import type { SetResult, TransactionSet } from '../../../src/formats/x12/types.ts';
import { ISA, read } from './support.ts';

const result: fc.Arbitrary<SetResult> = fc.record(
  {
    type: fc.constantFrom('850', '855', '997', '', 'LONG', 'É50'),
    control: fc.oneof(fc.stringMatching(/^[A-Za-z0-9]{1,9}$/), fc.string({ maxLength: 12 })),
    implementationReference: fc.constantFrom('005010X231A1', 'X'),
    acceptance: fc.constantFrom('A' as const, 'A' as const, 'A' as const, 'E' as const, 'R' as const),
    codes: fc.constantFrom([], [], ['5']),
    findings: fc.constant([]),
  },
  { requiredKeys: ['type', 'control', 'acceptance', 'codes', 'findings'] },
);

test('what is kept of sets is what was put in, in its order, however often it is asked for', () => {
  fc.assert(
    fc.property(fc.array(result, { maxLength: 80, size: 'max' }), fc.integer({ min: 1, max: 120 }), (given, times) => {
      const all = Array.from({ length: times }, () => given).flat();
      const kept = setResults();
      for (const set of all) kept.add(set as TransactionSet);
      expect(kept.length).toBe(all.length);
      expect([...kept]).toEqual(all);
      expect([...kept]).toEqual(all);
    }),
    { numRuns: 30 },
  );
});

test('a group of many sets remembers each', () => {
  const count = 9000;
  const sets = Array.from({ length: count }, (_, index) => {
    const control = String(index + 1).padStart(4, '0');
    return `ST*850*${control}~BEG*00*SA*${index % 1000 === 7 ? '' : 'PO1'}**20260105~PO1*1*1*EA*1**UP*614141007349~SE*4*${control}~`;
  });
  const { groups, sets: read1 } = read(`${ISA}~GS*PO*A1*B2*20260105*0930*7*X*004010~${sets.join('')}GE*${count}*7~IEA*1*000000007~`);
  const [group] = groups;
  expect(group).toMatchObject({ acceptance: 'P', received: count, accepted: count - 9, sets: { length: count } });
  expect(Array.from(group!.sets, (set) => [set.control, set.acceptance, set.findings])).toEqual(
    read1.map((set) => [set.control, set.acceptance, set.findings]),
  );
});
