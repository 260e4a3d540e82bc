import type { Place } from '../errors.ts';
import { isObject, memberOf, textOf, valueAt } from './plain.ts';
import type { Path, YamlFile } from './yaml.ts';

/** Part of a YAML file that lies over or under others: the whole of it, or what stands at `prefix`. */
export type Layer = { readonly yaml: YamlFile; readonly prefix: Path };

/** Layers from the one that wins to the one that gives way. */
export type Layers = readonly Layer[];

/** What is one agreement: half of it from here and half from there is nobody's. */
const WHOLE: ReadonlySet<unknown> = new Set(['terms']);

/**
 * The layers as one: objects merge by key, anything else replaces what lies below, and so do terms of payment and an object whose `type`
 * differs (an SFTP channel over a folder channel keeps nothing of it). `null` takes away what lies below.
 */
export function mergeLayers(layers: Layers): unknown {
  return layers.map(contentOf).reduceRight((below, above) => mergeValues(below, above), undefined);
}

/** Where the value at `path` comes from, or the nearest thing around it that is there. With `key`, where its key stands. */
export function locateInLayers(layers: Layers, path: Path, key?: 'key'): Place {
  for (let length = path.length; length >= 0; length--) {
    const origin = originOf(layers, path.slice(0, length));
    if (origin) return origin.yaml.locate([...origin.prefix, ...path.slice(0, length)], length === path.length ? key : 'key');
  }
  return layers[0]!.yaml.locate([]);
}

/** The layer that gives the value at `path`; undefined when none does. */
export function originOf(layers: Layers, path: Path): Layer | undefined {
  let live = layers.map((layer) => ({ layer, value: contentOf(layer) })).filter((entry) => entry.value !== undefined);
  for (const part of path) {
    const members = live.map(({ layer, value }) => ({ layer, value: memberOf(value, part) }));
    const said = members.filter((entry) => entry.value !== undefined);
    live = WHOLE.has(part) ? said.slice(0, 1) : visible(said);
  }
  return live[0]?.layer;
}

type Entry = { readonly layer: Layer; readonly value: unknown };

/** Of the layers that say something here, those that a merge keeps something of: the same steps as `mergeValues`, from below. */
function visible(entries: readonly Entry[]): Entry[] {
  let kept: Entry[] = [];
  let below: unknown;
  for (const entry of entries.toReversed()) {
    const joins = isObject(entry.value) && isObject(below) && !typesDiffer(entry.value, below);
    kept = joins ? [entry, ...kept] : [entry];
    below = mergeValues(below, entry.value);
  }
  return kept;
}

function contentOf(layer: Layer): unknown {
  return valueAt(layer.yaml.content, layer.prefix);
}

function mergeValues(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (above === null) return undefined;
  if (!isObject(above)) return above;
  const base = isObject(below) && !typesDiffer(below, above) ? below : {};
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(above)) {
    const merged = mergeValues(WHOLE.has(key) ? undefined : result[key], value);
    if (merged === undefined) delete result[key];
    else result[key] = merged;
  }
  return result;
}

function typesDiffer(a: unknown, b: unknown): boolean {
  const [one, other] = [textOf(a, 'type'), textOf(b, 'type')];
  return one !== undefined && other !== undefined && one !== other;
}
