import { describe, expect, test } from 'vitest';
import { definedSets, releaseOf, setDefinition, setNames, type Loop } from '../../../src/formats/x12/definitions.ts';
import { codeMeaning, isSegmentId } from '../../../src/formats/x12/dictionary.ts';

describe.each(definedSets())('%s', (id) => {
  test.each(['004010', '005010'] as const)('compiles in %s, and every segment of it is known', (release) => {
    const definition = setDefinition(id, release)!;
    const visit = (loop: Loop): void => {
      for (const { segment, loop: inner } of loop.entries) {
        expect(isSegmentId(segment.id), segment.id).toBe(true);
        expect(segment.elements.length, segment.id).toBeGreaterThan(0);
        for (const note of segment.notes) expect(Math.max(...note.elements), `${segment.id} ${note.kind}`).toBeLessThanOrEqual(segment.elements.length);
        for (const element of segment.elements) expect(element.min, `${segment.id} ${element.id}`).toBeLessThanOrEqual(element.max);
        if (inner) visit(inner);
      }
    };
    visit(definition.root);
    expect(definition.root.entries[0]!.segment.id).toBe('ST');
    expect(setNames(id)!.groupType).toMatch(/^[A-Z]{2}$/);
  });
});

test('all the sets of orders, warehouses, shipping and money are there', () => {
  expect(definedSets().toSorted()).toEqual('180 753 754 810 812 820 824 846 850 852 855 856 860 864 865 870 940 943 944 945 947 997 999'.split(' '));
});

test('the releases differ where the standard changed', () => {
  const reference = (release: '004010' | '005010'): number =>
    setDefinition('850', release)!.root.entries.find((entry) => entry.segment.id === 'REF')!.segment.elements[1]!.max;
  expect([reference('004010'), reference('005010')]).toEqual([30, 50]);
  const loops = (release: '004010' | '005010'): string[] => setDefinition('944', release)!.root.entries.map((entry) => entry.segment.id);
  expect(loops('004010')).not.toContain('LX');
  expect(loops('005010')).toContain('LX');
});

test('other releases fall to the nearest', () => {
  expect(releaseOf('004010VICS')).toEqual({ release: '004010', exact: true });
  expect(releaseOf('005010X231A1')).toEqual({ release: '005010', exact: true });
  expect(releaseOf('003040')).toEqual({ release: '004010', exact: false });
  expect(releaseOf('004060')).toEqual({ release: '005010', exact: false });
  expect(releaseOf('006020')).toEqual({ release: '005010', exact: false });
});

test('codes have meanings', () => {
  expect(codeMeaning('98', 'ST')).toBe('ship to');
  expect(codeMeaning('735', 'I')).toBe('item');
  expect(codeMeaning('98', '??')).toBeUndefined();
});
