import type { z } from '../schema.ts';
import { mergeLayers, originOf } from './layers.ts';
import type { Layers } from './layers.ts';
import { isObject, memberOf, valueAt } from './plain.ts';
import type { Path, YamlFile } from './yaml.ts';

/** What is left of layers without the parts that are wrong, so that the rest can be looked at; `lost` are those parts. Places are still those of the files. */
export type Pruned<T> = { readonly value: T; readonly layers: Layers; readonly lost: readonly Path[] };

/** Each round takes away at least one part. */
const MAX_ROUNDS = 200;

/** Takes away what a schema refuses, until it takes the rest; `standIns` lie below for keys that must be there. Undefined when nothing can be kept. */
export function prune<S extends z.ZodType>(schema: S, layers: Layers, standIns: Readonly<Record<string, unknown>>): Pruned<z.output<S>> | undefined {
  const removed = layers.map((): Path[] => []);
  const whole = mergeLayers(layers);
  const lost: Path[] = Object.keys(standIns).flatMap((key) => (memberOf(whole, key) === undefined ? [[key]] : []));
  const bottom = { yaml: { ...layers[0]!.yaml, content: standIns }, prefix: [] };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const kept = [...layers.map(({ yaml, prefix }, index) => ({ yaml: without(yaml, removed[index]!), prefix })), bottom];
    const content = mergeLayers(kept);
    const parsed = schema.safeParse(content);
    if (parsed.success) return { value: parsed.data, layers: kept, lost };
    for (const { path, unknown } of parsed.error.issues.flatMap((issue) => wrongParts(issue, content))) {
      const origin = originOf(kept, path);
      const index = origin ? kept.indexOf(origin) : -1;
      const from = layers[index];
      if (!origin || !from || path.length === 0) return undefined;
      removed[index]!.push(writtenPath(from.yaml.content, [...origin.prefix, ...path], setOf(removed[index]!)));
      if (!unknown) lost.push(path);
    }
  }
  return undefined;
}

/** Whether something is lost that `path` is part of, or that lies at most so many steps inside it. */
export function lacks(lost: readonly Path[], path: Path, depth = Infinity): boolean {
  return lost.some((one) => one.length - path.length <= depth && one.slice(0, path.length).every((part, index) => part === path[index]));
}

/** A value that is missing takes with it what needs it. */
function wrongParts(issue: z.core.$ZodIssue, content: unknown): readonly { readonly path: Path; readonly unknown: boolean }[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...path, key], unknown: true }));
  return [{ path: valueAt(content, path) === undefined ? path.slice(0, -1) : path, unknown: false }];
}

function without(yaml: YamlFile, removed: readonly Path[]): YamlFile {
  if (removed.length === 0) return yaml;
  const gone = setOf(removed);
  return { ...yaml, content: copyWithout(yaml.content, [], gone), locate: (path, key) => yaml.locate(writtenPath(yaml.content, path, gone), key) };
}

function copyWithout(value: unknown, path: Path, gone: ReadonlySet<string>): unknown {
  const kept = (part: string | number): boolean => !gone.has(JSON.stringify([...path, part]));
  if (Array.isArray(value)) return value.flatMap((item, index) => (kept(index) ? [copyWithout(item, [...path, index], gone)] : []));
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([key]) => kept(key));
  return Object.fromEntries(members.map(([key, member]) => [key, copyWithout(member, [...path, key], gone)]));
}

/** The path in the file of what stands at `path` when the items that are gone no longer count. */
function writtenPath(content: unknown, path: Path, gone: ReadonlySet<string>): Path {
  const written: (string | number)[] = [];
  for (const part of path) {
    const around = valueAt(content, written);
    if (typeof part !== 'number' || !Array.isArray(around)) written.push(part);
    else written.push(around.map((_item, index) => index).filter((index) => !gone.has(JSON.stringify([...written, index])))[part] ?? part);
  }
  return written;
}

function setOf(paths: readonly Path[]): ReadonlySet<string> {
  return new Set(paths.map((path) => JSON.stringify(path)));
}
