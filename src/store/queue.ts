import { WharfError } from '../errors.ts';
import { inList } from './in-list.ts';
import type { Row, SqlValue, Tx } from './transaction.ts';
import { updateFrom } from './values.ts';

/** A queue is a table and the two statuses between which a claim moves a row. `turn` is the column whose values take turns when more waits than is claimed. */
export type Queue = {
  readonly table: 'inbound_file' | 'document' | 'outbox';
  readonly waiting: string;
  readonly working: string;
  readonly turn: 'partner' | 'channel';
};

export const queues = {
  translate: { table: 'inbound_file', waiting: 'pending', working: 'working', turn: 'channel' },
  apply: { table: 'document', waiting: 'pending', working: 'working', turn: 'partner' },
  render: { table: 'outbox', waiting: 'pending', working: 'working', turn: 'channel' },
  deliver: { table: 'outbox', waiting: 'rendered', working: 'sending', turn: 'channel' },
} as const satisfies Record<string, Queue>;

export type ClaimOptions = {
  /** Who claims: a name that only this worker has. */
  readonly owner: string;
  readonly now: number;
  /** How long the claim holds without `renew`, in milliseconds. */
  readonly leaseMs: number;
  /** Most rows to take. */
  readonly count: number;
  /** Only rows for which this holds, such as `channel = ?`. */
  readonly where?: { readonly sql: string; readonly values: readonly SqlValue[] } | undefined;
  /** Rows that were tried before may come with others. Otherwise each comes alone, so that one that ends the process is found out. */
  readonly together?: boolean;
};

/** A claimed row, as far as the queue knows it. */
export type Claim = { readonly id: number; readonly owner: string };

/**
 * Claims rows that are due and gives them whole, oldest first. The attempt is counted here, before the work is begun: the transaction must be committed
 * before. No row is given to two workers: the update that takes it is conditional, whatever the engine locks.
 * Of the rows that failed before, at most a quarter of `count` come in one claim while there are fresh ones, so that neither kind starves the other.
 * Where more is waiting than is claimed, partners take turns: one that sent a hundred thousand orders does not keep the others waiting.
 */
export async function claim(tx: Tx, queue: Queue, options: ClaimOptions): Promise<readonly Row[]> {
  const { owner, now, leaseMs, count } = options;
  const where = options.where ? `and ${options.where.sql}` : '';
  const due = async (condition: string, values: readonly SqlValue[], most: number): Promise<readonly Row[]> =>
    tx.many(`select id, attempts from {${queue.table}} where status = ? and ${condition} ${where} order by due_at, id ${tx.limit(most)}`, [
      queue.waiting,
      ...values,
      ...(options.where?.values ?? []),
    ]);
  const [late, waiting] = await Promise.all([due('due_at > 0 and due_at <= ?', [now], Math.max(1, Math.ceil(count / 4))), due('due_at = 0', [], count)]);
  const room = count - late.length;
  const oldest = waiting.slice(0, room);
  const fresh = oldest.length < room || room === 0 || options.where ? oldest : await inTurn(tx, queue, room, oldest);
  const candidates = late.length > 0 && fresh.length === 0 ? await due('due_at > 0 and due_at <= ?', [now], count) : [...late, ...fresh];
  const ids = options.together ? candidates.map(idOf) : companions(candidates);
  if (ids.length === 0) return [];
  const list = inList(ids);
  const until = now + leaseMs;
  const take = `update {${queue.table}} <by id> set status = ?, attempts = attempts + 1, claimed_by = ?, claimed_until = ? where id in ${list.sql} and status = ?`;
  const taken = `select * from {${queue.table}} <by id> where id in ${list.sql} and status = ? and claimed_by = ? order by id`;
  const [, rows] = await Promise.all([
    tx.run(take, [queue.working, owner, until, ...list.values, queue.waiting]),
    tx.many(taken, [...list.values, queue.working, owner]),
  ]);
  return rows;
}

