/** Two lists side by side: what they share, and what stands in only one of them. */
export type Pair<T> = { readonly before: T | undefined; readonly after: T | undefined };

/** Beyond this many comparisons the middle of two lists is paired by place alone. */
const MOST = 4_000_000;

/**
 * Pairs the items of two lists that are equal, in order (the longest common subsequence). What is left between two equal items is paired in order
 * where `kind` agrees, since a changed item is more likely than one that went and another that came.
 */
export function align<T>(
  before: readonly T[],
  after: readonly T[],
  by: { readonly key: (item: T) => string; readonly kind: (item: T) => string },
): readonly Pair<T>[] {
  const [a, b] = [before.map(by.key), after.map(by.key)];
  const pairs: Pair<T>[] = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...common(a, b), [a.length, b.length] as const]) {
    pairs.push(...pairChanged(before.slice(i, x), after.slice(j, y), by.kind));
    if (x < a.length) pairs.push({ before: before[x], after: after[y] });
    [i, j] = [x + 1, y + 1];
  }
  return pairs;
}

function pairChanged<T>(before: readonly T[], after: readonly T[], kind: (item: T) => string): readonly Pair<T>[] {
  const pairs: Pair<T>[] = [];
  let next = 0;
  for (const item of before) {
    const found = after.findIndex((other, index) => index >= next && kind(other) === kind(item));
    if (found < 0) {
      pairs.push({ before: item, after: undefined });
      continue;
    }
    pairs.push(...after.slice(next, found).map((other) => ({ before: undefined, after: other })), { before: item, after: after[found] });
    next = found + 1;
  }
  return [...pairs, ...after.slice(next).map((other) => ({ before: undefined, after: other }))];
}

/** The places of a longest common subsequence of two lists. */
function common(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const head = Array.from({ length: start }, (_, index) => [index, index] as const);
  const tail = Array.from({ length: a.length - endA }, (_, index) => [endA + index, endB + index] as const);
  return [...head, ...middle(a.slice(start, endA), b.slice(start, endB)).map(([x, y]) => [x + start, y + start] as const), ...tail];
}

function middle(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  if (a.length * b.length === 0 || a.length * b.length > MOST) return [];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let x = a.length - 1; x >= 0; x--) {
    for (let y = b.length - 1; y >= 0; y--) {
      const at = x * width + y;
      lengths[at] = a[x] === b[y] ? lengths[at + width + 1]! + 1 : Math.max(lengths[at + width]!, lengths[at + 1]!);
    }
  }
  const places: (readonly [number, number])[] = [];
  for (let x = 0, y = 0; x < a.length && y < b.length;) {
    if (a[x] === b[y]) places.push([x++, y++]);
    else if (lengths[(x + 1) * width + y]! >= lengths[x * width + y + 1]!) x++;
    else y++;
  }
  return places;
}
