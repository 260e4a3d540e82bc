import fc from 'fast-check';
import { expect, test } from 'vitest';
import { align } from '../../src/workbench/align.ts';
import { compareFiles } from '../../src/workbench/compare-files.ts';

const isa = 'ISA*00*          *00*          *ZZ*ACME           *ZZ*HARBORLANE     *260302*1500*U*00401*000000001*0*P*>~';
const po = (...lines: readonly string[]): string =>
  [
    isa,
    'GS*PO*ACME*HARBORLANE*20260302*1500*1*X*004010~ST*850*0001~BEG*00*SA*4500012345**20260302~',
    ...lines,
    `SE*${lines.length + 3}*0001~GE*1*1~IEA*1*000000001~`,
  ].join('');

const compare = async (before: string, after: string): Promise<readonly string[]> =>
  (await compareFiles(Buffer.from(before), Buffer.from(after))).map(({ path, before: was, after: is }) => `${path}: ${was ?? '-'} → ${is ?? '-'}`);

test('X12: an element that changed, a segment that came, and nothing of the segments that moved', async () => {
  const before = po('PO1*1*12*EA*2.5**BP*1001~', 'PO1*2*24*EA*3**BP*1002~');
  const after = po('PO1*1*12*EA*2.5**BP*1001~', 'PID*F****Mug~', 'PO1*2*36*EA*3**BP*1002~');
  expect(await compare(before, after)).toEqual(['850 0001 segment 4 PID: - → PID*F****Mug', '850 0001 segment 5 PO102: 24 → 36']);
});

test('X12: envelopes count, delimiters do not', async () => {
  const before = po('PO1*1*12*EA~');
  expect(await compare(before, before.replace('*000000001*0*P', '*000000002*0*P').replace('IEA*1*000000001', 'IEA*1*000000002'))).toEqual([
    'ISA13: 000000001 → 000000002',
  ]);
  expect(await compare(before, before.replaceAll('~', '~\n'))).toEqual([
    `spaces, line ends or delimiters: ${before.length} bytes → ${before.replaceAll('~', '~\n').length} bytes`,
  ]);
});

test('CSV by row and column, XML and JSON by path, text by line', async () => {
  expect(await compare('a,b\n1,2\n3,4\n', 'a,b\n1,2\n9,9\n3,5\n')).toEqual(['row 2 a: 3 → 9', 'row 2 b: 4 → 9', 'row 3: - → 3 | 5']);
  expect(await compare('a;b\n1;Köln\n', 'a;b\n1;Bonn\n')).toEqual(['row 1 b: Köln → Bonn']);
  expect(await compare('<o n="1"><l u="EA">2</l></o>', '<o n="1"><l u="EA">3</l><l>4</l></o>')).toEqual(['o.l[1].text: 2 → 3', 'o.l[2]: - → 4']);
  expect(await compare('{"a":[1,2]}', '{"a":[1,3]}')).toEqual(['a[2]: 2 → 3']);
  expect(await compare('files\n  one\n', 'files\n  two\n')).toEqual(['line 2: one → two']);
});

test('what has become another format is compared by line', async () => {
  expect(await compare('{"a":"1"}', 'a,b\n1,2\n')).toEqual(['line 1: {"a":"1"} → a,b', 'line 2: - → 1,2', 'line 3: - → ']);
});

const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
const same = { key: (item: string) => item, kind: (item: string) => item };

test('aligned lists hold all of both, in order, and pair only what is equal where the kind is the item', () => {
  fc.assert(
    fc.property(letters, letters, (before, after) => {
      const pairs = align(before, after, same);
      expect(pairs.flatMap((pair) => pair.before ?? [])).toEqual(before);
      expect(pairs.flatMap((pair) => pair.after ?? [])).toEqual(after);
      for (const pair of pairs) if (pair.before && pair.after) expect(pair.before).toBe(pair.after);
    }),
  );
});

test('what stays is found: taking items out of a list leaves only them unpaired', () => {
  fc.assert(
    fc.property(letters, fc.infiniteStream(fc.boolean()), (before, keep) => {
      const kept = before.filter(() => keep.next().value);
      const pairs = align(before, kept, same);
      expect(pairs.filter((pair) => pair.before !== undefined && pair.after !== undefined)).toHaveLength(kept.length);
    }),
  );
});
