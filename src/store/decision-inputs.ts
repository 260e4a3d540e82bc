import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AllocationInput } from '../orders/allocation.ts';
import { fromJson, toJson } from './decimal-json.ts';
import type { Tx } from './transaction.ts';

/** Makes what an allocation looked at ready to be stored; done outside the transaction that stores it. */
export function packInput(input: AllocationInput): Uint8Array {
  return deflateRawSync(toJson(input), { level: 1 });
}

/** Stores what an allocation of so many orders looked at. */
export async function insertInput(tx: Tx, packed: Uint8Array, orders: number, now: number): Promise<void> {
  await tx.insertMany('decision_input', [{ at: now, orders, content: packed }]);
}

/** The first allocation since an instant (milliseconds since 1970) whose id is above `after`, with what it looked at. */
export async function nextInput(tx: Tx, since: number, after: number): Promise<{ readonly id: number; readonly input: AllocationInput } | undefined> {
  const row = await tx.one(`select id, content from {decision_input} where at >= ? and id > ? order by id ${tx.limit(1)}`, [since, after]);
  return row && { id: row['id'] as number, input: unpackInput(row['content'] as Uint8Array) };
}

/** Forgets what allocations before an instant looked at. Gives how many. */
export function forgetInputs(tx: Tx, before: number): Promise<number> {
  return tx.run('delete from {decision_input} where at < ?', [before]);
}

function unpackInput(packed: Uint8Array): AllocationInput {
  return fromJson(inflateRawSync(packed).toString('utf8')) as AllocationInput;
}