/** Partners or channels that take turns in one claim. */
const MOST_TURNS = 8;
/** With whom the claim before began, by queue: the next one begins with the one after, so that nobody is always the first. */
const began = new Map<Queue, string>();

/** Fresh rows of those whose turn it is, as many of each; `oldest` where only one of them has any, or nobody knows whose they are. */
async function inTurn(tx: Tx, queue: Queue, count: number, oldest: readonly Row[]): Promise<readonly Row[]> {
  const { table, waiting, turn } = queue;
  const names: string[] = [];
  const first = began.get(queue) ?? '';
  for (let [last, wrapped] = [first, first === '']; names.length < MOST_TURNS;) {
    const row = await tx.one(`select ${turn} as turn from {${table}} where status = ? and ${turn} > ? order by ${turn} ${tx.limit(1)}`, [waiting, last]);
    const name = row?.['turn'] as string | undefined;
    if (name !== undefined && name === names[0]) break;
    if (name !== undefined) names.push(name);
    else if (wrapped) break;
    else wrapped = true;
    last = name ?? '';
  }
  if (names.length < 2) return oldest;
  began.set(queue, names[0]!);
  const share = Math.ceil(count / names.length);
  const sql = `select id, attempts from {${table}} where status = ? and ${turn} = ? and due_at = 0 order by id ${tx.limit(share)}`;
  const found = await Promise.all(names.map((name) => tx.many(sql, [waiting, name])));
  return found.flat().slice(0, count);
}

/** A row that was tried before comes alone; otherwise all that were never tried. */
function companions(candidates: readonly Row[]): readonly number[] {
  const [first] = candidates;
  if (!first) return [];
  if (Number(first['attempts']) > 0) return [idOf(first)];
  return candidates.filter((row) => row['attempts'] === 0).map(idOf);
}

/**
 * Ends a claim: the row gets this status and these values.
 * @throws WharfError CLAIM_LOST when the claim ran out and somebody else has the row: everything in this transaction must be undone.
 */
export async function settle(tx: Tx, queue: Queue, claimed: Claim, status: string, values: Readonly<Record<string, SqlValue>> = {}): Promise<void> {
  const columns = Object.keys(values).map((column) => `, ${column} = ?`);
  const changed = await tx.run(
    `update {${queue.table}} set status = ?, claimed_by = null, claimed_until = 0${columns.join('')} where id = ? and status = ? and claimed_by = ?`,
    [status, ...Object.values(values), claimed.id, queue.working, claimed.owner],
  );
  if (changed !== 1) throw new WharfError('CLAIM_LOST', `row ${claimed.id} of ${queue.table} was taken over`);
}

/** How one of several claims ends; all of them name the same columns. */
export type Ended = { readonly id: number; readonly status: string; readonly values: Readonly<Record<string, SqlValue>> };

/** Ends several claims of one owner as `settle` ends one, in few statements. @throws WharfError CLAIM_LOST when one of them ran out. */
export async function settleAll(tx: Tx, queue: Queue, owner: string, ended: readonly Ended[]): Promise<void> {
  const [first] = ended;
  if (!first) return;
  const columns = Object.keys(first.values);
  const rows = ended.map(({ id, status, values }) => ({
    row_id: id,
    new_status: status,
    ...Object.fromEntries(columns.map((column) => [`new_${column}`, values[column] ?? null])),
  }));
  const set = ['status = given.new_status', 'claimed_by = null', 'claimed_until = 0', ...columns.map((column) => `${column} = given.new_${column}`)];
  const where = `id = given.row_id and status = '${queue.working}' and claimed_by = ?`;
  const changed = await updateFrom(tx, queue.table, rows, { set: set.join(', '), where, values: [owner] });
  if (changed !== ended.length) throw new WharfError('CLAIM_LOST', `${ended.length - changed} rows of ${queue.table} were taken over`);
}

