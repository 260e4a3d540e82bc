import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { remedyOf } from '../errors.ts';
import type { ErrorCode, Place } from '../errors.ts';
import { memberOf } from './plain.ts';
import type { Problem } from './types.ts';
import { readPlainYaml } from './yaml-plain.ts';
import type { Marks, PlainYaml } from './yaml-plain.ts';

export type Path = readonly (string | number)[];

/** A YAML file as read: plain data whose scalars are their source text (null stays null), and the way from a path to its line. */
export type YamlFile = {
  /** Absolute. */
  readonly file: string;
  readonly content: unknown;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  /** Where the value at this path stands, or the nearest thing around it that is there. With `key`, where its key stands. */
  readonly locate: (path: Path, key?: 'key') => Place;
};

export type ParsedYaml = { readonly yaml: YamlFile } | { readonly problems: readonly Problem[] };

const MAX_BYTES = 1024 * 1024;
export const MAX_NODES = 200_000;
export const MAX_DEPTH = 40;

/** The text of a YAML file. With `booleans` they are told from other scalars. */
export type YamlText = { readonly file: string; readonly text: string; readonly hash: string; readonly booleans: boolean };

/** The text of a file's bytes; one that is oversize or not UTF-8 gives problems. */
export function yamlText(file: string, bytes: Uint8Array, booleans: boolean): YamlText | { readonly problems: readonly Problem[] } {
  if (bytes.length > MAX_BYTES) return { problems: [problem({ file: showFile(file) }, 'CONFIG_YAML', 'the file is larger than 1 MB')] };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { file, text, hash: createHash('sha256').update(bytes).digest('hex'), booleans };
  } catch {
    return { problems: [problem({ file: showFile(file) }, 'CONFIG_YAML', 'the file is not UTF-8 text')] };
  }
}

/** Reads the YAML that nearly all configuration is written in; undefined where it takes the parser of `yaml-whole.ts`. */
export function parsePlainYaml({ file, text, hash, booleans }: YamlText): ParsedYaml | undefined {
  const simple = readPlainYaml(text, booleans, { nodes: MAX_NODES, depth: MAX_DEPTH });
  return simple && { yaml: { file, content: simple.content, hash, locate: locator(simple, placesIn(text, showFile(file))) } };
}

/** Where a path of a content stands, told by the offsets of its members. */
export function locator({ content, marks }: PlainYaml, placeAt: (offset: number) => Place): YamlFile['locate'] {
  return (path, key) => placeAt(offsetOf(content, marks, path, key));
}

/** The line and column of an offset. Lines are looked for when the first is asked for: most files are never asked. */
function placesIn(text: string, file: string): (offset: number) => Place {
  let starts: number[] | undefined;
  return (offset) => {
    if (!starts) {
      starts = [0];
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    }
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { file, line: low + 1, column: offset - starts[low]! + 1 };
  };
}

/** A file's path as a person is shown it: relative where that is shorter. */
export function showFile(file: string): string {
  const shorter = relative(process.cwd(), file);
  return shorter === '' || shorter.startsWith('..') ? file : shorter;
}

/** A problem with the remedy of its code, or a better one. */
export function problem(place: Place, code: ErrorCode, message: string, options: { remedy?: string; severity?: 'error' | 'warning' } = {}): Problem {
  return { place, code, message, remedy: options.remedy ?? remedyOf(code), severity: options.severity ?? 'error' };
}

function offsetOf(content: unknown, marks: Marks, path: Path, want: 'key' | undefined): number {
  let value = content;
  let offset = 0;
  for (const [index, part] of path.entries()) {
    const mark = typeof value === 'object' && value !== null ? marks.get(value)?.get(part) : undefined;
    if (!mark) return offset;
    offset = want && index === path.length - 1 ? mark.key : mark.shown;
    value = memberOf(value, part);
  }
  return offset;
}
