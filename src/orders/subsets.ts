/** How many sets of `size` there are among `count`. */
export function binomial(count: number, size: number): number {
  if (size < 0 || size > count) return 0;
  let result = 1;
  for (let i = 1; i <= size; i++) result = (result * (count - size + i)) / i;
  return Math.round(result);
}

/** Every set of `size` of the `items`, in the order of the items. */
export function* subsetsOfSize<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  const at = Array.from({ length: size }, (_, i) => i);
  if (size === 0 || size > items.length) return;
  for (;;) {
    yield at.map((i) => items[i]!);
    let place = size - 1;
    while (place >= 0 && at[place] === items.length - size + place) place--;
    if (place < 0) return;
    at[place]!++;
    for (let i = place + 1; i < size; i++) at[i] = at[i - 1]! + 1;
  }
}
