import type { SqlValue } from './transaction.ts';

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];

/** `(?, ?, …)` for values in one of few lengths, the last repeated, so that the engine keeps few statements prepared. 1 to 1,024 values. */
export function inList<T extends SqlValue>(values: readonly T[]): { readonly sql: string; readonly values: readonly T[] } {
  const size = SIZES.find((each) => each >= values.length);
  if (size === undefined || values.length === 0) throw new RangeError(`${values.length} values in one list`);
  const padded = Array.from({ length: size }, (_, index) => values[Math.min(index, values.length - 1)]!);
  return { sql: `(${padded.map(() => '?').join(', ')})`, values: padded };
}

/** The rows of a query for each part of a long list: `read` is given at most 1,000 values at a time. */
export async function inParts<T, R>(values: readonly T[], read: (part: readonly T[]) => Promise<readonly R[]>): Promise<readonly R[]> {
  const found: R[] = [];
  for (let start = 0; start < values.length; start += 1_000) found.push(...(await read(values.slice(start, start + 1_000))));
  return found;
}
