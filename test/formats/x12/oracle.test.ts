import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Node } from '../../../src/tree.ts';
import { ISA, read, sample } from './support.ts';

type TheirSegment = { readonly tag: string; readonly elements: readonly { readonly value: string }[] };
type Theirs = { readonly functionalGroups: readonly { readonly transactions: readonly { readonly segments: readonly TheirSegment[] }[] }[] };
type Library = { readonly X12Parser: new (strict: boolean) => { readonly parse: (text: string) => Theirs } };

// Its typings are for another module system.
const library = createRequire(import.meta.url)('node-x12') as Library;

/** node-x12 reads well-formed single interchanges well: on these both must agree on every element. */
function theirs(text: string): unknown {
  const { functionalGroups } = new library.X12Parser(false).parse(text);
  return functionalGroups.map((group) =>
    group.transactions.map((set) => set.segments.map(({ tag, elements }) => [tag, ...elements.map((element) => element.value)])),
  );
}

function ours(text: string): unknown {
  const { groups, sets } = read(text);
  const all = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(all)];
  // In the order of the file: a segment out of sequence stands elsewhere in the tree.
  const flat = (nodes: readonly Node[]): unknown[] =>
    nodes
      .flatMap(all)
      .toSorted((a, b) => a.at!.offset - b.at!.offset)
      .map((node) => [node.name, ...(node.fields ?? [])]);
  let next = 0;
  return groups.map((group) => Array.from(group.sets, () => flat(sets[next++]!.tree.children!)));
}

test('both agree on a plain order, with any delimiters and line ends', () => {
  for (const end of ['~', '~\n', '~\r\n', '!', '\n']) expect(ours(sample({ end }))).toEqual(theirs(sample({ end })));
  const bars = sample({ end: '~' }).replaceAll('*', '|');
  expect(ours(bars)).toEqual(theirs(bars));
});

test('both agree on any well-formed interchange', () => {
  const value = fc.string({ unit: fc.constantFrom(...Array.from('ABCDEFGHIJ 0123456789-./')), minLength: 1, maxLength: 10 });
  const segment = fc.tuple(fc.constantFrom('BEG', 'REF', 'N1', 'N3', 'PO1', 'PID', 'CTT'), fc.array(fc.oneof(value, fc.constant('')), { maxLength: 5 }), value);
  fc.assert(
    fc.property(fc.array(fc.array(segment, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }), (sets) => {
      const lines = sets.flatMap((set, index) => {
        const control = String(index + 1).padStart(4, '0');
        return [`ST*850*${control}`, ...set.map(([tag, inner, last]) => [tag, ...inner, last].join('*')), `SE*${set.length + 2}*${control}`];
      });
      const text = [ISA, 'GS*PO*A1*B2*20260105*0930*7*X*004010', ...lines, `GE*${sets.length}*7`, 'IEA*1*000000007', ''].join('~\n');
      expect(ours(text)).toEqual(theirs(text));
    }),
    { numRuns: 150 },
  );
});
