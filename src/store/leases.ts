import type { Tx } from './transaction.ts';

/** What a process holds for a while. The token grows with every new holder: one that was frozen has an old one. */
export type Lease = { readonly resource: string; readonly owner: string; readonly token: number; readonly expiresAt: number };

/** Takes a resource until `now + leaseMs` when it is free, ran out, or is ours already. Undefined when another process has it. */
export async function takeLease(tx: Tx, resource: string, owner: string, now: number, leaseMs: number): Promise<Lease | undefined> {
  const expiresAt = now + leaseMs;
  const renew = 'update {lease} set expires_at = ? where resource = ? and owner = ? and expires_at >= ?';
  const [renewed, ours] = await Promise.all([tx.run(renew, [expiresAt, resource, owner, now]), readLease(tx, resource)]);
  if (renewed > 0) return ours;
  const take = 'update {lease} set owner = ?, token = token + 1, expires_at = ? where resource = ? and (expires_at < ? or owner = ?)';
  const [taken, held] = await Promise.all([tx.run(take, [owner, expiresAt, resource, now, owner]), readLease(tx, resource)]);
  if (taken > 0) return held;
  if (held) return undefined;
  await tx.insertMany('lease', [{ resource, owner, token: 1, expires_at: expiresAt }]);
  return { resource, owner, token: 1, expiresAt };
}

/** Longer than any process lives: what is held so is only lost to one that seizes it. */
const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** Takes a resource from whoever has it, for good: for the one process that may have it, when another is thought to be gone. */
export async function seizeLease(tx: Tx, resource: string, owner: string): Promise<Lease> {
  const taken = await tx.run('update {lease} set owner = ?, token = token + 1, expires_at = ? where resource = ?', [owner, FOR_EVER, resource]);
  if (taken === 0) await tx.insertMany('lease', [{ resource, owner, token: 1, expires_at: FOR_EVER }]);
  return (await readLease(tx, resource))!;
}

/** Whether this very holding is still in force: asked in the transaction that depends on it. */
export async function holdsLease(tx: Tx, lease: Lease, now: number): Promise<boolean> {
  const changed = await tx.run('update {lease} set token = token where resource = ? and owner = ? and token = ? and expires_at >= ?', [
    lease.resource,
    lease.owner,
    lease.token,
    now,
  ]);
  return changed === 1;
}

/** Makes every lease of a process hold until `until`, where it would end before; one that ran out is not revived. */
export async function renewLeases(tx: Tx, owner: string, now: number, until: number): Promise<void> {
  await tx.run('update {lease} set expires_at = ? where owner = ? and expires_at >= ? and expires_at < ?', [until, owner, now, until]);
}

/** Lets go of all that a process holds and forgets that it was there: the leases of this kind are its own name. */
export async function releaseLeases(tx: Tx, owner: string, presence: string): Promise<void> {
  await tx.run('update {lease} set expires_at = 0 where owner = ?', [owner]);
  await tx.run('delete from {lease} where resource = ?', [`${presence}${owner}`]);
}

/** Whether this very holding is still in force, only looked at: for work that its own conditions keep right, and that the wrong process need not begin. */
export async function leaseStands(tx: Tx, lease: Lease): Promise<boolean> {
  return (await readLease(tx, lease.resource))?.token === lease.token;
}

/** Lets go, so that others need not wait for the end. */
export async function releaseLease(tx: Tx, lease: Lease): Promise<void> {
  await tx.run('update {lease} set expires_at = 0 where resource = ? and owner = ? and token = ?', [lease.resource, lease.owner, lease.token]);
}

/** Who holds what. */
export async function listLeases(tx: Tx): Promise<readonly Lease[]> {
  const rows = await tx.many('select * from {lease} order by resource');
  return rows.map(toLease);
}

async function readLease(tx: Tx, resource: string): Promise<Lease | undefined> {
  const row = await tx.one('select * from {lease} where resource = ?', [resource]);
  return row && toLease(row);
}

function toLease(row: Readonly<Record<string, unknown>>): Lease {
  return { resource: row['resource'] as string, owner: row['owner'] as string, token: Number(row['token']), expiresAt: Number(row['expires_at']) };
}
