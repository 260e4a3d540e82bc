/** JSON in which decimals, which are bigint, keep what they are. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? { bigint: each.toString() } : each));
}

/** What `toJson` wrote. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('bigint' in value) || Object.keys(value).length !== 1) return value;
    return BigInt((value as { readonly bigint: string }).bigint);
  }) as unknown;
}
