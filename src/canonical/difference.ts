/** One value that two documents do not share; `path` is as in `lines[2].quantity`, counting from 1. Undefined where one has nothing. */
export type Difference = { readonly path: string; readonly before: string | undefined; readonly after: string | undefined };

/** What is different between two plain documents, by path, in the order of the first. One thing against a list is the first of the list. */
export function difference(before: unknown, after: unknown, path = ''): readonly Difference[] {
  if (Array.isArray(before) && after !== undefined && !Array.isArray(after)) return difference(before, [after], path);
  if (Array.isArray(after) && before !== undefined && !Array.isArray(before)) return difference([before], after, path);
  if (isBranch(before) || isBranch(after)) {
    const keys = new Set([...keysOf(before), ...keysOf(after)]);
    return [...keys].flatMap((key) =>
      difference(memberOf(before, key), memberOf(after, key), joinPath(path, key, Array.isArray(before) || Array.isArray(after))),
    );
  }
  return before === after ? [] : [{ path, before: textOf(before), after: textOf(after) }];
}

/** Differences as one line of text, `lines[2].quantity 12 → 24`; at most `count` of them are spelled out. */
export function showDifferences(differences: readonly Difference[], count = 8): string {
  const shown = differences.slice(0, count).map(({ path, before, after }) => `${path} ${before ?? '(nothing)'} → ${after ?? '(nothing)'}`);
  const more = differences.length - shown.length;
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ');
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function keysOf(value: unknown): readonly string[] {
  return isBranch(value) ? Object.keys(value) : [];
}

function memberOf(value: unknown, key: string): unknown {
  return isBranch(value) && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function joinPath(path: string, key: string, inList: boolean): string {
  if (inList) return `${path}[${Number(key) + 1}]`;
  return path ? `${path}.${key}` : key;
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
