import type { Party } from '../canonical/common.ts';
import type { Tx } from './transaction.ts';

/** A place that a partner lets us ship to, by the partner's own code. `source` says where it was learned: a file, or who said so. */
export type ShipTo = { readonly partner: string; readonly code: string; readonly party: Party; readonly source: string };

/** The place of this code, or undefined. */
export async function findShipTo(tx: Tx, partner: string, code: string): Promise<Party | undefined> {
  const row = await tx.one('select party from {ship_to} where partner = ? and code = ?', [partner, code]);
  return row && (JSON.parse(row['party'] as string) as Party);
}

/** Whether any place of a partner is stored. */
export async function hasShipTos(tx: Tx, partner: string): Promise<boolean> {
  return (await tx.one(`select code from {ship_to} where partner = ? order by code ${tx.limit(1)}`, [partner])) !== undefined;
}

/** Adds or changes a place; `unchanged` when it was the same. */
export async function saveShipTo(tx: Tx, { partner, code, party, source }: ShipTo, now: number): Promise<'created' | 'updated' | 'unchanged'> {
  const text = JSON.stringify(party);
  const known = await tx.one('select party from {ship_to} where partner = ? and code = ?', [partner, code]);
  if (known?.['party'] === text) return 'unchanged';
  if (known) await tx.run('update {ship_to} set party = ?, source = ?, at = ? where partner = ? and code = ?', [text, source.slice(0, 60), now, partner, code]);
  else await tx.insertMany('ship_to', [{ partner, code, party: text, source: source.slice(0, 60), at: now }]);
  return known ? 'updated' : 'created';
}

/** The codes of the places of a partner that are stored, with their places; at most `count`. */
export async function listShipTos(tx: Tx, partner: string, count: number): Promise<Readonly<Record<string, Party>>> {
  const rows = await tx.many(`select code, party from {ship_to} where partner = ? order by code ${tx.limit(count)}`, [partner]);
  return Object.fromEntries(rows.map((row) => [row['code'] as string, JSON.parse(row['party'] as string) as Party]));
}

/** Removes a place of a partner. */
export async function dropShipTo(tx: Tx, partner: string, code: string): Promise<void> {
  await tx.run('delete from {ship_to} where partner = ? and code = ?', [partner, code]);
}
