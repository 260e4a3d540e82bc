/** The condition that a text begins with a prefix, which an index answers on both engines; `like` with a value is answered by none on SQLite. Texts compare by code point. */
export function begins(column: string, prefix: string): { readonly sql: string; readonly values: readonly [string, string] } {
  const last = prefix.length - 1;
  return { sql: `(${column} >= ? and ${column} < ?)`, values: [prefix, prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1)] };
}
