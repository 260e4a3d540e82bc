import fc from 'fast-check';
import { expect, test } from 'vitest';
import { locateInLayers, mergeLayers, originOf } from '../../src/config/layers.ts';
import type { Layers } from '../../src/config/layers.ts';
import { leaves, valueAt } from '../../src/config/plain.ts';
import { parseYaml } from '../../src/config/yaml-whole.ts';

function layersOf(...texts: readonly string[]): Layers {
  return texts.map((text, index) => {
    const parsed = parseYaml(`/layers/${index}.yaml`, new TextEncoder().encode(text));
    if (!('yaml' in parsed)) throw new Error(JSON.stringify(parsed.problems));
    return { yaml: parsed.yaml, prefix: [] };
  });
}

test('objects merge by key, lists and text replace, null takes away', () => {
  const layers = layersOf('a: { b: 1 }\nl: [x]\nn: ~\n', 'a: { b: 2, c: 3 }\nl: [y, z]\nn: { o: 1 }\np: 4');
  expect(mergeLayers(layers)).toEqual({ a: { b: '1', c: '3' }, l: ['x'], p: '4' });
});

test('another type replaces what lies below', () => {
  const layers = layersOf('in: { type: sftp, host: h }', 'in: { type: folder, directory: d, quiet: 2s }');
  expect(mergeLayers(layers)).toEqual({ in: { type: 'sftp', host: 'h' } });
  expect(originOf(layers, ['in', 'directory'])).toBeUndefined();
});

test('terms of payment are one thing', () => {
  const layers = layersOf('invoice: { terms: { netDays: 60 } }', 'invoice: { when: shipment, terms: { netDays: 30, description: Net 30 } }');
  expect(mergeLayers(layers)).toEqual({ invoice: { when: 'shipment', terms: { netDays: '60' } } });
  expect(originOf(layers, ['invoice', 'terms', 'description'])).toBeUndefined();
  expect(mergeLayers(layersOf('invoice: { terms: null }', 'invoice: { terms: { netDays: 30 } }'))).toEqual({ invoice: {} });
});

test('a part of a file is a layer', () => {
  const [top, bottom] = layersOf('a: { b: 1 }', 'defaults: { a: { c: 2 } }\nother: 3');
  const layers = [top!, { yaml: bottom!.yaml, prefix: ['defaults'] }];
  expect(mergeLayers(layers)).toEqual({ a: { b: '1', c: '2' } });
  expect(locateInLayers(layers, ['a', 'c'])).toEqual({ file: '/layers/1.yaml', line: 1, column: 21 });
});

test('what is missing is placed at the nearest thing around it', () => {
  const layers = layersOf('id: x', 'channels:\n  in: { type: folder }');
  expect(locateInLayers(layers, ['channels', 'in', 'directory'])).toEqual({ file: '/layers/1.yaml', line: 2, column: 3 });
  expect(locateInLayers(layers, ['nothing'])).toEqual({ file: '/layers/0.yaml', line: 1, column: 1 });
});

test('every value of merged layers comes from the layer that is said to give it', () => {
  const key = fc.constantFrom('a', 'b', 'type', 'terms');
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom('x', 'y', 'z'),
      fc.constant(null),
      fc.array(fc.constantFrom('p', 'q'), { minLength: 1, maxLength: 2 }),
      fc.dictionary(key, tie('node')),
    ),
  })).node;
  fc.assert(
    fc.property(fc.array(fc.dictionary(key, value), { minLength: 1, maxLength: 3 }), (contents) => {
      const layers = layersOf(...contents.map((content) => JSON.stringify(content)));
      const merged = mergeLayers(layers);
      for (const leaf of leaves(merged)) {
        const origin = originOf(layers, leaf.path);
        expect(origin).toBeDefined();
        expect(valueAt(origin!.yaml.content, leaf.path)).toEqual(leaf.value);
      }
    }),
    { numRuns: 2000 },
  );
});
