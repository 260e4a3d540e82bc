import { fromJson, toJson } from './decimal-json.ts';
import { inList, inParts } from './in-list.ts';
import type { Row, Tx } from './transaction.ts';

/** A version of how an order is served, by its name, and when it decided something first (milliseconds since 1970). It never changes. */
export type StoredPolicy = { readonly version: string; readonly content: unknown; readonly at: number };

/** Keeps those of these versions that are not known yet. */
export async function savePolicies(tx: Tx, policies: ReadonlyMap<string, unknown>, now: number): Promise<void> {
  const known = new Set((await readPolicies(tx, [...policies.keys()])).map(({ version }) => version));
  const rows = [...policies].filter(([version]) => !known.has(version)).map(([version, content]) => ({ version, content: toJson(content), at: now }));
  if (rows.length > 0) await tx.insertMany('policy_version', rows);
}

/** The versions with these names. */
export async function readPolicies(tx: Tx, versions: readonly string[]): Promise<readonly StoredPolicy[]> {
  return inParts(versions, async (part) => {
    const list = inList(part);
    const rows = await tx.many(`select version, content, at from {policy_version} where version in ${list.sql}`, list.values);
    return rows.map(toPolicy);
  });
}

/** All versions that ever decided something, the oldest first. */
export async function allPolicies(tx: Tx): Promise<readonly StoredPolicy[]> {
  const rows = await tx.many('select version, content, at from {policy_version} order by at, version');
  return rows.map(toPolicy);
}

function toPolicy(row: Row): StoredPolicy {
  return { version: row['version'] as string, content: fromJson(row['content'] as string), at: Number(row['at']) };
}