/** Gives the row up until a person acts. `detail` says what is wrong in words. */
export async function park(tx: Tx, queue: Queue, claimed: Claim, why: { readonly reason: string; readonly detail: string }): Promise<void> {
  await settle(tx, queue, claimed, 'parked', { reason: why.reason, detail: why.detail });
}

/** Puts the row back until `dueAt`. A failure of the world (`counted: false`) does not count as an attempt of the row. */
export async function retryLater(
  tx: Tx,
  queue: Queue,
  claimed: Claim,
  why: { readonly dueAt: number; readonly reason: string; readonly detail: string; readonly counted: boolean },
): Promise<void> {
  await settle(tx, queue, claimed, queue.waiting, { due_at: why.dueAt, reason: why.reason, detail: why.detail });
  if (!why.counted) await tx.run(`update {${queue.table}} set attempts = attempts - 1 where id = ? and attempts > 0`, [claimed.id]);
}

/** Makes the claims of an owner hold until `until`. Gives how many it still has. */
export function renew(tx: Tx, queue: Queue, owner: string, until: number): Promise<number> {
  return tx.run(`update {${queue.table}} set claimed_until = ? where status = ? and claimed_by = ?`, [until, queue.working, owner]);
}

/** Gives back, uncounted, what an owner claimed and did not begin; only rows for which `only` holds, where it is given. */
export function release(tx: Tx, queue: Queue, owner: string, only?: ClaimOptions['where']): Promise<number> {
  const set = 'status = ?, attempts = case when attempts > 0 then attempts - 1 else 0 end, claimed_by = null, claimed_until = 0';
  const where = `status = ? and claimed_by = ?${only ? ` and ${only.sql}` : ''}`;
  return tx.run(`update {${queue.table}} set ${set} where ${where}`, [queue.waiting, queue.working, owner, ...(only?.values ?? [])]);
}

/**
 * Puts back the rows whose claim ran out before `expiredAt`: their process died or stands still. Those that were being worked on when a process died
 * `poisonAfter` times are parked as POISON_CRASH instead. Gives how many rows of each kind.
 */
export async function recover(
  tx: Tx,
  queue: Queue,
  expiredAt: number,
  poisonAfter: number | undefined,
): Promise<{ readonly again: number; readonly parked: number }> {
  const where = 'status = ? and claimed_until < ?';
  const parked =
    poisonAfter === undefined
      ? 0
      : await tx.run(
          `update {${queue.table}} set status = 'parked', reason = 'POISON_CRASH', detail = ?, claimed_by = null, claimed_until = 0 where ${where} and attempts >= ?`,
          [`the process ended ${poisonAfter} times while this was being worked on`, queue.working, expiredAt, poisonAfter],
        );
  const again = await tx.run(`update {${queue.table}} set status = ?, claimed_by = null, claimed_until = 0 where ${where}`, [
    queue.waiting,
    queue.working,
    expiredAt,
  ]);
  return { again, parked };
}

/** Has the rows that were claimed so often before, and wait, come not before `until`. */
export async function defer(tx: Tx, queue: Queue, attempts: number, until: number): Promise<void> {
  await tx.run(`update {${queue.table}} set due_at = ? where status = ? and attempts = ? and due_at < ?`, [until, queue.waiting, attempts, until]);
}

/** When the first of the rows that wait is due, 0 for one that need not wait for its time; undefined when none waits. */
export async function firstDue(tx: Tx, queue: Queue): Promise<number | undefined> {
  const row = await tx.one(`select min(due_at) as due from {${queue.table}} where status = ?`, [queue.waiting]);
  return (row?.['due'] as number | null | undefined) ?? undefined;
}

/** When the earliest row that waits for its time is due; undefined when none does. */
export async function nextDue(tx: Tx, queue: Queue): Promise<number | undefined> {
  const row = await tx.one(`select min(due_at) as due from {${queue.table}} where status = ? and due_at > 0`, [queue.waiting]);
  return (row?.['due'] as number | null | undefined) ?? undefined;
}

function idOf(row: Row): number {
  return row['id'] as number;
}
