/** How many sets of `size` there are among `count`. */
export function binomial(count: number, size: number): number {
  if (size < 0 || size > count) return 0;
  let result = 1;
  for (let i = 1; i <= size; i++) result = (result * (count - size + i)) / i;
  return Math.round(result);
}
