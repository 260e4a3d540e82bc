import { createHash } from 'node:crypto';
import { balance } from '../pipeline/balance.ts';
import type { Config } from '../config/types.ts';
import type { NumbersUsed } from '../pipeline/control-gaps.ts';
import { controlGaps, FRONT, numbersOf } from '../pipeline/control-gaps.ts';
import { listNumbers } from '../store/control-numbers.ts';
import { readPayload } from '../store/payload.ts';
import type { Database } from '../store/transaction.ts';
import type { HashedPayload } from '../store/verify.ts';
import { countHashed, hashedAfter, integrityProblems, listSkips, repeatedOrders, stuckBefore } from '../store/verify.ts';
import { verifyAudit } from './verify-audit.ts';

/** Something that is not as it must be, by name. */
export type Fault = {
  readonly code:
    | 'PAYLOAD_MISSING'
    | 'PAYLOAD_CHANGED'
    | 'AUDIT_BROKEN'
    | 'CONTROL_GAP'
    | 'CONTROL_REPEATED'
    | 'LEDGER_DIFFERENCE'
    | 'CLAIM_STUCK'
    | 'ORDER_REPEATED'
    | 'DATABASE_DAMAGED';
  /** `file:3`, `audit:17`, a scope of control numbers. */
  readonly id: string;
  readonly detail: string;
};

export type Verified = {
  readonly faults: readonly Fault[];
  /** Payloads whose bytes were read, those removed after their time, and rows of the audit. */
  readonly payloads: number;
  readonly removed: number;
  readonly acts: number;
  /** Where the audit ends: `17:hash`. */
  readonly head: string;
};

export type VerifyOptions = {
  readonly now: number;
  /** A head of the audit that was kept elsewhere: it must still be part of the chain. */
  readonly head?: string | undefined;
  /** Told now and then how many of all payloads were read. */
  readonly progress?: (done: number, all: number) => void;
};

/** Rows looked at in one statement. */
const PAGE = 500;
/** How long after its end a claim may stand before it counts as stuck, in milliseconds: the daemon takes such rows back within a minute. */
const GRACE = 300_000;
const MOST = 100;

/**
 * Checks what the database promises: every stored byte against its hash, the chain of the audit, control numbers without gap or repeat, the ledger,
 * claims, one order a purchase order. It only reads, and may run beside the daemon.
 */
export async function verify(db: Database, config: Config, options: VerifyOptions): Promise<Verified> {
  const damaged = await db.read((tx) => integrityProblems(tx, db.engine));
  // Before the payloads are read: what the daemon writes meanwhile is no gap.
  const numbers = await db.read((tx) => listNumbers(tx));
  const payloads = await verifyPayloads(db, options);
  const audit = await verifyAudit(db, options.head);
  const rest = await db.read(async (tx) => ({
    ahead: new Map((await listNumbers(tx)).map(({ scope, next }) => [scope, next])),
    skips: await listSkips(tx),
    stuck: await stuckBefore(tx, options.now - GRACE, MOST),
    repeated: await repeatedOrders(tx),
    balance: await balance(tx, config, {}),
  }));
  const scopes = numbers.map(({ scope, next }) => ({ scope, next, ahead: rest.ahead.get(scope) ?? next }));
  return {
    faults: [
      ...damaged.map((detail): Fault => ({ code: 'DATABASE_DAMAGED', id: 'database', detail })),
      ...payloads.faults,
      ...audit.faults,
      ...controlGaps(payloads.used, scopes, rest.skips, payloads.removed > 0).map(({ code, id, detail }): Fault => ({ code, id, detail })),
      ...rest.balance.differences.map(({ code, id, detail }): Fault => ({ code: 'LEDGER_DIFFERENCE', id, detail: `${code}: ${detail}` })),
      ...rest.stuck.map(({ id, status, claimedBy, claimedUntil }): Fault => ({
        code: 'CLAIM_STUCK',
        id,
        detail: `it is ${status} for ${claimedBy || 'nobody'}, whose claim ended ${Math.round((options.now - claimedUntil) / 1000)} s ago`,
      })),
      ...repeatedFaults(rest.repeated),
    ],
    payloads: payloads.read,
    removed: payloads.removed,
    acts: audit.rows,
    head: audit.head,
  };
}

function repeatedFaults(repeated: Awaited<ReturnType<typeof repeatedOrders>>): readonly Fault[] {
  return repeated.map(({ partner, poNumber, count }) => ({ code: 'ORDER_REPEATED', id: `${partner} ${poNumber}`, detail: `there are ${count} orders of it` }));
}

type Payloads = { readonly faults: readonly Fault[]; readonly used: NumbersUsed; readonly read: number; readonly removed: number };

async function verifyPayloads(db: Database, { progress }: VerifyOptions): Promise<Payloads> {
  const all = await db.read((tx) => countHashed(tx));
  const faults: Fault[] = [];
  const used: NumbersUsed = new Map();
  let read = 0;
  let removed = 0;
  for (const owner of ['inbound', 'outbox', 'packed'] as const) {
    for (let last = 0; ;) {
      const page = await db.read((tx) => hashedAfter(tx, owner, last, PAGE));
      for (const payload of page) {
        if (payload.removed) removed += 1;
        else {
          read += 1;
          const fault = await verifyPayload(db, payload, used);
          if (fault) faults.push(fault);
        }
      }
      progress?.(read + removed, all);
      if (page.length < PAGE) break;
      last = page.at(-1)!.id;
    }
  }
  return { faults, used, read, removed };
}

async function verifyPayload(db: Database, { owner, id, sha256 }: HashedPayload, used: NumbersUsed): Promise<Fault | undefined> {
  const name = `${owner === 'inbound' ? 'file' : 'outbox'}:${id}`;
  const hash = createHash('sha256');
  let front: Uint8Array = new Uint8Array();
  let bytes = 0;
  try {
    for await (const chunk of readPayload(db, owner, id)) {
      if (bytes === 0) front = chunk.subarray(0, FRONT);
      bytes += chunk.length;
      hash.update(chunk);
    }
  } catch (error) {
    return { code: 'PAYLOAD_CHANGED', id: name, detail: `its bytes cannot be unpacked: ${(error as Error).message}` };
  }
  const found = hash.digest('hex');
  if (found !== sha256) {
    if (bytes === 0) return { code: 'PAYLOAD_MISSING', id: name, detail: `its bytes are not there; their hash was ${sha256}` };
    return { code: 'PAYLOAD_CHANGED', id: name, detail: `its ${bytes} bytes have the hash ${found}; stored was ${sha256}` };
  }
  if (owner === 'outbox') numbersOf(front, name, used);
  return undefined;
}
