import type { Path } from './yaml.ts';

/** Looking into plain data as YAML gives it: objects, lists, text, booleans and null. */

/** An object that is no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of an object or an item of a list; undefined when it is not there. */
export function memberOf(value: unknown, part: string | number): unknown {
  if (Array.isArray(value)) return value[Number(part)];
  return isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}

/** A member that is text. */
export function textOf(value: unknown, part: string): string | undefined {
  const member = memberOf(value, part);
  return typeof member === 'string' ? member : undefined;
}

/** What stands at a path. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(memberOf, value);
}

/** Every single value with its path, in the order written. */
export function* leaves(value: unknown, path: Path = []): Generator<{ readonly value: unknown; readonly path: Path }> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* leaves(item, [...path, index]);
  else if (isObject(value)) for (const [key, member] of Object.entries(value)) yield* leaves(member, [...path, key]);
  else yield { value, path };
}

/** The code of a system error, `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
