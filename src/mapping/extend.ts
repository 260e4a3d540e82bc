import { isRule, keywords } from './keywords.ts';
import { isObject, type Content } from './scope.ts';
import type { ContentPath, MappingSource } from './types.ts';

/**
 * A mapping laid over the one it extends: deep by key, a list or text replaces, null takes away. A path alone in the base takes keywords of the
 * overlay as if it were written `{ from: path }`, and a new source replaces the old one. A new key comes after the key before it in the overlay.
 */
export function extendedContent(overlay: unknown, base: unknown): unknown {
  return merge(overlay, base, false);
}

/** Where a path of the merged content was written. */
export function locateIn(source: MappingSource, base: MappingSource | undefined): MappingSource['locate'] {
  if (!base) return source.locate;
  return (path) => (has(source.content, path) ? source.locate(path) : base.locate(path));
}

function has(content: unknown, path: ContentPath): boolean {
  let at = content;
  for (const key of path) {
    if (Array.isArray(at) && typeof key === 'number' && key in at) at = (at as readonly unknown[])[key];
    else if (isObject(at) && Object.hasOwn(at, key)) at = at[key];
    else return false;
  }
  return true;
}

function merge(overlay: unknown, base: unknown, inMap: boolean): unknown {
  if (!isObject(overlay)) return overlay;
  const under = inMap && typeof base === 'string' && !isRecord(overlay) ? { from: base } : base;
  if (!isObject(under)) return overlay;
  const replaced = inMap && keywords.source.some((key) => Object.hasOwn(overlay, key) && !Object.hasOwn(under, key)) && isRule(overlay);
  const merged = new Map<string, unknown>();
  for (const [key, value] of Object.entries(under)) if (!(replaced && (keywords.source as readonly string[]).includes(key))) merged.set(key, value);
  let order = [...merged.keys()];
  let before: string | undefined;
  for (const [key, value] of Object.entries(overlay)) {
    if (merged.has(key)) {
      if (value === null) {
        merged.delete(key);
        order = order.filter((one) => one !== key);
        continue;
      }
      merged.set(key, merge(value, merged.get(key), inMap || key === 'map'));
    } else if (value !== null) {
      merged.set(key, value);
      order.splice(before === undefined ? order.length : order.indexOf(before) + 1, 0, key);
    }
    if (merged.has(key)) before = key;
  }
  return inOrder(order, merged);
}

/** Whether an object has keys that are no keywords of a rule, and so is a record written out. */
function isRecord(content: Content): boolean {
  const known: ReadonlySet<string> = new Set(Object.values(keywords).flat());
  return Object.keys(content).some((key) => !known.has(key));
}

function inOrder(order: readonly string[], members: ReadonlyMap<string, unknown>): Content {
  return Object.fromEntries(order.map((key) => [key, members.get(key)]));
}
