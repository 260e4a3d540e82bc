import type { Tx } from './transaction.ts';

const memories = new WeakMap<Tx, Map<string, Map<string, unknown>>>();

/**
 * Has a transaction that changes no master data, and works on several documents, read each item, price or identifier once: most documents name what
 * others named before them.
 */
export function rememberFacts(tx: Tx): void {
  memories.set(tx, new Map());
}

/** What is known by each key, in the order of the keys; `read` is asked for the keys that this transaction has not read yet. Keys without anything are left out. */
export async function recall<T>(
  tx: Tx,
  what: string,
  keys: readonly string[],
  read: (missing: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): Promise<ReadonlyMap<string, T>> {
  const memory = memories.get(tx);
  if (!memory) return read(keys);
  const known = (memory.get(what) ?? new Map()) as Map<string, T | undefined>;
  memory.set(what, known);
  const missing = keys.filter((key) => !known.has(key));
  if (missing.length > 0) {
    const found = await read(missing);
    for (const key of missing) known.set(key, found.get(key));
  }
  const result = new Map<string, T>();
  for (const key of keys) {
    const value = known.get(key);
    if (value !== undefined) result.set(key, value);
  }
  return result;
}
