import { createHash } from 'node:crypto';
import type { Row, Tx } from './transaction.ts';

/** What a person did: one row of the audit. `at` is in milliseconds since 1970; `before` and `after` are JSON. */
export type AuditEntry = {
  readonly seq: number;
  readonly at: number;
  readonly who: string;
  readonly act: string;
  readonly target: string | undefined;
  readonly reason: string | undefined;
  readonly before: string | undefined;
  readonly after: string;
  readonly previousHash: string;
  readonly hash: string;
};

/** Where the chain ends. Kept elsewhere, it shows later that nothing before it was changed. */
export type AuditHead = { readonly seq: number; readonly hash: string };

/** Appends to the audit in the transaction of the act. The head is locked first, so that no two rows follow the same one. */
export async function appendAudit(tx: Tx, entry: Omit<AuditEntry, 'seq' | 'previousHash' | 'hash'>): Promise<AuditHead> {
  await tx.run(`update {audit_head} set seq = seq + 1 where name = 'audit'`);
  const head = await auditHead(tx);
  const link = { ...entry, seq: head.seq, previousHash: head.hash };
  const hash = hashOf(link);
  const { seq, at, who, act, target, reason, before, after, previousHash } = link;
  await tx.insertMany('audit', [
    {
      seq,
      at,
      who,
      act,
      target: target ?? null,
      reason: reason ?? null,
      before_state: before ?? null,
      after_state: after,
      previous_hash: previousHash,
      hash,
    },
  ]);
  await tx.run(`update {audit_head} set hash = ? where name = 'audit'`, [hash]);
  return { seq, hash };
}

export async function auditHead(tx: Tx): Promise<AuditHead> {
  const row = await tx.one(`select seq, hash from {audit_head} where name = 'audit'`);
  return { seq: Number(row?.['seq'] ?? 0), hash: String(row?.['hash'] ?? '') };
}

/** What was done since an instant, the latest first. */
export async function listAudit(tx: Tx, since: number, most: number): Promise<readonly AuditEntry[]> {
  return (await tx.many(`select * from {audit} where at >= ? order by seq desc ${tx.limit(most)}`, [since])).map(toEntry);
}

/** The rows after one, in their order. */
export async function auditAfter(tx: Tx, seq: number, most: number): Promise<readonly AuditEntry[]> {
  return (await tx.many(`select * from {audit} where seq > ? order by seq ${tx.limit(most)}`, [seq])).map(toEntry);
}

/** SHA-256 (hex) over the row and the hash of the row before it. */
export function hashOf({ seq, at, who, act, target, reason, before, after, previousHash }: Omit<AuditEntry, 'hash'>): string {
  const content = JSON.stringify([seq, at, who, act, target ?? null, reason ?? null, before ?? null, after, previousHash]);
  return createHash('sha256').update(content).digest('hex');
}

function toEntry(row: Row): AuditEntry {
  const text = (column: string): string | undefined => (row[column] as string | null) ?? undefined;
  return {
    seq: Number(row['seq']),
    at: Number(row['at']),
    who: text('who') ?? '',
    act: text('act') ?? '',
    target: text('target'),
    reason: text('reason'),
    before: text('before_state'),
    after: text('after_state') ?? '',
    previousHash: text('previous_hash') ?? '',
    hash: text('hash') ?? '',
  };
}
